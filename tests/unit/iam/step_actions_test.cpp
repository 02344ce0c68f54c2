#include "iam/step_actions.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using testing::hole;
using testing::shared_statements;

EffectivePolicies having(std::string_view statement) {
  EffectivePolicies out;
  out.identity.push_back({"policy", shared_statements(statement), Truth::kYes});
  return out;
}

void expect_could_allow(const ActionSet& found, const EffectivePolicies& policies, std::string_view about) {
  const StepActions& actions = StepActions::instance();
  for (const EscalationMethod& method : escalation_methods()) {
    for (std::size_t i = 0; i < method.steps.size(); ++i) {
      EXPECT_EQ(found.test(actions.of(method)[i]), could_allow(policies, method.steps[i].action))
          << about << ' ' << method.steps[i].action;
    }
  }
}

TEST(StepActions, HaveRoomForAll) {
  const StepActions& actions = StepActions::instance();
  EXPECT_LE(actions.count(), ActionSet().size());
  EXPECT_EQ(actions.all().count(), actions.count());
  for (const EscalationMethod& method : escalation_methods()) {
    EXPECT_EQ((actions.needed_by(method) & ~actions.all()).count(), 0U);
    ASSERT_EQ(actions.of(method).size(), method.steps.size());
    for (std::size_t i = 0; i < method.steps.size(); ++i) {
      EXPECT_EQ(actions.number_of(method.steps[i].action), actions.of(method)[i]);
      EXPECT_TRUE(actions.needed_by(method).test(actions.of(method)[i]));
    }
  }
}

// The sets say of each action what asking statement by statement says.
TEST(StepActions, AreThoseThatPoliciesCouldAllow) {
  const std::array<std::string_view, 18> elements = {R"("Action": "iam:Put*")",
                                                     R"("Action": "SAGEMAKER:createnotebook*")",
                                                     R"("Action": "sagemaker:Create?otebookInstance")",
                                                     R"("Action": ["lambda:UpdateFunction*", "lambda:UpdateEvent*"])",
                                                     R"("Action": ["lambda:UpdateFunctionCodes", "lambda:U*"])",
                                                     R"("Action": "IAM:passrole")",
                                                     R"("Action": "iam:PassRol")",
                                                     R"("Action": "iam:PassRole?")",
                                                     R"("Action": "i?m:Attach*Policy")",
                                                     R"("Action": ["s*", "lambda:*Function"])",
                                                     R"("Action": "*")",
                                                     R"("Action": "?*:Create*")",
                                                     R"("Action": ["no colon", ":", "", "zzz:*", "1:*"])",
                                                     R"("Action": ["ec2:run*", "ec2-instance-connect:*"])",
                                                     R"("Action": "<var.action>")",
                                                     R"("NotAction": ["iam:*", "<var.action>"])",
                                                     R"("NotAction": "*")",
                                                     R"("NotAction": ["ec2:*", "sts:AssumeRole"])"};
  AllowedSteps steps;
  std::vector<EffectivePolicies> all;
  for (const std::string_view effect : {"Allow", "Deny"}) {
    for (const std::string_view element : elements) {
      all.push_back(
          having(R"({"Effect": ")" + std::string(effect) + R"(", )" + std::string(element) + R"(, "Resource": "*"})"));
      expect_could_allow(steps.of(all.back()), all.back(), element);
    }
  }
  for (const EffectivePolicies& boundary : all) {
    EffectivePolicies bounded = all.front();
    bounded.bounded = true;
    bounded.boundary = boundary.identity;
    expect_could_allow(steps.of(bounded), bounded, "bounded");
    bounded.unknown_boundary.push_back(hole("aws_iam_policy.p.arn"));
    expect_could_allow(steps.of(bounded), bounded, "with an unknown boundary");
  }
  EXPECT_TRUE(steps.of({}).none());
  EffectivePolicies unknown;
  unknown.unknown.push_back(hole("aws_iam_policy.p.arn"));
  expect_could_allow(steps.of(unknown), unknown, "unknown");
}

}  // namespace
}  // namespace gabion::iam
