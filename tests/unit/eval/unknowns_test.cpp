// Unknown values: identity, alternatives, symbolic strings, patterns of collections.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "eval/loop_places.h"
#include "unit/eval/fixture.h"

namespace gabion::eval {
namespace {

using testing::Workbench;

class Unknowns : public ::testing::Test {
 protected:
  Unknowns() {
    bench.bind_unknown("s", "string");
    bench.bind_unknown("t", "string");
    bench.bind_unknown("n", "number");
    bench.bind_unknown("b", "bool");
    bench.bind_unknown("c", "bool");
    bench.bind_unknown("l", "list(string)");
    bench.bind_unknown("m", "map(string)");
    bench.bind_unknown("set", "set(string)");
    bench.bind_unknown("o", "object({a = string, b = number})");
    bench.bind_unknown("any");
    bench.bind_unknown("sure", "string", true);
    bind_resource("key", "aws_kms_key.k", Rest::kComputed);
  }

  void bind_resource(std::string_view name, std::string_view address, Rest rest) {
    const Symbol* symbol = bench.symbols().intern({.reason = Reason::kComputed, .text = address, .subject = address});
    const std::vector<Member> members{{.name = "description", .value = make_string(bench.arena(), "text")}};
    bench.bind(name, make_object(bench.arena(), members, rest, symbol));
  }

  Truth truth(std::string_view text) {
    const Value value = bench.evaluate(text);
    EXPECT_FALSE(value.is_error()) << text << ": " << value.error().message;
    if (value.is_bool()) {
      return truth_of(value.boolean());
    }
    EXPECT_TRUE(value.is_unknown()) << text;
    return Truth::kUnknown;
  }
  void expect(Truth wanted, const std::vector<std::string>& expressions) {
    for (const std::string& text : expressions) {
      EXPECT_EQ(static_cast<int>(truth(text)), static_cast<int>(wanted)) << text;
    }
  }
  std::vector<std::string> alternatives(std::string_view text) {
    const Value value = bench.evaluate(text);
    std::vector<std::string> result;
    if (value.is_unknown()) {
      for (const Value& alternative : value.unknown().alternatives) {
        result.push_back(describe(alternative));
      }
    }
    return result;
  }

