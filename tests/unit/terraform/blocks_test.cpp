// Blocks beside resources: checks, ephemeral resources, provider configurations.
#include "unit/terraform/fixture.h"

namespace gabion::terraform {
namespace {

class Blocks : public testing::Terraform {
 protected:
  /// Names of the provider configurations of the root module, with alias and region.
  std::string providers() {
    std::string all;
    for (const model::ConfigurationBlock& block : configuration_->modules().front().blocks) {
      if (block.kind == "provider") {
        all += (all.empty() ? "" : " ") + std::string(block.name) + "." + std::string(block.alias) + "=" +
               eval::to_json(block.body.attribute("region")->value);
      }
    }
    return all;
  }
};

TEST_F(Blocks, OfChecksReadTheirDataSources) {
  write("main.tf", R"(
check "health" {
  data "aws_iam_policy_document" "scoped" {
    statement {
      actions   = ["s3:*"]
      resources = ["*"]
    }
  }
  assert {
    condition     = data.aws_iam_policy_document.scoped.json != ""
    error_message = "empty"
  }
}
)");
  load();
  EXPECT_EQ(addresses(), "data.aws_iam_policy_document.scoped");
  EXPECT_EQ(codes(), "");
}

TEST_F(Blocks, OfEphemeralResourcesAreSeenByExpressionsOnly) {
  write("main.tf", R"(
ephemeral "aws_secretsmanager_secret_version" "s" {
  count     = 1
  secret_id = "id"
}
resource "aws_a" "a" {
  id     = ephemeral.aws_secretsmanager_secret_version.s[0].secret_id
  secret = ephemeral.aws_secretsmanager_secret_version.s[0].secret_string
}
)");
  load();
  EXPECT_EQ(addresses(), "aws_a.a");
  EXPECT_EQ(json("aws_a.a", "id"), "\"id\"");
  EXPECT_EQ(value("aws_a.a", "secret").unknown().symbol->text,
            "ephemeral.aws_secretsmanager_secret_version.s[0].secret_string");
}

TEST_F(Blocks, OfEphemeralResourcesMustBeDeclared) {
  write("main.tf", "locals {\n  x = ephemeral.random_password.p.result\n}\n");
  load();
  EXPECT_EQ(codes(), "evaluation");
}

TEST_F(Blocks, OfProvidersRepeat) {
  write("main.tf", R"(
provider "aws" {
  for_each = toset(["eu-west-1", "us-east-1"])
  alias    = "by"
  region   = each.key
}
provider "aws" {
  region = "eu-west-3"
}
resource "aws_a" "a" {
  provider = aws.by["us-east-1"]
}
)");
  load();
  EXPECT_EQ(providers(), "aws.by[\"eu-west-1\"]=\"eu-west-1\" aws.by[\"us-east-1\"]=\"us-east-1\" aws.=\"eu-west-3\"");
  EXPECT_EQ(codes(), "");
}

TEST_F(Blocks, OfProvidersTellTheirAlias) {
  write("main.tf", R"(
variable "regions" {
  type = set(string)
}
provider "aws" {
  region = "eu-west-3"
}
provider "aws" {
  alias  = "east"
  region = "us-east-1"
}
provider "aws" {
  for_each = { eu = "eu-west-1" }
  alias    = "by"
  region   = each.value
}
provider "aws" {
  for_each = var.regions
  alias    = "any"
  region   = each.value
}
)");
  load();
  std::string all;
  for (const model::ConfigurationBlock& block : configuration_->modules().front().blocks) {
    const model::Attribute* alias = block.body.attribute("alias");
    if (block.kind == "provider") {
      const bool known = alias != nullptr && alias->value.is_known();
      all += alias == nullptr ? "none " : known ? eval::to_json(alias->value) + " " : "unknown ";
    }
  }
  EXPECT_EQ(all, R"(none "east" "by[\"eu\"]" unknown )");
  EXPECT_EQ(codes(), "");
}

TEST_F(Blocks, OfImportsMayRepeat) {
  write("main.tf", R"(
import {
  for_each = { a = "1" }
  to       = aws_a.a[each.key]
  id       = each.value
}
resource "aws_a" "a" {
  for_each = toset(["a"])
}
)");
  load();
  EXPECT_EQ(addresses(), "aws_a.a[\"a\"]");
  EXPECT_EQ(codes(), "");
}

}  // namespace
}  // namespace gabion::terraform
