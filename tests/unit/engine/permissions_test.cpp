#include "engine/permissions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "unit/terraform/fixture.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// Principals of a configuration in one file.
class PermissionsTest : public terraform::testing::Terraform {
 protected:
  void configure(std::string_view text) {
    write("main.tf", text);
    load();
    permissions_ = std::make_unique<Permissions>(*configuration_);
  }

  const iam::EscalationPrincipal& principal(std::string_view address) {
    const auto index = permissions_->principal_of(resource(address));
    EXPECT_TRUE(index.has_value()) << address;
    return permissions_->principal(index.value_or(0));
  }

  std::vector<std::string> policies(std::string_view address) {
    std::vector<std::string> out;
    for (const iam::AttachedPolicy& policy : principal(address).policies.identity) {
      out.push_back(policy.name + (policy.attached == Truth::kYes ? "" : "?"));
    }
    return out;
  }

  std::vector<std::string> methods(std::string_view address) {
    std::vector<std::string> out;
    for (const iam::Escalation& way : permissions_->escalations(*permissions_->principal_of(resource(address))).ways) {
      out.emplace_back(way.method->id);
    }
    return out;
  }

  std::unique_ptr<Permissions> permissions_;
};

constexpr std::string_view kPrincipals = R"(
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({ Statement = [] })
}
resource "aws_iam_user" "u" {
  name = "u"
}
resource "aws_iam_group" "g" {
  name = "g"
}
resource "aws_iam_policy" "p" {
  name   = "p"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "*" }] })
}
)";

TEST_F(PermissionsTest, PoliciesComeInManyWays) {
  configure(std::string(kPrincipals) + R"(
resource "aws_iam_role_policy" "inline" {
  role   = aws_iam_role.r.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }] })
}
resource "aws_iam_role_policy_attachment" "one" {
  role       = "r"
  policy_arn = aws_iam_policy.p.arn
}
resource "aws_iam_policy_attachment" "all" {
  name       = "all"
  roles      = [aws_iam_role.r.name]
  users      = [aws_iam_user.u.name]
  groups     = ["g"]
  policy_arn = "arn:aws:iam::aws:policy/SecurityAudit"
}
resource "aws_iam_user_policy" "inline" {
  user   = aws_iam_user.u.name
  policy = jsonencode({ Statement = [] })
}
resource "aws_iam_user_policy_attachments_exclusive" "u" {
  user_name   = aws_iam_user.u.name
  policy_arns = [aws_iam_policy.p.arn, "arn:aws:iam::aws:policy/ReadOnlyAccess"]
}
resource "aws_iam_group_policy" "inline" {
  group  = aws_iam_group.g.name
  policy = jsonencode({ Statement = [] })
}
resource "aws_iam_group_policy_attachment" "one" {
  group      = aws_iam_group.g.name
  policy_arn = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"
}
)");
  EXPECT_THAT(policies("aws_iam_role.r"),
              UnorderedElementsAre("aws_iam_role_policy.inline", "aws_iam_policy.p", "SecurityAudit"));
  EXPECT_THAT(policies("aws_iam_user.u"), UnorderedElementsAre("aws_iam_user_policy.inline", "SecurityAudit",
                                                               "aws_iam_policy.p", "ReadOnlyAccess"));
  EXPECT_THAT(policies("aws_iam_group.g"),
              UnorderedElementsAre("aws_iam_group_policy.inline", "SecurityAudit", "ViewOnlyAccess"));
  EXPECT_THAT(principal("aws_iam_role.r").own_policies, SizeIs(1));
  // Attached policies are judged with whom they are attached to.
  EXPECT_FALSE(permissions_->principal_of(resource("aws_iam_policy.p")).has_value());
}

TEST_F(PermissionsTest, RolesCarryPoliciesThemselves) {
  configure(R"(
data "aws_partition" "current" {}
data "aws_iam_policy" "audit" {
  name = "SecurityAudit"
}
resource "aws_iam_role" "r" {
  name               = "r"
  assume_role_policy = jsonencode({ Statement = [] })
  managed_policy_arns = [
    "arn:${data.aws_partition.current.partition}:iam::aws:policy/ReadOnlyAccess",
    data.aws_iam_policy.audit.arn,
    "arn:aws:iam::aws:policy/NoSuchPolicy",
    "arn:aws:iam::111122223333:policy/elsewhere",
  ]
  permissions_boundary = "arn:aws:iam::aws:policy/PowerUserAccess"
  inline_policy {
    name   = "own"
    policy = jsonencode({ Statement = [] })
  }
}
)");
  EXPECT_THAT(policies("aws_iam_role.r"),
              UnorderedElementsAre("aws_iam_role.r.inline_policy", "ReadOnlyAccess", "SecurityAudit"));
  const iam::EffectivePolicies& found = principal("aws_iam_role.r").policies;
  EXPECT_THAT(found.unknown, SizeIs(2));
  EXPECT_TRUE(found.bounded);
  EXPECT_THAT(found.boundary, SizeIs(1));
  EXPECT_TRUE(principal("aws_iam_role.r").trust_known);
}

