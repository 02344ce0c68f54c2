#include "iam/escalation_requests.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "aws/service_facts.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using testing::hole;
using testing::shared_statements;

constexpr std::string_view kOnEverything = R"({"Effect": "Allow", "NotAction": "s3:ListBucket", "Resource": "*"})";

// What is allowed whatever the request is like has the example that the prover gives.
TEST(EscalationRequests, ExamplesAreThoseOfTheProver) {
  EffectivePolicies policies;
  policies.identity.push_back({"policy", shared_statements(kOnEverything), Truth::kYes});
  std::size_t compared = 0;
  for (const EscalationMethod& method : escalation_methods()) {
    for (const EscalationStep& step : method.steps) {
      const auto action = aws::find_action(step.action);
      ASSERT_TRUE(action.has_value()) << step.action;
      const auto grant = grant_of_all(policies, step.action);
      ASSERT_TRUE(grant.has_value()) << step.action;
      for (const aws::ActionResource& resource : aws::resources_of(*action)) {
        for (const std::string_view name : {std::string_view("*"), kAnyName}) {
          const Text pattern(pattern_of(aws::arn_format(resource.type), name, {}));
          const Permission asked = may(policies, step.action, resource_like(pattern));
          const auto answer = granted(*grant, step.action, pattern);
          ASSERT_TRUE(asked.witness && answer) << step.action << ' ' << pattern.str();
          EXPECT_EQ(answer->allowed, asked.allowed);
          EXPECT_EQ(answer->resource, asked.witness->resource) << step.action << ' ' << pattern.str();
          EXPECT_EQ(answer->statement, asked.statement);
          EXPECT_EQ(answer->policy, asked.policy);
          ++compared;
        }
      }
    }
  }
  EXPECT_GT(compared, 100U);
}

TEST(EscalationRequests, NothingIsGrantedOnWhatIsNoResource) {
  EffectivePolicies policies;
  policies.identity.push_back({"policy", shared_statements(kOnEverything), Truth::kYes});
  const auto grant = grant_of_all(policies, "ec2:RunInstances");
  ASSERT_TRUE(grant.has_value());
  EXPECT_FALSE(granted(*grant, "ec2:RunInstances", Text("instance")).has_value());
  Text open("arn:aws:ec2:*:*:instance/");
  open.append(hole("aws_instance.a.id"));
  EXPECT_FALSE(granted(*grant, "ec2:RunInstances", open).has_value());
}

}  // namespace
}  // namespace gabion::iam
