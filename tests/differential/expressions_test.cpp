// tests: eval
// What expressions and functions evaluate to, against recorded answers of Terraform and of HCL's own tests.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "eval/evaluator.h"
#include "unit/eval/fixture.h"

namespace gabion::eval {
namespace {

using nlohmann::json;
using testing::Workbench;

std::filesystem::path corpora() {
  if (const char* set = std::getenv("GABION_CORPORA")) {
    return std::filesystem::path(set) / "terraform";
  }
  return std::filesystem::path(GABION_SOURCE_DIR) / ".." / "shared" / "corpora" / "terraform";
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Parses a line; numbers with exponents that no double holds are kept as text.
json parse_line(const std::string& line) {
  std::string out;
  bool in_string = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (in_string || c == '"') {
      in_string = in_string ? c != '"' : true;
      out += c;
      if (c == '\\') {
        out += line[++i];
      }
      continue;
    }
    const std::size_t end = std::min(line.find_first_not_of("+-.0123456789e", i), line.size());
    const std::string token = line.substr(i, end - i);
    const std::size_t exponent = token.find('e');
    if (token.size() < 2 || exponent == std::string::npos || token.size() - exponent < 4 || token == "e") {
      out += c;
      continue;
    }
    out += "\"$number " + token + '"';
    i = end - 1;
  }
  return json::parse(out);
}

/// A number kept as text by parse_line.
std::optional<Number> huge_number(const json& value, source::Arena& arena) {
  const std::string text = value.is_string() ? value.get<std::string>() : "";
  if (!text.starts_with("$number ")) {
    return std::nullopt;
  }
  const bool infinite = text.ends_with("e99999");
  const std::optional<Number> number = Number::parse(arena, infinite ? (text[8] == '-' ? "-1" : "1") : text.substr(8));
  return infinite ? divide(arena, *number, Number()) : number;
}

bool is_unknown(const json& value) {
  return value.is_object() &&
         (value.contains("$unknown") || (value.size() == 1 && value.value("unknown", json()) == true));
}

/// The names of a record: its own, and the variables and locals of the fixture configuration.
class Names final : public Scope {
 public:
  Names(Workbench& bench, const std::filesystem::path& configuration) : bench_(bench) {
    const source::Artifact& artifact =
        bench.store().add(configuration.string(), read_file(configuration), source::Role::kInternal);
    const auto parsed = syntax::hcl::parse_file(artifact, bench.arena(), source::Limits{});
    std::vector<Member> variables;
    std::vector<Member> locals;
    for (const syntax::hcl::Block& block : parsed.body->blocks) {
      if (block.type == "variable") {
        const std::string name = "var." + std::string(block.labels[0].text());
        const Symbol* symbol = bench.symbols().intern({.reason = Reason::kVariable, .text = name});
        const Type& type = *parse_type(*block.body->attribute("type")->expression, bench.context()).type;
        variables.push_back({.name = block.labels[0].text(), .value = make_unknown(bench.arena(), type, symbol)});
      } else if (block.type == "locals") {
        for (const syntax::hcl::Attribute& attribute : block.body->attributes) {
          locals.push_back({.name = attribute.name, .value = evaluate(*attribute.expression, *this, bench.context())});
        }
      }
    }
    add("var", make_object(bench.arena(), variables));
    add("local", make_object(bench.arena(), locals));
  }

  void add(const std::string& name, Value value) { values_[name] = value; }

  [[nodiscard]] Resolved resolve(const syntax::hcl::Traversal& reference, Context& context) const override {
    const auto found = values_.find(std::string(reference.root));
    if (found == values_.end()) {
      return {.value = make_error(context.arena, "unknown name " + std::string(reference.root), reference.region),
              .consumed = reference.steps.size()};
    }
    return {.value = found->second, .consumed = 0};
  }

