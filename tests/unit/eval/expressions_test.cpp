// What expressions over known values evaluate to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/eval/fixture.h"

namespace gabion::eval {
namespace {

using ::testing::HasSubstr;
using testing::Workbench;

struct Case {
  std::string expression;
  std::string json;
};

void check(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    Workbench bench;
    bench.bind("list", "tolist([\"a\", \"b\"])");
    bench.bind("object", "{name = \"n\", tags = {x = 1}, items = [{id = \"i1\"}, {id = \"i2\"}]}");
    bench.bind("map", "tomap({k = \"v\"})");
    EXPECT_EQ(bench.json(one.expression), one.json) << one.expression;
  }
}

void check_errors(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    Workbench bench;
    bench.bind("list", "tolist([\"a\", \"b\"])");
    bench.bind("map", "tomap({k = \"v\"})");
    const Value value = bench.evaluate(one.expression);
    ASSERT_TRUE(value.is_error()) << one.expression << " is " << to_json(value);
    EXPECT_THAT(std::string(value.error().message), HasSubstr(one.json)) << one.expression;
    EXPECT_TRUE(value.error().region.valid()) << one.expression;
  }
}

TEST(ExpressionsTest, Operators) {
  check({{"1 + 2 * 3", "7"},
         {"(1 + 2) * 3", "9"},
         {"7 / 2", "3.5"},
         {"-5 % 3", "-2"},
         {"\"1\" + 1", "2"},
         {"1 < \"2\"", "true"},
         {"1e3 >= 1000", "true"},
         {"!true", "false"},
         {"!\"true\"", "false"},
         {"-\"3\"", "-3"},
         {"true && \"false\"", "false"},
         {"false || true", "true"},
         {"false && null.x", "false"},
         {"true || [][0]", "true"}});
}

TEST(ExpressionsTest, EqualityLooksAtTypes) {
  check({{"1 == 1.0", "true"},
         {"\"1\" == 1", "false"},
         {"true == \"true\"", "false"},
         {"null == null", "true"},
         {"\"\" == null", "false"},
         {"tostring(null) == tonumber(null)", "true"},
         {"[1, 2] == [1, 2]", "true"},
         {"[1] == tolist([1])", "false"},
         {"{a = 1} == {a = 1}", "true"},
         {"{a = 1} == tomap({a = 1})", "false"},
         {"[null] == [\"\"]", "false"},
         {"[null] == [null]", "true"},
         {"toset([1, 2]) == toset([2, 1])", "true"},
         {"list != tolist([\"b\", \"a\"])", "true"}});
}

TEST(ExpressionsTest, AttributesAndIndexes) {
  check({{"object.name", "\"n\""},
         {"object[\"name\"]", "\"n\""},
         {"object.items[1].id", "\"i2\""},
         {"object.items.0.id", "\"i1\""},
         {"list[0]", "\"a\""},
         {"list[\"1\"]", "\"b\""},
         {"map.k", "\"v\""},
         {"map[\"k\"]", "\"v\""},
         {"[1, 2, 3][1 + 1]", "3"},
         {"{\"1\" = \"x\"}[1]", "\"x\""},
         {"(true ? object : null).tags.x", "1"}});
  check_errors({{"list[2]", "does not identify an element"},
                {"list[0.5]", "fractional part"},
                {"list[-1]", "negative number"},
                {"[][0]", "no elements"},
                {"list[\"x\"]", "a number is required"},
                {"map.other", "key \"other\""},
                {"map[null]", "null value"},
                {"{a = 1}.b", "attribute named \"b\""},
                {"{a = 1}[0]", "not by numeric index"},
                {"null.a", "is null"},
                {"\"text\".a", "primitive-typed value (string)"},
                {"toset([1])[0]", "identified only by their value"},
                {"list.name", "does not have any attributes"},
                {"tolist([{a = 1}]).a", "attribute \"a\" on a list of objects"}});
}

TEST(ExpressionsTest, Splats) {
  check({{"object.items[*].id", "[\"i1\",\"i2\"]"},
         {"object.items.*.id", "[\"i1\",\"i2\"]"},
         {"object[*].name", "[\"n\"]"},
         {"null[*]", "[]"},
         {"null.*.id", "[]"},
         {"\"x\"[*]", "[\"x\"]"},
         {"list[*]", "[\"a\",\"b\"]"},
         {"[[{a = 1}], [{a = 2}]][*][0].a", "[1,2]"},
         {"[[{a = 1}], [{a = 2}]].*.0.a", "[1,2]"},
         {"object.items[*].id[0]", "error: this value does not have any indices"},
         {"toset([\"b\", \"a\"])[*]", "[\"a\",\"b\"]"}});
  check_errors({{"(true ? null : [1])[*]", "null sequences"}});
}

