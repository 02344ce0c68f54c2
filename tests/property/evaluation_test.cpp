// tests: eval
// Knowing more never contradicts what was known: expressions are evaluated with some variables unknown and again with
// all of them known, and the second value must be one that the first allowed.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "eval/evaluator.h"
#include "property/contradiction.h"
#include "unit/eval/fixture.h"

namespace gabion::eval {
namespace {

using testing::contradiction;
using testing::Workbench;

/// Writes random expressions of a wanted type, mostly well typed.
class Writer {
 public:
  explicit Writer(std::uint32_t seed) : random_(seed) {}

  std::string any(int depth) {
    switch (pick(5)) {
      case 0:
        return number(depth);
      case 1:
        return boolean(depth);
      case 2:
        return list(depth);
      case 3:
        return map(depth);
      default:
        return text(depth);
    }
  }

  std::string text(int depth) {
    if (depth <= 0) {
      return one(
          {"\"\"", "\"a\"", "\"b\"", "\"a-b\"", "\"1\"", "\"true\"", "s1", "s2", "s1", "o.name", local("s1"), "x1"});
    }
    const int d = depth - 1;
    switch (pick(18)) {
      case 0:
        return "\"p-${" + text(d) + "}\"";
      case 1:
        return "\"${" + text(d) + "}${" + number(d) + "}-q\"";
      case 2:
        return one({"upper", "lower", "trimspace", "strrev", "title"}) + "(" + text(d) + ")";
      case 3:
        return "replace(" + text(d) + ", \"a\", " + text(0) + ")";
      case 4:
        return "join(\"-\", " + list(d) + ")";
      case 5:
        return "(" + boolean(d) + " ? " + text(d) + " : " + text(d) + ")";
      case 6:
        return list(d) + "[" + one({"0", "1", number(0)}) + "]";
      case 7:
        return map(d) + one({".k", "[\"k\"]", "[" + text(0) + "]"});
      case 8:
        return "try(" + text(d) + ", " + text(d) + ")";
      case 9:
        return "coalesce(" + text(d) + ", " + text(d) + ")";
      case 10:
        return "format(\"%s/%v\", " + text(d) + ", " + any(0) + ")";
      case 11:
        return "jsonencode(" + any(d) + ")";
      case 12:
        return "lookup(" + map(d) + ", " + text(0) + ", " + text(d) + ")";
      case 13:
        return "\"<%{ if " + boolean(d) + " }" + one({"y", "${" + text(d) + "}"}) + "%{ else }n%{ endif }>\"";
      case 14:
        return "tostring(" + one({number(d), boolean(d)}) + ")";
      case 15:
        return "element(" + list(d) + ", " + number(0) + ")";
      case 16:
        return "\"%{ for v in " + list(d) + " }${v},%{ endfor }\"";
      default:
        return text(0);
    }
  }

  std::string number(int depth) {
    if (depth <= 0) {
      return one({"0", "1", "2", "-1", "1.5", "n1", "n2", "n1", "o.size"});
    }
    const int d = depth - 1;
    switch (pick(9)) {
      case 0:
        return "(" + number(d) + one({" + ", " - ", " * ", " / ", " % "}) + number(d) + ")";
      case 1:
        return "length(" + one({list(d), map(d), text(d), "toset(" + list(d) + ")"}) + ")";
      case 2:
        return "(" + boolean(d) + " ? " + number(d) + " : " + number(d) + ")";
      case 3:
        return "try(tonumber(" + text(d) + "), " + number(d) + ")";
      case 4:
        return one({"max", "min"}) + "(" + number(d) + ", " + number(d) + ")";
      case 5:
        return "-" + number(0);
      case 6:
        return one({"floor", "ceil", "abs"}) + "(" + number(d) + ")";
      case 7:
        return "[10, 20, 30][" + number(d) + "]";
      default:
        return number(0);
    }
  }