  /// A value written as JSON, of the given type.
  Value read(const json& value, const Type& type, const std::string& name) {
    source::Arena& arena = bench_.arena();
    if (is_unknown(value)) {
      const Type& own = value.contains("$unknown") ? bench_.type(value["$unknown"].get<std::string>()) : type;
      Unknown unknown{.symbol = bench_.symbols().fresh({.reason = Reason::kVariable, .text = name})};
      const json refine = value.value("refine", json::object());
      unknown.not_null = refine.value("not_null", false);
      unknown.prefix = arena.copy(std::string_view(refine.value("prefix", std::string())));
      unknown.min_length = refine.value("min_length", 0U);
      unknown.max_length = refine.value("max_length", 0xffffffffU);
      const auto bound = [&](const char* key) -> const Number* {
        return refine.contains(key) ? arena.make<Number>(Number::parse(arena, refine[key].dump()).value_or(Number()))
                                    : nullptr;
      };
      unknown.at_least = bound("min");
      unknown.at_most = bound("max");
      return make_unknown(arena, own, unknown);
    }
    if (value.is_null()) {
      return make_null(arena, type);
    }
    if (value.is_boolean()) {
      return make_bool(value.get<bool>());
    }
    if (value.is_number()) {
      return make_number(arena, Number::parse(arena, value.dump()).value_or(Number()));
    }
    if (value.is_string()) {
      if (const std::optional<Number> number = huge_number(value, arena)) {
        return make_number(arena, *number);
      }
      return make_string(arena, value.get<std::string>());
    }
    if (value.is_array()) {
      std::vector<Value> elements;
      for (std::size_t i = 0; i < value.size(); ++i) {
        const Type& element = type.kind == TypeKind::kTuple ? *type.elements[i]
                              : type.element != nullptr     ? *type.element
                                                            : kDynamicType;
        elements.push_back(read(value[i], element, name + "[" + std::to_string(i) + "]"));
      }
      return type.kind == TypeKind::kList  ? make_list(arena, *type.element, elements)
             : type.kind == TypeKind::kSet ? make_set(arena, *type.element, elements)
                                           : make_tuple(arena, elements);
    }
    std::vector<Member> members;
    for (const auto& [key, inner] : value.items()) {
      const AttributeType* attribute = type.kind == TypeKind::kObject ? attribute_of(type, key) : nullptr;
      const Type& element = attribute != nullptr          ? *attribute->type
                            : type.kind == TypeKind::kMap ? *type.element
                                                          : kDynamicType;
      members.push_back({.name = arena.copy(std::string_view(key)), .value = read(inner, element, name + "." + key)});
    }
    return type.kind == TypeKind::kMap ? make_map(arena, *type.element, members) : make_object(arena, members);
  }

  /// Adds a mark at a path of keys and indexes.
  Value mark(const Value& value, const json& path, std::size_t step, std::uint8_t marks) {
    source::Arena& arena = bench_.arena();
    if (step == path.size()) {
      return with_marks(arena, value, marks);
    }
    std::vector<Member> members(value.members().begin(), value.members().end());
    for (Member& member : members) {
      if (path[step].is_string() && member.name == path[step].get<std::string>()) {
        member.value = mark(member.value, path, step + 1, marks);
      }
    }
    std::vector<Value> elements(value.elements().begin(), value.elements().end());
    if (path[step].is_number() && path[step].get<std::size_t>() < elements.size()) {
      Value& element = elements[path[step].get<std::size_t>()];
      element = mark(element, path, step + 1, marks);
    }
    switch (value.kind()) {
      case Kind::kMap:
        return make_map(arena, *value.node().type()->element, members);
      case Kind::kObject:
        return make_object(arena, members);
      case Kind::kTuple:
        return make_tuple(arena, elements);
      case Kind::kList:
        return make_list(arena, *value.node().type()->element, elements);
      default:
        return with_marks(arena, value, marks);
    }
  }