TEST(ExpressionsTest, ForExpressions) {
  check({{"[for x in [1, 2, 3] : x * 2 if x != 2]", "[2,6]"},
         {"[for i, x in [\"a\", \"b\"] : \"${i}${x}\"]", "[\"0a\",\"1b\"]"},
         {"[for k, v in {b = 1, a = 2} : \"${k}=${v}\"]", "[\"a=2\",\"b=1\"]"},
         {"[for k, v in toset([\"b\", \"a\"]) : k]", "[\"a\",\"b\"]"},
         {"{for x in [\"a\", \"b\"] : x => upper(x)}", "{\"a\":\"A\",\"b\":\"B\"}"},
         {"{for x in [\"a\", \"b\", \"a\"] : x => 1...}", "{\"a\":[1,1],\"b\":[1]}"},
         {"{for i, x in [\"a\"] : i => x}", "{\"0\":\"a\"}"},
         {"[for x in [] : x]", "[]"},
         {"[for x in [1] : [for y in [2] : x + y]]", "[[3]]"}});
  check_errors({{"[for x in null : x]", "null value cannot be used as the collection"},
                {"[for x in \"text\" : x]", "value of type string"},
                {"{for x in [\"a\", \"a\"] : x => 1}", "produced the key \"a\""},
                {"[for x in [1] : x if null]", "must not be null"},
                {"[for x in [1] : x if \"maybe\"]", "'if' clause value is invalid"},
                {"{for x in [1] : null => x}", "must not be null"},
                {"{for x in [1] : [] => x}", "invalid result"}});
}

TEST(ExpressionsTest, Conditionals) {
  check({{"true ? 1 : 2", "1"},
         {"true ? 1 : \"a\"", "\"1\""},
         {"\"false\" ? 1 : 2", "2"},
         {"true ? [1] : [\"a\"]", "[\"1\"]"},
         {"true ? {a = 1} : {b = \"x\"}", "{\"a\":\"1\"}"},
         {"true ? [] : [\"a\", 1]", "[]"},
         {"false ? 1 : null", "null"},
         {"true ? \"ok\" : null.x", "\"ok\""},
         {"true ? 1 : unknown_function()", "1"}});
  check_errors({{"null ? 1 : 2", "condition value is null"},
                {"1 ? 1 : 2", "type bool"},
                {"true ? [1] : [1, [true]]", "'true' tuple has length 1"},
                {"true ? {a = [1]} : {a = [1], b = 1}", "attribute \"b\", which is absent in the 'true' value"},
                {"true ? [1] : {}", "'true' value is tuple, but the 'false' value is object"},
                {"false ? 1 : null.x", "is null"}});
}

TEST(ExpressionsTest, Templates) {
  check({{"\"a${1 + 1}b\"", "\"a2b\""},
         {"\"${[1]}\"", "[1]"},
         {"\"${null}\"", "null"},
         {"\"${true}\"", "true"},
         {"\"$${x} %%{y}\"", "\"${x} %{y}\""},
         {"\"a%{ if true }b%{ else }c%{ endif }d\"", "\"abd\""},
         {"\"a%{ if false }b%{ endif }\"", "\"a\""},
         {"\"%{ for x in [1, 2] }<${x}>%{ endfor }\"", "\"<1><2>\""},
         {"\"%{ for k, v in {a = 1} }${k}${v}%{ endfor }\"", "\"a1\""},
         {"\"x%{ if true ~}   y%{ endif }\"", "\"xy\""},
         {"<<-EOT\n    a\n      ${1}\n    EOT\n", "\"a\\n  1\\n\""},
         {"\"e\\u0301\" == \"\\u00e9\"", "true"},
         {"\"1234567e\\u0301\" == \"1234567\\u00e9\"", "true"},
         {"\"12e\\u0301345678901234\" == \"12\\u00e9345678901234\"", "true"}});
  check_errors({{"\"a${null}\"", "null value"},
                {"\"a${[1]}\"", "string required"},
                {"\"%{ if null }a%{ endif }\"", "condition value is null"},
                {"\"%{ for x in 1 }a%{ endfor }\"", "value of type number"}});
}

