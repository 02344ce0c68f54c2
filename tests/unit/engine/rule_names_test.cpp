// Misspelt names in rules are told when the rules are loaded.
#include "engine/rule_names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/builtin_rules.h"
#include "engine/rule_set.h"
#include "source/file_system.h"

namespace gabion::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What loading says of a rule with these lines behind its target.
std::vector<std::string> said_of(const std::string& lines) {
  source::MemoryFileSystem files;
  files.write("rules/r.yaml",
              "id: acme-r\ntitle: t\nseverity: low\nwhy: w\ntarget: acme_thing\n"
              "parameters:\n  names: {type: list(string), default: \"[]\", description: names}\n" +
                  lines);
  RuleSet rules;
  std::vector<std::string> said;
  for (const source::Error& error : rules.load(files, "rules")) {
    said.push_back(error.path + ":" + std::to_string(error.line) + ":" + std::to_string(error.column) + ": " +
                   error.message + " (" + error.hint + ")");
  }
  EXPECT_EQ(rules.rules().empty(), !said.empty()) << "a rule in error is left out";
  return said;
}

TEST(RuleNamesTest, TheBuiltInRulesHaveNone) {
  for (const RuleData& rule : builtin_rules()) {
    const std::vector<source::Error> errors = undefined_names(rule);
    EXPECT_TRUE(errors.empty()) << errors.front().path << ":" << errors.front().line << ": " << errors.front().message;
  }
}

TEST(RuleNamesTest, FixesLeadToRulesThatThereAre) {
  RuleSet rules;
  ASSERT_TRUE(rules.add(builtin_rules()));
  EXPECT_THAT(rules.misnamed(), IsEmpty());

  source::MemoryFileSystem files;
  files.write("rules/r.yaml",
              "id: acme-r\ntitle: t\nseverity: low\nwhy: w\ntarget: acme_thing\nrequire: 'self.a == 1'\nmessage: m\n"
              "fix:\n  safety: safe\n  set: {a: 1}\n  leads_to: [aws-kms-key-rotation, acme-r, aws-kms-key-rotatoin]\n");
  EXPECT_THAT(rules.load(files, "rules"), IsEmpty()) << "the rules of another directory may be meant";
  const std::vector<source::Error> errors = rules.misnamed();
  ASSERT_EQ(errors.size(), 1U);
  EXPECT_EQ(errors[0].path, "rules/r.yaml");
  EXPECT_EQ(errors[0].line, 11U);
  EXPECT_EQ(errors[0].column, 44U);
  EXPECT_EQ(errors[0].message, "there is no rule \"aws-kms-key-rotatoin\" to lead to");
  EXPECT_EQ(errors[0].hint, "did you mean \"aws-kms-key-rotation\"?");
}

TEST(RuleNamesTest, NamesThatThereAre) {
  EXPECT_THAT(said_of("let:\n"
                      "  blocks: 'self.block == null ? [] : self.block'\n"
                      "  all: '{for k, v in self.tags : k => [for one in blocks : \"${k}${one}\" if v != one]}'\n"
                      "checks:\n"
                      "  - given: length(config.names) > 0 && can(referrers(self, \"acme_other\", \"thing\")[*].name)\n"
                      "    each: blocks\n"
                      "    require: try(contains(config.names, item.name), core::length(all) > 0)\n"
                      "    message: 'it is ${item.name}%{ for k in config.names } ${k}%{ endfor } for ${witness}'\n"
                      "    at: item.name\n"),
              IsEmpty());
}

TEST(RuleNamesTest, MisspeltOnesHaveAPlaceAndTheNearest) {
  EXPECT_THAT(
      said_of("let:\n"
              "  blocks: 'self.block == null ? [] : slef.block'\n"
              "checks:\n"
              "  - given: length(config.name) > 0\n"
              "    require: >-\n"
              "      contains(config.names, \"a\") ||\n"
              "      lenght(block) > 0\n"
              "    message: it is ${k}\n"
              "    at: '[for k in blocks : k][0]'\n"),
      ElementsAre("rules/r.yaml:9:38: rules know no \"slef\" (nearest is \"self\")",
                  "rules/r.yaml:11:19: the rule has no parameter \"name\" (nearest is \"names\")",
                  testing::StartsWith("rules/r.yaml:13:38: there is no function \"lenght\" (nearest is \"length\")"),
                  testing::HasSubstr("rules know no \"block\" (nearest is \"blocks\")"),
                  testing::HasSubstr("rules know no \"k\" (")));
}

}  // namespace
}  // namespace gabion::engine
