#include <gtest/gtest.h>

#include "unit/eval/functions_table.h"

namespace gabion::eval::testing {
namespace {

TEST(CollectionFunctions, Lists) {
  constexpr Row kRows[] = {
      {"alltrue([])", "true"},
      {"alltrue([true, false])", "false"},
      {"alltrue([true, null])", "false"},
      {"anytrue([false, \"true\"])", "true"},
      {"anytrue([])", "false"},
      {R"(chunklist(["a", "b", "c"], 2))", R"([["a","b"],["c"]])"},
      {R"(chunklist(["a", "b"], 0))", R"([["a","b"]])"},
      {R"(chunklist(["a"], -1))", "error"},
      {R"(coalesce(null, "", "a", "b"))", R"("a")"},
      {R"(coalesce(null, 1, "b"))", R"("1")"},
      {R"(coalesce(null, ""))", "error"},
      {R"(coalesce())", "error"},
      {R"(coalesce([], "a"))", "error"},
      {R"(coalescelist([], ["a"]))", R"(["a"])"},
      {R"(coalescelist([], []))", "error"},
      {R"(coalescelist(["a"], null))", "error"},
      {R"(compact(["a", "", null, "b"]))", R"(["a","b"])"},
      {R"(concat(["a"], [1], []))", R"(["a",1])"},
      {R"(concat(tolist(["a"]), tolist([1])))", R"(["a","1"])"},
      {R"(concat(toset(["a"])))", "error"},
      {"concat()", "error"},
      {R"(contains(["a", "b"], "b"))", "true"},
      {R"(contains([1, 2], "1"))", "false"},
      {R"(contains([], null))", "false"},
      {R"(contains("abc", "a"))", "error"},
      {R"(distinct(["a", "b", "a"]))", R"(["a","b"])"},
      {R"(element(["a", "b", "c"], 4))", R"("b")"},
      {R"(element(["a", "b", "c"], -1))", R"("c")"},
      {R"(element([], 0))", "error"},
      {R"(element(toset(["a"]), 0))", "error"},
      {R"(flatten([["a"], [], [["b"], "c"]]))", R"(["a","b","c"])"},
      {R"(flatten(["a", {b = ["c"]}, null]))", R"(["a",{"b":["c"]},null])"},
      {R"(flatten("a"))", "error"},
      {R"(index(["a", "b"], "b"))", "1"},
      {R"(index(["a"], "b"))", "error: item not found"},
      {R"(length("👨‍👩‍👧é"))", "2"},
      {R"(length({a = 1}))", "1"},
      {"length(1)", "error"},
      {"length(null)", "error"},
      {R"(matchkeys(["i1", "i2", "i3"], ["a", "b", "a"], ["a"]))", R"(["i1","i3"])"},
      {R"(matchkeys(["i1"], [], ["a"]))", "error"},
      {"one([])", "null"},
      {R"(one(toset(["a"])))", R"("a")"},
      {"one([1, 2])", "error"},
      {"range(3)", "[0,1,2]"},
      {"range(1, 0)", "[1]"},
      {"range(1, 8, 3)", "[1,4,7]"},
      {"range(-2)", "[0,-1]"},
      {"range(0, 5, -1)", "error"},
      {"range(2000)", "error"},
      {"range(7, 7, 0)", "[]"},
      {"range(0, 1, 0)", "error"},
      {R"(reverse(["a", 1]))", R"([1,"a"])"},
      {R"(reverse("ab"))", "error"},
      {R"(slice(["a", "b", "c"], 1, 2))", R"(["b"])"},
      {R"(slice(["a"], 0, 2))", "error"},
      {R"(slice(["a"], 1, 0))", "error"},
      {R"(slice(toset(["a"]), 0, 1))", "error"},
      {R"(sort(["b", "a", "B"]))", R"(["B","a","b"])"},
      {R"(sort([null]))", "error"},
      {"sum([1, 2.5, \"3\"])", "6.5"},
      {"sum([])", "error"},
      {"sum([null])", "error"},
      {"list(1)", "error: no longer available"},
      {"map(\"a\", 1)", "error: no longer available"},
  };
  expect_rows(kRows);
}

TEST(CollectionFunctions, Maps) {
  constexpr Row kRows[] = {
      {R"(keys({b = 1, a = 2}))", R"(["a","b"])"},
      {"keys([])", "error"},
      {R"(values({b = 1, a = "x"}))", R"(["x",1])"},
      {R"(lookup({a = 1}, "a"))", "1"},
      {R"(lookup({a = 1}, "b", "c"))", R"("c")"},
      {R"(lookup(tomap({a = "x"}), "b", 2))", R"("2")"},
      {R"(lookup({a = 1}, "b"))", "error: failed to find key"},
      {R"(lookup(["a"], "b"))", "error"},
      {R"(merge({a = 1, b = 2}, {b = "x"}, null))", R"({"a":1,"b":"x"})"},
      {"merge()", "{}"},
      {"merge([])", "error"},
      {R"(transpose({a = ["1", "2"], b = ["2"]}))", R"({"1":["a"],"2":["a","b"]})"},
      {R"(transpose({a = null}))", "error"},
      {R"(zipmap(["a", "b"], [1, "x"]))", R"({"a":1,"b":"x"})"},
      {R"(zipmap(["a"], []))", "error"},
      {R"(zipmap(["a", "a"], [1, 2]))", R"({"a":2})"},
  };
  expect_rows(kRows);
}

TEST(CollectionFunctions, Sets) {
  constexpr Row kRows[] = {
      {R"(setunion(["b", "a"], ["c", "a"]))", R"(["a","b","c"])"},
      {R"(setunion([], [1]))", "[1]"},
      {R"(setintersection(["a", "b"], ["b", "c"], ["b"]))", R"(["b"])"},
      {R"(setsubtract(["a", "b", "c"], ["b"]))", R"(["a","c"])"},
      {R"(setsubtract([1], ["1"]))", "[]"},
      {R"(setunion(["a"], [["b"]]))", "error"},
      {R"(setproduct(["a", "b"], [1, 2]))", R"([["a",1],["a",2],["b",1],["b",2]])"},
      {R"(setproduct(["a"], []))", "[]"},
      {R"(setproduct(toset(["b", "a"]), ["x"]))", R"([["a","x"],["b","x"]])"},
      {R"(setproduct(["a"]))", "error"},
      {R"(setproduct(["a"], "b"))", "error"},
  };
  expect_rows(kRows);
}

TEST(CollectionFunctions, MembersOfMergedMapsThatAreSurelyThere) {
  Workbench bench;
  bench.bind_unknown("x", "string", true);
  bench.bind_unknown("map", "map(string)", true);
  bench.bind_unknown("perhaps", "map(string)");
  bench.bind_unknown("object", "object({a = string, c = string})", true);
  bench.bind_unknown("no_object", "object({a = string, c = string})");
  bench.bind_unknown("any");
  constexpr std::string_view kAnything = R"({"$unknown":"any"})";
  constexpr std::string_view kBool = R"({"$unknown":"bool"})";
  constexpr std::string_view kText = R"({"$unknown":"string"})";
  constexpr Row kRows[] = {
      // The last one wins.
      {R"(merge(map, {a = "x"}).a)", R"("x")"},
      {R"(merge(perhaps, {a = "x"})["a"])", R"("x")"},
      {R"(merge(any, {a = "x"}, null).a)", R"("x")"},
      {R"(merge(map, {a = "y"}, {a = "x"}).a)", R"("x")"},
      {R"(merge(map, merge(any, {a = "x"})).a)", R"("x")"},
      {R"(merge(map, {"1" = "x"})[1])", R"("x")"},
      // What comes later may replace it.
      {R"(merge({a = "x"}, map).a)", kText},
      {R"(merge({a = "x"}, map).a == "x")", kBool},
      {R"(merge({a = "x"}, map, {a = "y"}).a)", R"("y")"},
      {R"(merge({a = "x"}, map).a == map.a)", kBool},
      {R"(merge({a = "x"}, {(x) = "y"}).a == "z")", "false"},
      {R"(merge({a = "x"}, {"k/${x}" = "y"}).a)", R"("x")"},
      // What is not surely there may be an error.
      {R"(merge(map, {a = "x"}).b)", kAnything},
      {R"(can(merge(map, {a = "x"}).b))", kBool},
      {R"(can(merge(map, {a = "x"}).a))", "true"},
      {R"(try(merge(map, {a = "x"}).b, "y"))", kAnything},
      {R"(lookup(merge(map, {a = "x"}), "a", "y"))", R"("x")"},
      {R"(lookup(merge(map, {a = "x"}), "b", "y"))", kAnything},
      // Objects that are not known have the attributes of their type, when they are not null.
      {R"(merge({a = "x", b = "y"}, object))", R"({"a":{"$unknown":"string"},"b":"y","c":{"$unknown":"string"}})"},
      {R"(merge(object, {a = "x"}).a)", R"("x")"},
      {R"(merge({a = "x", b = "y"}, no_object).b)", R"("y")"},
      {R"(merge({b = "y"}, no_object) == null)", "false"},
      {R"(can(merge({b = "y"}, no_object).a))", kBool},
      {R"(merge({b = "y"}, no_object).a == no_object.a)", kBool},
      // Keys, values and sizes.
      {R"(contains(keys(merge(map, {a = "x"})), "a"))", "true"},
      {R"(contains(keys(merge({a = "x"}, map)), "a"))", "true"},
      {R"(contains(keys(merge({a = "x"}, map)), "b"))", kBool},
      {R"(contains(keys(merge({a = "x"}, {"k/${x}" = "y"})), "b"))", "false"},
      {R"(contains(values(merge(map, {a = "x"})), "x"))", "true"},
      {R"(contains(values(merge({a = "x"}, map)), "x"))", kBool},
      {R"(length(merge(map, {a = "x", b = "y"})) >= 2)", "true"},
      {R"(length(merge(map, {a = "x", b = "y"})) >= 3)", kBool},
      {R"(length(merge({a = "x"}, {"k/${x}" = "y"})) <= 2)", "true"},
      {R"(length(merge({a = "x"}, {(x) = "y"})) <= 2)", "true"},
      {R"(merge(map, {a = "x"}) == null)", "false"},
      {R"(merge(map, {a = "x"}) == {})", "false"},
      {R"(merge(map, {a = "x"}) == {a = "y"})", "false"},
      {R"(merge(map, {a = "x"}) == {a = "x"})", kBool},
      {R"(merge(map, {a = "x"}) == {a = "x", b = "y"})", kBool},
      // What is made of them.
      {R"(contains([for k, v in merge(map, {a = "x"}) : "${k}${v}"], "ax"))", "true"},
      {R"(contains([for k, v in merge(map, {a = "x"}) : v if k != "a"], "x"))", kBool},
      {R"({for k, v in merge(map, {a = "x"}) : upper(k) => v}.A)", R"("x")"},
      {R"(tomap(merge(map, {a = "x"})).a)", R"("x")"},
      {R"(tomap(merge(map, {a = 1})).a)", kAnything},
      {R"(contains(keys(tomap(merge(map, {a = 1}))), "a"))", "true"},
      // A common type may make a text of a number.
      {R"((true ? merge(map, {a = 1}) : tomap({b = "x"})).a)", kAnything},
      {R"((true ? merge(map, {a = "x"}) : tomap({b = "x"})).a)", R"("x")"},
      {R"((true ? merge(map, {a = 1}) : null).a)", "1"},
      {R"(tolist([merge(map, {a = 1}), {b = "x"}])[0].a)", kAnything},
      {R"(coalesce(merge(map, {a = 1}), {b = "x"}).a)", kAnything},
      {R"(jsonencode(merge(map, {a = "x"})))", kText},
      {R"(merge(map, {a = "x"})[*].a)", R"(["x"])"},
      {R"([for s in ["p", "q"] : merge(map, {a = s})][1].a)", R"("q")"},
      // All of one type of maps stay one.
      {R"(merge(map, tomap({a = "x"})))", "{\"$unknown\":\"map(string)\"}"},
      {R"(merge(map, tomap({a = "x"})).a)", R"("x")"},
      {R"(merge(map, ["a"]))", "error: arguments must be maps or objects"},
  };
  expect_rows(bench, kRows);
}

TEST(CollectionFunctions, MergedMapsInLoopsOverUnknownLists) {
  Workbench bench;
  bench.bind_unknown("list", "list(object({name = string}))", true);
  bench.bind_unknown("map", "map(string)", true);
  bench.bind_unknown("x", "string", true);
  bench.bind("merged", "[for o in list : merge(map, {a = o.name, b = \"y\"})]");
  bench.bind("written", "[for o in list : {(x) = \"z\", a = o.name}]");
  constexpr std::string_view kBool = R"({"$unknown":"bool"})";
  constexpr Row kRows[] = {
      {"merged[0].b", R"("y")"},
      {"merged[0].a == merged[0].a", "true"},
      {"merged[0].a == merged[1].a", kBool},
      {"written[0].a == written[0].a", "true"},
      {"written[0].a == written[1].a", kBool},
  };
  expect_rows(bench, kRows);
}

TEST(CollectionFunctions, UnknownElementsStayElements) {
  Workbench bench;
  bench.bind_unknown("x", "string");
  bench.bind_unknown("y", "string", true);
  bench.bind_unknown("list", "list(string)", true);
  bench.bind_unknown("map", "map(string)", true);
  bench.bind_unknown("any");
  bench.bind_unknown("number", "number");
  constexpr Row kRows[] = {
      {R"(concat(["a"], [x]))", R"(["a",{"$unknown":"string"}])"},
      {R"(length(concat(["a"], [x])))", "2"},
      {R"(concat(["a"], list))", R"({"$unknown":"any"})"},
      {R"(merge({a = x}, {b = 1}))", R"({"a":{"$unknown":"string"},"b":1})"},
      {R"(merge({a = 1}, map))", R"({"$unknown":"any"})"},
      {R"(keys({a = x}))", R"(["a"])"},
      {R"(values({a = x, b = 1})[1])", "1"},
      {R"(lookup({a = x, b = "c"}, "b", "d"))", R"("c")"},
      {R"(lookup({a = "c", b = "c"}, x, "c"))", R"("c")"},
      {R"(lookup({a = "c"}, x, "d"))", R"({"$unknown":"string"})"},
      {R"(lookup({a = "c"}, x, "d") == "e")", "false"},
      // What is known of the key says which members it may name.
      {R"(lookup({a = "c"}, "b${x}", "d"))", R"("d")"},
      {R"(lookup({ba = "c", d = "e"}, "b${x}", "c"))", R"("c")"},
      {R"(lookup({ba = "c"}, "b${x}", "d"))", R"({"$unknown":"string"})"},
      {R"(element(["a", x], 0))", R"("a")"},
      {R"(element(["a", "b"], number) == "c")", "false"},
      {R"(contains([x, "b"], "b"))", "true"},
      {R"(contains([x, "b"], "c"))", R"({"$unknown":"bool"})"},
      {R"(contains(["a${x}"], "b"))", "false"},
      {R"(coalesce("a", x))", R"("a")"},
      {R"(coalesce(x, "a"))", R"({"$unknown":"string"})"},
      {R"(coalescelist(["a"], list))", R"(["a"])"},
      {R"(compact(["a", "b${x}", ""]))", R"(["a",{"$unknown":"string"}])"},
      {R"(compact(["a", x]))", R"~({"$unknown":"list(string)"})~"},
      {R"(distinct([x, "a", x]))", R"~({"$unknown":"list(string)"})~"},
      {R"(distinct([x, x]))", R"([{"$unknown":"string"}])"},
      {R"(distinct(["a${x}", "b"]))", R"([{"$unknown":"string"},"b"])"},
      {R"~(length(distinct(["b", "a", "a", x])) > 1)~", "true"},
      {R"(flatten([["a"], [x]]))", R"(["a",{"$unknown":"string"}])"},
      {R"(flatten([["a"], list]))", R"({"$unknown":"any"})"},
      {R"(flatten([["a"], any]))", R"({"$unknown":"any"})"},
      {R"(length([x, x]))", "2"},
      {R"(length(x))", R"({"$unknown":"number"})"},
      {R"(one([x]))", R"({"$unknown":"string"})"},
      {R"(reverse([x, "a"])[0])", R"("a")"},
      {R"(slice([x, "a"], 1, 2))", R"(["a"])"},
      {R"(length(sort(["b", x])))", "2"},
      {R"(sort([x]))", R"([{"$unknown":"string"}])"},
      {R"(sum([1, number]))", R"({"$unknown":"number"})"},
      {R"(toset(["a", x]))", R"~({"$unknown":"set(string)"})~"},
      {R"(toset([x]))", R"([{"$unknown":"string"}])"},
      {R"(tolist(["a", x])[0])", R"("a")"},
      {R"(zipmap(["a"], [x]))", R"({"a":{"$unknown":"string"}})"},
      {R"(zipmap([x], ["a"]))", R"({"$unknown":"any"})"},
      {R"(alltrue([false, any]))", "false"},
      {R"(anytrue([any, true]))", "true"},
      {R"(chunklist([x, "a"], 1)[1])", R"(["a"])"},
      {R"(setproduct([x], ["a"])[0][1])", R"("a")"},
      {R"(index(["a", x], "a"))", "0"},
      {R"(setintersection(["a"], [x]))", R"~({"$unknown":"set(string)"})~"},
  };
  expect_rows(bench, kRows);
}

TEST(CollectionFunctions, WhatIsSurelyInAListStaysKnown) {
  Workbench bench;
  bench.bind_unknown("x", "string", true);
  bench.bind_unknown("list", "list(string)", true);
  bench.bind_unknown("set", "set(string)", true);
  bench.bind_unknown("any");
  bench.bind_unknown("flag", "bool", true);
  constexpr Row kRows[] = {
      {R"(contains(concat(["a"], list), "a"))", "true"},
      {R"(contains(concat(["a"], list), "b"))", R"({"$unknown":"bool"})"},
      {R"(contains(concat(any, ["a"]), "a"))", "true"},
      {R"(contains(concat(list, concat(["a"], list)), "a"))", "true"},
      {R"(contains(reverse(sort(distinct(concat(["a"], list)))), "a"))", "true"},
      {R"(contains(sort(["a", x]), "a"))", "true"},
      {R"(contains(compact(concat(["a", ""], list)), "a"))", "true"},
      {R"(contains(compact(concat(["a", ""], list)), ""))", R"({"$unknown":"bool"})"},
      {R"(contains(compact(["a", x]), "a"))", "true"},
      {R"(contains(flatten([["a"], list]), "a"))", "true"},
      {R"(contains(flatten(concat([["a"]], any)), "a"))", "true"},
      {R"(contains(flatten([concat(["a"], list)]), "a"))", "true"},
      {R"(contains(toset(["a", x]), "a"))", "true"},
      {R"(contains(toset(concat(["a"], list)), "a"))", "true"},
      {R"(contains(setunion(["a"], set), "a"))", "true"},
      {R"(contains(setunion(["a", "b"], [x]), "c"))", R"({"$unknown":"bool"})"},
      {R"(contains(concat(tolist([1]), list), "1"))", "true"},
      {R"(length(concat(["a"], list)) >= 1)", "true"},
      {R"(length(compact(concat(["a"], list))) >= 1)", R"({"$unknown":"bool"})"},
      {R"(anytrue([for e in concat(["a"], list) : e == "a"]))", "true"},
      {R"(anytrue([for e in concat(["a"], list) : e == "b"]))", R"({"$unknown":"bool"})"},
      {R"(alltrue([for e in concat(["a"], list) : e == "b"]))", "false"},
      {R"(alltrue([for e in concat(["a"], list) : e == "a"]))", R"({"$unknown":"bool"})"},
      {R"(length([for e in concat(["a", "b"], list) : e if e != "b"]) > 0)", "true"},
      {R"(length([for e in toset(["a", x]) : e if e != ""]) > 1)", R"({"$unknown":"bool"})"},
      {R"(contains([for e in ["a", x] : e if e == "a"], "a"))", "true"},
      {R"(contains([for e in ["a", "b"] : e if e == "a" || flag], "b"))", R"({"$unknown":"bool"})"},
      {R"(contains(concat([{n = "a"}], any)[*].n, "a"))", "true"},
      {R"(contains([for k, v in concat(["a"], list) : v if k == 0], "a"))", R"({"$unknown":"bool"})"},
      {R"(concat(["a"], list)[0])", R"({"$unknown":"any"})"},
  };
  expect_rows(bench, kRows);
}

TEST(CollectionFunctions, ValuesKeepTheirOrigins) {
  Workbench bench;
  const Value joined = bench.evaluate(R"(concat(["a"], ["b"]))");
  ASSERT_EQ(joined.elements().size(), 2U);
  ASSERT_NE(joined.elements()[1].origin(), nullptr);
  EXPECT_EQ(bench.store().text(joined.elements()[1].origin()->region), "\"b\"");
}

}  // namespace
}  // namespace gabion::eval::testing