  std::string boolean(int depth) {
    if (depth <= 0) {
      return one({"true", "false", "b1", "b2", "b1"});
    }
    const int d = depth - 1;
    switch (pick(13)) {
      case 0:
      case 1: {
        const std::string left = any(d);
        return "(" + left + one({" == ", " != "}) + (pick(3) == 0 ? left : any(d)) + ")";
      }
      case 2:
        return "(" + text(d) + one({" == ", " != "}) + text(d) + ")";
      case 3:
        return "(" + number(d) + one({" < ", " > ", " <= ", " >= "}) + number(d) + ")";
      case 4:
        return "(" + boolean(d) + one({" && ", " || "}) + boolean(d) + ")";
      case 5:
        return "!" + boolean(d);
      case 6:
        return "contains(" + list(d) + ", " + text(d) + ")";
      case 7:
        return "(" + any(d) + one({" == null", " != null"}) + ")";
      case 8:
        return one({"startswith", "endswith", "strcontains"}) + "(" + text(d) + ", " + text(0) + ")";
      case 9:
        return "can(" + any(d) + ")";
      case 10:
        return "(" + boolean(d) + " ? " + boolean(d) + " : " + boolean(d) + ")";
      case 11:
        return one({"alltrue", "anytrue"}) + "([" + boolean(d) + ", " + boolean(d) + "])";
      default:
        return boolean(0);
    }
  }

  std::string list(int depth) {
    if (depth <= 0) {
      return one({"[]", "[\"a\"]", "[\"a\", \"b\"]", "l1", "l2", "l1", "[s1]", "[s1, \"a\"]", "t1"});
    }
    const int d = depth - 1;
    switch (pick(16)) {
      case 0:
        return "[" + text(d) + ", " + text(d) + "]";
      case 1:
        return "concat(" + list(d) + ", " + list(d) + ")";
      case 2:
        return loop("[for", "[for i,", list(d), d, "]");
      case 3:
        return one({"distinct", "reverse", "compact", "sort"}) + "(" + list(d) + ")";
      case 4:
        return "(" + boolean(d) + " ? " + list(d) + " : " + list(d) + ")";
      case 5:
        return "split(\"-\", " + text(d) + ")";
      case 6:
        return one({"keys", "values"}) + "(" + map(d) + ")";
      case 7:
        return "flatten([" + list(d) + ", " + list(d) + "])";
      case 8:
        return one({"tolist", "toset"}) + "(" + list(d) + ")";
      case 9:
        return list(d) + "[*]";
      case 10:
        return text(d) + "[*]";
      case 11:
        return "[{v = " + text(d) + "}, {v = " + text(d) + "}][*].v";
      case 12:
        return "tolist(" + one({"setunion", "setintersection", "setsubtract"}) + "(" + list(d) + ", " + list(d) + "))";
      case 13:
        return "slice(" + list(d) + ", 0, 1)";
      case 14:
        return "[for k, v in " + map(d) + " : \"${k}=${v}\"]";
      default:
        return list(0);
    }
  }

  std::string map(int depth) {
    if (depth <= 0) {
      return one({"{}", "{k = \"v\"}", "{k = s1}", "m1", "m2", "m1", "{k = \"a\", l = s2}", "o"});
    }
    const int d = depth - 1;
    switch (pick(9)) {
      case 0:
        return "{k = " + text(d) + ", " + one({"l", "(s1)", "\"${" + text(0) + "}x\""}) + " = " + text(d) + "}";
      case 1:
        return "merge(" + map(d) + ", " + map(d) + ")";
      case 2:
        return "{for v in " + list(d) + " : v => upper(v)" + one({"", "...", " if v != \"a\"", "... if b1"}) + "}";
      case 3:
        return "{for k, v in " + map(d) + " : k => v" + one({"", " if k != \"k\"", " if v != s1"}) + "}";
      case 4:
        return "(" + boolean(d) + " ? " + map(d) + " : " + map(d) + ")";
      case 5:
        return "tomap(" + map(d) + ")";
      case 6:
        return "zipmap(" + list(d) + ", " + list(d) + ")";
      case 7:
        return "try(" + map(d) + ", {})";
      default:
        return map(0);
    }
  }

  std::uint32_t pick(std::uint32_t count) { return static_cast<std::uint32_t>(random_() % count); }

 private:
  std::string one(const std::vector<std::string>& choices) {
    return choices[pick(static_cast<std::uint32_t>(choices.size()))];
  }
  std::string local(const std::string& otherwise) const { return in_loop_ ? "v" : otherwise; }

