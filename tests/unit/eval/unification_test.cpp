// Types that values take on beside others: in collections, conditionals and sets. Results are those of Terraform 1.11.
#include <gtest/gtest.h>

#include "unit/eval/fixture.h"
#include "unit/eval/functions_table.h"

namespace gabion::eval {
namespace {

using testing::expect_rows;
using testing::Row;
using testing::Workbench;

TEST(Unification, ElementsOfAnyTypeMustAgree) {
  Workbench bench;
  bench.bind_unknown("any");
  for (const std::string_view text :
       {R"~(tolist([null, ["a"]]))~", R"~(tolist([[1, 2], ["a", true]]))~", R"~(tolist([[1, 2], ["a", {}]]))~",
        R"~(tomap({a = tomap({}), b = {x = []}}))~", R"~(tomap(tolist([])))~", R"~(tolist(tomap({})))~",
        R"~(convert(convert([], list(object({a = string}))), list(string)))~",
        R"~(convert(convert({}, map(list(string))), map(string)))~", R"~(toset([{a = 1}, "a"]))~"}) {
    EXPECT_TRUE(bench.evaluate(text).is_error()) << text << ": " << bench.text(text);
  }
  constexpr Row kRows[] = {
      {R"~(tolist([null, "a"]))~", R"~([null,"a"])~"},
      {R"~(tolist([{a = 1}, {a = "x"}]))~", R"~([{"a":"1"},{"a":"x"}])~"},
      {R"~(tolist([{a = 1}, {b = 1}]))~", R"~([{"a":1},{"b":1}])~"},
      {R"~(tolist([[1], ["a", true]]))~", R"~([["1"],["a","true"]])~"},
      {R"~(tolist([{}, {a = 1}]))~", R"~([{},{"a":1}])~"},
      {R"~(tolist([toset([1]), toset(["a"])]))~", R"~([["1"],["a"]])~"},
      {R"~(tolist([["b"], toset(["a"])]))~", R"~([["b"],["a"]])~"},
      {R"~(tolist([tomap({}), {a = 1, b = "x"}]))~", R"~([{},{"a":"1","b":"x"}])~"},
      {R"~(type(tolist(tolist([]))))~", R"~("list(any)")~"},
      {R"~(tomap({}) == tomap({}))~", "true"},
      {R"~(tolist([]) == tolist([]))~", "true"},
      {R"~(setunion([], [["a"], ["b", "c"]]))~", R"~([["a"],["b","c"]])~"},
      // Maps alone take a null without a type beside a tuple.
      {R"~(tomap({a = null, b = ["x"]}))~", R"~({"a":null,"b":["x"]})~"},
      {R"~(tomap({a = null, b = ["x"], c = [1]}))~", "error"},
      {R"~(true ? {a = null, b = [null]} : {for v in {c = "x"} : v => v})~", R"~({"a":null,"b":[null]})~"},
      // Until it is known, the unknown may be a list too.
      {R"~(tolist([any, ["a"]]))~", R"~([{"$unknown":"any"},["a"]])~"},
  };
  expect_rows(bench, kRows);
}

TEST(Unification, ResultsOfConditionals) {
  Workbench bench;
  bench.bind_unknown("b", "bool", true);
  bench.bind_unknown("l", "list(string)");
  bench.bind_unknown("any");
  constexpr Row kRows[] = {
      // Attributes that no map can hold: the object stays one.
      {R"~(true ? {x = {p = "a", r = true}, y = {p = "b", q = ["c"]}} : tomap({}))~",
       R"~({"x":{"p":"a","r":true},"y":{"p":"b","q":["c"]}})~"},
      {R"~(type(true ? {x = {p = 1}, y = {p = 2}} : tomap({})))~", R"~("map(object({p=number}))")~"},
      {R"~(true ? {x = {p = 1}, y = {p = 2, q = "s"}} : tomap({}))~",
       "error: the true result value has the wrong type: element types must all match for conversion to map"},
      {R"~(true ? [["a"], ["b", "c"]] : tolist([]))~",
       "error: the true result value has the wrong type: element types must all match for conversion to list"},
      {R"~(true ? {l = [["a"], ["b", "c"]]} : {l = tolist([])})~", R"~({"l":[["a"],["b","c"]]})~"},
      {R"~(type(true ? toset(["b"]) : tolist(["a"])))~", R"~("list(string)")~"},
      {R"~(type(true ? toset(["b"]) : ["a"]))~", R"~("set(string)")~"},
      // With l null, zipmap() is an error, and the other side alone gives the type.
      {R"~(can(false ? {k = any, l = "x"} : {m = ["x"]}))~", R"~({"$unknown":"bool"})~"},
      {R"~(can(b ? zipmap(l, l) : {a = ["x"]}))~", R"~({"$unknown":"bool"})~"},
  };
  expect_rows(bench, kRows);
}

TEST(Unification, SetsAreInTheOrderOfTheirQuotedText) {
  Workbench bench;
  constexpr Row kRows[] = {
      {R"~(toset([{a = "\ttab"}, {a = "$x"}, {a = "é"}, {a = "\u00a0"}]))~",
       "[{\"a\":\"$x\"},{\"a\":\"\\ttab\"},{\"a\":\"\u00a0\"},{\"a\":\"\u00e9\"}]"},
      {R"~(toset([["b"], ["a"], []]))~", R"~([["a"],["b"],[]])~"},
      {R"~(toset([["\t"], ["-99"]]))~", R"~([["-99"],["\t"]])~"},
      {R"~(toset([[10], [9], [1000000], [2.5]]))~", "[[1000000],[10],[2.5],[9]]"},
  };
  expect_rows(bench, kRows);
}

TEST(Unification, ZeroKeepsItsSign) {
  Workbench bench;
  bench.bind_unknown("b", "bool", true);
  EXPECT_EQ(bench.json("tostring(-0)"), "\"-0\"");
  EXPECT_EQ(bench.json("-0 == 0"), "true");
  EXPECT_TRUE(bench.evaluate(R"(tostring(b ? -0 : 0))").is_unknown());
}

TEST(Doubt, WhatMayBeNullMayFail) {
  Workbench bench;
  bench.bind_unknown("b", "bool");
  bench.bind_unknown("s", "string");
  bench.bind("nothing", "convert(null, bool)");
  for (const std::string_view text :
       {"can(b || b)", "can(b && true)", "can({(s) = 1})", "can(sort([s]))", "can(join(\"\", [s]))",
        "can(alltrue([b]))", "nothing && b", "b || nothing", "can(nothing && b)"}) {
    EXPECT_TRUE(bench.evaluate(text).is_unknown()) << text << ": " << bench.text(text);
  }
  constexpr Row kRows[] = {
      {"can(false && b)", "true"},       {"can(b || true)", "true"},
      {"false && nothing", "false"},     {"nothing || true", "true"},
      {"can(true && nothing)", "false"}, {"can(sort([\"a\", \"${s}\"]))", "{\"$unknown\":\"bool\"}"},
  };
  expect_rows(bench, kRows);
}

TEST(Lengths, AreKnownWithinBounds) {
  Workbench bench;
  bench.bind_unknown("l", "list(string)", true);
  bench.bind_unknown("s", "string", true);
  constexpr Row kRows[] = {
      {"length(l) >= 0", "true"},
      {"length(s) == -1", "false"},
      {"length(toset([s, \"a\"])) > 0", "true"},
      {"length(toset([s, \"a\"])) > 2", "false"},
      {"length(concat(l, [\"a\"])) == 0", "false"},
      {"length(l) > 0", "{\"$unknown\":\"bool\"}"},
  };
  expect_rows(bench, kRows);
}

TEST(ForExpressions, ConditionsAreCheckedWithoutElements) {
  Workbench bench;
  bench.bind_unknown("l", "list(string)", true);
  constexpr Row kRows[] = {
      {"[for x in [] : x if null]", "error: must not be null"},
      {R"~([for x in [] : x if "a"])~", "error: a bool is required"},
      {R"~({for x in {} : x => x if tonumber("a") == 1})~", "error: tonumber"},
      {"[for x in [] : x if x.foo]", "[]"},
      {"{for x in [] : null => x}", "{}"},
      {"[for x in l : x if null]", "error: must not be null"},
  };
  expect_rows(bench, kRows);
}

// In rules, what does not count is not asked for, so it has no type to agree with and no errors.
TEST(Unification, RulesAskForWhatCounts) {
  Workbench bench;
  constexpr std::string_view kMixed = R"~(true ? [1, 2] : "a")~";
  constexpr std::string_view kNumber = R"~(true ? 1 : "a")~";
  EXPECT_TRUE(bench.evaluate(kMixed).is_error());
  EXPECT_EQ(bench.json(kNumber), "\"1\"");
  EXPECT_TRUE(bench.evaluate("false && [1]").is_error());
  bench.context().for_rules = true;
  EXPECT_EQ(bench.json(kMixed), "[1,2]");
  EXPECT_EQ(bench.json(kNumber), "1");
  EXPECT_EQ(bench.json(R"~(false ? file("../../x") : null)~"), "null");
  EXPECT_TRUE(bench.evaluate(R"~(true ? nothing : 1)~").is_error());
  EXPECT_EQ(bench.evaluate(R"~(sensitive(true) ? 1 : 2)~").marks(), kSensitive);
  EXPECT_EQ(bench.json("false && [1]"), "false");
  EXPECT_EQ(bench.json("true || nothing"), "true");
  EXPECT_TRUE(bench.evaluate("true && [1]").is_error());
  EXPECT_EQ(bench.json("[for x in [] : x if null]"), "[]");
  EXPECT_TRUE(bench.evaluate("[for x in [1] : x if null]").is_error());
  EXPECT_EQ(bench.evaluate("sensitive(false) && true").marks(), kSensitive);
  // Which one is taken is not known: both are asked for.
  bench.bind_unknown("any", "bool", true);
  EXPECT_EQ(bench.json(R"~(any ? 3 : 3)~"), "3");
  EXPECT_TRUE(bench.evaluate(R"~(any ? [1, 2] : "a")~").is_error());
}

}  // namespace
}  // namespace gabion::eval
