// fuzz: eval
// Any bytes as a configuration file: every expression in it is evaluated with all names known, with some of them
// unknown and with all unknown. Evaluation ends, gives the same again, and knowing more contradicts nothing known
// before.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "../property/contradiction.h"
#include "eval/evaluator.h"
#include "syntax/hcl/parser.h"
#include "syntax/hcl/recovery.h"
#include "syntax/hcl/walk.h"

namespace {

namespace eval = gabion::eval;
namespace hcl = gabion::syntax::hcl;
namespace source = gabion::source;

/// How much is known of what names stand for.
enum class Knowledge : std::uint8_t { kNothing, kSome, kAll };

/// Type and value of a name, picked by a hash of the name: the same for every amount of knowledge.
struct Meaning {
  std::string_view type;
  std::string_view value;
};

constexpr auto kMeanings = std::to_array<Meaning>({
    {"string", "\"a\""},
    {"string", "\"\""},
    {"string", "\"10.0.0.0/16\""},
    {"string", "\"{\\\"a\\\":[1,null]}\""},
    {"string", "null"},
    {"number", "0"},
    {"number", "2"},
    {"number", "-1.5"},
    {"bool", "true"},
    {"bool", "false"},
    {"bool", "null"},
    {"any", "{}"},
    {"any", "{a = 1, name = \"x\", enabled = true}"},
    {"any", "[\"a\", 1, {b = null}]"},
    {"any", "\"text\""},
    {"any", "null"},
    {"list(string)", "tolist([])"},
    {"list(string)", "tolist([\"b\", \"a\", \"b\"])"},
    {"list(any)", "tolist([{a = \"x\"}, {a = null}])"},
    {"set(string)", "toset([\"k\", \"a\"])"},
    {"set(number)", "toset([])"},
    {"map(string)", "tomap({k = \"v\", name = \"\"})"},
    {"map(string)", "tomap({})"},
    {"map(number)", "null"},
    {"list(object({name = string, size = number}))", "tolist([{name = \"n\", size = 3}])"},
    {"object({name = string, id = string, tags = map(string)})", "{name = \"n\", id = null, tags = {a = \"b\"}}"},
    {"tuple([string, number])", "[\"t\", 7]"},
});

std::uint32_t hash(std::string_view text) {
  std::uint32_t value = 2166136261U;
  for (const char c : text) {
    value = (value ^ static_cast<unsigned char>(c)) * 16777619U;
  }
  return value ^ (value >> 15U);
}

/// Everything one evaluation needs, made anew for each so that nothing is remembered from the one before.
class Laboratory final : public eval::Scope {
 public:
  Laboratory(const source::Limits& limits, Knowledge knowledge)
      : limits_(limits), budget_(limits_), knowledge_(knowledge) {}

  [[nodiscard]] eval::Context& context() { return context_; }

  [[nodiscard]] eval::Value evaluate(const hcl::Expression& expression) {
    return eval::evaluate(expression, *this, context_);
  }

  [[nodiscard]] Resolved resolve(const hcl::Traversal& reference, eval::Context& context) const override {
    std::string name(reference.root);
    const bool member = !reference.steps.empty() && reference.steps[0].kind == hcl::StepKind::kAttribute;
    if (member) {
      name += '.';
      name += reference.steps[0].name;
    }
    const std::uint32_t number = hash(name);
    const Meaning& meaning = kMeanings[number % kMeanings.size()];
    const bool known = knowledge_ == Knowledge::kAll || (knowledge_ == Knowledge::kSome && (number >> 16U) % 2 == 0);
    const eval::Type& type = *eval::parse_type(parse(meaning.type), context).type;
    eval::Value value;
    if (known) {
      const eval::LocalScope nothing({}, nullptr);
      value = eval::convert(eval::evaluate(parse(meaning.value), nothing, context), type, context);
    } else {
      value = eval::make_unknown(context.arena, type,
                                 context.symbols.intern({.reason = eval::Reason::kVariable, .text = name}));
    }
    return {.value = value, .consumed = member ? std::size_t{1} : 0};
  }

 private:
  [[nodiscard]] const hcl::Expression& parse(std::string_view text) const {
    const source::Artifact& artifact = store_.add(std::to_string(store_.size()), std::string(text));
    return *hcl::parse_expression(artifact, artifact.whole(), arena_, limits_).expression;
  }

