// Texts keep their only segment in themselves and several in a list: nobody sees which.
#include "iam/text.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace gabion::iam {
namespace {

TEST(TextTest, GrowsFromNothingToSeveralSegments) {
  Text text;
  EXPECT_TRUE(text.known());
  EXPECT_TRUE(text.is(""));
  EXPECT_TRUE(text.segments().empty());
  text.append("arn:");
  text.append("aws:");
  EXPECT_TRUE(text.is("arn:aws:"));
  EXPECT_EQ(text.literal(), "arn:aws:");
  ASSERT_EQ(text.segments().size(), 1U);
  text.append(Hole{.name = "var.a"});
  text.append(":x");
  text.append(":y");
  EXPECT_FALSE(text.known());
  EXPECT_FALSE(text.is("arn:aws:"));
  ASSERT_EQ(text.segments().size(), 3U);
  EXPECT_TRUE(text.segments()[1].is_hole);
  EXPECT_EQ(text.str(), "arn:aws:{var.a}:x:y");
}

TEST(TextTest, MayBeginWithAHole) {
  Text text(Hole{.name = "var.a"});
  EXPECT_FALSE(text.known());
  ASSERT_EQ(text.segments().size(), 1U);
  text.append("-b");
  Text joined("x-");
  joined.append(text);
  EXPECT_EQ(joined.str(), "x-{var.a}-b");
  joined.append(Text());
  EXPECT_EQ(joined.segments().size(), 3U);
}

TEST(TextTest, IsEqualByItsSegments) {
  Text pieces("a");
  pieces.append("b");
  EXPECT_EQ(pieces, Text("ab"));
  pieces.append(Hole{.name = "var.a"});
  EXPECT_NE(pieces, Text("ab"));
  const Text copy = pieces;
  EXPECT_EQ(copy, pieces);
}

TEST(TextTest, IsEmptyWhenItWasMovedFrom) {
  Text hole(Hole{.name = "var.a"});
  const Text taken = std::move(hole);
  EXPECT_EQ(taken.str(), "{var.a}");
  EXPECT_TRUE(hole.segments().empty());  // NOLINT(bugprone-use-after-move): that is the question
}

}  // namespace
}  // namespace gabion::iam