  Workbench bench;
};

TEST(Symbols, OfLongTextsDifferWhereverTheTextsDo) {
  const std::string text(3 * kSymbolLimit + 3, 'x');
  std::set<std::string> shortened{shorten(text)};
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = 'y';
    shortened.insert(shorten(other));
  }
  shortened.insert(shorten(text + 'x'));
  shortened.insert(shorten(text + std::string(1, '\0')));
  EXPECT_EQ(shortened.size(), text.size() + 3);
  for (const std::string& one : shortened) {
    EXPECT_LE(one.size(), kSymbolLimit);
    EXPECT_EQ(shorten(one), one);
  }
}

/// Without the places of loops in it, which stand at the end, it is the same wherever they are.
TEST(Symbols, OfLongTextsShowTheLoopsInThem) {
  const std::string filler(kSymbolLimit, 'x');
  const auto text = [&](const std::string& one, const std::string& other, const std::string& last) {
    return shorten(filler + "var.l[*]@" + one + ".a, var.m[*].key@" + other + ", var.l[*]@" + last + ".a");
  };
  const auto without = [](const std::string& whole) { return whole.substr(0, whole.find('@')); };
  EXPECT_TRUE(text("120", "300", "120").ends_with("@120@300"));
  EXPECT_EQ(without(text("120", "300", "120")), without(text("121", "301", "121")));
  EXPECT_EQ(without(text("120", "300", "120")), without(text("25769804706", "103079216034", "25769804706")));
  EXPECT_NE(text("120", "300", "120"), text("120", "300", "300"));
  EXPECT_NE(text("120", "300", "120"), text("300", "120", "120"));
  // What was cut may be part of what is cut again.
  EXPECT_EQ(without(shorten(text("120", "300", "120") + filler + filler)),
            without(shorten(text("121", "301", "121") + filler + filler)));
  EXPECT_NE(shorten(text("120", "300", "120") + filler), shorten(text("121", "301", "121") + filler));
}

TEST(Symbols, AreShownWithoutPlacesAndHashes) {
  const std::string cut = shorten("var.l[*]@120." + std::string(kSymbolLimit, 'x'));
  const std::string shown = without_places("arn:aws:iam::{" + cut + "[0]}:user/a@120.example");
  EXPECT_TRUE(shown.starts_with("arn:aws:iam::{var.l[*].xxx")) << shown;
  EXPECT_TRUE(shown.ends_with("xxx...[0]}:user/a@120.example")) << shown;
  EXPECT_EQ(shown.find('#'), std::string::npos) << shown;
  EXPECT_EQ(without_places("{var.m[*].key@7.id}...#"), "{var.m[*].key.id}...#");
}

/// A text is one symbol, however it got so long that it is shortened.
TEST_F(Unknowns, AreTheSameWhenTheSameIsDerivedAgain) {
  const Symbol* cause = bench.symbols().intern({.reason = Reason::kVariable, .text = "var.s"});
  const Symbol elsewhere{.reason = Reason::kVariable, .text = "var.of_another_table"};
  for (const std::size_t size : {kDerivedLimit, kDerivedLimit + 1, kSymbolLimit, kSymbolLimit + 1, 10 * kSymbolLimit}) {
    const std::string text(size, 'x');
    EXPECT_EQ(bench.symbols().derive(text, elsewhere), bench.symbols().derive(text, *cause)) << size;
    EXPECT_LE(bench.symbols().derive(text, *cause)->text.size(), kDerivedLimit);
  }
}

TEST_F(Unknowns, TheSameUnknownEqualsItself) {
  expect(Truth::kYes, {"s == s", "any == any", "lower(s) == lower(s)", "n + 1 == n + 1", "\"${s}\" == s",
                       "[s, 1] == [s, 1]", "{a = s} == {a = s}", "any.x.y == any.x.y", "l[0] == l[0]",
                       "jsonencode({a = s}) == jsonencode({a = s})", "key.arn == key.arn", "m.k == m.k",
                       "(b ? 1 : 2) == (b ? 1 : 2)", "\"x${tostring(n)}\" == \"x${n}\"", "!(s != s)"});
  expect(Truth::kUnknown, {"s == t", "lower(s) == lower(t)", "l[0] == l[1]", "any.x == any.y", "s == \"a\"",
                           "s == null", "tolist(toset(l)) == l", "toset(l) == set", "s == any", "key.arn == key.id",
                           "[for x in l : x][0] == [for x in l : x][1]", "uuid() == uuid()"});
}

TEST_F(Unknowns, AreNotEmptyWhereTheyAreKnownToBeginSomehow) {
  expect(Truth::kNo, {"jsonencode({a = s}) == \"\"", "\"\" == jsonencode([s])", "jsonencode({a = s}) == \"[]\"",
                      "jsonencode({a = s}) == \"{}\"", "length(\"x${s}\") == 0", "length(jsonencode([s])) == 0"});
  expect(Truth::kYes, {"jsonencode({a = s}) != \"\"", "length(\"${s}x\") > 0", "length(jsonencode({a = s})) > 0"});
  expect(Truth::kUnknown, {"jsonencode({a = s}) == \"{\\\"a\\\":\\\"x\\\"}\"", "length(s) > 0",
                           "length(\"${s}${t}\") > 0", "s == \"\"", "length(\"x${s}\") > 1"});
}

TEST_F(Unknowns, OneThingHasOneNameHoweverItIsSelected) {
  expect(Truth::kYes,
         {R"(any["a"] == any.a)", R"(any["a"]["b-c"].d == any.a.b-c["d"])", R"(any["0"] == any[0])",
          R"(any[true] == any["true"])", R"(any["a b"] == any["a ${"b"}"])", R"(m["k"] == m.k)", R"(o["a"] == o.a)",
          R"(key["arn"] == key.arn)", R"(key.outputs["x"] == key["outputs"].x)", R"(any[-1] == any["-1"])",
          R"(any.0 == any[0])", R"(key["a b"] == key["a b"])", R"(l["1"] == l[1])"});
  expect(Truth::kUnknown, {R"(any["a.b"] == any.a.b)", R"(any["a\"][\"b"] == any["a"]["b"])", R"(any["00"] == any[0])",
                           R"(m["A"] == m.a)", R"(key["a b"] == key.a)"});
  EXPECT_EQ(bench.text(R"(key["outputs"]["vpc"])"), bench.text("key.outputs.vpc"));
  EXPECT_EQ(bench.text(R"(key.outputs["two words"])"), R"(aws_kms_key.k.outputs["two words"])");
}

