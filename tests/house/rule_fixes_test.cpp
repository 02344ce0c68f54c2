// Every fix that a rule declares is shown by one of its examples: without the fix, that example no longer gives what it
// says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/builtin_rules.h"
#include "engine/examples.h"
#include "house/repository.h"

namespace gabion::house {
namespace {

using ::testing::ContainerEq;

/// The examples of a rule that show what a fix makes.
std::vector<engine::ExampleData> shown_fixes(const engine::RuleData& rule) {
  std::vector<engine::ExampleData> shown;
  for (const engine::ExampleData& example : rule.examples) {
    if (example.fixed.given() || example.by_hand.given()) {
      shown.push_back(example);
    }
  }
  return shown;
}

TEST(RuleFixes, AreShownByExamples) {
  std::set<std::string> found;
  for (const engine::RuleData& rule : engine::builtin_rules()) {
    const std::vector<engine::ExampleData> shown = shown_fixes(rule);
    for (std::size_t i = 0; i < rule.checks.size(); ++i) {
      if (rule.checks[i].fix == nullptr) {
        continue;
      }
      std::vector<engine::CheckData> checks(rule.checks.begin(), rule.checks.end());
      checks[i].fix = nullptr;
      engine::RuleData without = rule;
      without.checks = checks;
      without.examples = shown;
      if (engine::run_examples(without).failures.empty()) {
        found.insert(std::string(rule.id) + " " + std::to_string(i + 1));
      }
    }
  }
  EXPECT_THAT(found, ContainerEq(listed_in("tests/house/unshown_fixes.txt")))
      << "rules and checks whose fix no example shows with \"fixed\" or \"by_hand\"";
}

}  // namespace
}  // namespace gabion::house
