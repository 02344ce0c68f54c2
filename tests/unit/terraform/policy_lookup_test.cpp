// The data source aws_iam_policy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/terraform/fixture.h"

namespace gabion::terraform {
namespace {

using ::testing::HasSubstr;

class PolicyLookup : public testing::Terraform {};

TEST_F(PolicyLookup, PoliciesOfAwsAreFoundByArnAndByName) {
  write("main.tf", R"(
    data "aws_iam_policy" "a" { arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole" }
    data "aws_iam_policy" "b" { name = "AWSLambdaBasicExecutionRole" }
    output "name" { value = data.aws_iam_policy.a.name }
    output "path" { value = data.aws_iam_policy.a.path }
    output "arn" { value = data.aws_iam_policy.b.arn }
    output "id" { value = data.aws_iam_policy.a.id }
    output "effect" { value = jsondecode(data.aws_iam_policy.b.policy).Statement[0].Effect }
    output "text" { value = data.aws_iam_policy.a.policy }
  )");
  load();
  EXPECT_EQ(output("name"), R"("AWSLambdaBasicExecutionRole")");
  EXPECT_EQ(output("path"), R"("/service-role/")");
  EXPECT_EQ(output("arn"), R"("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")");
  EXPECT_EQ(output("id"), output("arn"));
  EXPECT_EQ(output("effect"), R"("Allow")");
  EXPECT_THAT(output("text"), HasSubstr("$unknown")) << "the bytes are those that AWS keeps";
}

TEST_F(PolicyLookup, PoliciesOfTheConfigurationAreFoundByTheirArn) {
  write("main.tf", R"(
    resource "aws_iam_policy" "p" {
      name   = "p"
      policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
    }
    data "aws_iam_policy" "d" { arn = aws_iam_policy.p.arn }
    output "name" { value = data.aws_iam_policy.d.name }
    output "action" { value = jsondecode(data.aws_iam_policy.d.policy).Statement[0].Action }
  )");
  load();
  EXPECT_EQ(output("name"), R"("p")");
  EXPECT_EQ(output("action"), R"("s3:*")");
}

TEST_F(PolicyLookup, OthersStayUnknown) {
  write("main.tf", R"(
    variable "arn" { type = string }
    data "aws_iam_policy" "a" { arn = var.arn }
    data "aws_iam_policy" "b" { name = "ours" }
    data "aws_iam_policy" "c" { arn = "arn:aws-cn:iam::aws:policy/ReadOnlyAccess" }
    output "a" { value = data.aws_iam_policy.a.policy }
    output "b" { value = data.aws_iam_policy.b.policy }
    output "c" { value = jsondecode(data.aws_iam_policy.c.policy) }
  )");
  load();
  for (const char* name : {"a", "b", "c"}) {
    EXPECT_THAT(output(name), HasSubstr("$unknown"));
  }
}

}  // namespace
}  // namespace gabion::terraform
