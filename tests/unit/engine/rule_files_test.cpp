// Rule files and settings: what is accepted, and where mistakes are reported.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/rule_compiler.h"
#include "engine/rule_set.h"
#include "engine/settings.h"

namespace gabion::engine {
namespace {

using testing::HasSubstr;

constexpr std::string_view kRule = R"(id: team-queue
title: t
severity: low
why: w
target: aws_sqs_queue
parameters:
  team.prefix:
    type: string
    default: '"x-"'
    description: the prefix
require: startswith(self.name, config["team.prefix"])
message: the name is ${self.name}
examples:
  - bad: |
      resource "aws_sqs_queue" "q" {
        name = "q"
      }
)";

/// The rule with a piece of its text replaced.
std::string changed(std::string_view from, std::string_view to) {
  std::string text(kRule);
  const std::size_t at = text.find(from);
  return at == std::string::npos ? std::string() : text.replace(at, from.size(), to);
}

source::Error first_error(const std::string& text) {
  source::Arena arena;
  const CompiledRules compiled = compile_rules("r.yaml", text, arena);
  return compiled.errors.empty() ? source::Error{} : compiled.errors.front();
}

TEST(RuleCompilerTest, ReadsARule) {
  source::Arena arena;
  const CompiledRules compiled = compile_rules("r.yaml", kRule, arena);
  for (const source::Error& error : compiled.errors) {
    ADD_FAILURE() << error.line << ':' << error.column << ": " << error.message;
  }
  ASSERT_EQ(compiled.rules.size(), 1U);
  EXPECT_EQ(compiled.rules[0].id, "team-queue");
  EXPECT_EQ(compiled.rules[0].severity, findings::Severity::kLow);
  EXPECT_EQ(compiled.rules[0].checks.size(), 1U);
  EXPECT_EQ(compiled.rules[0].examples.size(), 1U);
}

TEST(RuleCompilerTest, SeveralRulesAFile) {
  source::Arena arena;
  const std::string text = std::string(kRule) + "---\n" + changed("team-queue", "team-other");
  EXPECT_EQ(compile_rules("r.yaml", text, arena).rules.size(), 2U);
}

TEST(RuleCompilerTest, MistakesHaveLineColumnAndHint) {
  struct Mistake {
    std::string text;
    std::uint32_t line;
    std::uint32_t column;
    std::string message;
    std::string hint;
  };
  const std::vector<Mistake> mistakes = {
      {changed("severity: low", "severty: low"), 3, 1, "unknown key \"severty\"", "did you mean \"severity\"?"},
      {changed("severity: low", "severity: lo"), 3, 11, "is not a severity", "low, medium"},
      {changed("id: team-queue", "id: Team Queue"), 1, 5, "is not a rule id", "lower-case"},
      {changed("require: startswith(", "require: startswith(("), 11, 0, "", ""},
      {changed("title: t\n", "title: t\ntitle: u\n"), 3, 1, "occurs twice", "keep one"},
      {changed("target: aws_sqs_queue\n", ""), 0, 0, "no target", "resource type"},
      {changed("title: t", "title: [t"), 0, 0, "", ""},
      {changed("title: t\n", "title: \"t\\n::error::t\"\n"), 2, 8, "one line", "line ends"},
      {changed("title: t\n", "title: t\naliases: {checkov: [\"CKV\\e[31m\"]}\n"), 3, 21, "one line", "line ends"},
      {changed("title: t\n", "title: t\nreferences: [\"javascript:alert(1)\"]\n"), 3, 13, "not the address",
       "https://"},
      {changed("title: t\n", "title: t\nreferences: [\"https://a/ x\"]\n"), 3, 13, "not the address", "https://"},
      {"[]", 1, 1, "mapping", ""},
      {"", 0, 0, "", ""},
  };
  for (const Mistake& mistake : mistakes) {
    const source::Error error = first_error(mistake.text);
    EXPECT_FALSE(error.message.empty()) << mistake.text;
    EXPECT_EQ(error.path, "r.yaml");
    EXPECT_GT(error.line, 0U) << mistake.text;
    EXPECT_GT(error.column, 0U) << mistake.text;
    if (mistake.line > 0) {
      EXPECT_EQ(error.line, mistake.line) << error.message;
    }
    if (mistake.column > 0) {
      EXPECT_EQ(error.column, mistake.column) << error.message;
    }
    EXPECT_THAT(error.message, HasSubstr(mistake.message));
    EXPECT_THAT(error.hint, HasSubstr(mistake.hint));
  }
}

TEST(RuleCompilerTest, NearestFindsTyposOnly) {
  const std::vector<std::string_view> words = {"require", "message", "severity"};
  EXPECT_EQ(nearest("requre", words), "require");
  EXPECT_EQ(nearest("mesage", words), "message");
  EXPECT_EQ(nearest("entirely", words), "");
  EXPECT_EQ(nearest("", words), "");
  EXPECT_EQ(nearest("x", std::span<const std::string_view>()), "");
}

TEST(RuleSetTest, GlobsMatch) {
  EXPECT_TRUE(glob_matches("aws-*", "aws-kms"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_TRUE(glob_matches("a*b*c", "a-b-b-c"));
  EXPECT_TRUE(glob_matches("a?c", "abc"));
  EXPECT_TRUE(glob_matches("", ""));
  EXPECT_FALSE(glob_matches("a?c", "ac"));
  EXPECT_FALSE(glob_matches("aws-*", "xaws-kms"));
  EXPECT_FALSE(glob_matches("", "a"));
  EXPECT_FALSE(glob_matches("a*b", "a-b-c"));
  // Time grows with the product of the lengths, not with a power.
  EXPECT_FALSE(glob_matches(std::string(50, '*') + "b", std::string(5000, 'a')));
}

TEST(RuleSetTest, IdsAreUnique) {
  source::MemoryFileSystem files;
  files.write("rules/a.yaml", std::string(kRule));
  files.write("rules/b.yaml", std::string(kRule));
  RuleSet rules;
  const std::vector<source::Error> errors = rules.load(files, "rules");
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].path, "rules/b.yaml");
  EXPECT_THAT(errors[0].message, HasSubstr("rules/a.yaml"));
}

class SettingsTest : public testing::Test {
 protected:
  SettingsTest() {
    files_.write("r.yaml", std::string(kRule));
    EXPECT_TRUE(rules_.load(files_, "r.yaml").empty());
  }

