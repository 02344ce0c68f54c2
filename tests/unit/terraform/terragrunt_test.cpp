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
      one += " " + std::string(attribute.name) + "=" +
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
