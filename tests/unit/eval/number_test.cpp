#include "eval/number.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace gabion::eval {
namespace {

Number number(source::Arena& arena, std::string_view text) {
  const std::optional<Number> parsed = Number::parse(arena, text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(Number());
}

std::string reprint(std::string_view text) {
  source::Arena arena;
  return number(arena, text).to_string();
}

TEST(NumberTest, PrintsLiteralsWithoutExponents) {
  EXPECT_EQ(reprint("0"), "0");
  EXPECT_EQ(reprint("-0"), "-0");
  EXPECT_EQ(reprint("007"), "7");
  EXPECT_EQ(reprint("1.0"), "1");
  EXPECT_EQ(reprint("1.50"), "1.5");
  EXPECT_EQ(reprint("-2.25"), "-2.25");
  EXPECT_EQ(reprint("0.1"), "0.1");
  EXPECT_EQ(reprint("1e3"), "1000");
  EXPECT_EQ(reprint("1E-7"), "0.0000001");
  EXPECT_EQ(reprint("1e21"), "1000000000000000000000");
  EXPECT_EQ(reprint("12345678901234567890.123456789"), "12345678901234567890.123456789");
  EXPECT_EQ(reprint("9223372036854775808"), "9223372036854775808");
  EXPECT_EQ(reprint("-9223372036854775808"), "-9223372036854775808");
}

TEST(NumberTest, ReadsOnlyDecimals) {
  source::Arena arena;
  for (const std::string_view text : {"", "-", "+", ".", "1e", "0x10", " 1", "1 ", "1_000", "1e1234567", "nan", "e5"}) {
    EXPECT_FALSE(Number::parse(arena, text).has_value()) << text;
  }
  EXPECT_EQ(reprint(".5"), "0.5");
  EXPECT_EQ(reprint("5."), "5");
  EXPECT_EQ(reprint("+5"), "5");
  EXPECT_EQ(reprint("-Inf"), "-Inf");
}

TEST(NumberTest, ReadsBackAsItWasWritten) {
  std::mt19937 random(1);
  for (int round = 0; round < 2000; ++round) {
    // Without zeros at the ends; up to 17 digits are those of a double, more are not.
    std::string digits;
    for (std::size_t left = 1 + random() % 30; left > 0; --left) {
      digits += static_cast<char>('1' + random() % 9);
    }
    const std::size_t point = random() % (digits.size() + 1);
    const std::string zeros(random() % 4, '0');
    std::string text = digits.substr(0, point) + "." + digits.substr(point);
    if (point == 0) {
      text = "0." + zeros + digits;
    } else if (point == digits.size()) {
      text = digits + zeros;
    }
    EXPECT_EQ(reprint(text), text);
    EXPECT_EQ(reprint("-" + text), "-" + text);
  }
  source::Arena arena;
  // Near to a double, but not it.
  EXPECT_EQ(add(arena, number(arena, "0.1"), number(arena, "1e-40")).to_string(),
            "0.1000000000000000000000000000000000000001");
  // A number of 64 bits that has the digits of a double.
  EXPECT_EQ(divide(arena, Number(std::int64_t{1}), Number(std::int64_t{8}))->to_string(), "0.125");
  EXPECT_EQ(divide(arena, Number(std::int64_t{1}), Number(std::int64_t{10}))->to_string(), "0.1");
}

TEST(NumberTest, KeepsThePrecisionOfItsSource) {
  source::Arena arena;
  // 2^64 from a double has 53 bits: fewer digits tell it from its neighbours.
  EXPECT_EQ(Number::from_double(arena, 18446744073709551616.0).to_string(), "18446744073709550000");
  EXPECT_EQ(Number::from_double(arena, 1152921504606846976.0).to_string(), "1152921504606847000");
  EXPECT_EQ(Number::from_double(arena, 0.1).to_string(), "0.1");
  EXPECT_EQ(Number::from_double(arena, -8.0).to_string(), "-8");
  EXPECT_EQ(reprint("18446744073709551616"), "18446744073709551616");
  // A counted integer has 64 bits, a literal 512.
  EXPECT_EQ(divide(arena, Number(std::int64_t{1}), Number(std::int64_t{3}))->to_string(), "0.33333333333333333334");
  EXPECT_EQ(divide(arena, number(arena, "1"), Number(std::int64_t{3}))->to_string().size(), 157U);
}

TEST(NumberTest, CalculatesInBinary) {
  source::Arena arena;
  const auto n = [&](std::string_view text) { return number(arena, text); };
  EXPECT_EQ(add(arena, n("0.1"), n("0.2")).to_string(), "0.3");
  EXPECT_EQ(add(arena, n("9223372036854775807"), n("1")).to_string(), "9223372036854775808");
  EXPECT_EQ(subtract(arena, n("1"), n("1.5")).to_string(), "-0.5");
  EXPECT_EQ(multiply(arena, n("9223372036854775807"), n("9223372036854775807")).to_string(),
            "85070591730234615847396907784232501249");
  EXPECT_EQ(multiply(arena, n("-1"), n("0")).to_string(), "-0");
  EXPECT_EQ(divide(arena, n("1"), n("0"))->to_string(), "+Inf");
  EXPECT_FALSE(divide(arena, n("0"), n("0")).has_value());
  EXPECT_EQ(modulo(arena, n("-5"), n("3"))->to_string(), "-2");
  EXPECT_EQ(modulo(arena, n("5"), n("-3"))->to_string(), "2");
  EXPECT_EQ(modulo(arena, n("5"), n("0"))->to_string(), "5");
  EXPECT_EQ(modulo(arena, n("5.5"), n("2"))->to_string(), "1.5");
  EXPECT_EQ(negate(arena, n("0")).to_string(), "-0");
  EXPECT_EQ(floor(arena, n("-3.5")).to_string(), "-4");
  EXPECT_EQ(ceil(arena, n("-3.5")).to_string(), "-3");
  EXPECT_EQ(truncate(arena, n("-3.5")).to_string(), "-3");
}

TEST(NumberTest, ComparesByValue) {
  source::Arena arena;
  EXPECT_EQ(number(arena, "1"), number(arena, "1.0"));
  EXPECT_EQ(number(arena, "0"), number(arena, "-0"));
  EXPECT_LT(number(arena, "1"), number(arena, "1.0000000000000000000000000000000000001"));
  EXPECT_LT(number(arena, "-Inf"), number(arena, "-1e300"));
  EXPECT_EQ(number(arena, "1e3").to_int64(), 1000);
  EXPECT_FALSE(number(arena, "1.5").to_int64().has_value());
  EXPECT_FALSE(number(arena, "1e30").to_int64().has_value());
  EXPECT_TRUE(number(arena, "1e30").is_integer());
}

TEST(NumberTest, ReadsIntegersInAnyBase) {
  source::Arena arena;
  EXPECT_EQ(parse_integer(arena, "ff", 16)->to_string(), "255");
  EXPECT_EQ(parse_integer(arena, "-FF", 16)->to_string(), "-255");
  EXPECT_EQ(parse_integer(arena, "11111", 2)->to_string(), "31");
  EXPECT_EQ(parse_integer(arena, "aA", 62)->to_string(), "656");
  EXPECT_EQ(parse_integer(arena, "ffffffffffffffffffffffff", 16)->to_string(), "79228162514264337593543950335");
  EXPECT_FALSE(parse_integer(arena, "12", 2).has_value());
  EXPECT_FALSE(parse_integer(arena, "", 10).has_value());
}

}  // namespace
}  // namespace gabion::eval
