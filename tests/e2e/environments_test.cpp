// Environments and workspaces from the configuration file to the report.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class EnvironmentsTest : public testing::Test {
 protected:
  void SetUp() override {
    project_.write("infra/main.tf",
                   "variable \"rotate\" {\n  type = bool\n}\nresource \"aws_kms_key\" \"k\" {\n"
                   "  description         = terraform.workspace\n  enable_key_rotation = var.rotate\n}\n");
    project_.write("other/main.tf", "resource \"aws_kms_key\" \"o\" {\n  enable_key_rotation = false\n}\n");
    project_.write("envs/test.tfvars", "rotate = false\n");
    project_.write(".gabion.yaml",
                   "rules: {only: [aws-kms-key-rotation]}\n"
                   "environments:\n"
                   "  prod:\n"
                   "    vars: {rotate: true}\n"
                   "    workspace: production\n"
                   "    roots: [infra]\n"
                   "  test:\n"
                   "    var-files: [envs/test.tfvars]\n"
                   "    roots: [infra]\n"
                   "  dev:\n"
                   "    vars:\n"
                   "      rotate: false\n"
                   "    roots: [infra]\n");
  }
  Project project_;
};

TEST_F(EnvironmentsTest, AreNamedByFindings) {
  const Outcome outcome = project_.gabion({"scan", "--format", "json"});
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  const json findings = outcome.json().at("findings");
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].at("resource"), "aws_kms_key.k");
  EXPECT_EQ(findings[0].at("environments"), json({"test", "dev"}));
  EXPECT_EQ(findings[1].at("resource"), "aws_kms_key.o");
  EXPECT_EQ(findings[1].at("environments"), json::array());
  EXPECT_THAT(project_.gabion({"scan"}).out, HasSubstr("= environments: test, dev\n"));
  const json sarif = project_.gabion({"scan", "--format", "sarif"}).json();
  EXPECT_EQ(sarif.at("runs")[0].at("results")[0].at("properties").at("environments"), json({"test", "dev"}));
}

TEST_F(EnvironmentsTest, ShowWhereAValueWasSetInTheConfigurationFile) {
  const Outcome outcome = project_.gabion({"scan", "--format", "json", "--environment", "dev", "infra"});
  const json trace = outcome.json().at("findings").at(0).at("trace");
  ASSERT_FALSE(trace.empty());
  EXPECT_EQ(trace.back().at("file"), ".gabion.yaml");
  EXPECT_EQ(trace.back().at("line"), 12);
}

TEST_F(EnvironmentsTest, AreSelected) {
  const Outcome outcome = project_.gabion({"scan", "--environment", "prod", "infra"});
  EXPECT_EQ(outcome.status, 0) << outcome.out;
  const Outcome wrong = project_.gabion({"scan", "--environment", "prd"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean \"prod\"?"));
}

TEST_F(EnvironmentsTest, GiveWayToTheCommandLine) {
  EXPECT_EQ(project_.gabion({"scan", "--var", "rotate=true", "infra"}).status, 0);
}

TEST_F(EnvironmentsTest, AreShownOneByOne) {
  const json resources = project_.gabion({"show", "--format", "json", "."}).json().at("resources");
  ASSERT_EQ(resources.size(), 4U);
  EXPECT_EQ(resources[0].at("environment"), "prod");
  EXPECT_EQ(resources[0].at("values").at("description"), "production");
  EXPECT_EQ(resources[1].at("values").at("description"), "default");
  EXPECT_FALSE(resources[3].contains("environment"));
}

TEST_F(EnvironmentsTest, AreProvedTogetherByFixes) {
  project_.write("infra/main.tf",
                 "variable \"rotate\" {\n  type = bool\n}\nresource \"aws_kms_key\" \"k\" {\n"
                 "  enable_key_rotation = false\n  description         = tostring(var.rotate)\n}\n");
  const Outcome outcome = project_.gabion({"fix", "--write", "infra"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(project_.read("infra/main.tf"), HasSubstr("enable_key_rotation = true"));
}

TEST_F(EnvironmentsTest, ErrorsNameTheirPlace) {
  project_.write(".gabion.yaml", "environments:\n  prod:\n    var-files:\n      - envs/none.tfvars\n");
  const Outcome outcome = project_.gabion({"scan"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr(".gabion.yaml:4:9: the variables file envs/none.tfvars of environment \"prod\""));
}

TEST_F(EnvironmentsTest, NameTheWorkspace) {
  const auto description = [&](const std::vector<std::string>& arguments,
                               const std::map<std::string, std::string>& environment) {
    std::vector<std::string> all = {"show", "--no-config", "--format", "json", "infra"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return project_.gabion(all, {}, environment).json().at("resources").at(0).at("values").at("description");
  };
  EXPECT_EQ(description({}, {}), "default");
  project_.write("infra/.terraform/environment", "selected");
  EXPECT_EQ(description({}, {}), "selected");
  EXPECT_EQ(description({}, {{"TF_WORKSPACE", "given"}}), "given");
  EXPECT_EQ(description({"--workspace", "mine"}, {{"TF_WORKSPACE", "given"}}), "mine");
}

TEST_F(EnvironmentsTest, CountAttributesForPrograms) {
  const json counts = project_.gabion({"show", "--no-config", "--statistics", "--format", "json", "infra"}).json();
  EXPECT_EQ(counts.at("attributes"), 2);
  EXPECT_EQ(counts.at("known"), 1);
  EXPECT_EQ(counts.at("unknown").at("variable"), 1);
  EXPECT_EQ(counts.at("unknown").at("unsupported"), 0);
}

TEST_F(EnvironmentsTest, AreNamedByProblems) {
  project_.write("infra/more.tf",
                 "locals {\n  wrong = var.rotate ? 1 : tonumber(\"x\")\n}\nresource \"aws_kms_key\" \"w\" {\n"
                 "  count = local.wrong\n}\n");
  const json diagnostics = project_.gabion({"scan", "--format", "json"}).json().at("diagnostics");
  ASSERT_FALSE(diagnostics.empty());
  EXPECT_EQ(diagnostics[0].at("environments"), json({"test", "dev"})) << diagnostics[0];
  EXPECT_THAT(project_.gabion({"scan"}).out, HasSubstr("= in: environments test, dev\n"));
}

}  // namespace
}  // namespace gabion::e2e
