#include "source/boxed.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

namespace gabion::source {
namespace {

using Text = Boxed<std::string>;

TEST(Boxed, IsAbsentUntilItIsGivenAValue) {
  Text text;
  EXPECT_FALSE(text);
  text = std::string("a");
  EXPECT_TRUE(text.has_value());
  EXPECT_EQ(*text, "a");
  text.emplace() = "b";
  EXPECT_EQ(text->size(), 1U);
  text.reset();
  EXPECT_FALSE(text.has_value());
  EXPECT_FALSE(Text(std::optional<std::string>()));
  EXPECT_EQ(*Text(std::optional<std::string>("c")), "c");
  EXPECT_EQ(sizeof(Boxed<Text[10]>), sizeof(void*));
}

TEST(Boxed, CopiesItsValue) {
  Text one(std::string("a"));
  Text other = one;
  *other = "b";
  EXPECT_EQ(*one, "a");
  one = other;
  *other = "c";
  EXPECT_EQ(*one, "b");
  const Text& same = one;
  one = same;
  EXPECT_EQ(*one, "b");
  one = Text();
  EXPECT_FALSE(one);
  const Text moved = std::move(other);
  EXPECT_EQ(*moved, "c");
}

}  // namespace
}  // namespace gabion::source
