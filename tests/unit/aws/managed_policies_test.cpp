#include "aws/managed_policies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gabion::aws {
namespace {

using ::testing::HasSubstr;

TEST(ManagedPolicies, AreFoundByArn) {
  const auto admin = find_managed_policy("arn:aws:iam::aws:policy/AdministratorAccess");
  ASSERT_TRUE(admin.has_value());
  EXPECT_EQ(admin->document(),
            R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}]})");
  EXPECT_TRUE(find_managed_policy("arn:aws:iam::aws:policy/job-function/ViewOnlyAccess").has_value());
  EXPECT_TRUE(find_managed_policy("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole").has_value());
  for (const char* name : {"PowerUserAccess", "IAMFullAccess", "ReadOnlyAccess", "SecurityAudit", "AmazonS3FullAccess",
                           "AmazonEC2FullAccess", "AmazonEKSClusterPolicy", "AmazonEKSWorkerNodePolicy",
                           "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly", "AmazonSSMManagedInstanceCore",
                           "service-role/AmazonECSTaskExecutionRolePolicy", "AWSLambda_FullAccess", "AWSDenyAll"}) {
    EXPECT_TRUE(find_managed_policy("arn:aws:iam::aws:policy/" + std::string(name)).has_value()) << name;
  }
}

TEST(ManagedPolicies, OthersAreNotKnown) {
  for (const char* arn :
       {"", "AdministratorAccess", "arn:aws:iam::111122223333:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/ViewOnlyAccess", "arn:aws:iam::aws:policy/",
        "arn:aws-cn:iam::aws:policy/AdministratorAccess", "arn:aws:iam::aws:policy/AdministratorAccess2"}) {
    EXPECT_FALSE(find_managed_policy(arn).has_value()) << arn;
  }
  EXPECT_EQ(managed_policy_path("arn:aws-cn:iam::aws:policy/job-function/X"), "job-function/X");
  EXPECT_EQ(managed_policy_path("arn:aws:iam::1:policy/X"), "");
}

TEST(ManagedPolicies, ConditionsOfOneOperatorStayTogether) {
  const auto policy = find_managed_policy("arn:aws:iam::aws:policy/IAMUserChangePassword");
  ASSERT_TRUE(policy.has_value());
  EXPECT_THAT(policy->document(), HasSubstr("${aws:username}"));
}

TEST(ManagedPolicies, AreFoundByName) {
  EXPECT_EQ(managed_policy_named("ViewOnlyAccess"), "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess");
  EXPECT_EQ(managed_policy_named("AdministratorAccess"), "arn:aws:iam::aws:policy/AdministratorAccess");
  EXPECT_EQ(managed_policy_named("NoSuchAccess"), "");
  EXPECT_EQ(managed_policy_named(""), "");
}

TEST(ManagedPolicies, AllAreFoundAgain) {
  ASSERT_GT(managed_policy_count(), 1000U);
  for (std::size_t i = 0; i < managed_policy_count(); ++i) {
    const ManagedPolicy policy(i);
    const auto found = find_managed_policy("arn:aws:iam::aws:policy/" + std::string(policy.path()));
    ASSERT_TRUE(found.has_value()) << policy.path();
    EXPECT_EQ(found->document(), policy.document());
    EXPECT_GT(policy.version(), 0U);
  }
}

}  // namespace
}  // namespace gabion::aws