TEST_F(Unknowns, WhatIsKnownDecides) {
  expect(Truth::kNo,
         {"s == 1", "[1, s] == [2, s]", "[s] == [s, 1]", "{a = s} == {b = s}", "b && false", "false && any",
          "sure == null", "\"${s}x\" == null", "key.arn == null", "toset([s]) == toset([])", "n + 1 == null"});
  expect(Truth::kYes, {"b || true", "true || any", "any && false || true", "1 == null ? any : true"});
  expect(Truth::kUnknown, {"b && true", "b || c", "o == null", "s == 1 && b || s == \"x\""});
}

TEST_F(Unknowns, SymbolicStringsCompareAsFarAsTheyAreKnown) {
  expect(Truth::kYes,
         {"\"a-${s}-b\" == \"a-${s}-b\"", "\"a${\"-${s}\"}\" == \"a-${s}\"", "\"${s}${t}\" == \"${s}${t}\""});
  expect(Truth::kNo,
         {"\"arn:aws:s3:::${s}\" == \"arn:aws:iam::${s}\"", "\"${s}-a\" == \"foo-b\"", "\"a${s}b${t}c\" == \"axc\"",
          "\"${s}x\" == \"\"", "\"${s}/*\" == s", "\"a${s}\" == \"b${t}\"", "\"x${n}\" == \"y1\""});
  expect(Truth::kUnknown,
         {"\"${s}-a\" == \"foo-a\"", "\"a${s}\" == \"a${t}\"", "\"${s}${t}\" == \"${t}${s}\"", "\"a${s}b\" == \"ab\""});
  EXPECT_EQ(known_prefix(bench.evaluate("\"arn:aws:s3:::${s}/*\"")), "arn:aws:s3:::");
  EXPECT_EQ(known_prefix(bench.evaluate("b ? \"abc${s}\" : \"abd\"")), "ab");
  EXPECT_EQ(bench.text("\"arn:${s}:x\""), "\"arn:${s}:x\"");
}

TEST_F(Unknowns, ConditionsLeaveAlternatives) {
  using ::testing::ElementsAre;
  EXPECT_THAT(alternatives("s == \"\" ? \"AES256\" : \"aws:kms\""), ElementsAre("\"AES256\"", "\"aws:kms\""));
  EXPECT_THAT(alternatives("upper(b ? \"x\" : \"y\")"), ElementsAre("\"X\"", "\"Y\""));
  EXPECT_THAT(alternatives("(b ? 1 : 2) + 1"), ElementsAre("2", "3"));
  EXPECT_THAT(alternatives("\"a${b ? 1 : 2}\""), ElementsAre("\"a1\"", "\"a2\""));
  EXPECT_THAT(alternatives("{a = b ? 1 : 2}.a"), ElementsAre("1", "2"));
  EXPECT_THAT(alternatives("(b ? {a = 1} : {a = 2}).a"), ElementsAre("1", "2"));
  EXPECT_THAT(alternatives("[10, 20][b ? 0 : 1]"), ElementsAre("10", "20"));
  EXPECT_THAT(alternatives("[10, 20][n]"), ElementsAre("10", "20"));
  EXPECT_THAT(alternatives("b ? (c ? 1 : 2) : 3"), ElementsAre("1", "2", "3"));
  EXPECT_THAT(alternatives("join(\",\", compact([\"x\", b ? \"y\" : \"\"]))"), ElementsAre("\"x,y\"", "\"x\""));
  EXPECT_THAT(alternatives("join(\",\", compact([b ? \"x\" : null, b ? \"\" : \"y\"]))"),
              ElementsAre("\"x\"", "\"y\""));
  EXPECT_THAT(alternatives("(b ? 1 : 2) + (b ? 10 : 20)"), ElementsAre("11", "22"));
  EXPECT_THAT(alternatives("(b ? 1 : 2) + (c ? 10 : 20)"), ElementsAre("11", "12", "21", "22"));
  EXPECT_THAT(alternatives("length(b ? [] : [\"a\"])"), ElementsAre("0", "1"));
  EXPECT_THAT(alternatives("[for x in (b ? [] : [\"a\"]) : upper(x)]"), ElementsAre("[]", "[\"A\"]"));
  EXPECT_THAT(alternatives("{(b ? \"x\" : \"y\") = 1}"), ElementsAre("{x = 1}", "{y = 1}"));
  EXPECT_THAT(alternatives("\"%{ if b }x%{ else }y%{ endif }z\""), ElementsAre("\"xz\"", "\"yz\""));
  EXPECT_THAT(alternatives("o[*].a"), ElementsAre("[]", "[o.a]"));
  EXPECT_THAT(alternatives("s != null ? s : \"d\""), ElementsAre("s", "\"d\""));
  EXPECT_EQ(bench.json("b ? 1 : 1"), "1");
  EXPECT_EQ(bench.json("b ? null : null"), "null");
  expect(Truth::kNo, {"(b ? \"x\" : \"y\") == \"z\"", "(s != null ? s : \"d\") == null", "(b ? 1 : 2) > 2"});
  expect(Truth::kYes, {"contains([\"x\", \"y\"], b ? \"x\" : \"y\")", "(b ? 1 : 2) < 3",
                       "(b ? true : \"true\") == \"true\"", "(b ? \"x\" : \"y\") != \"z\""});
  expect(Truth::kUnknown, {"(b ? \"x\" : \"y\") == \"x\""});
}