  source::Limits limits_;
  mutable source::ArtifactStore store_;
  mutable source::Arena arena_;
  eval::SymbolTable symbols_{arena_};
  source::Budget budget_;
  Knowledge knowledge_;
  eval::Context context_{.arena = arena_, .symbols = symbols_, .budget = budget_, .limits = limits_};
};

[[noreturn]] void fail(std::string_view what, const hcl::Expression& expression, const source::Artifact& artifact,
                       const std::string& detail) {
  const std::string text(artifact.text(expression.region));
  std::fprintf(stderr, "%.*s: %s\n%s\n", static_cast<int>(what.size()), what.data(), text.c_str(), detail.c_str());
  std::abort();
}

std::string text_of(const eval::Value& value) {
  return value.is_error() ? "error: " + std::string(value.error().message)
                          : eval::describe(value) + " " + eval::to_json(value);
}

/// Whether `&&` or `||` is in an expression. Terraform refuses an operand that is no bool by its type alone, but where an
/// operand fails with everything known the other one may decide: an error may become a result.
bool decides_by_one_side(const hcl::Expression& whole) {
  std::vector<const hcl::Expression*> rest{&whole};
  while (!rest.empty()) {
    const hcl::Expression& expression = *rest.back();
    rest.pop_back();
    if (expression.kind == hcl::ExpressionKind::kBinary) {
      const hcl::BinaryOperator op = hcl::as<hcl::BinaryExpression>(expression).op;
      if (op == hcl::BinaryOperator::kAnd || op == hcl::BinaryOperator::kOr) {
        return true;
      }
    }
    hcl::for_each_child(expression, [&](const hcl::Expression& child) { rest.push_back(&child); });
  }
  return false;
}

void check(const hcl::Expression& expression, const source::Artifact& artifact, const source::Limits& limits) {
  std::array<std::string, 3> texts;
  Laboratory nothing(limits, Knowledge::kNothing);
  Laboratory some(limits, Knowledge::kSome);
  Laboratory all(limits, Knowledge::kAll);
  const std::array<Laboratory*, 3> laboratories{&nothing, &some, &all};
  std::vector<eval::Value> values;
  for (Laboratory* laboratory : laboratories) {
    values.push_back(laboratory->evaluate(expression));
    Laboratory again(limits, laboratory == &nothing ? Knowledge::kNothing
                             : laboratory == &some  ? Knowledge::kSome
                                                    : Knowledge::kAll);
    const std::string first = text_of(values.back());
    const std::string second = text_of(again.evaluate(expression));
    if (first != second) {
      fail("not the same again", expression, artifact, first + "\n" + second);
    }
    if (laboratory->context().budget.exhausted()) {
      return;  // what was left out differs
    }
  }
  for (std::size_t more = 1; more < values.size(); ++more) {
    if (values[more].is_error()) {
      continue;  // what fails in the end may have been assumed to be anything
    }
    for (std::size_t less = 0; less < more; ++less) {
      eval::Context& context = laboratories[less]->context();
      if (values[less].is_error() && decides_by_one_side(expression)) {
        continue;
      }
      const std::string why = values[less].is_error()
                                  ? "fine, but an error before"
                                  : eval::testing::contradiction(context, values[less], values[more]);
      if (!why.empty()) {
        fail("contradiction", expression, artifact,
             text_of(values[less]) + "\n" + text_of(values[more]) + "\nis " + why);
      }
    }
  }
}

/// The nesting is bounded by the parser's limit, and so is this walk.
void check_body(const hcl::Body& body, const source::Artifact& artifact, const source::Limits& limits) {
  for (const hcl::Attribute& attribute : body.attributes) {
    check(*attribute.expression, artifact, limits);
  }
  for (const hcl::Block& block : body.blocks) {
    check_body(*block.body, artifact, limits);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kMaxSize = 12000;
  if (size > kMaxSize) {
    return 0;
  }
  const source::Artifact artifact(source::ArtifactId{0}, "fuzz.tf",
                                  std::string(reinterpret_cast<const char*>(data), size), source::Role::kProject);
  source::Arena arena;
  source::Limits limits;
  limits.nesting = 80;  // sanitizers make frames large
  limits.depth = 200;
  limits.steps = 20'000;
  limits.value_bytes = 1'000'000;
  const hcl::ParsedBody strict = hcl::parse_file(artifact, arena, limits);
  const hcl::ParsedBody tolerant = strict.ok() ? strict : hcl::parse_tolerantly(artifact, arena, limits);
  check_body(*tolerant.body, artifact, limits);
  return 0;
}
