#include "engine/permissions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "engine/reference_index.h"
#include "engine/view.h"
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
    // A test may try several texts: each is a directory of its own.
    const std::string directory = "root" + std::to_string(++configured_);
    workspace_.reset();
    write(directory + "/main.tf", text);
    load(directory);
    permissions_.reset();
    readings_ = {};
    views_.reset();
    context_.emplace(configuration_->context());
    views_ = std::make_unique<Views>(*configuration_, *context_);
    permissions_ = std::make_unique<Permissions>(*configuration_, artifacts_, views_->references(), memo_, readings_,
                                                 views_->policy_options());
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

  PolicyMemo memo_;
  PolicyReadings readings_;
  std::optional<eval::Context> context_;
  std::unique_ptr<Views> views_;
  std::unique_ptr<Permissions> permissions_;
  int configured_ = 0;
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

TEST_F(PermissionsTest, WhatIsMadeByTheSameConditionIsThereTogether) {
  configure(R"(
variable "stage" { type = string }
locals { document = jsonencode({ Statement = [{ Effect = "Allow", Action = "sqs:*", Resource = "*" }] }) }
resource "aws_iam_role" "r" {
  count = var.stage == "live" ? 1 : 0
  name  = "r"
}
resource "aws_iam_policy" "p" {
  count  = var.stage == "live" ? 1 : 0
  policy = local.document
}
resource "aws_iam_role_policy_attachment" "p" {
  count      = var.stage == "live" ? 1 : 0
  role       = aws_iam_role.r[0].name
  policy_arn = aws_iam_policy.p[0].arn
}
resource "aws_iam_role_policy" "inline" {
  count  = var.stage == "live" ? 1 : 0
  role   = aws_iam_role.r[0].id
  policy = local.document
}
resource "aws_iam_role_policy" "other" {
  count  = var.stage == "test" ? 1 : 0
  role   = aws_iam_role.r[0].id
  policy = local.document
}
  )");
  EXPECT_THAT(
      policies("aws_iam_role.r[0]"),
      UnorderedElementsAre("aws_iam_policy.p[0]", "aws_iam_role_policy.inline[0]", "aws_iam_role_policy.other[0]?"));
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

/// A role that may do anything, and a user who may do one thing.
std::string admin_and_user(std::string_view service, std::string_view actions, std::string_view resource) {
  return R"(
resource "aws_iam_role" "app" {
  name                = "app"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
  assume_role_policy  = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = ")" +
         std::string(service) + R"(" } }]
  })
}
resource "aws_iam_instance_profile" "app" {
  name = "app"
  role = aws_iam_role.app.name
}
resource "aws_iam_user" "dev" {
  name = "dev"
}
resource "aws_iam_user_policy" "dev" {
  user   = aws_iam_user.dev.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = [)" +
         std::string(actions) + R"(], Resource = )" + std::string(resource) + R"( }]
  })
}
)";
}

