#include "iam/effective.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using ::testing::Contains;
using testing::formula;
using testing::hole;
using ::testing::IsEmpty;
using testing::shared_statements;
using testing::statements;

constexpr std::string_view kGet = "s3:GetObject";

AttachedPolicy policy(std::string_view text, Truth attached = Truth::kYes) {
  return {"policy", shared_statements(text), attached};
}

std::string statement(std::string_view effect, std::string_view action, std::string_view resource,
                      std::string_view rest = "") {
  return R"({"Effect": ")" + std::string(effect) + R"(", "Action": ")" + std::string(action) + R"(", "Resource": ")" +
         std::string(resource) + "\"" + std::string(rest) + "}";
}

EffectivePolicies having(std::string_view identity) {
  EffectivePolicies out;
  out.identity.push_back(policy(identity));
  return out;
}

Truth may_get(const EffectivePolicies& policies, std::string_view where = R"({"true": true})") {
  return may(policies, kGet, formula(where)).allowed;
}

TEST(Effective, UnknownTextsOfBoundariesStandForThemselves) {
  EffectivePolicies policies = having(statement("Allow", "s3:*", "arn:aws:s3:::<var.bucket>/*"));
  policies.bounded = true;
  policies.boundary.push_back(policy(statement("Allow", "s3:Get*", "arn:aws:s3:::<var.bucket>/*")));
  EXPECT_EQ(may_get(policies), Truth::kYes);
  policies.boundary.front() = policy(statement("Allow", "s3:Get*", "arn:aws:s3:::<var.other>/*"));
  EXPECT_EQ(may_get(policies), Truth::kUnknown);
  policies.boundary.front() = policy(statement("Allow", "s3:Put*", "arn:aws:s3:::<var.bucket>/*"));
  EXPECT_EQ(may_get(policies), Truth::kNo);
}

// The answers about one request agree with those of decide(), for every pair of a policy and a boundary.
TEST(Effective, AgreesWithDecisionsAboutSingleRequests) {
  const std::string mfa = R"(, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}})";
  const std::string no_mfa = R"(, "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})";
  const std::array<std::string, 9> texts = {
      statement("Allow", "*", "*"),
      statement("Allow", "s3:Get*", "arn:aws:s3:::b/*"),
      statement("Allow", "s3:GetObject", "arn:aws:s3:::b/*", mfa),
      statement("Allow", "s3:*", "*") + ", " + statement("Deny", "s3:GetObject", "arn:aws:s3:::b/secret*"),
      statement("Allow", "s3:*", "*") + ", " + statement("Deny", "*", "*", no_mfa),
      R"({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})",
      R"({"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"})",
      R"({"Effect": "Allow", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/secret*"})",
      statement("Deny", "s3:*", "arn:aws:s3:::other/*"),
  };
  for (const std::string& identity : texts) {
    for (const std::string& boundary : texts) {
      EffectivePolicies policies = having(identity);
      policies.bounded = true;
      policies.boundary.push_back(policy(boundary));
      for (const char* resource : {"arn:aws:s3:::b/open", "arn:aws:s3:::b/secret", "arn:aws:s3:::other/x"}) {
        for (const char* value : {"true", "false", ""}) {
          Request request{.principal = "arn:aws:iam::111122223333:user/ann",
                          .action = std::string(kGet),
                          .resource = resource,
                          .context = {}};
          std::string where =
              R"({"all": [{"principal": {"is": "arn:aws:iam::111122223333:user/ann"}}, {"resourceIs": ")" +
              std::string(resource) + "\"}, ";
          if (*value == '\0') {
            where += R"({"absent": "aws:MultiFactorAuthPresent"}]})";
          } else {
            request.context.emplace("aws:MultiFactorAuthPresent", ContextValue(std::string(value)));
            where += R"({"eq": ["aws:MultiFactorAuthPresent", ")" + std::string(value) + "\"]}]}";
          }
          PolicySet set;
          set.identity = {policies.identity[0].document.get()};
          set.boundaries = {policies.boundary[0].document.get()};
          set.resource_account = "111122223333";
          const bool allowed = decide(set, request) == Decision::kAllowed;
          Assumptions assumptions;
          assumptions.aws = false;  // users have no MFA key, as AWS has it
          EXPECT_EQ(may(policies, kGet, formula(where), assumptions).allowed, eval::truth_of(allowed))
              << identity << "\nwithin " << boundary << "\n"
              << where;
        }
      }
    }
  }
}