  std::string loop(const char* plain, const char* keyed, const std::string& over, int depth, const char* end) {
    const bool outer = std::exchange(in_loop_, true);
    std::string out = (pick(2) == 0 ? plain : keyed) + std::string(" v in ") + over + " : " + text(depth);
    out += pick(2) == 0 ? "" : " if " + boolean(depth);
    in_loop_ = outer;
    return out + end;
  }

  std::mt19937 random_;
  bool in_loop_ = false;
};

struct Variable {
  std::string_view name;
  std::string_view type;
  std::vector<std::string_view> values;
};

const std::vector<Variable>& variables() {
  static const std::vector<Variable> all{
      {"s1", "string", {"\"\"", "\"a\"", "\"b\"", "\"a-b\"", "\"7\"", "null"}},
      {"s2", "string", {"\"a\"", "\"k\"", "\"A-b\""}},
      {"x1", "any", {"\"a\"", "5", "true", "null"}},
      {"n1", "number", {"0", "1", "-2", "2.5", "null"}},
      {"n2", "number", {"0", "1", "3"}},
      {"b1", "bool", {"true", "false", "null"}},
      {"b2", "bool", {"true", "false"}},
      {"l1", "list(string)", {"tolist([])", "tolist([\"a\"])", "tolist([\"b\", \"a\", \"b\"])", "null"}},
      {"l2", "list(string)", {"tolist([\"a\"])", "tolist([\"\", \"k\"])"}},
      {"t1", "set(string)", {"toset([])", "toset([\"a\"])", "toset([\"b\", \"a\"])"}},
      {"m1", "map(string)", {"tomap({})", "tomap({k = \"v\"})", "tomap({a = \"1\", k = \"\"})", "null"}},
      {"m2", "map(string)", {"tomap({k = \"a\"})", "tomap({b = \"b\"})"}},
      {"o",
       "object({name = string, size = number, k = string})",
       {"{name = \"a\", size = 1, k = \"v\"}", "{name = null, size = 0, k = \"b\"}"}},
  };
  return all;
}

std::uint32_t number_from(const char* variable, std::uint32_t otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? static_cast<std::uint32_t>(std::strtoul(text, nullptr, 10)) : otherwise;
}

TEST(EvaluationProperty, KnowingMoreNeverContradicts) {
  int compared = 0;
  int told = 0;
  int reported = 0;
  // GABION_SEED begins elsewhere, GABION_CASES goes on for longer than the default.
  const std::uint32_t first = number_from("GABION_SEED", 1);
  const std::uint32_t cases = number_from("GABION_CASES", 6000);
  for (std::uint32_t seed = first; seed < first + cases && reported < 20; ++seed) {
    Writer writer(seed);
    const std::string expression = writer.any(1 + static_cast<int>(writer.pick(3)));
    Workbench partly;
    Workbench fully;
    std::string setting;
    for (const Variable& variable : variables()) {
      const std::string_view value = variable.values[writer.pick(static_cast<std::uint32_t>(variable.values.size()))];
      const std::string typed = "convert(" + std::string(value) + ", " + std::string(variable.type) + ")";
      fully.bind(variable.name, typed);
      if (writer.pick(2) == 0) {
        partly.bind(variable.name, typed);
        setting += std::string(variable.name) + " = " + std::string(value) + "  ";
      } else {
        partly.bind_unknown(variable.name, variable.type);
        setting += std::string(variable.name) + " = ? (" + std::string(value) + ")  ";
      }
    }
    const Value before = partly.evaluate(expression);
    ASSERT_TRUE(partly.parse_error().empty()) << expression << ": " << partly.parse_error();
    const Value known = fully.evaluate(expression);
    if (known.is_error()) {
      continue;  // assuming a part that fails may not
    }
    ++compared;
    told += before.is_unknown() ? 0 : 1;
    const std::string why = before.is_error() ? "fine, but an error before: " + std::string(before.error().message)
                                              : contradiction(partly.context(), before, known);
    if (!why.empty()) {
      ++reported;
      ADD_FAILURE() << "seed " << seed << ": " << expression << "\n  with " << setting << "\n  was "
                    << (before.is_error() ? "an error" : describe(before)) << "\n  and is " << describe(known) << ": "
                    << why;
    }
  }
  EXPECT_GT(static_cast<std::uint32_t>(compared), cases / 3);
  EXPECT_GT(static_cast<std::uint32_t>(told), cases / 6);
}

}  // namespace
}  // namespace gabion::eval
