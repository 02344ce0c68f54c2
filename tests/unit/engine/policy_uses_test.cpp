#include "engine/policy_uses.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "engine/reference_index.h"
#include "engine/view.h"
#include "unit/terraform/fixture.h"

namespace gabion::engine {
namespace {

constexpr std::string_view kBoundary = R"(
resource "aws_iam_policy" "limit" {
  name   = "limit"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}
resource "aws_iam_role" "app" {
  name                 = "app"
  permissions_boundary = aws_iam_policy.limit.arn
  assume_role_policy   = jsonencode({ Statement = [] })
}
)";

class PolicyUsesTest : public terraform::testing::Terraform {
 protected:
  bool only_bounds(std::string_view more, std::string_view address = "aws_iam_policy.limit") {
    // A test may try several texts: each is a directory of its own.
    const std::string directory = "root" + std::to_string(++configured_);
    workspace_.reset();
    write(directory + "/main.tf", std::string(kBoundary) + std::string(more));
    write(directory + "/role/main.tf", R"(
variable "boundary" {}
resource "aws_iam_role" "r" {
  name                 = "r"
  permissions_boundary = var.boundary
  assume_role_policy   = jsonencode({ Statement = [] })
}
)");
    load(directory);
    context_.emplace(configuration_->context());
    views_ = std::make_unique<Views>(*configuration_, *context_);
    ReferenceIndex& references = views_->references();
    return references.policy_uses().only_bounds(resource(address), references);
  }

  std::optional<eval::Context> context_;
  std::unique_ptr<Views> views_;
  int configured_ = 0;
};

TEST_F(PolicyUsesTest, ABoundaryIsNothingElse) {
  EXPECT_TRUE(only_bounds(""));
  EXPECT_FALSE(only_bounds(R"(
resource "aws_iam_policy" "other" {
  name   = "other"
  policy = jsonencode({ Statement = [] })
}
)",
                           "aws_iam_policy.other"));
  EXPECT_FALSE(only_bounds("", "aws_iam_role.app"));
}

TEST_F(PolicyUsesTest, WhatAttachesItMakesItAGrant) {
  EXPECT_FALSE(only_bounds(R"(
resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.limit.arn
}
)"));
  EXPECT_FALSE(only_bounds(R"(
resource "aws_iam_user_policy_attachment" "app" {
  user       = "app"
  policy_arn = "arn:aws:iam::111122223333:policy/limit"
}
)"));
  EXPECT_FALSE(only_bounds(R"(
resource "aws_ssoadmin_customer_managed_policy_attachment" "app" {
  customer_managed_policy_reference {
    name = "limit"
  }
}
)"));
}

TEST_F(PolicyUsesTest, WhoeverGetsItMayAttachIt) {
  EXPECT_FALSE(only_bounds(R"(
output "limit" {
  value = aws_iam_policy.limit.arn
}
)"));
  EXPECT_FALSE(only_bounds(R"(
module "roles" {
  source   = "git::https://example.com/roles.git"
  policies = [aws_iam_policy.limit.arn]
}
)"));
  EXPECT_FALSE(only_bounds(R"(
resource "aws_instance" "admin" {
  user_data = "aws iam attach-user-policy --policy-arn ${aws_iam_policy.limit.arn}"
}
)"));
}

// A name may say what the policy goes out as.
TEST_F(PolicyUsesTest, NamesSayThatItIsABoundary) {
  constexpr std::string_view kAlone = R"(
resource "aws_iam_policy" "alone" {
  name   = "alone"
  policy = jsonencode({ Statement = [] })
}
)";
  const auto alone = [&](std::string_view more) {
    return only_bounds(std::string(kAlone) + std::string(more), "aws_iam_policy.alone");
  };
  EXPECT_FALSE(alone(""));
  EXPECT_TRUE(alone("output \"boundary_arn\" { value = aws_iam_policy.alone.arn }"));
  EXPECT_FALSE(alone("output \"arn\" { value = aws_iam_policy.alone.arn }"));
  EXPECT_FALSE(alone(R"(
output "boundary_arn" { value = aws_iam_policy.alone.arn }
output "arn" { value = aws_iam_policy.alone.arn }
)"));
  EXPECT_TRUE(alone(R"(
module "role" {
  source                   = "git::https://git.example.com/role"
  permissions_boundary_arn = aws_iam_policy.alone.arn
}
)"));
  EXPECT_FALSE(alone(R"(
module "role" {
  source                   = "git::https://git.example.com/role"
  permissions_boundary_arn = aws_iam_policy.alone.arn
  policies                 = [aws_iam_policy.alone.arn]
}
)"));
}

TEST_F(PolicyUsesTest, WhatIsHereIsFollowed) {
  EXPECT_TRUE(only_bounds(R"(
module "role" {
  source   = "./role"
  boundary = aws_iam_policy.limit.arn
}
)"));
  // A document that names it attaches nothing.
  EXPECT_TRUE(only_bounds(R"(
data "aws_iam_policy_document" "roles" {
  statement {
    actions   = ["iam:CreateRole"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "iam:PermissionsBoundary"
      values   = [aws_iam_policy.limit.arn]
    }
  }
}
resource "aws_iam_policy" "roles" {
  name   = "roles"
  policy = data.aws_iam_policy_document.roles.json
}
)"));
}

}  // namespace
}  // namespace gabion::engine