TEST_F(PermissionsTest, UsersHaveThePoliciesOfTheirGroups) {
  configure(std::string(kPrincipals) + R"(
resource "aws_iam_group" "h" {
  name = "h"
}
resource "aws_iam_group_membership" "g" {
  name  = "g"
  users = [aws_iam_user.u.name]
  group = aws_iam_group.g.name
}
resource "aws_iam_user_group_membership" "u" {
  user   = aws_iam_user.u.name
  groups = [aws_iam_group.h.name]
}
resource "aws_iam_group_policy_attachment" "g" {
  group      = aws_iam_group.g.name
  policy_arn = aws_iam_policy.p.arn
}
resource "aws_iam_group_policy" "h" {
  group  = aws_iam_group.h.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:AttachUserPolicy", Resource = "*" }] })
}
)");
  EXPECT_THAT(policies("aws_iam_user.u"), UnorderedElementsAre("aws_iam_policy.p", "aws_iam_group_policy.h"));
  EXPECT_THAT(principal("aws_iam_user.u").groups, SizeIs(2));
  // What the group gives to its members is said once, of the group.
  EXPECT_THAT(methods("aws_iam_group.h"), ElementsAre("iam-attach-user-policy"));
  EXPECT_THAT(methods("aws_iam_user.u"), IsEmpty());
}

TEST_F(PermissionsTest, WhatIsNotKnownStaysOpen) {
  configure(std::string(kPrincipals) + R"(
variable "role" {
  type = string
}
variable "arn" {
  type = string
}
variable "on" {
  type = bool
}
resource "aws_iam_role_policy" "perhaps" {
  role   = var.role
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:PutRolePolicy", Resource = "*" }] })
}
resource "aws_iam_user_policy_attachment" "u" {
  user       = aws_iam_user.u.name
  policy_arn = var.arn
}
resource "aws_iam_group_policy_attachment" "g" {
  count      = var.on ? 1 : 0
  group      = aws_iam_group.g.name
  policy_arn = aws_iam_policy.p.arn
}
)");
  EXPECT_THAT(policies("aws_iam_role.r"), ElementsAre("aws_iam_role_policy.perhaps?"));
  EXPECT_THAT(principal("aws_iam_user.u").policies.unknown, SizeIs(1));
  EXPECT_THAT(policies("aws_iam_group.g"), ElementsAre("aws_iam_policy.p?"));
  // A policy for somebody elsewhere is judged by itself.
  EXPECT_THAT(methods("aws_iam_role_policy.perhaps"), Contains("iam-put-role-policy"));
  EXPECT_THAT(methods("aws_iam_role.r"), IsEmpty());
}

TEST_F(PermissionsTest, PermissionSetsHavePoliciesToo) {
  configure(std::string(kPrincipals) + R"(
resource "aws_ssoadmin_permission_set" "s" {
  name         = "s"
  instance_arn = "arn:aws:sso:::instance/ssoins-1"
}
resource "aws_ssoadmin_permission_set_inline_policy" "s" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.s.arn
  inline_policy      = jsonencode({ Statement = [] })
}
resource "aws_ssoadmin_managed_policy_attachment" "s" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.s.arn
  managed_policy_arn = "arn:aws:iam::aws:policy/IAMFullAccess"
}
resource "aws_ssoadmin_customer_managed_policy_attachment" "s" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.s.arn
  customer_managed_policy_reference {
    name = aws_iam_policy.p.name
  }
}
)");
  EXPECT_THAT(policies("aws_ssoadmin_permission_set.s"),
              UnorderedElementsAre("aws_ssoadmin_permission_set_inline_policy.s", "IAMFullAccess", "aws_iam_policy.p"));
  EXPECT_THAT(methods("aws_ssoadmin_permission_set.s"), Contains("iam-attach-role-policy-update-trust"));
}

TEST_F(PermissionsTest, FunctionsArePowerfulThroughTheirRoles) {
  configure(R"(
resource "aws_iam_role" "app" {
  name                = "app"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
  assume_role_policy  = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_lambda_function" "app" {
  function_name = "app"
  role          = aws_iam_role.app.arn
}
resource "aws_iam_user" "dev" {
  name = "dev"
}
resource "aws_iam_user_policy" "dev" {
  user   = aws_iam_user.dev.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "lambda:UpdateFunctionCode", Resource = "arn:aws:lambda:*:*:function:app" }]
  })
}
)");
  EXPECT_THAT(methods("aws_iam_user.dev"), ElementsAre("lambda-update-code"));
}

}  // namespace
}  // namespace gabion::engine
