// Files that no Terraform configuration reads and that scan judges all the same: policies in JSON, as what they are,
// and the states that Terragrunt's configurations speak of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class LooseFilesTest : public testing::Test {
 protected:
  LooseFilesTest() { project_.write("main.tf", kGoodKey); }

  void write_policy(std::string_view name, std::string_view statement) const {
    project_.write(name, "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [" + std::string(statement) + "]\n}\n");
  }

  /// "file:line rule" of every finding in files other than main.tf.
  [[nodiscard]] std::vector<std::string> findings(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"scan", "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const json document = project_.gabion(arguments).json();
    std::vector<std::string> found;
    for (const json& finding : document["findings"]) {
      if (finding["file"] != "main.tf") {
        found.push_back(finding["file"].get<std::string>() + ":" + std::to_string(finding["line"].get<int>()) + " " +
                        finding["rule"]["id"].get<std::string>());
      }
    }
    return found;
  }

  Project project_;
};

TEST_F(LooseFilesTest, PoliciesAreJudgedAsWhatTheyAre) {
  write_policy("policies/admin.json", R"({"Effect": "Allow", "Action": "*", "Resource": "*"})");
  write_policy("policies/trust.json", R"({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"})");
  write_policy("policies/bucket.json", R"({"Effect": "Allow", "Principal": "*", "Action": "*",
    "Resource": ["arn:aws:s3:::example", "arn:aws:s3:::example/*"]})");
  write_policy("policies/key.json",
               R"({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"})");
  write_policy("policies/images.json", R"({"Effect": "Allow", "Principal": "*", "Action": "ecr:BatchGetImage"})");
  write_policy("scp/everything.json", R"({"Effect": "Deny", "Action": "*", "Resource": "*"})");
  const std::vector<std::string> found = findings();
  EXPECT_THAT(found, Contains("policies/admin.json:3 aws-iam-policy-admin"));
  EXPECT_THAT(found, Contains("policies/trust.json:3 aws-iam-trust-wildcard"));
  EXPECT_THAT(found, Contains("policies/bucket.json:3 aws-s3-public-write"));
  EXPECT_THAT(found, Contains("policies/key.json:3 aws-kms-policy-public"));
  EXPECT_THAT(found, Contains("policies/images.json:3 aws-ecr-repository-policy-public"));
  EXPECT_THAT(found, Contains("scp/everything.json:1 aws-organizations-scp"));
}

TEST_F(LooseFilesTest, GoodPoliciesAndTemplatesAreQuiet) {
  write_policy("policies/reader.json",
               R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::example/*"})");
  write_policy("policies/function.json", R"({"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
                                             "Action": "sts:AssumeRole"})");
  write_policy("policies/template.json", R"({"Effect": "Allow", "Action": "*", "Resource": "${resource}"})");
  project_.write("package.json", R"({"Statement": "no policy"})");
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(LooseFilesTest, APolicyThatAConfigurationReadsIsJudgedThereAlone) {
  write_policy("admin.json", R"({"Effect": "Allow", "Action": "*", "Resource": "*"})");
  project_.write("policy.tf", "resource \"aws_iam_policy\" \"p\" {\n  policy = file(\"admin.json\")\n}\n");
  const json document =
      project_.gabion({"scan", "--format", "json", "--rule", "aws-iam-policy-admin"}).json()["findings"];
  ASSERT_EQ(document.size(), 1U);
  EXPECT_EQ(document[0]["resource"], "aws_iam_policy.p");
}

TEST_F(LooseFilesTest, RemoteStatesOfTerragruntAreBackends) {
  project_.write("live/root.hcl", R"(remote_state {
  backend = "s3"
  config = {
    bucket     = "example-state"
    key        = "${path_relative_to_include()}/terraform.tfstate"
    region     = "eu-west-1"
    encrypt    = false
    kms_key_id = "alias/state"
  }
}
)");
  EXPECT_THAT(findings(),
              ElementsAre("live/root.hcl:1 terraform-backend-lock", "live/root.hcl:7 terraform-backend-encrypt",
                          "live/root.hcl:8 terraform-backend-kms-arn"));
  // What is mended there is mended by hand.
  const Outcome fix = project_.gabion({"fix", "--unsafe", "--rule", "terraform-backend-*"});
  EXPECT_EQ(fix.status, 1) << fix.err;
  EXPECT_THAT(fix.out, Not(HasSubstr("@@")));
}

TEST_F(LooseFilesTest, StatesOfTwoUnitsUnderOneKeyAreFound) {
  const std::string_view state = R"(remote_state {
  backend = "s3"
  config = {
    bucket       = "example-state"
    key          = "terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}
)";
  project_.write("live/a/terragrunt.hcl", state);
  EXPECT_THAT(findings(), IsEmpty());
  project_.write("live/b/terragrunt.hcl", state);
  EXPECT_THAT(findings(), Contains(HasSubstr("terraform-backend-unique-key")));
}

}  // namespace
}  // namespace gabion::e2e
