#include "engine/yaml_check.h"

#include <gtest/gtest.h>

#include "engine/rule_compiler.h"
#include "engine/settings.h"

namespace gabion::engine {
namespace {

/// Ten to the power of `depth` values in a few lines.
std::string bomb(int depth) {
  std::string text = "parameters:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < depth; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "  a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) {
      text += (k > 0 ? ", " : "") + before;
    }
    text += "]\n";
  }
  return text;
}

TEST(YamlAliases, AreFineWhereTheyAreFew) {
  EXPECT_FALSE(check_yaml("x.yaml", "a: &a [1, 2]\nb: *a\nc: {d: *a}\n"));
  EXPECT_FALSE(check_yaml("x.yaml", bomb(4)));
  EXPECT_FALSE(check_yaml("x.yaml", "a: 5 * 3 & 4"));
}

TEST(YamlAliases, MayNotStandForTooManyValues) {
  for (const int depth : {6, 9, 40}) {
    const auto problem = check_yaml("x.yaml", bomb(depth));
    ASSERT_TRUE(problem);
    EXPECT_EQ(problem->message, "there are too many values behind aliases");
    EXPECT_EQ(problem->path, "x.yaml");
    EXPECT_GE(problem->line, 6U);
  }
}

TEST(YamlAliases, MayNotLeadInACircle) {
  const auto problem = check_yaml("x.yaml", "a: &a\n  - b: *a\n");
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->message, "an alias stands inside of what it is an alias of");
  EXPECT_EQ(problem->line, 2U);
}

TEST(YamlAliases, AreOfOneDocument) {
  EXPECT_FALSE(check_yaml("x.yaml", "a: &a 1\nb: *a\n---\na: &a 1\nb: *a\n"));
}

TEST(YamlAliases, InBrokenTextsAreForTheReader) {
  EXPECT_FALSE(check_yaml("x.yaml", "a: &a [1, *a"));
  EXPECT_FALSE(check_yaml("x.yaml", "&a *a: }{"));
}

TEST(YamlDocuments, EndWhereNothingBeginsAValue) {
  // yaml-cpp makes an empty document of each of these, and another one, and goes on without end.
  for (const std::string_view text : {",", ",foo: 1\n", ",&*4e]", "exclude: [a]\n---\n,b", "a: &a 1\nb: *a\n--- ,"}) {
    const auto problem = check_yaml("x.yaml", text);
    ASSERT_TRUE(problem) << text;
    EXPECT_EQ(problem->message, "not YAML: no value begins like this");
    EXPECT_EQ(problem->path, "x.yaml");
  }
  EXPECT_EQ(check_yaml("x.yaml", "a: 1\n---\n  ,b")->line, 3U);
  EXPECT_EQ(check_yaml("x.yaml", "a: 1\n---\n  ,b")->column, 3U);
}

// What yaml-cpp refuses by itself is refused by the reader.
TEST(YamlDocuments, AreNeverAcceptedWithSomethingLeft) {
  for (const std::string_view text : {"]", "exclude: [a]\n--- ]\n", "exclude: &a [a]\n---\n}", "exclude: [a]\n,"}) {
    EXPECT_FALSE(parse_settings("x.yaml", text)) << text;
  }
}

TEST(YamlDocuments, MayBeManyAndEmpty) {
  for (const std::string_view text :
       {"", "---\n", "---\n---\n---\n", "a: 1\n...\n", "# only\n", "a: 1\n---\nb: 2\n", "\n\n"}) {
    EXPECT_FALSE(check_yaml("x.yaml", text)) << text;
  }
}

TEST(YamlDocuments, AreCheckedInRuleFiles) {
  source::Arena arena;
  const CompiledRules compiled = compile_rules("x.yaml", ",id: a\n", arena);
  ASSERT_EQ(compiled.errors.size(), 1U);
  EXPECT_EQ(compiled.errors[0].message, "not YAML: no value begins like this");
}

TEST(YamlDocuments, AreOneInConfigurations) {
  const auto settings = parse_settings("x.yaml", "exclude: [a]\n---\nexclude: [b]\n");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().message, "a configuration is one document");
  EXPECT_EQ(settings.error().line, 3U);
  EXPECT_FALSE(parse_settings("x.yaml", ",foo"));
  EXPECT_TRUE(parse_settings("x.yaml", "---\nexclude: [a]\n---\n"));
  EXPECT_TRUE(parse_settings("x.yaml", ""));
}

TEST(YamlAliases, AreCheckedInConfigurations) {
  const auto settings = parse_settings("x.yaml", bomb(12));
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().message, "there are too many values behind aliases");
  EXPECT_FALSE(parse_settings("x.yaml", "parameters:\n  a: &a [*a, *a]\n"));
}

TEST(YamlAliases, AreCheckedInRules) {
  source::Arena arena;
  EXPECT_FALSE(compile_rules("x.yaml", bomb(12), arena).errors.empty());
  EXPECT_FALSE(compile_rules("x.yaml", "id: &a [*a]\nfix: *a\n", arena).errors.empty());
}

}  // namespace
}  // namespace gabion::engine
