// Every fix that a rule declares is shown by one of its examples: without the fix, that example no longer gives what it
// says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/builtin_rules.h"
#include "engine/examples.h"

namespace gabion::house {
namespace {

using ::testing::IsEmpty;

TEST(RuleFixes, AreShownByExamples) {
  std::vector<std::string> found;
  for (const engine::RuleData& rule : engine::builtin_rules()) {
    for (std::size_t i = 0; i < rule.checks.size(); ++i) {
      if (rule.checks[i].fix == nullptr) {
        continue;
      }
      std::vector<engine::CheckData> checks(rule.checks.begin(), rule.checks.end());
      checks[i].fix = nullptr;
      engine::RuleData without = rule;
      without.checks = checks;
      if (engine::run_examples(without).failures.empty()) {
        found.push_back(std::string(rule.id) + ", check " + std::to_string(i + 1) + ", line " +
                        std::to_string(rule.checks[i].message.line));
      }
    }
  }
  EXPECT_THAT(found, IsEmpty()) << "no example has \"fixed\" or \"by_hand\" for the fix of these";
}

}  // namespace
}  // namespace gabion::house
