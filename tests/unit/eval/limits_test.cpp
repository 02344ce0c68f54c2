// Work is bounded: running out gives unknown values or errors, never a crash.
#include <gtest/gtest.h>

#include <string>

#include "unit/eval/fixture.h"

namespace gabion::eval {
namespace {

using testing::Workbench;

TEST(LimitsTest, StepsRunOut) {
  source::Limits limits;
  limits.steps = 1000;
  Workbench bench(limits);
  const Value value = bench.evaluate("[for a in range(100) : [for b in range(100) : a + b]]");
  ASSERT_TRUE(value.is_unknown());
  EXPECT_EQ(value.unknown().symbol->reason, Reason::kBudget);
  const Value later = bench.evaluate("1 + 1");
  ASSERT_TRUE(later.is_unknown());
  EXPECT_EQ(explain(*first_unknown(later)), "an expression was not evaluated: a limit was reached");
  // What was not evaluated is not equal to anything else that was not.
  EXPECT_EQ(equals(later, bench.evaluate("1 + 1")), Truth::kUnknown);
}

TEST(LimitsTest, DepthRunsOut) {
  source::Limits limits;
  limits.depth = 20;
  Workbench bench(limits);
  std::string text = "1";
  for (int i = 0; i < 40; ++i) {
    text = "(" + text + ")";
  }
  const Value value = bench.evaluate(text);
  ASSERT_TRUE(value.is_unknown());
  EXPECT_EQ(value.unknown().symbol->reason, Reason::kBudget);
  EXPECT_EQ(bench.json("1 + 1"), "2");
}

TEST(LimitsTest, ValuesDoNotNestWithoutEnd) {
  Workbench bench;
  bench.bind("x", "[]");
  for (int i = 0; i < 2 * kMaxValueDepth; ++i) {
    bench.bind("x", "[x]");
  }
  const Value value = bench.evaluate("x");
  ASSERT_TRUE(value.is_error());
  EXPECT_EQ(value.error().message, "value is nested too deeply");
}

TEST(LimitsTest, ValuesDoNotMultiplyWithoutEnd) {
  Workbench bench;
  bench.bind("x", "[\"text\"]");
  for (int i = 0; i < 40; ++i) {
    bench.bind("x", "[x, x]");
  }
  const Value value = bench.evaluate("x");
  ASSERT_TRUE(value.is_error());
  EXPECT_EQ(value.error().message, "value is too large");
  bench.bind_unknown("y", "string");
  for (int i = 0; i < 40; ++i) {
    bench.bind("y", "\"${y}-${y}\"");
  }
  EXPECT_TRUE(bench.evaluate("y").is_unknown());
}

TEST(LimitsTest, StringsDoNotGrowWithoutEnd) {
  source::Limits limits;
  limits.value_bytes = 10000;
  Workbench bench(limits);
  bench.bind("x", "\"0123456789\"");
  for (int i = 0; i < 20; ++i) {
    bench.bind("x", "\"${x}${x}${x}${x}\"");
  }
  const Value value = bench.evaluate("x");
  ASSERT_TRUE(value.is_unknown());
  EXPECT_EQ(value.unknown().symbol->reason, Reason::kBudget);
}

TEST(LimitsTest, ProductsAreNotMadeWhenTheyAreTooLarge) {
  Workbench bench;
  const Value value = bench.evaluate("setproduct(range(1000), range(1000), range(1000), range(1000))");
  ASSERT_TRUE(value.is_unknown());
  EXPECT_EQ(value.unknown().symbol->reason, Reason::kBudget);
  // Nothing was used up by it.
  EXPECT_EQ(bench.json("length(setproduct(range(100), range(100)))"), "10000");
}

TEST(LimitsTest, TextsOfJsonDoNotGrowWithoutEnd) {
  source::Limits limits;
  limits.value_bytes = 10000;
  Workbench bench(limits);
  bench.bind("x", "\"\\\"\"");
  for (int i = 0; i < 40; ++i) {
    bench.bind("x", "jsonencode([x, x])");
  }
  const Value value = bench.evaluate("x");
  ASSERT_TRUE(value.is_unknown());
  EXPECT_EQ(value.unknown().symbol->reason, Reason::kBudget);
}

/// Short to write, and each of them looks at a long text again and again.
TEST(LimitsTest, CallsCostWhatTheyLookAt) {
  source::Limits limits;
  limits.steps = 100'000;
  for (const std::string expression :
       {"[for i in range(1000) : sha256(x)]", "[for i in range(1000) : upper(x)]", "[for i in range(1000) : length(l)]",
        "regexall(\"a*b|a\", x)", "replace(x, \"/a*b|a/\", \"c\")",
        "[for i in range(1000) : can(regex(\"[a-z]{1,9}${i}.*y\", \"abc\"))]"}) {
    Workbench bench(limits);
    bench.bind("x", "\"" + std::string(30'000, 'a') + "\"");
    bench.bind("l", "flatten([for i in range(100) : range(100)])");
    const Value value = bench.evaluate(expression);
    const Symbol* const unknown = first_unknown(value);
    ASSERT_NE(unknown, nullptr) << expression;
    EXPECT_EQ(unknown->reason, Reason::kBudget) << expression;
    EXPECT_TRUE(bench.evaluate("1 + 1").is_unknown()) << expression;
  }
}

TEST(LimitsTest, SymbolsStayShort) {
  Workbench bench;
  bench.bind_unknown("x", "string");
  bench.bind("y", "x");
  for (int i = 0; i < 50; ++i) {
    bench.bind("y", "upper(\"${y}${lower(y)}\")");
  }
  const Value value = bench.evaluate("y");
  ASSERT_TRUE(value.is_unknown());
  EXPECT_LE(value.unknown().symbol->text.size(), 250U);
  EXPECT_EQ(explain(*value.unknown().symbol), "x has no value");
}

}  // namespace
}  // namespace gabion::eval
