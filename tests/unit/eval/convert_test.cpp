// Conversion between types, type constraints, and the common type of several.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "unit/eval/fixture.h"

namespace gabion::eval {
namespace {

using ::testing::HasSubstr;
using testing::Workbench;

std::string converted(std::string_view expression, std::string_view type) {
  Workbench bench;
  const Value value = convert(bench.evaluate(expression), bench.type(type), bench.context());
  return value.is_error() ? "error: " + std::string(value.error().message) : to_json(value);
}

std::string type_after(std::string_view expression, std::string_view type) {
  Workbench bench;
  const Value value = convert(bench.evaluate(expression), bench.type(type), bench.context());
  return to_string(type_of(bench.arena(), value));
}

TEST(ConvertTest, Primitives) {
  EXPECT_EQ(converted("\"1\"", "number"), "1");
  EXPECT_EQ(converted("1.50", "string"), "\"1.5\"");
  EXPECT_EQ(converted("true", "string"), "\"true\"");
  EXPECT_EQ(converted("\"true\"", "bool"), "true");
  EXPECT_EQ(converted("\"0\"", "bool"), "false");
  EXPECT_EQ(converted("null", "string"), "null");
  EXPECT_EQ(converted("\"a\"", "number"), "error: a number is required");
  EXPECT_EQ(converted("\"yes\"", "bool"), "error: a bool is required");
  EXPECT_EQ(converted("\"True\"", "bool"), "error: a bool is required; to convert from string, use lowercase \"true\"");
  EXPECT_EQ(converted("1", "bool"), "error: a bool is required");
  EXPECT_EQ(converted("[]", "string"), "error: string required");
  EXPECT_EQ(converted("tobool(null)", "number"), "error: a number is required");
}

TEST(ConvertTest, Collections) {
  EXPECT_EQ(converted("[1, true]", "list(string)"), "[\"1\",\"true\"]");
  EXPECT_EQ(converted("[\"b\", \"a\", \"b\"]", "set(string)"), "[\"a\",\"b\"]");
  EXPECT_EQ(converted("toset([\"b\", \"a\"])", "list(string)"), "[\"a\",\"b\"]");
  EXPECT_EQ(converted("{a = 1, b = \"x\"}", "map(string)"), "{\"a\":\"1\",\"b\":\"x\"}");
  EXPECT_EQ(converted("[1, \"x\"]", "tuple([string, string])"), "[\"1\",\"x\"]");
  EXPECT_EQ(converted("[[1], [\"a\"]]", "list(list(string))"), "[[\"1\"],[\"a\"]]");
  EXPECT_EQ(converted("[1, \"a\"]", "list(number)"), "error: element 1: a number is required");
  EXPECT_EQ(converted("{a = []}", "map(string)"), "error: element \"a\": string required");
  EXPECT_EQ(converted("1", "list(string)"), "error: list of string required");
  EXPECT_EQ(converted("[1]", "tuple([string, string])"), "error: wrong number of tuple elements");
  EXPECT_EQ(converted("{}", "list(string)"), "error: list of string required");
}

TEST(ConvertTest, AnyIsFoundFromTheValue) {
  EXPECT_EQ(type_after("[1, \"a\"]", "list(any)"), "list(string)");
  EXPECT_EQ(type_after("[]", "list(any)"), "list(any)");
  EXPECT_EQ(type_after("tolist([\"a\"])", "set(any)"), "set(string)");
  EXPECT_EQ(converted("{a = 1, b = true}", "map(any)"), "error: all map elements must have the same type");
  EXPECT_EQ(type_after("{a = [1], b = [\"x\", 2]}", "map(any)"), "map(list(string))");
  EXPECT_EQ(type_after("[{a = 1}, {a = \"x\"}]", "list(object({a = any}))"), "list(object({a=string}))");
  EXPECT_EQ(type_after("{a = 1}", "object({a = any})"), "object({a=number})");
  EXPECT_EQ(type_after("{a = {b = 1}}", "any"), "object({a=object({b=number})})");
  EXPECT_EQ(converted("[1, []]", "list(any)"), "error: all list elements must have the same type");
}

TEST(ConvertTest, ObjectsAndTheirOptionalAttributes) {
  EXPECT_EQ(converted("{a = \"1\", z = 2}", "object({a = number})"), "{\"a\":1}");
  EXPECT_EQ(converted("{}", "object({a = number})"), "error: attribute \"a\" is required");
  EXPECT_EQ(converted("{}", "object({a = number, b = string, c = bool})"),
            "error: attributes \"a\", \"b\", and \"c\" are required");
  EXPECT_EQ(converted("{a = []}", "object({a = number})"), "error: attribute \"a\": number required");
  EXPECT_EQ(converted("{}", "object({a = optional(string)})"), "{\"a\":null}");
  EXPECT_EQ(converted("{}", "object({a = optional(string, 5)})"), "{\"a\":\"5\"}");
  EXPECT_EQ(converted("{a = null}", "object({a = optional(string, \"d\")})"), "{\"a\":\"d\"}");
  EXPECT_EQ(converted("{a = \"x\"}", "object({a = optional(string, \"d\")})"), "{\"a\":\"x\"}");
  EXPECT_EQ(converted("{a = {}}", "object({a = object({b = optional(bool, true)})})"), "{\"a\":{\"b\":true}}");
  EXPECT_EQ(converted("{}", "object({a = optional(object({b = optional(bool, true)}), {})})"), "{\"a\":{\"b\":true}}");
  EXPECT_EQ(converted("[{}, {n = 2}]", "list(object({n = optional(number, 1)}))"), "[{\"n\":1},{\"n\":2}]");
  EXPECT_EQ(converted("tomap({a = \"1\"})", "object({a = number, b = optional(string)})"), "{\"a\":1,\"b\":null}");
  EXPECT_EQ(type_after("{}", "object({a = optional(string, \"d\")})"), "object({a=string})");
}

TEST(ConvertTest, UnknownsAreCheckedByType) {
  Workbench bench;
  const auto convert_unknown = [&](std::string_view from, std::string_view to) {
    const Value value = convert(bench.unknown("x", from), bench.type(to), bench.context());
    return value.is_error() ? "error: " + std::string(value.error().message) : to_json(value);
  };
  EXPECT_EQ(convert_unknown("string", "number"), "{\"$unknown\":\"number\"}");
  EXPECT_EQ(convert_unknown("any", "list(string)"), "{\"$unknown\":\"list(string)\"}");
  EXPECT_EQ(convert_unknown("list(number)", "set(any)"), "{\"$unknown\":\"set(number)\"}");
  EXPECT_EQ(convert_unknown("tuple([number, string])", "list(any)"), "{\"$unknown\":\"list(string)\"}");
  EXPECT_EQ(convert_unknown("bool", "number"), "error: a number is required");
  EXPECT_EQ(convert_unknown("list(string)", "string"), "error: string required");
  EXPECT_EQ(convert_unknown("object({a = string})", "object({a = string, b = string})"),
            "error: attribute \"b\" is required");
  const Value tuple =
      convert(bench.unknown("t", "tuple([number, string])"), bench.type("list(string)"), bench.context());
  EXPECT_EQ(tuple.unknown().min_length, 2U);
  EXPECT_EQ(tuple.unknown().max_length, 2U);
}

TEST(ConvertTest, OriginsAndMarksStay) {
  Workbench bench;
  bench.bind("secret", "sensitive(1)");
  const Value value = convert(bench.evaluate("secret"), kStringType, bench.context());
  EXPECT_TRUE(value.is_sensitive());
  ASSERT_NE(value.origin(), nullptr);
  EXPECT_EQ(value.origin()->name(), "secret");
}

TEST(TypeConstraintTest, ReadsWhatTerraformReads) {
  Workbench bench;
  for (const std::string_view text :
       {"string", "number", "bool", "any", "list(string)", "set(number)", "map(any)", "tuple([string,number])",
        "object({a=string,b=list(number)})", "list(object({a=map(bool)}))", "object({a=optional(string)})"}) {
    EXPECT_EQ(to_string(bench.type(text)), text);
  }
  EXPECT_EQ(to_string(bench.type("list")), "list(any)");
  EXPECT_EQ(to_string(bench.type("map")), "map(any)");
}

TEST(TypeConstraintTest, SaysWhatIsWrong) {
  Workbench bench;
  const auto problem = [&](std::string_view text) {
    const ParsedType parsed = parse_type(bench.parse(text), bench.context());
    return parsed.diagnostics.empty() ? std::string() : parsed.diagnostics[0].message;
  };
  EXPECT_THAT(problem("strin"), HasSubstr("not the name of a type"));
  EXPECT_THAT(problem("vector(string)"), HasSubstr("not the name of a type"));
  EXPECT_THAT(problem("list(string, string)"), HasSubstr("exactly one argument"));
  EXPECT_THAT(problem("string(1)"), HasSubstr("takes no argument"));
  EXPECT_THAT(problem("object([])"), HasSubstr("map of attribute types"));
  EXPECT_THAT(problem("object({a = string, a = string})"), HasSubstr("twice"));
  EXPECT_THAT(problem("optional(string)"), HasSubstr("attributes of an object type"));
  EXPECT_THAT(problem("object({a = optional(number, \"x\")})"), HasSubstr("a number is required"));
  EXPECT_THAT(problem("object({a = optional(number, var.x)})"), HasSubstr("variables may not be used"));
  EXPECT_THAT(problem("\"string\""), HasSubstr("in quotes"));
  EXPECT_THAT(problem("1"), HasSubstr("not a type"));
  EXPECT_EQ(to_string(bench.type("\"list\"")), "list(string)");
}

TEST(UnifyTest, FindsTheCommonType) {
  Workbench bench;
  const auto common = [&](const std::vector<std::string_view>& texts) {
    std::vector<const Type*> types;
    for (const std::string_view text : texts) {
      types.push_back(&bench.type(text));
    }
    const Type* result = unify(bench.arena(), types);
    return result == nullptr ? "none" : to_string(*result);
  };
  EXPECT_EQ(common({"string", "number"}), "string");
  EXPECT_EQ(common({"number", "bool"}), "none");
  EXPECT_EQ(common({"number", "bool", "string"}), "string");
  EXPECT_EQ(common({"list(string)", "list(number)"}), "list(string)");
  EXPECT_EQ(common({"list(string)", "set(string)"}), "list(string)");
  EXPECT_EQ(common({"list(string)", "tuple([number, bool])"}), "list(string)");
  EXPECT_EQ(common({"tuple([number])", "tuple([string])"}), "tuple([string])");
  EXPECT_EQ(common({"tuple([number])", "tuple([string, number])"}), "list(string)");
  EXPECT_EQ(common({"tuple([])", "tuple([string])"}), "list(string)");
  EXPECT_EQ(common({"object({a = string})", "object({a = number})"}), "object({a=string})");
  EXPECT_EQ(common({"object({a = string})", "object({b = number})"}), "map(string)");
  EXPECT_EQ(common({"object({a = string})", "map(number)"}), "map(string)");
  EXPECT_EQ(common({"object({a = string})", "tuple([string])"}), "none");
  EXPECT_EQ(common({"list(string)", "any"}), "any");
  EXPECT_EQ(common({"string", "any"}), "string");
  EXPECT_EQ(common({"map(list(number))", "map(list(string))"}), "map(list(string))");
}

}  // namespace
}  // namespace gabion::eval
