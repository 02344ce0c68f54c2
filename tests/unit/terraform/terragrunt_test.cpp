#include "terraform/terragrunt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "fixture.h"

namespace gabion::terraform {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::StrEq;

/// Backends that a file stands for: "s3 bucket=... key=?".
std::vector<std::string> backends(std::string_view text, std::string_view path = "live/terragrunt.hcl") {
  const testing::LooseFile file(path, text);
  std::vector<std::string> found;
  for (const model::ConfigurationBlock& block : file.configuration().modules().front().blocks) {
    EXPECT_EQ(block.kind, "backend");
    std::string one(block.name);
    for (const model::Attribute& attribute : block.body.attributes) {
      one += " " + std::string(attribute.name()) + "=" +
             (attribute.value.is_unknown() ? "?" : eval::to_json(attribute.value));
    }
    found.push_back(one);
  }
  return found;
}

TEST(Terragrunt, RemoteStatesAreBackends) {
  EXPECT_THAT(backends(R"(
locals {
  region = "eu-west-1"
}

remote_state {
  backend = "s3"
  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }
  config = {
    bucket         = "example-state"
    key            = "${path_relative_to_include()}/terraform.tfstate"
    region         = local.region
    encrypt        = true
    "use_lockfile" = true
  }
}
)"),
              ElementsAre(StrEq(R"(s3 bucket="example-state" key=? region=? encrypt=true use_lockfile=true)")));
}

TEST(Terragrunt, FilesThatAreWrittenHaveProvidersAndBackends) {
  const testing::LooseFile file("live/root.hcl", R"(
generate "provider" {
  path     = "provider.tf"
  contents = <<-EOF
    provider "aws" {
      alias               = "logs"
      region              = "$${var.region}"
      allowed_account_ids = ["${local.account}"]
      assume_role {
        role_arn = "arn:aws:iam::111122223333:role/logs"
      }
    }
    terraform {
      required_version = ">= 1.5"
      backend "s3" {
        bucket  = "example-state"
        encrypt = true
      }
    }
    resource "aws_sqs_queue" "q" {}
  EOF
}
generate "not_terraform_as_it_stands" {
  path     = "more.tf"
  contents = <<EOF
provider "aws" {
  allowed_account_ids = ${jsonencode(local.accounts)}
}
EOF
}
generate "quoted" {
  path     = "quoted.tf"
  contents = "provider \"aws\" {}"
}
)");
  const auto blocks = file.configuration().modules().front().blocks;
  ASSERT_EQ(blocks.size(), 2U);
  const model::ConfigurationBlock& provider = blocks[0];
  EXPECT_EQ(provider.kind, "provider");
  EXPECT_EQ(provider.name, "aws");
  EXPECT_EQ(provider.alias, "logs");
  EXPECT_EQ(provider.body.syntax, nullptr) << "a text is not edited";
  EXPECT_TRUE(provider.body.attribute("region")->value.is_unknown()) << "it is escaped for the file that is written";
  const eval::Value& accounts = provider.body.attribute("allowed_account_ids")->value;
  ASSERT_TRUE(accounts.is_sequence());
  ASSERT_EQ(accounts.elements().size(), 1U);
  EXPECT_TRUE(accounts.elements()[0].is_unknown());
  ASSERT_EQ(provider.body.blocks.size(), 1U);
  EXPECT_EQ(eval::to_json(provider.body.blocks[0].body->attribute("role_arn")->value),
            R"("arn:aws:iam::111122223333:role/logs")");
  EXPECT_EQ(blocks[1].kind, "backend");
  EXPECT_EQ(blocks[1].name, "s3");
  EXPECT_EQ(eval::to_json(blocks[1].body.attribute("encrypt")->value), "true");
}

TEST(Terragrunt, WhatIsNoObjectSaysNothing) {
  EXPECT_THAT(backends(R"(remote_state {
  backend = "s3"
  config  = local.state
})"),
              IsEmpty());
  EXPECT_THAT(backends(R"(remote_state {
  backend = local.kind
  config  = {}
})"),
              IsEmpty());
  EXPECT_THAT(backends(R"(remote_state {
  backend = "s3"
})"),
              IsEmpty());
  EXPECT_THAT(backends("remote_state = 5"), IsEmpty());
  EXPECT_THAT(backends("remote_state {"), IsEmpty());
}

TEST(Terragrunt, OnlyFilesOfItsKindAreRead) {
  EXPECT_THAT(backends(R"({"remote_state": {"backend": "s3", "config": {"bucket": "b"}}})", "live/one.json"),
              IsEmpty());
  EXPECT_THAT(backends(R"(remote_state {
  backend = "gcs"
  config  = { bucket = "b", prefix = "p" }
})",
                       "root.hcl"),
              ElementsAre(StrEq(R"(gcs bucket="b" prefix="p")")));
}

}  // namespace
}  // namespace gabion::terraform
