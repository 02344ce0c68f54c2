// The policies of AWS as documents: all of them can be read without a complaint, and what is read from the facts is
// what their texts say.
#include "aws/managed_policies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "iam/document.h"
#include "iam/managed_document.h"
#include "source/arena.h"

namespace gabion::iam {
namespace {

TEST(ManagedPolicyDocuments, AreReadWithoutComplaint) {
  for (std::size_t i = 0; i < aws::managed_policy_count(); ++i) {
    const aws::ManagedPolicy policy(i);
    const PolicyReading reading = read_policy_json(policy.document());
    ASSERT_EQ(reading.documents.size(), 1U) << policy.path();
    EXPECT_EQ(reading.complete, Truth::kYes) << policy.path();
    EXPECT_TRUE(reading.diagnostics.empty()) << policy.path() << ": " << reading.diagnostics.front().message;
    EXPECT_FALSE(reading.documents[0].statements.empty()) << policy.path();
    EXPECT_EQ(reading.documents[0].holes().size(), 0U) << policy.path();
  }
}

bool same(const Text& a, const Text& b) {
  return a == b && a.region == b.region && a.origin == b.origin;
}

bool same(const TextList& a, const TextList& b) {
  return a.present == b.present && a.scalar == b.scalar && a.region == b.region && a.key_region == b.key_region &&
         std::ranges::equal(a.items, b.items, [](const Text& x, const Text& y) { return same(x, y); });
}

bool same(const std::optional<Text>& a, const std::optional<Text>& b) {
  return a.has_value() == b.has_value() && (!a || same(*a, *b));
}

bool same(const Condition& a, const Condition& b) {
  return same(a.operator_text, b.operator_text) && a.op == b.op && same(a.key, b.key) && same(a.values, b.values) &&
         a.region == b.region;
}

bool same(const PrincipalSet& a, const PrincipalSet& b) {
  return a.present == b.present && a.identifiers.empty() && b.identifiers.empty() && a.region == b.region &&
         a.key_region == b.key_region;
}

bool same(const Statement& a, const Statement& b) {
  return same(a.sid, b.sid) && a.effect == b.effect && same(a.effect_text, b.effect_text) &&
         same(a.actions, b.actions) && same(a.not_actions, b.not_actions) && same(a.resources, b.resources) &&
         same(a.not_resources, b.not_resources) && same(a.principals, b.principals) &&
         same(a.not_principals, b.not_principals) &&
         std::ranges::equal(a.conditions, b.conditions,
                            [](const Condition& x, const Condition& y) { return same(x, y); }) &&
         a.conditions_region == b.conditions_region && !a.open && !b.open && a.region == b.region &&
         a.index == b.index && a.origin == b.origin;
}

bool same(const PolicyDocument& a, const PolicyDocument& b) {
  return same(a.version, b.version) && same(a.id, b.id) &&
         std::ranges::equal(a.statements, b.statements,
                            [](const Statement& x, const Statement& y) { return same(x, y); }) &&
         a.statement_scalar == b.statement_scalar && !a.open && !b.open && a.region == b.region &&
         a.origin == b.origin && a.compact_size == b.compact_size && a.visible_size == b.visible_size;
}

TEST(ManagedPolicyDocuments, AreWhatTheirTextsSay) {
  for (std::size_t i = 0; i < aws::managed_policy_count(); ++i) {
    const aws::ManagedPolicy policy(i);
    source::Arena arena;
    const PolicyReading text = read_policy(eval::make_string(arena, policy.document()));
    const PolicyReading facts = read_managed_policy(policy);
    ASSERT_EQ(text.documents.size(), 1U) << policy.path();
    ASSERT_EQ(facts.documents.size(), 1U) << policy.path();
    EXPECT_TRUE(same(facts.documents[0], text.documents[0])) << policy.path();
    EXPECT_TRUE(facts.complete == Truth::kYes && facts.diagnostics.empty() && facts.suggestions.empty());
  }
}

}  // namespace
}  // namespace gabion::iam