TEST(ExpressionsTest, TuplesAndObjects) {
  check({{"[1, \"a\", null]", "[1,\"a\",null]"},
         {"{b = 1, \"a\" = 2, (\"c\") = 3, 4 = 4}", "{\"4\":4,\"a\":2,\"b\":1,\"c\":3}"},
         {"{null = 1, true = 2}", "{\"null\":1,\"true\":2}"},
         {"{\"${\"k\"}x\" = 1}", "{\"kx\":1}"},
         {"{a = 1, a = 2}", "{\"a\":2}"}});
  check_errors({{"{(null) = 1}", "null value as a key"},
                {"{([]) = 1}", "as a key"},
                {"{a.b = 1}", "ambiguous attribute key"},
                {"[1, null.x]", "is null"}});
}

TEST(ExpressionsTest, Calls) {
  check({{"max([1, 3, 2]...)", "3"},
         {"max(1, 2, 3, 4)", "4"},
         {"max(1, 2, 3, 4, 5, 6)", "6"},
         {"max(1, 2, 3, [9]...)", "9"},
         {"max(1, 2, 3, 4, [9, 5]...)", "9"},
         {"max(1, 2, 3, 4, 5, []...)", "5"},
         {"upper(1)", "\"1\""},
         {"core::upper(\"a\")", "\"A\""},
         {"try(null.x, [][0], \"fallback\")", "\"fallback\""},
         {"can(null.x)", "false"},
         {"can([1][0])", "true"},
         {"convert({a = 1}, map(string))", "{\"a\":\"1\"}"},
         {"convert({}, object({a = optional(string, \"d\")}))", "{\"a\":\"d\"}"}});
  check_errors({{"nope()", "there is no function named \"nope\""},
                {"uper(\"a\")", "named \"uper\"; did you mean \"upper\"?"},
                {"core::lenght([])", "did you mean \"length\"?"},
                {"length()", "expects 1 argument(s)"},
                {"length(1, 2)", "expects only 1 argument(s)"},
                {"max()", "at least one"},
                {"upper(null)", "\"str\" parameter of upper: argument must not be null"},
                {"upper([])", "string required"},
                {"max(null...)", "must not be null"},
                {"max(\"a\"...)", "tuple, list or set"},
                {"nothing(1)", "no function named \"nothing\""},
                {"try(null.x, [][0])", "no expression of try succeeded"},
                {"missing_name", "no variable named \"missing_name\""}});
}

TEST(ExpressionsTest, JsonEncoding) {
  check({{"jsonencode({b = 1, a = [true, null]})", R"("{\"a\":[true,null],\"b\":1}")"},
         {"jsonencode(\"<a&b>\")", R"("\"\\u003ca\\u0026b\\u003e\"")"},
         {"jsonencode(\"\\u2028\\n\\t\\u0001\")", R"("\"\\u2028\\n\\t\\u0001\"")"},
         {"jsonencode(1e21)", "\"1000000000000000000000\""},
         {"jsonencode(toset([2, 1]))", "\"[1,2]\""}});
}

TEST(ExpressionsTest, MarksMoveToResults) {
  Workbench bench;
  bench.bind("secret", "sensitive(\"s\")");
  for (const char* text : {"secret == \"s\"", "\"a${secret}\"", "upper(secret)", "secret == \"x\" ? 1 : 2",
                           "true ? 1 : secret == \"s\" ? 1 : 2", "{a = secret}.a", "sensitive({a = 1}).a",
                           "[for x in sensitive([1]) : x]", "{(secret) = 1}", "[for x in [1] : x if secret == \"s\"]",
                           "jsonencode({a = secret})", "sensitive([1])[*]", "!sensitive(true)", "-sensitive(1)"}) {
    EXPECT_TRUE(bench.evaluate(text).is_sensitive()) << text;
  }
  for (const char* text : {"nonsensitive(secret)", "[secret]", "{a = secret}", "try(1, secret)"}) {
    EXPECT_FALSE(bench.evaluate(text).is_sensitive()) << text;
  }
  EXPECT_TRUE(bench.evaluate("[secret][0]").is_sensitive());
}

}  // namespace
}  // namespace gabion::eval
