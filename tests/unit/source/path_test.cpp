#include <gtest/gtest.h>

#include "source/file_system.h"

namespace gabion::source {
namespace {

TEST(JoinPath, NormalisesLexically) {
  EXPECT_EQ(join_path("a/b", "../c"), "a/c");
  EXPECT_EQ(join_path("a//b/", "./c/"), "a/b/c");
  EXPECT_EQ(join_path(".", "main.tf"), "main.tf");
  EXPECT_EQ(join_path("", "main.tf"), "main.tf");
  EXPECT_EQ(join_path("a", ".."), ".");
  EXPECT_EQ(join_path("a", "../../b"), "../b");
  EXPECT_EQ(join_path("..", "../b"), "../../b");
  EXPECT_EQ(join_path("a", "..."), "a/...");
}

TEST(JoinPath, KeepsAbsolutePathsBelowTheRoot) {
  EXPECT_EQ(join_path("/a", "b"), "/a/b");
  EXPECT_EQ(join_path("/a", "../.."), "/");
  EXPECT_EQ(join_path("/", "../b"), "/b");
  EXPECT_EQ(join_path("a", "/b//c"), "/b/c");
}

TEST(PathParts, SplitAtTheLastSlash) {
  EXPECT_EQ(directory_of("a/b.tf"), "a");
  EXPECT_EQ(directory_of("b.tf"), ".");
  EXPECT_EQ(directory_of("/b.tf"), "/");
  EXPECT_EQ(directory_of("../b.tf"), "..");
  EXPECT_EQ(name_of("a/b.tf"), "b.tf");
  EXPECT_EQ(name_of("b.tf"), "b.tf");
}

}  // namespace
}  // namespace gabion::source