TEST(Effective, TellsWhichStatementAllows) {
  EffectivePolicies policies = having(statement("Allow", "ec2:*", "*"));
  policies.identity.push_back(
      {"second", shared_statements(statement("Deny", "s3:Put*", "*") + ", " + statement("Allow", "s3:*", "*")),
       Truth::kYes});
  const Permission found = may(policies, kGet, formula(R"({"resource": "arn:aws:s3:::b/*"})"));
  EXPECT_EQ(found.allowed, Truth::kYes);
  ASSERT_NE(found.policy, nullptr);
  EXPECT_EQ(found.policy->name, "second");
  ASSERT_NE(found.statement, nullptr);
  EXPECT_EQ(found.statement->index, 1U);
  ASSERT_TRUE(found.witness.has_value());
  EXPECT_EQ(found.witness->action, kGet);
}

// Where one statement surely allows all requests for an action, it is found without asking.
TEST(Effective, TellsWhichStatementAllowsEverythingAsked) {
  const auto granting = [](std::string_view text) {
    const EffectivePolicies policies = having(text);
    const std::optional<Grant> grant = grant_of_all(policies, kGet);
    if (grant) {
      const Permission asked = may(policies, kGet, formula(R"({"resource": "arn:aws:s3:::b/*"})"));
      EXPECT_EQ(asked.allowed, Truth::kYes) << text;
      EXPECT_EQ(asked.policy, grant->policy) << text;
      EXPECT_EQ(asked.statement, grant->statement) << text;
    }
    return grant ? std::optional(grant->statement->index) : std::nullopt;
  };
  const std::string all = statement("Allow", "s3:Get*", "*");
  EXPECT_EQ(granting(all), 0U);
  EXPECT_EQ(granting(statement("Allow", "ec2:*", "*") + ", " + all), 1U);
  EXPECT_EQ(granting(all + ", " + statement("Allow", "s3:*", "arn:aws:s3:::b/<var.name>")), 0U);
  EXPECT_EQ(granting(all + ", " + statement("Deny", "s3:Put*", "*")), 0U);
  EXPECT_EQ(granting(R"({"Effect": "Allow", "NotAction": "iam:*", "Resource": ["arn:aws:s3:::b", "*"]})"), 0U);

  const std::string mfa = R"(, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}})";
  EXPECT_EQ(granting(statement("Allow", "s3:Get*", "*", mfa)), std::nullopt);
  EXPECT_EQ(granting(statement("Allow", "s3:Get*", "arn:aws:s3:::*")), std::nullopt);
  EXPECT_EQ(granting(statement("Allow", "s3:*", "arn:aws:s3:::b/*") + ", " + all), std::nullopt);
  EXPECT_EQ(granting(statement("Allow", "*:*", "*")), std::nullopt);
  EXPECT_EQ(granting(statement("Allow", "<var.action>", "*")), std::nullopt);
  EXPECT_EQ(granting(R"({"Effect": "Allow", "NotAction": "<var.action>", "Resource": "*"})"), std::nullopt);
  EXPECT_EQ(granting(R"({"Effect": "Allow", "Action": "s3:*", "NotResource": "*"})"), std::nullopt);
  EXPECT_EQ(granting(all + ", " + statement("Deny", "s3:Get*", "arn:aws:s3:::b/*")), std::nullopt);
  EXPECT_EQ(granting(all + ", " + statement("<var.effect>", "s3:Get*", "*")), std::nullopt);

  EffectivePolicies policies = having(all);
  EXPECT_TRUE(grant_of_all(policies, kGet).has_value());
  policies.identity.front().attached = Truth::kUnknown;
  EXPECT_FALSE(grant_of_all(policies, kGet).has_value());
  policies.identity.front().attached = Truth::kYes;
  policies.bounded = true;
  EXPECT_FALSE(grant_of_all(policies, kGet).has_value());
  policies.bounded = false;
  policies.unknown.push_back(hole("aws_iam_policy.p.arn"));
  EXPECT_FALSE(grant_of_all(policies, kGet).has_value());
}

TEST(Effective, NothingIsAllowedWithoutPolicies) {
  EXPECT_EQ(may_get({}), Truth::kNo);
  EXPECT_FALSE(could_allow({}, kGet));
  EffectivePolicies bounded = having(statement("Allow", "s3:*", "*"));
  bounded.bounded = true;
  EXPECT_EQ(may_get(bounded), Truth::kNo);
}

// Versions of a policy that differ in what is not asked about are one policy, whatever they are attached with.
TEST(Effective, PoliciesThatSayTheSameCountOnce) {
  EffectivePolicies policies;
  for (const std::string_view other : {"ec2:*", "sqs:*", "sns:*"}) {
    policies.identity.push_back(policy(
        statement("Allow", "s3:Get*", "arn:aws:s3:::b/*") + ", " + statement("Allow", other, "*"), Truth::kUnknown));
  }
  EXPECT_EQ(may_get(policies), Truth::kUnknown);
  EXPECT_EQ(may_get(policies, R"({"resource": "arn:aws:s3:::other/*"})"), Truth::kNo);
  policies.identity.push_back(policy(statement("Allow", "*", "arn:aws:s3:::b/*")));
  EXPECT_EQ(may_get(policies), Truth::kYes);
}

TEST(Effective, WhatIsPerhapsAttachedOnlyLeavesOpenWhatItChanges) {
  EffectivePolicies policies = having(statement("Allow", "s3:GetObject", "arn:aws:s3:::b/*"));
  policies.identity.push_back(policy(statement("Allow", "s3:GetObject", "arn:aws:s3:::c/*"), Truth::kUnknown));
  EXPECT_EQ(may_get(policies, R"({"resource": "arn:aws:s3:::b/*"})"), Truth::kYes);
  EXPECT_EQ(may_get(policies, R"({"resource": "arn:aws:s3:::c/*"})"), Truth::kUnknown);
  EXPECT_EQ(may_get(policies, R"({"resource": "arn:aws:s3:::d/*"})"), Truth::kNo);
  policies.identity.back() = policy(statement("Deny", "s3:*", "arn:aws:s3:::b/*"), Truth::kUnknown);
  EXPECT_EQ(may_get(policies, R"({"resource": "arn:aws:s3:::b/*"})"), Truth::kUnknown);
  EXPECT_EQ(may_get(policies, R"({"resource": "arn:aws:s3:::c/*"})"), Truth::kNo);
}

// What could not surely be allowed is never surely allowed.
TEST(Effective, WhatIsSurelyAllowedCouldBe) {
  const std::array<std::string, 8> texts = {
      statement("Allow", "s3:Get*", "*"),
      statement("Allow", "<var.action>", "*"),
      statement("Allow", "s3:<var.action>", "*"),
      R"({"Effect": "Allow", "Action": ["<var.action>", "s3:GetObject"], "Resource": "*"})",
      R"({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})",
      R"({"Effect": "Allow", "NotAction": ["<var.action>"], "Resource": "*"})",
      R"({"Effect": "<var.effect>", "Action": "s3:*", "Resource": "*"})",
      statement("Deny", "*", "*"),
  };
  std::size_t sure = 0;
  std::size_t could = 0;
  for (const std::string& text : texts) {
    for (const Truth attached : {Truth::kYes, Truth::kUnknown}) {
      for (const std::string& boundary : {std::string(), texts[0], texts[1], texts[6]}) {
        EffectivePolicies policies;
        policies.identity.push_back(policy(text, attached));
        policies.bounded = !boundary.empty();
        if (policies.bounded) {
          policies.boundary.push_back(policy(boundary));
        }
        const Truth answer = may_get(policies);
        EXPECT_TRUE(answer != Truth::kYes || could_surely_allow(policies, kGet)) << text << ' ' << boundary;
        sure += answer == Truth::kYes ? 1 : 0;
        could += could_surely_allow(policies, kGet) ? 1 : 0;
      }
    }
  }
  EXPECT_EQ(sure, could);
  EXPECT_EQ(sure, 6U);
}

TEST(Effective, UnknownContentsAreDecidedByDenialsOnly) {
  EffectivePolicies policies = having(statement("Allow", "s3:*", "*"));
  policies.unknown.push_back(hole("var.policy"));
  const Permission open = may(policies, kGet, formula(R"({"true": true})"));
  EXPECT_EQ(open.allowed, Truth::kUnknown);
  EXPECT_THAT(open.holes, Contains(hole("var.policy")));
  policies.identity.push_back(policy(statement("Deny", "s3:Get*", "*")));
  EXPECT_EQ(may_get(policies), Truth::kNo);
  // The same for a boundary.
  EffectivePolicies bounded = having(statement("Allow", "s3:*", "*"));
  bounded.bounded = true;
  bounded.unknown_boundary.push_back(hole("var.boundary"));
  EXPECT_EQ(may_get(bounded), Truth::kUnknown);
  EXPECT_EQ(may(bounded, "ec2:RunInstances", formula(R"({"true": true})")).allowed, Truth::kNo);
}

TEST(Effective, AllRequestsOrSome) {
  const Formula gets = formula(R"({"all": [{"action": "s3:GetObject"}, {"resource": "arn:aws:s3:::b/*"}]})");
  EXPECT_EQ(may_all(having(statement("Allow", "s3:*", "*")), gets).allowed, Truth::kYes);
  EXPECT_EQ(may_all(having(statement("Allow", "s3:*", "arn:aws:s3:::b/x*")), gets).allowed, Truth::kNo);
  EXPECT_EQ(may(having(statement("Allow", "s3:*", "arn:aws:s3:::b/x*")), gets).allowed, Truth::kYes);
  EXPECT_EQ(may(having(statement("Allow", "ec2:*", "*")), gets).allowed, Truth::kNo);
  EffectivePolicies bounded = having(statement("Allow", "*", "*"));
  bounded.bounded = true;
  bounded.boundary.push_back(policy(statement("Allow", "ec2:*", "*")));
  EXPECT_EQ(may_all(bounded, gets).allowed, Truth::kNo);
  bounded.boundary.front().document = shared_statements(statement("Allow", "s3:*", "*"));
  EXPECT_EQ(may_all(bounded, gets).allowed, Truth::kYes);
}

}  // namespace
}  // namespace gabion::iam
