// Every guardrail is held by rules, every rule holds a guardrail, and an alias stands for one rule unless it is meant
// to stand for several.
#include "cli/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/builtin_rules.h"
#include "house/repository.h"

namespace gabion::house {
namespace {

using ::testing::ContainerEq;
using ::testing::IsEmpty;

std::set<std::string> rule_ids() {
  std::set<std::string> ids;
  for (const engine::RuleData& rule : engine::builtin_rules()) {
    ids.emplace(rule.id);
  }
  return ids;
}

TEST(Catalogue, HasEveryGuardrail) {
  std::set<std::string> held;
  for (const cli::Guardrail& guardrail : cli::guardrails()) {
    EXPECT_TRUE(held.emplace(guardrail.id).second) << guardrail.id << " is there twice";
  }
  EXPECT_THAT(held, ContainerEq(listed_in("tests/house/guardrails.txt")));
}

TEST(Catalogue, HoldsEveryGuardrailByRulesThatExist) {
  const std::set<std::string> ids = rule_ids();
  std::vector<std::string> found;
  for (const cli::Guardrail& guardrail : cli::guardrails()) {
    if (guardrail.rules.empty() || guardrail.asks.empty() || guardrail.section.empty()) {
      found.push_back(std::string(guardrail.id) + " has an empty field");
    }
    for (const std::string_view id : guardrail.rules) {
      if (!ids.contains(std::string(id))) {
        found.push_back(std::string(guardrail.id) + " is held by " + std::string(id) + ", which is no rule");
      }
    }
    for (const char letter : guardrail.themes) {
      if (std::ranges::find(cli::themes(), letter, &cli::Theme::letter) == cli::themes().end()) {
        found.push_back(std::string(guardrail.id) + " is of a theme that is not there: " + letter);
      }
    }
  }
  EXPECT_THAT(found, IsEmpty());
}

TEST(Catalogue, NamesEveryRule) {
  std::set<std::string> ids = rule_ids();
  for (const cli::Guardrail& guardrail : cli::guardrails()) {
    for (const std::string_view id : guardrail.rules) {
      ids.erase(std::string(id));
    }
  }
  EXPECT_THAT(ids, IsEmpty()) << "rules that hold no guardrail";
}

TEST(Catalogue, GivesAnAliasToOneRule) {
  // "alias rule rule...": rules of other scanners that test as much as several of ours together.
  const std::set<std::string> shared = listed_in("tests/house/shared_aliases.txt");
  const std::set<std::string> ids = rule_ids();
  std::map<std::string, std::set<std::string>> owners;
  for (const engine::RuleData& rule : engine::builtin_rules()) {
    for (const engine::NamedList& peer : rule.aliases) {
      for (const std::string_view alias : peer.items) {
        EXPECT_TRUE(alias == rule.id || !ids.contains(std::string(alias))) << alias << " is a rule of its own";
        EXPECT_TRUE(owners[std::string(alias)].emplace(rule.id).second) << alias << " twice in " << rule.id;
      }
    }
  }
  std::set<std::string> several;
  for (const auto& [alias, rules] : owners) {
    if (rules.size() > 1) {
      std::string line = alias;
      for (const std::string& rule : rules) {
        line += " " + rule;
      }
      several.insert(line);
    }
  }
  EXPECT_THAT(several, ContainerEq(shared)) << "an alias that stands for several rules is written down, with them";
}

}  // namespace
}  // namespace gabion::house