TEST_F(PermissionsTest, WhateverRunsWithARoleIsAsPowerful) {
  const auto ways = [&](std::string_view service, std::string_view actions, std::string_view resource,
                        std::string_view workload) {
    configure(admin_and_user(service, actions, resource) + std::string(workload));
    return methods("aws_iam_user.dev");
  };
  EXPECT_THAT(ways("ec2.amazonaws.com", R"("ssm:StartSession")",
                   R"([aws_instance.app.arn, "arn:aws:ssm:*:*:document/SSM-SessionManagerRunShell"])", R"(
resource "aws_instance" "app" {
  iam_instance_profile = aws_iam_instance_profile.app.name
})"),
              ElementsAre("ssm-start-session"));
  EXPECT_THAT(ways("ec2.amazonaws.com", R"("ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate")",
                   R"("arn:aws:ec2:*:*:launch-template/${aws_launch_template.app.id}")", R"(
resource "aws_launch_template" "app" {
  iam_instance_profile {
    arn = aws_iam_instance_profile.app.arn
  }
})"),
              ElementsAre("ec2-modify-launch-template"));
  EXPECT_THAT(ways("codebuild.amazonaws.com", R"("codebuild:StartBuild")", R"("arn:aws:codebuild:*:*:project/app")", R"(
resource "aws_codebuild_project" "app" {
  name         = "app"
  service_role = aws_iam_role.app.arn
})"),
              ElementsAre("codebuild-start-build"));
  EXPECT_THAT(ways("sagemaker.amazonaws.com", R"("sagemaker:CreatePresignedNotebookInstanceUrl")",
                   R"("arn:aws:sagemaker:*:*:notebook-instance/app")", R"(
resource "aws_sagemaker_notebook_instance" "app" {
  name     = "app"
  role_arn = aws_iam_role.app.arn
})"),
              ElementsAre("sagemaker-presigned-notebook"));
  EXPECT_THAT(ways("states.amazonaws.com", R"("states:UpdateStateMachine", "states:StartExecution")",
                   R"("arn:aws:states:*:*:stateMachine:app")", R"(
resource "aws_sfn_state_machine" "app" {
  name     = "app"
  role_arn = aws_iam_role.app.arn
})"),
              ElementsAre("states-update-start"));
  EXPECT_THAT(ways("cloudformation.amazonaws.com", R"("cloudformation:UpdateStack")",
                   R"("arn:aws:cloudformation:*:*:stack/app/*")", R"(
resource "aws_cloudformation_stack" "app" {
  name         = "app"
  iam_role_arn = aws_iam_role.app.arn
})"),
              ElementsAre("cloudformation-update-stack"));
  EXPECT_THAT(ways("pods.eks.amazonaws.com", R"("eks:CreateAccessEntry", "eks:AssociateAccessPolicy")",
                   R"(["arn:aws:eks:*:*:cluster/main", "arn:aws:eks:*:*:access-entry/main/*"])", R"(
resource "aws_eks_pod_identity_association" "app" {
  cluster_name    = "main"
  namespace       = "app"
  service_account = "app"
  role_arn        = aws_iam_role.app.arn
})"),
              ElementsAre("eks-associate-access-policy"));
  EXPECT_THAT(ways("ecs-tasks.amazonaws.com", R"("ecs:ExecuteCommand")",
                   R"(["arn:aws:ecs:*:*:task/main/*", "arn:aws:ecs:*:*:cluster/main"])", R"(
resource "aws_ecs_cluster" "main" {
  name = "main"
}
resource "aws_ecs_task_definition" "app" {
  family        = "app"
  task_role_arn = aws_iam_role.app.arn
}
resource "aws_ecs_service" "app" {
  name                   = "app"
  cluster                = aws_ecs_cluster.main.id
  task_definition        = aws_ecs_task_definition.app.arn
  enable_execute_command = true
})"),
              ElementsAre("ecs-execute-command"));
  // Another one of the kind has another role.
  EXPECT_THAT(
      ways("codebuild.amazonaws.com", R"("codebuild:StartBuild")", R"("arn:aws:codebuild:*:*:project/other")", R"(
resource "aws_codebuild_project" "app" {
  name         = "app"
  service_role = aws_iam_role.app.arn
})"),
      IsEmpty());
}

TEST_F(PermissionsTest, PermissionSetsHaveBoundariesToo) {
  constexpr std::string_view kSet = R"(
resource "aws_ssoadmin_permission_set" "s" {
  name         = "s"
  instance_arn = "arn:aws:sso:::instance/ssoins-1"
}
resource "aws_ssoadmin_permission_set_inline_policy" "s" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.s.arn
  inline_policy      = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:*", Resource = "*" }]
  })
}
resource "aws_ssoadmin_permissions_boundary_attachment" "s" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1"
  permission_set_arn = aws_ssoadmin_permission_set.s.arn
  permissions_boundary {
)";
  configure(std::string(kSet) + "managed_policy_arn = \"arn:aws:iam::aws:policy/ReadOnlyAccess\"\n}\n}\n");
  EXPECT_TRUE(principal("aws_ssoadmin_permission_set.s").policies.bounded);
  EXPECT_THAT(principal("aws_ssoadmin_permission_set.s").policies.boundary, SizeIs(1));
  EXPECT_THAT(methods("aws_ssoadmin_permission_set.s"), IsEmpty());
  configure(std::string(kSet) + "customer_managed_policy_reference {\nname = \"limits\"\n}\n}\n}\n");
  EXPECT_THAT(methods("aws_ssoadmin_permission_set.s"), IsEmpty());
  EXPECT_TRUE(permissions_->escalations(*permissions_->principal_of(resource("aws_ssoadmin_permission_set.s"))).open);
}

TEST_F(PermissionsTest, ServiceControlPoliciesOfTheOwnAccountDeny) {
  const auto configured = [&](std::string_view account) {
    configure(R"(
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias               = "member"
  region              = "eu-west-1"
  allowed_account_ids = ["111122223333"]
}
resource "aws_organizations_policy" "no_iam" {
  name    = "no-iam"
  content = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Action = "iam:*", Resource = "*" }]
  })
}
resource "aws_organizations_policy_attachment" "no_iam" {
  policy_id = aws_organizations_policy.no_iam.id
  target_id = ")" +
              std::string(account) + R"("
}
resource "aws_iam_user" "dev" {
  provider = aws.member
  name     = "dev"
}
resource "aws_iam_user_policy" "dev" {
  provider = aws.member
  user     = aws_iam_user.dev.name
  policy   = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:PutUserPolicy", Resource = "*" }]
  })
}
)");
    return methods("aws_iam_user.dev");
  };
  EXPECT_THAT(configured("111122223333"), IsEmpty());
  EXPECT_THAT(configured("444455556666"), ElementsAre("iam-put-user-policy")) << "that of another account";
  EXPECT_THAT(configured("ou-1234-12345678"), ElementsAre("iam-put-user-policy")) << "nobody knows what is in it";
}

TEST_F(PermissionsTest, InlinePoliciesAreCountedTogether) {
  configure(std::string(kPrincipals) + R"(
resource "aws_iam_user_policy" "a" {
  user   = aws_iam_user.u.name
  policy = jsonencode({ Statement = [] })
}
resource "aws_iam_user_policy" "b" {
  user   = aws_iam_user.u.name
  policy = "{ \"Statement\": [] }"
}
)");
  EXPECT_EQ(permissions_->inline_size(*permissions_->principal_of(resource("aws_iam_user.u"))),
            2 * std::string_view(R"({"Statement":[]})").size());
  EXPECT_EQ(permissions_->inline_size(*permissions_->principal_of(resource("aws_iam_role.r"))), 0U);
}

TEST_F(PermissionsTest, WhatWasReadIsThereForOthers) {
  configure(std::string(kPrincipals) + R"(
resource "aws_iam_user_policy" "a" {
  user   = aws_iam_user.u.name
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}
resource "aws_iam_user_policy" "b" {
  user   = aws_iam_user.u.name
  policy = "{ \"Statement\": [] }"
}
)");
  const auto policy = [&](std::string_view address) { return resource(address).body->attribute("policy")->value; };
  const auto elsewhere = [&](const eval::Value& value) {
    return value.with_origin(eval::make_origin(context_->arena, eval::OriginKind::kExpression, source::Region{}));
  };
  const eval::Value encoded = policy("aws_iam_user_policy.a");
  const auto reading = readings_.find(encoded);
  ASSERT_NE(reading, nullptr);
  ASSERT_THAT(reading->documents, SizeIs(1));
  EXPECT_THAT(reading->documents[0].statements, SizeIs(1));
  EXPECT_EQ(readings_.find(elsewhere(encoded)), reading) << "its parts say where they are";
  EXPECT_EQ(readings_.find_unresolved(encoded), reading);
  // Of a text that was written as it is, the value says where that was.
  const eval::Value text = policy("aws_iam_user_policy.b");
  EXPECT_NE(readings_.find(text), nullptr);
  EXPECT_EQ(readings_.find(elsewhere(text)), nullptr);
  EXPECT_EQ(readings_.find(eval::make_string(context_->arena, text.text())), nullptr);
}

TEST_F(PermissionsTest, QuestionsAreAskedOnce) {
  configure(std::string(kPrincipals));
  const std::size_t index = *permissions_->principal_of(resource("aws_iam_user.u"));
  const IamQuestion question;
  const iam::Permission& first = permissions_->may(index, question, "any");
  EXPECT_EQ(first.allowed, Truth::kNo);
  EXPECT_EQ(&permissions_->may(index, question, "any"), &first);
  EXPECT_NE(&permissions_->may(index, question, "another"), &first);
}

TEST_F(PermissionsTest, PoliciesOfAwsHaveOneTextForAllWhoHaveThem) {
  configure(R"(
resource "aws_iam_role" "a" {
  name                = "a"
  assume_role_policy  = jsonencode({ Statement = [] })
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}
resource "aws_iam_role" "b" {
  name                = "b"
  assume_role_policy  = jsonencode({ Statement = [] })
  managed_policy_arns = ["arn:aws:iam::aws:policy/IAMFullAccess", "arn:aws:iam::aws:policy/AdministratorAccess"]
}
)");
  const auto values = [&](std::string_view address) {
    return permissions_->values(permissions_->principal_of(resource(address)).value_or(0));
  };
  const std::vector<eval::Value> a = values("aws_iam_role.a");
  const std::vector<eval::Value> b = values("aws_iam_role.b");
  ASSERT_THAT(a, SizeIs(1));
  ASSERT_THAT(b, SizeIs(2));
  EXPECT_EQ(a[0].text(),
            R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}]})");
  EXPECT_EQ(&a[0].node(), &b[1].node());
  EXPECT_NE(b[0].text(), a[0].text());
  EXPECT_EQ(&values("aws_iam_role.b")[0].node(), &b[0].node());
  // How it reads is known.
  const PolicyReadings::Reading reading = readings_.find(a[0]);
  ASSERT_NE(reading, nullptr);
  EXPECT_EQ(reading->documents.data(), principal("aws_iam_role.a").policies.identity.front().document.get());
}

}  // namespace
}  // namespace gabion::engine
