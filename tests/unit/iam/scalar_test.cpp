#include "iam/scalar.h"

#include <gtest/gtest.h>

#include <string>

namespace gabion::iam {
namespace {

Decimal decimal(std::string_view text) {
  const auto value = parse_decimal(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value.value_or(Decimal());
}

TEST(Scalar, DecimalsCompareExactly) {
  EXPECT_TRUE(decimal("1.2") == decimal("01.20"));
  EXPECT_TRUE(decimal("0") == decimal("-0.0"));
  EXPECT_LT(decimal("1.19999999999999999999999"), decimal("1.2"));
  EXPECT_LT(decimal("-2"), decimal("-1.5"));
  EXPECT_LT(decimal("9"), decimal("10"));
  EXPECT_FALSE(parse_decimal("ten").has_value());
  EXPECT_FALSE(parse_decimal("1e1").has_value());
  EXPECT_TRUE(parse_decimal("1e1", OpenPoints(OpenPoint::kNumLexExp)).value_or(Decimal()) == decimal("10"));
  EXPECT_TRUE(parse_decimal("10kB", OpenPoints(OpenPoint::kNumLexLenient)).value_or(Decimal()) == decimal("10"));
}

TEST(Scalar, ThereIsAlwaysANumberBetween) {
  const auto middle = [](std::string_view low, std::string_view high) {
    return to_string(between(decimal(low), decimal(high)));
  };
  EXPECT_EQ(middle("1", "3"), "2");
  for (const auto& [low, high] : std::initializer_list<std::pair<const char*, const char*>>{{"1.1", "1.2"},
                                                                                            {"1", "2"},
                                                                                            {"0.09", "0.1"},
                                                                                            {"-1", "1"},
                                                                                            {"-1.2", "-1.1"},
                                                                                            {"-2", "-1.9"},
                                                                                            {"9.99", "10"}}) {
    EXPECT_LT(decimal(low), decimal(middle(low, high))) << low << " " << high;
    EXPECT_LT(decimal(middle(low, high)), decimal(high)) << low << " " << high;
  }
  EXPECT_LT(decimal("99.5"), between(decimal("99.5"), std::nullopt));
  EXPECT_LT(between(std::nullopt, decimal("-3")), decimal("-3"));
}

TEST(Scalar, Instants) {
  EXPECT_EQ(parse_instant("2026-01-01T02:00:00+02:00"), parse_instant("1767225600"));
  EXPECT_EQ(parse_instant("2026-01-01"), parse_instant("2026-01-01T00:00:00Z"));
  EXPECT_LT(parse_instant("2026-01-01T00:00:00Z"), parse_instant("2026-01-01T00:00:00.5Z"));
  EXPECT_FALSE(parse_instant("tomorrow").has_value());
  EXPECT_FALSE(parse_instant("2026-02-30").has_value());
  for (const char* text : {"2026-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "2024-02-29T12:34:56.789Z"}) {
    const auto value = parse_instant(text);
    ASSERT_TRUE(value.has_value());
    EXPECT_EQ(to_string(*value), text);
  }
}

TEST(Scalar, Addresses) {
  EXPECT_EQ(parse_address("2001:DB8:0::0001"), parse_address("2001:db8::1"));
  EXPECT_FALSE(parse_address("10.0.0.256").has_value());
  EXPECT_FALSE(parse_address("10.0.0").has_value());
  EXPECT_FALSE(parse_address("1:2:3:4:5:6:7:8:9").has_value());
  for (const char* text : {"10.0.0.1", "2001:db8::1", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "2001:db8:0:1::"}) {
    const auto value = parse_address(text);
    ASSERT_TRUE(value.has_value()) << text;
    EXPECT_EQ(to_string(*value), text);
  }
  const auto range = parse_range("10.0.0.77/24");
  ASSERT_TRUE(range.has_value());
  EXPECT_EQ(to_string(range->first), "10.0.0.0");
  EXPECT_EQ(to_string(range->last), "10.0.0.255");
  EXPECT_FALSE(range->contains(parse_address("::10.0.0.1").value_or(Address())));
  EXPECT_EQ(to_string(next(range->last).value_or(Address())), "10.0.1.0");
  EXPECT_EQ(to_string(previous(range->first).value_or(Address())), "9.255.255.255");
  EXPECT_FALSE(next(parse_address("255.255.255.255").value_or(Address())).has_value());
}

TEST(Scalar, Base64) {
  EXPECT_EQ(decode_base64("QmluYXJ5"), "Binary");
  EXPECT_EQ(decode_base64("QQ=="), "A");
  EXPECT_FALSE(decode_base64("QQ=").has_value());
  EXPECT_FALSE(decode_base64("Q=Q=").has_value());
}

}  // namespace
}  // namespace gabion::iam
