// Guardrails that a user states as properties of requests, in rules of their own: the answers of scan, and that policy
// eval confirms what they show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr std::string_view kRules = R"(id: team-no-deletes-without-mfa
title: Backups can be deleted without MFA
severity: high
since: "1"
why: who deletes backups proves who they are
references: ["https://example.org/backups"]
target: aws_iam_policy
require: >-
  iam_never_allows(self.policy, "identity", {all = [
    {action = ["s3:DeleteObject", "s3:DeleteObjectVersion"]},
    {resource = "arn:aws:s3:::backups/*"},
    {not = {eq = ["aws:MultiFactorAuthPresent", "true"]}},
  ]})
message: backups can be deleted without MFA
examples:
  - bad: |
      resource "aws_iam_policy" "p" {
        name   = "p"
        policy = jsonencode({
          Version   = "2012-10-17"
          Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }]
        })
      }
  - good: |
      resource "aws_iam_policy" "p" {
        name   = "p"
        policy = jsonencode({
          Version   = "2012-10-17"
          Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }]
        })
      }
  - unknown: |
      variable "policy" {
        type = string
      }
      resource "aws_iam_policy" "p" {
        name   = "p"
        policy = var.policy
      }
)";

constexpr std::string_view kPrincipalRules = R"(id: team-keys-stay
title: A role can delete keys
severity: high
since: "1"
why: keys are deleted by nobody
references: ["https://example.org/keys"]
target: aws_iam_role
require: 'principal_never_allows(self, {action = "kms:ScheduleKeyDeletion"})'
message: the role can delete keys
examples:
  - bad: |
      resource "aws_iam_role" "r" {
        name                = "r"
        assume_role_policy  = jsonencode({ Version = "2012-10-17", Statement = [] })
        managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
      }
  - good: |
      resource "aws_iam_role" "r" {
        name                 = "r"
        assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [] })
        managed_policy_arns  = ["arn:aws:iam::aws:policy/AdministratorAccess"]
        permissions_boundary = "arn:aws:iam::aws:policy/ReadOnlyAccess"
      }
  - unknown: |
      resource "aws_iam_role" "r" {
        name                = "r"
        assume_role_policy  = jsonencode({ Version = "2012-10-17", Statement = [] })
        managed_policy_arns = ["arn:aws:iam::111122223333:policy/elsewhere"]
      }
)";

constexpr std::string_view kLimitRule = R"(id: team-within-limit
title: A policy goes beyond what teams may have
severity: high
since: "1"
why: teams get what was agreed
references: ["https://example.org/limit"]
target: aws_iam_policy
let:
  limit: '{Version = "2012-10-17", Statement = [{Effect = "Allow", Action = ["s3:*", "sqs:*"], Resource = "*"}]}'
require: policy_within(self.policy, limit, "identity")
message: more is allowed than was agreed
examples:
  - bad: |
      resource "aws_iam_policy" "p" {
        name   = "p"
        policy = jsonencode({
          Version   = "2012-10-17"
          Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "sns:Publish"], Resource = "*" }]
        })
      }
  - good: |
      resource "aws_iam_policy" "p" {
        name   = "p"
        policy = jsonencode({
          Version   = "2012-10-17"
          Statement = [{ Effect = "Allow", Action = "sqs:Send*", Resource = "arn:aws:sqs:*:*:q" }]
        })
      }
  - unknown: |
      variable "action" {
        type = string
      }
      resource "aws_iam_policy" "p" {
        name   = "p"
        policy = jsonencode({
          Version   = "2012-10-17"
          Statement = [{ Effect = "Allow", Action = var.action, Resource = "*" }]
        })
      }
)";

class PolicyRulesTest : public testing::Test {
 protected:
  Project project_;
};

TEST_F(PolicyRulesTest, ExamplesOfAUsersRulesHold) {
  project_.write("rules/team-no-deletes-without-mfa.yaml", kRules);
  project_.write("rules/team-keys-stay.yaml", kPrincipalRules);
  project_.write("rules/team-within-limit.yaml", kLimitRule);
  const Outcome outcome = project_.gabion(
      {"test", "rules/team-no-deletes-without-mfa.yaml", "rules/team-keys-stay.yaml", "rules/team-within-limit.yaml"});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

TEST_F(PolicyRulesTest, AFindingShowsARequestThatEvalConfirms) {
  constexpr std::string_view kPolicy = R"({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::backups/*"},
    {"Effect": "Deny", "Action": "s3:Delete*", "Resource": "*",
     "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}]})";
  project_.write("rules/team-no-deletes-without-mfa.yaml", kRules);
  project_.write("policy.json", kPolicy);
  project_.write("main.tf",
                 "resource \"aws_iam_policy\" \"p\" {\n  name   = \"p\"\n  policy = file(\"policy.json\")\n}\n");
  const Outcome outcome = project_.gabion({"scan", "--rules", "rules", "--rule", "team-*", "--format", "json"});
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  const json findings = outcome.json().at("findings");
  ASSERT_EQ(findings.size(), 1U);
  const json witness = findings[0].at("witness");
  EXPECT_TRUE(witness.at("context").at("aws:MultiFactorAuthPresent").is_null()) << "the key that a Bool does not catch";
  const json line = {{"policy", json::parse(kPolicy)}, {"kind", "identity"}, {"request", witness}};
  const Outcome confirmed = project_.gabion({"policy", "eval"}, line.dump() + "\n");
  EXPECT_THAT(confirmed.out, HasSubstr(R"({"decision":"Allowed"})"));
}

TEST_F(PolicyRulesTest, ValidateSuggestsAndItsEditsMend) {
  std::string text =
      "{\n  \"Statement\": [{\"Effect\": \"allow\", \"Action\": \"s3:GetObjcet\", \"Resource\": \"*\"}]\n}\n";
  project_.write("p.json", text);
  const Outcome shown = project_.gabion({"policy", "validate", "--kind", "scp", "p.json"});
  EXPECT_EQ(shown.status, 1);
  EXPECT_THAT(shown.out, HasSubstr("p.json:2:28: error: the effect \"allow\" is neither"));
  EXPECT_THAT(shown.out, HasSubstr("fix: write \"Allow\" instead of \"allow\""));
  EXPECT_THAT(shown.out, HasSubstr("fix: add \"Version\": \"2012-10-17\""));
  const json problems =
      project_.gabion({"policy", "validate", "--kind", "scp", "--format", "json", "p.json"}).json().at("problems");
  ASSERT_EQ(problems.size(), 3U);
  // From the last one on, so that places stay what they are.
  for (std::size_t i = problems.size(); i-- > 0;) {
    const json& fix = problems[i].at("fix");
    ASSERT_TRUE(fix.is_object()) << problems[i];
    const auto start = fix.at("start").get<std::size_t>();
    text.replace(start, fix.at("end").get<std::size_t>() - start, fix.at("text").get<std::string>());
  }
  project_.write("p.json", text);
  const Outcome mended = project_.gabion({"policy", "validate", "--kind", "scp", "p.json"});
  EXPECT_EQ(mended.status, 0) << mended.out << text;
}

}  // namespace
}  // namespace gabion::e2e