TEST_F(Unknowns, TooManyAlternativesAreForgotten) {
  std::string text = "0";
  for (int i = 0; i < 5; ++i) {
    bench.bind_unknown("b" + std::to_string(i), "bool");
    text += " + (b" + std::to_string(i) + " ? " + std::to_string(1 << i) + " : 0)";
  }
  EXPECT_TRUE(bench.evaluate(text).is_unknown());
  EXPECT_TRUE(alternatives(text).empty());
}

TEST_F(Unknowns, ErrorsOfOneSideAreNotCertain) {
  const Value value = bench.evaluate("b ? \"a\" : [][0]");
  ASSERT_TRUE(value.is_unknown());
  ASSERT_EQ(value.unknown().alternatives.size(), 2U);
  EXPECT_EQ(value.unknown().alternatives[1].unknown().symbol->reason, Reason::kInvalid);
  EXPECT_TRUE(bench.evaluate("(b ? 1 : 2) + null.x").is_error());
  EXPECT_TRUE(bench.evaluate("[\"a\", [][0], s]").is_error());
}

TEST_F(Unknowns, CollectionsAreEvaluatedByPattern) {
  EXPECT_EQ(bench.json("[for x in l : \"k\"][3]"), "\"k\"");
  EXPECT_EQ(bench.json("[for x in l : {name = x, size = 3}][0].size"), "3");
  EXPECT_EQ(bench.json("[for x in any : {size = 3}][*].size").find("error"), std::string::npos);
  EXPECT_EQ(bench.json("any[*].id[0]").find("error"), std::string::npos);
  EXPECT_EQ(bench.json("{for k, v in m : k => 1}.x"), "1");
  EXPECT_EQ(bench.json("[for x in [\"a\", s] : 1 if x != \"b\"][0]"), "1");
  EXPECT_TRUE(bench.evaluate("[for x in l : x if x != \"\"]").is_unknown());
  const Value filtered = bench.evaluate("[for x in [\"a\", s, \"b\"] : x if x != \"a\"]");
  ASSERT_TRUE(filtered.is_unknown());
  EXPECT_EQ(filtered.unknown().min_length, 1U);
  EXPECT_EQ(filtered.unknown().max_length, 2U);
  EXPECT_TRUE(filtered.unknown().filtered);
  const auto hangs_on_a_condition = [&](std::string_view text) { return bench.evaluate(text).unknown().filtered; };
  EXPECT_TRUE(hangs_on_a_condition("[for x in l : x if x != \"\"]"));
  EXPECT_TRUE(hangs_on_a_condition("[for x in [for y in l : y if b] : upper(x)]"));
  EXPECT_TRUE(hangs_on_a_condition("{for x in [\"a\"] : x => x if b}"));
  EXPECT_TRUE(hangs_on_a_condition("values({for x in [\"a\"] : x => x if b})"));
  EXPECT_FALSE(hangs_on_a_condition("[for x in l : x]"));
  EXPECT_FALSE(hangs_on_a_condition("[for x in l : x if true]"));
  expect(Truth::kUnknown, {"[for a in l : [for b in l : a == b]][0][0]"});
  expect(Truth::kNo, {"[for x in [s] : x if b] == null", "[for x in l : 1] == null"});
}

