// gabion config and gabion init.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients.h"
#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(ConfigTest, CheckSaysWhereAndWhat) {
  const Project project;
  project.write("main.tf", kGoodKey);
  EXPECT_EQ(project.gabion({"config", "check"}).status, 0);
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"fail-onn: low\n", ":1:1: unknown key \"fail-onn\" (did you mean \"fail-on\"?)"},
      {"rules:\n  skipp: []\n", ":2:3: unknown key \"skipp\" (did you mean \"skip\"?)"},
      {"suppression-policy:\n  require: [reasn]\n", ":2:13: \"reasn\" is none of reason, owner, until"},
      {"suppressions:\n  - rules: [\"*\"]\n    until: 2026-02-30\n", ":3:12: \"2026-02-30\" is no day"},
      {"suppressions:\n  - reason: x\n", ":2:5: the key \"rules\" is missing here"},
      {"overrides:\n  - paths: [a]\n    severity: {aws-kms-key-rotatoin: low}\n", ":3:16: no rule has the id"},
      {"rules:\n  observe: [aws-kmz-*]\n", ":2:13: no rule has the id"},
      {"parameters:\n  no_such: 1\n", ":2:3: no rule has a parameter"},
      {"rules: {}\nrules: {}\n", ":2:1: the key \"rules\" occurs twice"},
  };
  for (const auto& [text, message] : wrong) {
    project.write(".gabion.yaml", text);
    const Outcome outcome = project.gabion({"config", "check"});
    EXPECT_EQ(outcome.status, 2) << text;
    EXPECT_THAT(outcome.err, HasSubstr(".gabion.yaml" + message)) << text;
  }
}

TEST(ConfigTest, SchemaIsJsonAndKnowsEveryKey) {
  const Project project;
  const Outcome outcome = project.gabion({"config", "schema"});
  const json schema = outcome.json();
  ASSERT_TRUE(schema.is_object()) << outcome.err;
  for (const char* key : {"fail-on", "rules", "parameters", "environments", "aws", "suppressions", "suppression-policy",
                          "overrides", "baseline"}) {
    EXPECT_FALSE(schema.at("properties").at(key).at("description").get<std::string>().empty()) << key;
  }
  EXPECT_EQ(schema.at("additionalProperties"), false);
}

TEST(ConfigTest, SchemaTakesWhatTheProgramTakes) {
  const Project project;
  if (!has_client_module("ajv")) {
    GTEST_SKIP() << kNoClients;
  }
  const std::vector<std::pair<std::string, bool>> files = {
      {"{}", true},
      {R"({"fail-on": "high", "min-severity": "low", "exclude": ["examples/"]})", true},
      {R"({"rules": {"skip": ["aws-s3-*"], "severity": {"aws-kms-key-rotation": "low"}}})", true},
      {R"({"rules": {"observe": ["aws-kms-*", {"rules": ["aws-s3-*"], "enforce-from": "2030-01-31"}]}})", true},
      {R"({"environments": {"prod": {"vars": {"n": 3}, "workspace": "p", "roots": ["infra"]}}})", true},
      {R"({"suppressions": [{"rules": ["*"], "paths": ["a"], "reason": "r", "until": "2030-01-31"}]})", true},
      {R"({"suppression-policy": {"require": ["reason", "owner"], "never": ["aws-*"], "comments": ["checkov"]}})",
       true},
      {R"({"overrides": [{"paths": ["a"], "severity": {"aws-kms-key-rotation": "low"}}]})", true},
      {R"({"parameters": {"approved_domains": [".example.com"]}})", true},
      {R"({"fail-onn": "high"})", false},
      {R"({"fail-on": "severe"})", false},
      {R"({"rules": {"skipp": []}})", false},
      {R"({"rules": {"skip": {"a": 1}}})", false},
      {R"({"suppressions": [{"reason": "x"}]})", false},
      {R"({"suppression-policy": {"require": ["reasn"]}})", false},
      {R"({"overrides": [{"severity": {}}]})", false},
      {R"([1])", false},
  };
  project.write("infra/main.tf", kGoodKey);
  std::string input = project.gabion({"config", "schema"}).json().dump() + "\n";
  std::string expected;
  for (const auto& [text, right] : files) {
    project.write(".gabion.yaml", text);
    EXPECT_EQ(project.gabion({"config", "check"}).status, right ? 0 : 2) << text;
    input += text + "\n";
    expected += right ? "valid\n" : "invalid\n";
  }
  const Outcome checked =
      project.run({"node", client_script("schema.js")}, input, {{"NODE_PATH", client_modules().string()}});
  EXPECT_EQ(checked.out, expected) << checked.err;
}

TEST(ConfigTest, InitWritesWhatWorksAndNeverOverwrites) {
  const Project project;
  project.write("main.tf", kGoodKey);
  const Outcome first = project.gabion({"init"});
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(project.gabion({"config", "check"}).status, 0) << project.gabion({"config", "check"}).err;
  EXPECT_THAT(project.read(".pre-commit-config.yaml"), HasSubstr("id: gabion"));
  EXPECT_THAT(project.read(".pre-commit-config.yaml"), HasSubstr("entry: gabion scan --hook"));
  EXPECT_THAT(project.read(".github/workflows/gabion.yml"), HasSubstr("gabion scan"));
  project.write(".gabion.yaml", "fail-on: high\n");
  const Outcome second = project.gabion({"init"});
  EXPECT_EQ(second.status, 0);
  EXPECT_THAT(second.out, IsEmpty());
  EXPECT_THAT(second.err, HasSubstr("exists and stays as it is"));
  EXPECT_EQ(project.read(".gabion.yaml"), "fail-on: high\n");
}

}  // namespace
}  // namespace gabion::e2e