  /// The error of a configuration, from reading or from applying it; empty when it is good.
  source::Error error_of(std::string_view text) {
    const auto settings = parse_settings(".gabion.yaml", text);
    if (!settings) {
      return settings.error();
    }
    const auto applied = apply_settings(*settings, rules_);
    return applied ? source::Error{} : applied.error();
  }

  source::MemoryFileSystem files_;
  RuleSet rules_;
};

TEST_F(SettingsTest, GoodOnesAreAccepted) {
  for (const std::string_view text :
       {"", "# nothing\n", "fail-on: high\n", "rules:\n  only: team-*\n  skip: [a, b]\n",
        "parameters:\n  team.prefix: y-\n", "rules:\n  severity:\n    team-queue: critical\n", "exclude: [a/]\n",
        "aws:\n  partition: aws-us-gov\n  region: us-gov-west-1\n  account_id: 012345678901\n"}) {
    EXPECT_EQ(error_of(text).message, "") << text;
  }
  EXPECT_EQ(rules_.find("team-queue")->severity, findings::Severity::kCritical);
}

TEST_F(SettingsTest, MistakesHaveAPlace) {
  struct Mistake {
    std::string_view text;
    std::uint32_t line;
    std::uint32_t column;
    std::string_view message;
  };
  for (const Mistake& mistake : std::vector<Mistake>{
           {"fail-onn: high\n", 1, 1, "unknown key"},
           {"\nfail-on: 3\n", 2, 10, "not a severity"},
           {"rules:\n  - x\n", 2, 3, "mapping"},
           {"rules:\n  only: {a: b}\n", 2, 9, "list of texts"},
           {"parameters:\n  team.prefx: y\n", 2, 3, "no rule has a parameter"},
           {"parameters:\n  team.prefix: [1]\n", 2, 3, "is no string"},
           {"parameters:\n  team.prefix: a\n  team.prefix: b\n", 3, 3, "twice"},
           {"rules:\n  severity:\n    team-queu: low\n", 3, 5, "no rule has the id"},
           {"fail-on: high\nfail-on: low\n", 2, 1, "twice"},
           {"aws: cn\n", 1, 6, "mapping"},
           {"aws:\n  partitions: aws\n", 2, 3, "unknown key"},
           {"aws:\n  partition: aws-gov\n", 2, 14, "no partition"},
           {"aws:\n  region: [a]\n", 2, 11, "is a text"},
           {"aws:\n  region: us east\n", 2, 11, "no region"},
           {"aws:\n  account_id: 1234\n", 2, 15, "no account id"},
           {"aws:\n  region: a\n  region: b\n", 3, 3, "twice"},
       }) {
    const source::Error error = error_of(mistake.text);
    EXPECT_THAT(error.message, HasSubstr(mistake.message)) << mistake.text;
    EXPECT_EQ(error.path, ".gabion.yaml") << mistake.text;
    EXPECT_EQ(error.line, mistake.line) << mistake.text << error.message;
    EXPECT_EQ(error.column, mistake.column) << mistake.text << error.message;
  }
}

TEST(FindSettingsTest, LooksUpward) {
  source::MemoryFileSystem files;
  files.write("/a/.gabion.yaml", "");
  files.write("/a/b/c/main.tf", "");
  files.write("/x/main.tf", "");
  EXPECT_EQ(find_settings(files, "/a/b/c"), "/a/.gabion.yaml");
  EXPECT_EQ(find_settings(files, "/a/b/c/main.tf"), "/a/.gabion.yaml");
  EXPECT_EQ(find_settings(files, "/x"), "");
  EXPECT_EQ(find_settings(files, "/absent"), "");
}

}  // namespace
}  // namespace gabion::engine