TEST_F(Unknowns, TypesOfUnknownsAreKept) {
  const auto type = [&](std::string_view text) { return to_string(type_of(bench.arena(), bench.evaluate(text))); };
  EXPECT_EQ(type("n + 1"), "number");
  EXPECT_EQ(type("s == t"), "bool");
  EXPECT_EQ(type("\"a${any}\""), "string");
  EXPECT_EQ(type("l[0]"), "string");
  EXPECT_EQ(type("l[*]"), "list(string)");
  EXPECT_EQ(type("o.b"), "number");
  EXPECT_EQ(type("b ? 1 : 2"), "number");
  EXPECT_EQ(type("b ? l : []"), "list(string)");
  EXPECT_EQ(type("upper(any)"), "string");
  EXPECT_EQ(type("any.x"), "any");
  EXPECT_EQ(type("convert(any, list(string))"), "list(string)");
  EXPECT_TRUE(bench.evaluate("l + 1").is_error());
  EXPECT_TRUE(bench.evaluate("o.c").is_error());
  EXPECT_TRUE(bench.evaluate("n.c").is_error());
  EXPECT_TRUE(bench.evaluate("[for x in s : x]").is_error());
  EXPECT_TRUE(bench.evaluate("\"${l}x\"").is_error());
}

TEST_F(Unknowns, AttributesThatProvidersCompute) {
  const Value arn = bench.evaluate("key.arn");
  ASSERT_TRUE(arn.is_unknown());
  EXPECT_EQ(arn.unknown().symbol->text, "aws_kms_key.k.arn");
  EXPECT_EQ(arn.unknown().symbol->subject, "aws_kms_key.k");
  EXPECT_EQ(arn.unknown().symbol->path, "arn");
  EXPECT_EQ(arn.unknown().symbol->reason, Reason::kComputed);
  EXPECT_TRUE(arn.unknown().not_null);
  const Value nested = bench.evaluate("key.blocks[0].id");
  ASSERT_TRUE(nested.is_unknown());
  EXPECT_EQ(nested.unknown().symbol->path, "blocks[0].id");
  EXPECT_EQ(bench.json("key.description"), "\"text\"");
  const Value text = bench.evaluate("\"${key.name}/*\"");
  ASSERT_TRUE(text.detail() != nullptr);
  ASSERT_EQ(text.detail()->parts.size(), 2U);
  EXPECT_EQ(text.detail()->parts[0].value->unknown().symbol->path, "name");
  EXPECT_EQ(explain(*text.unknown().symbol), "aws_kms_key.k.name is known after apply");
  bind_resource("closed", "aws_kms_key.c", Rest::kClosed);
  EXPECT_TRUE(bench.evaluate("closed.arn").is_error());
  bind_resource("rule", "aws_kms_key.r", Rest::kNull);
  EXPECT_EQ(bench.json("rule.arn"), "null");
  EXPECT_EQ(bench.json("rule.description == null"), "false");
}

TEST_F(Unknowns, TryKeepsWhatCannotFail) {
  using ::testing::ElementsAre;
  EXPECT_EQ(bench.text("try(s, \"d\")"), "s");
  EXPECT_EQ(bench.text("try(key.arn, \"d\")"), "aws_kms_key.k.arn");
  EXPECT_THAT(alternatives("try(any.x, \"d\")"), ElementsAre("any.x", "\"d\""));
  EXPECT_THAT(alternatives("try(l[0], null.x, \"d\")"), ElementsAre("l[0]", "\"d\""));
  EXPECT_THAT(alternatives("try(tonumber(s), 0)"), ElementsAre("tonumber(s)", "0"));
  EXPECT_EQ(bench.json("can(s)"), "true");
  EXPECT_TRUE(bench.evaluate("can(any.x)").is_unknown());
  EXPECT_EQ(bench.json("try(false && any.x, 1)"), "false");
  // What is known of a value need not be all that may fail.
  EXPECT_THAT(alternatives("try([\"b\"][n], \"a\")"), ElementsAre("\"b\"", "\"a\""));
  EXPECT_TRUE(bench.evaluate("can(b ? 1 : 2)").is_unknown());
  expect(Truth::kUnknown, {"try([\"b\"][n], \"a\") == try([\"b\"][length(s)], \"a\")"});
  expect(Truth::kYes, {"try(any.x, \"a\") == try(any.x, \"a\")"});
}

