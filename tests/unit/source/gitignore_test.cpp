#include "source/gitignore.h"

#include <gtest/gtest.h>

#include <string>

namespace gabion::source {
namespace {

/// True when the patterns exclude the file.
bool ignores(std::string_view patterns, std::string_view path) {
  return IgnorePatterns(patterns).match(path, false).verdict == IgnoreVerdict::kIgnored;
}
bool ignores_directory(std::string_view patterns, std::string_view path) {
  return IgnorePatterns(patterns).match(path, true).verdict == IgnoreVerdict::kIgnored;
}

TEST(Gitignore, MatchesANameAtAnyDepth) {
  EXPECT_TRUE(ignores("secret.tf", "secret.tf"));
  EXPECT_TRUE(ignores("secret.tf", "a/b/secret.tf"));
  EXPECT_FALSE(ignores("secret.tf", "xsecret.tf"));
  EXPECT_FALSE(ignores("secret.tf", "secret.tf2"));
  EXPECT_TRUE(ignores("*.tfvars", "a/prod.tfvars"));
  EXPECT_TRUE(ignores("*.tfvars", ".tfvars"));
  EXPECT_FALSE(ignores("*.tfvars", "prod.tfvars.json"));
}

TEST(Gitignore, AnchorsPatternsWithASlash) {
  EXPECT_TRUE(ignores("/main.tf", "main.tf"));
  EXPECT_FALSE(ignores("/main.tf", "a/main.tf"));
  EXPECT_TRUE(ignores("a/main.tf", "a/main.tf"));
  EXPECT_FALSE(ignores("a/main.tf", "b/a/main.tf"));
  EXPECT_TRUE(ignores("a/*", "a/main.tf"));
  EXPECT_FALSE(ignores("a/*", "a/b/main.tf"));
  EXPECT_FALSE(ignores("a*c", "a/c"));
  EXPECT_TRUE(ignores("/*.tf", "x.tf"));
  EXPECT_FALSE(ignores("/*.tf", "a/x.tf"));
}

TEST(Gitignore, MatchesNamesWithSeveralStars) {
  EXPECT_TRUE(ignores("*.tfstate.*", "a/terraform.tfstate.backup"));
  EXPECT_TRUE(ignores("*.tfstate.*", ".tfstate."));
  EXPECT_FALSE(ignores("*.tfstate.*", "terraform.tfstate"));
  EXPECT_TRUE(ignores(".terraform*", ".terraform.lock.hcl"));
  EXPECT_FALSE(ignores(".terraform*", "x.terraform"));
  EXPECT_TRUE(ignores("a*b*c", "aababbc"));
  EXPECT_FALSE(ignores("a*b*c", "aababb"));
  EXPECT_TRUE(ignores("/a/x*y*", "a/xay"));
  EXPECT_FALSE(ignores("/a/x*y*", "a/x/y"));
}

TEST(Gitignore, KeepsDirectoryPatternsFromFiles) {
  EXPECT_TRUE(ignores_directory("build/", "a/build"));
  EXPECT_FALSE(ignores("build/", "a/build"));
  EXPECT_TRUE(ignores_directory("/build/", "build"));
  EXPECT_FALSE(ignores_directory("/build/", "a/build"));
}

TEST(Gitignore, LetsTheLastMatchDecide) {
  EXPECT_FALSE(ignores("*.tfvars\n!example.tfvars\n", "example.tfvars"));
  EXPECT_TRUE(ignores("!example.tfvars\n*.tfvars\n", "example.tfvars"));
  EXPECT_EQ(IgnorePatterns("*.tf\n!a.tf").match("a.tf", false).verdict, IgnoreVerdict::kIncluded);
  EXPECT_EQ(IgnorePatterns("*.tf").match("a.json", false).verdict, IgnoreVerdict::kUndecided);
}

TEST(Gitignore, TellsWhichLineDecided) {
  const IgnorePatterns patterns("# comment\n\n*.tf  \r\n!keep.tf\n");
  const IgnoreMatch ignored = patterns.match("a.tf", false);
  EXPECT_EQ(ignored.line, 3U);
  EXPECT_EQ(ignored.pattern, "*.tf");
  EXPECT_EQ(patterns.match("keep.tf", false).line, 4U);
}

TEST(Gitignore, ReadsEscapesAndSpaces) {
  EXPECT_TRUE(ignores("\\#a", "#a"));
  EXPECT_TRUE(ignores("\\!a", "!a"));
  EXPECT_TRUE(ignores("a\\*", "a*"));
  EXPECT_FALSE(ignores("a\\*", "ab"));
  EXPECT_TRUE(ignores("a  ", "a"));
  EXPECT_TRUE(ignores("a\\ ", "a "));
  EXPECT_TRUE(ignores("a b", "a b"));
  EXPECT_TRUE(ignores("a\t", "a\t")) << "only spaces are dropped";
  EXPECT_FALSE(ignores("a\\", "a\\")) << "a backslash at the end escapes nothing and matches nothing";
  EXPECT_TRUE(ignores("\xEF\xBB\xBF*.tf", "a.tf"));
  EXPECT_TRUE(ignores("a.tf", "a.tf")) << "no newline at the end";
}

TEST(Gitignore, MatchesSetsAndSingleCharacters) {
  EXPECT_TRUE(ignores("a?c", "abc"));
  EXPECT_FALSE(ignores("x/a?c", "x/a/c"));
  EXPECT_TRUE(ignores("a[0-9]c", "a5c"));
  EXPECT_FALSE(ignores("a[!0-9]c", "a5c"));
  EXPECT_TRUE(ignores("a[^0-9]c", "axc"));
  EXPECT_FALSE(ignores("x/a[!0-9]c", "x/a/c"));
  EXPECT_TRUE(ignores("a[]x]c", "a]c"));
  EXPECT_TRUE(ignores("a[a-]c", "a-c"));
  EXPECT_TRUE(ignores("a[[:digit:]x]c", "a7c"));
  EXPECT_TRUE(ignores("a[[:digit:]x]c", "axc"));
  EXPECT_FALSE(ignores("a[[:alpha:]]c", "a7c"));
  EXPECT_FALSE(ignores("a[[:nonsense:]]c", "a7c"));
  EXPECT_FALSE(ignores("a[bc", "a[bc")) << "a set that is never closed matches nothing";
  EXPECT_TRUE(ignores("caf[\xC3]\xA9", "caf\xC3\xA9")) << "sets hold bytes";
}

TEST(Gitignore, MatchesDoubleStars) {
  EXPECT_TRUE(ignores("**/foo", "foo"));
  EXPECT_TRUE(ignores("**/foo", "a/b/foo"));
  EXPECT_FALSE(ignores("**/foo", "a/bfoo"));
  EXPECT_TRUE(ignores("**/foo/bar", "x/foo/bar"));
  EXPECT_TRUE(ignores("abc/**", "abc/d/e"));
  EXPECT_FALSE(ignores_directory("abc/**", "abc"));
  EXPECT_TRUE(ignores("a/**/b", "a/b"));
  EXPECT_TRUE(ignores("a/**/b", "a/x/y/b"));
  EXPECT_FALSE(ignores("a/**/b", "a/xb"));
  EXPECT_FALSE(ignores("a/**/b", "xa/b"));
  EXPECT_TRUE(ignores("a/**/**/b", "a/x/b"));
  EXPECT_TRUE(ignores("a/?b**", "a/xbcd")) << "elsewhere two stars are one";
  EXPECT_FALSE(ignores("a/?b**", "a/xb/c"));
  EXPECT_TRUE(ignores("a/b**/c", "a/bx/y/c")) << "as git does after a plain beginning";
  EXPECT_TRUE(ignores("**", "a/b"));
  EXPECT_TRUE(ignores("a/**/*.tf", "a/x/y/z.tf"));
}

TEST(Gitignore, SkipsPatternsThatSayNothing) {
  EXPECT_TRUE(IgnorePatterns("").empty());
  EXPECT_TRUE(IgnorePatterns("\n  \n# only words\n/\n!\n").empty());
}

TEST(Gitignore, TakesNoLongerForHostilePatterns) {
  std::string pattern;
  for (int i = 0; i < 300; ++i) {
    pattern += "a*";
  }
  const std::string path(3000, 'a');
  EXPECT_FALSE(ignores(pattern + "b", path));
  EXPECT_TRUE(ignores(pattern, path));
}

}  // namespace
}  // namespace gabion::source