 private:
  Workbench& bench_;
  std::map<std::string, Value, std::less<>> values_;
};

bool close(double a, double b) {
  return a == b || std::abs(a - b) <= 1e-14 * std::max(std::abs(a), std::abs(b));
}

/// Why the value is not what was wanted; empty when it is.
std::string difference(const json& want, const Value& got) {
  if (is_unknown(want)) {
    return got.is_unknown() ? "" : "known for unknown";
  }
  if (got.is_unknown()) {
    return "unknown for known";
  }
  if (want.is_null() || got.is_null()) {
    return want.is_null() && got.is_null() ? "" : "null";
  }
  source::Arena arena;
  if (const std::optional<Number> number = huge_number(want, arena)) {
    return got.is_number() && got.number() == *number ? "" : "value";
  }
  if (want.is_boolean()) {
    return got.is_bool() && got.boolean() == want.get<bool>() ? "" : "value";
  }
  if (want.is_number()) {
    return got.is_number() && close(got.number().to_double(), want.get<double>()) ? "" : "value";
  }
  if (want.is_string()) {
    return got.is_string() && got.text() == normalize(want.get<std::string>()) ? "" : "value";
  }
  if (want.is_array()) {
    if (!got.is_sequence() || got.elements().size() != want.size()) {
      return "length";
    }
    if (got.kind() == Kind::kSet) {
      std::vector<bool> used(want.size(), false);
      for (const Value& element : got.elements()) {
        bool found = false;
        for (std::size_t i = 0; i < want.size() && !found; ++i) {
          found = !used[i] && difference(want[i], element).empty();
          used[i] = used[i] || found;
        }
        if (!found) {
          return "set element";
        }
      }
      return "";
    }
    for (std::size_t i = 0; i < want.size(); ++i) {
      if (const std::string why = difference(want[i], got.elements()[i]); !why.empty()) {
        return why;
      }
    }
    return "";
  }
  if (!got.is_mapping() || got.members().size() != want.size()) {
    return "keys";
  }
  for (const auto& [name, inner] : want.items()) {
    const Value* member = got.member(normalize(name));
    if (member == nullptr) {
      return "keys";
    }
    if (const std::string why = difference(inner, *member); !why.empty()) {
      return why;
    }
  }
  return "";
}

std::string judge(const json& record, const Value& got) {
  const std::string kind = record["kind"];
  if (kind == "error") {
    return got.is_error() ? "" : "value for error";
  }
  if (got.is_error()) {
    return "error for " + kind;
  }
  if (kind == "unknown") {
    return got.is_unknown() ? "" : "known for unknown";
  }
  return difference(record["want"], got);
}

struct Tally {
  int passed = 0;
  int failed = 0;
  int marks_differ = 0;
  int types_differ = 0;
};

Tally run(const std::string& file) {
  Tally tally;
  std::ifstream in(corpora() / file);
  for (std::string line; std::getline(in, line);) {
    const json record = parse_line(line);
    // What the oracles disagree on, what Terraform 1.11 does not have, and what depends on who runs it.
    const bool needs_home = record.value("needs", json::array()) == json::array({"home"});
    if (record.contains("disputed") || record.contains("optional") || needs_home) {
      continue;
    }
    Workbench bench;
    Names names(bench, corpora() / "fixture" / record.value("cwd", "functions-test") / "main.tf");
    if (record.contains("vars") && (record.contains("plain") || record.contains("no_plain"))) {
      for (const auto& [name, variable] : record["vars"].items()) {
        const Type& type = bench.type(variable["type"].get<std::string>());
        Value value = names.read(variable["value"], type, name);
        for (const json& mark : variable.value("marks", json::array())) {
          for (const json& what : mark["marks"]) {
            value = names.mark(value, mark["path"], 0, what == "ephemeral" ? kEphemeral : kSensitive);
          }
        }
        names.add(name, value);
      }
    }
    const syntax::hcl::Expression& expression = bench.parse(record["expr"].get<std::string>());
    const Value got = bench.parse_error().empty() ? evaluate(expression, names, bench.context())
                                                  : make_error(bench.arena(), bench.parse_error(), expression.region);
    const std::string why = judge(record, got);
    tally.passed += why.empty() ? 1 : 0;
    if (why.empty()) {
      const bool sensitive = record.value("sensitive", false);
      tally.marks_differ += !got.is_error() && sensitive != got.is_sensitive() ? 1 : 0;
      const std::string type = record["type"].is_string() ? record["type"].get<std::string>() : "";
      if (!type.empty() && !got.is_error() && !equal(bench.type(type), type_of(bench.arena(), got))) {
        ++tally.types_differ;
        if (std::getenv("GABION_VERBOSE") != nullptr) {
          std::cout << "  type of " << record["expr"] << ": " << to_string(type_of(bench.arena(), got)) << ", wanted "
                    << type << "\n";
        }
      }
      if (std::getenv("GABION_VERBOSE") != nullptr && !got.is_error() && sensitive != got.is_sensitive()) {
        std::cout << "  marks of " << record["expr"] << "\n";
      }
      continue;
    }
    ++tally.failed;
    std::cout << file << " " << record["id"].get<std::string>() << ": " << why << "\n  " << record["expr"].dump()
              << "\n  wanted " << record["want"].dump() << ", got "
              << (got.is_error() ? "error: " + std::string(got.error().message) : to_json(got)) << "\n";
  }
  std::cout << file << ": " << tally.passed << " agree, " << tally.failed << " differ; marks differ in "
            << tally.marks_differ << ", types in " << tally.types_differ << "\n";
  return tally;
}

class Expressions : public ::testing::TestWithParam<const char*> {};

TEST_P(Expressions, AgreeWithRecordedAnswers) {
  if (!std::filesystem::exists(corpora() / GetParam())) {
    GTEST_SKIP() << "no recorded answers at " << corpora();
  }
  const Tally tally = run(GetParam());
  EXPECT_GT(tally.passed, 0);
  EXPECT_GE(tally.passed * 100, (tally.passed + tally.failed) * 99);
}

INSTANTIATE_TEST_SUITE_P(Corpora, Expressions,
                         ::testing::Values("functions.jsonl", "functions_unit.jsonl", "expressions.jsonl"));

}  // namespace
}  // namespace gabion::eval