TEST_F(Unknowns, JsonTextKeepsItsValue) {
  const Value text = bench.evaluate("jsonencode({Action = \"s3:*\", Resource = \"${s}/*\"})");
  ASSERT_TRUE(text.is_unknown());
  ASSERT_TRUE(text.detail() != nullptr);
  ASSERT_TRUE(text.detail()->encoded != nullptr);
  EXPECT_EQ(describe(*text.detail()->encoded), "{Action = \"s3:*\", Resource = \"${s}/*\"}");
  EXPECT_EQ(known_prefix(text), "{\"Action\":\"s3:*\",\"Resource\":\"");
  const Value known = bench.evaluate("jsonencode({a = 1})");
  ASSERT_TRUE(known.is_string());
  EXPECT_EQ(describe(*known.detail()->encoded), "{a = 1}");
}

TEST_F(Unknowns, ReasonsAreExplained) {
  EXPECT_EQ(explain(*first_unknown(bench.evaluate("upper(s)"))), "s has no value");
  EXPECT_EQ(explain(*first_unknown(bench.evaluate("[1, {a = \"x${s}\"}]"))), "s has no value");
  EXPECT_EQ(explain(*first_unknown(bench.evaluate("timestamp()"))), "timestamp() differs from run to run");
  // What it was converted to tells values apart, and is nothing to read.
  EXPECT_EQ(explain(*first_unknown(bench.evaluate("convert(any, object({name = string, size = number})).name"))),
            "any.name has no value");
  EXPECT_EQ(describe(bench.evaluate("[convert(any, list(string)), convert(any, set(number))]")), "[any, any]");
  EXPECT_EQ(describe(bench.evaluate("convert(any, list(string)) == convert(any, list(number))")), "(any == any)");
  EXPECT_EQ(first_unknown(bench.evaluate("[1, {a = 2}]")), nullptr);
  EXPECT_EQ(bench.evaluate("provider::aws::arn_parse(\"x\")").unknown().symbol->reason, Reason::kFunction);
}

TEST_F(Unknowns, NumbersWithinBounds) {
  const Number two(std::int64_t{2});
  const Symbol* symbol = bench.symbols().intern({.reason = Reason::kVariable, .text = "bounded"});
  bench.bind("bounded",
             make_unknown(bench.arena(), kNumberType,
                          Unknown{.symbol = symbol, .not_null = true, .at_least = bench.arena().make<Number>(two)}));
  expect(Truth::kYes, {"bounded > 1", "bounded >= 2", "1 < bounded", "bounded != 1"});
  expect(Truth::kNo, {"bounded < 2", "bounded <= 1", "bounded == 0"});
  expect(Truth::kUnknown, {"bounded > 2", "bounded == 2", "bounded < 5"});
}

// Models of two analyses are compared by these names: one more symbol elsewhere must not change them.
TEST_F(Unknowns, NamesOfSymbolsThatEqualNoOtherDependOnTheirTextAlone) {
  Workbench other;
  const Symbol asked{.reason = Reason::kFunction, .text = "uuid()"};
  const Symbol* first = bench.symbols().fresh(asked);
  const Symbol* second = bench.symbols().fresh(asked);
  EXPECT_NE(first->text, second->text);
  (void)other.symbols().intern({.reason = Reason::kVariable, .text = "one more"});
  (void)other.symbols().fresh({.reason = Reason::kFunction, .text = "timestamp()"});
  EXPECT_EQ(other.symbols().fresh(asked)->text, first->text);
}

}  // namespace
}  // namespace gabion::eval
