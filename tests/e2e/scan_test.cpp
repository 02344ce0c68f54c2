// gabion scan: statuses, formats, selection, variables, configuration. The promises of docs/cli.md, one by one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ScanTest : public testing::Test {
 protected:
  Project project_;
};

TEST_F(ScanTest, EndsWithZeroWhenAllIsWell) {
  project_.write("main.tf", kGoodKey);
  const Outcome outcome = project_.gabion({"scan", "--rule", "aws-kms-key-rotation"});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out, HasSubstr("no findings"));
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST_F(ScanTest, EndsWithOneOnFindings) {
  project_.write("main.tf", kBadKey);
  EXPECT_EQ(project_.gabion({"scan"}).status, 1);
  EXPECT_EQ(project_.gabion({"scan", "main.tf"}).status, 1);
}

TEST_F(ScanTest, SaysTheSameWithAnyNumberOfThreads) {
  for (int module = 0; module < 20; ++module) {
    const std::string directory = "m" + std::to_string(module) + "/";
    project_.write(directory + "main.tf", module % 3 == 0 ? kGoodKey : kBadKey);
    project_.write(directory + "broken.tf", module % 5 == 0 ? "resource {" : "# nothing\n");
  }
  const Outcome one = project_.gabion({"scan", "--jobs", "1", "--format", "json"});
  EXPECT_EQ(one.status, 1);
  EXPECT_THAT(findings_of(one), Not(IsEmpty()));
  for (const char* jobs : {"0", "2", "3", "16"}) {
    const Outcome several = project_.gabion({"scan", "--jobs", jobs, "--format", "json"});
    EXPECT_EQ(several.status, one.status);
    EXPECT_EQ(several.out, one.out) << jobs << " jobs";
  }
}

TEST_F(ScanTest, EndsWithTwoOnWrongUsage) {
  project_.write("main.tf", kGoodKey);
  const std::vector<std::vector<std::string>> wrong = {
      {},
      {"scam"},
      {"scan", "--no-such-option"},
      {"scan", "--format", "jsn"},
      {"scan", "--jobs", "-1"},
      {"scan", "--jobs", "many"},
      {"scan", "--fail-on", "severe"},
      {"scan", "--var", "novalue"},
      {"scan", "--report", "json"},
      {"scan", "--report", "jsn=x"},
      {"scan", "--config", "absent.yaml"},
      {"scan", "--var-file", "absent.tfvars"},
      {"scan", "--rules", "absent"},
      {"scan", "absent"},
      {"scan", "--rule", "aws-kms-key-rotatoin"},
      {"scan", "--skip-rule", "aws-kms-key-rotatoin"},
      {"scan", "-", "-"},
  };
  for (const std::vector<std::string>& arguments : wrong) {
    const Outcome outcome = project_.gabion(arguments);
    EXPECT_EQ(outcome.status, 2) << testing::PrintToString(arguments);
    EXPECT_THAT(outcome.err, HasSubstr("gabion: error: ")) << testing::PrintToString(arguments);
    EXPECT_THAT(outcome.out, IsEmpty()) << testing::PrintToString(arguments);
  }
}

TEST_F(ScanTest, EndsWithThreeWhenSomethingWasNotAnalysed) {
  project_.write("main.tf", kGoodKey);
  project_.write("broken.tf", "resource \"aws_kms_key\" {{{");
  const Outcome outcome = project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", "json"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.json().at("summary").at("incomplete"), true);
  const json report = outcome.json();
  const json& problem = report.at("diagnostics").at(0);
  EXPECT_EQ(problem.at("severity"), "error");
  EXPECT_EQ(problem.at("file"), "broken.tf");
  EXPECT_EQ(problem.at("line"), 1);
}

TEST_F(ScanTest, FindingsGoBeforeIncompleteness) {
  project_.write("main.tf", kBadKey);
  project_.write("broken.tf", "resource \"aws_kms_key\" {{{");
  EXPECT_EQ(project_.gabion({"scan"}).status, 1);
  EXPECT_EQ(project_.gabion({"scan", "--fail-on", "critical"}).status, 3);
}

TEST_F(ScanTest, JsonHasThePromisedShape) {
  project_.write("main.tf", "module \"x\" {\n  source = \"./modules/x\"\n  rotate = false\n}\n");
  project_.write("modules/x/main.tf",
                 "variable \"rotate\" {\n  type = bool\n}\n\nresource \"aws_kms_key\" \"a\" {\n  count = 1\n\n"
                 "  enable_key_rotation = var.rotate\n}\n");
  const Outcome outcome = project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", "json"});
  ASSERT_EQ(outcome.status, 1);
  const json report = outcome.json();
  ASSERT_TRUE(report.is_object()) << outcome.out;
  EXPECT_EQ(report.at("schema_version"), 1);
  EXPECT_EQ(report.at("tool").at("name"), "gabion");
  EXPECT_TRUE(report.at("tool").at("version").is_string());
  ASSERT_EQ(report.at("findings").size(), 1U);
  const json& finding = report.at("findings").at(0);
  EXPECT_EQ(finding.at("rule").at("id"), "aws-kms-key-rotation");
  EXPECT_TRUE(finding.at("rule").at("title").is_string());
  EXPECT_EQ(finding.at("rule").at("severity"), "medium");
  EXPECT_THAT(finding.at("rule").at("aliases").get<std::vector<std::string>>(), testing::Contains("CKV_AWS_7"));
  EXPECT_EQ(finding.at("resource"), "module.x.aws_kms_key.a[0]");
  EXPECT_TRUE(finding.at("message").is_string());
  EXPECT_EQ(finding.at("file"), "modules/x/main.tf");
  EXPECT_EQ(finding.at("line"), 8);
  EXPECT_EQ(finding.at("range").at("start"), json({{"line", 8}, {"column", 3}}));
  EXPECT_EQ(finding.at("range").at("end").at("line"), 8);
  const json& trace = finding.at("trace");
  ASSERT_FALSE(trace.empty());
  EXPECT_EQ(trace.back().at("file"), "main.tf");
  EXPECT_EQ(trace.back().at("line"), 3);
  EXPECT_THAT(trace.back().at("message").get<std::string>(), HasSubstr("rotate = false"));
  EXPECT_TRUE(finding.at("witness").is_null());
  EXPECT_TRUE(finding.at("suppressed").is_null());
  EXPECT_EQ(finding.at("fingerprint").get<std::string>().size(), 32U);
  const json& fix = finding.at("fix");
  EXPECT_EQ(fix.at("safety"), "safe") << "gabion fix proves that nothing else depends on the argument";
  EXPECT_TRUE(fix.at("title").is_string());
  const json& edit = fix.at("edits").at(0);
  const std::string text = project_.read(edit.at("file").get<std::string>());
  EXPECT_EQ(text.substr(edit.at("start"), edit.at("end").get<std::size_t>() - edit.at("start").get<std::size_t>()),
            "false");
  EXPECT_EQ(edit.at("text"), "true");
  EXPECT_TRUE(report.at("unresolved").is_array());
  EXPECT_TRUE(report.at("diagnostics").empty());
  const json& summary = report.at("summary");
  EXPECT_EQ(summary.at("files"), 2);
  EXPECT_EQ(summary.at("modules"), 2);
  EXPECT_EQ(summary.at("resources"), 1);
  EXPECT_TRUE(summary.at("policies").is_number());
  EXPECT_GT(summary.at("rules"), 0);
  EXPECT_EQ(summary.at("findings").at("medium"), 1);
  EXPECT_EQ(summary.at("findings").at("critical"), 0);
  EXPECT_EQ(summary.at("findings").at("high"), 0);
  EXPECT_EQ(summary.at("findings").at("low"), 0);
  EXPECT_EQ(summary.at("incomplete"), false);
}

TEST_F(ScanTest, WitnessesNameTheRequest) {
  project_.write("main.tf", R"(resource "aws_iam_role" "r" {
  name = "r"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "sts:AssumeRole"
    }]
  })
}
)");
  const Outcome outcome = project_.gabion({"scan", "--format", "json", "--rule", "aws-iam-trust-mfa"});
  const json report = outcome.json();
  ASSERT_EQ(report.at("findings").size(), 1U) << outcome.out;
  const json& witness = report.at("findings").at(0).at("witness");
  EXPECT_THAT(witness.at("principal").get<std::string>(), HasSubstr("111122223333"));
  EXPECT_EQ(witness.at("action"), "sts:AssumeRole");
  EXPECT_TRUE(witness.at("resource").is_null());
  EXPECT_TRUE(witness.at("context").is_object());
}

TEST_F(ScanTest, ProgramsGetADocumentWhenSomethingFails) {
  project_.write("main.tf", kBadKey);
  project_.write("bad.yaml", "rules:\n  skipp: [x]\n");
  project_.write("rule.yaml", "id: x\n");
  const std::vector<std::vector<std::string>> failing = {
      {"--config", "bad.yaml"}, {"absent"},         {"--rules", "rule.yaml"}, {"--rule", "absent"},
      {"--fail-on", "severe"},  {"--no-such-flag"}, {"--var-file", "absent"},
  };
  for (const std::string format : {"json", "sarif"}) {
    for (std::vector<std::string> arguments : failing) {
      arguments.insert(arguments.begin(), {"scan", "--format", format});
      const Outcome outcome = project_.gabion(arguments);
      EXPECT_EQ(outcome.status, 2) << testing::PrintToString(arguments);
      EXPECT_THAT(outcome.err, HasSubstr("gabion: error: ")) << testing::PrintToString(arguments);
      const json report = outcome.json();
      ASSERT_TRUE(report.is_object()) << testing::PrintToString(arguments) << outcome.out;
      if (format == "json") {
        EXPECT_TRUE(report.at("findings").empty());
        EXPECT_EQ(report.at("summary").at("incomplete"), true);
        ASSERT_FALSE(report.at("diagnostics").empty());
        EXPECT_EQ(report.at("diagnostics").at(0).at("severity"), "error");
      } else {
        EXPECT_EQ(report.at("version"), "2.1.0");
      }
    }
  }
}

TEST_F(ScanTest, SarifNamesRuleAndPlace) {
  project_.write("main.tf", kBadKey);
  const Outcome outcome = project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", "sarif"});
  EXPECT_EQ(outcome.status, 1);
  const json report = outcome.json();
  ASSERT_TRUE(report.is_object());
  EXPECT_EQ(report.at("version"), "2.1.0");
  const json& result = report.at("runs").at(0).at("results").at(0);
  EXPECT_EQ(result.at("ruleId"), "aws-kms-key-rotation");
  const json& place = result.at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(place.at("artifactLocation").at("uri"), "main.tf");
  EXPECT_EQ(place.at("region").at("startLine"), 3);
  EXPECT_TRUE(result.contains("fixes"));
}

TEST_F(ScanTest, StandardInputHasAName) {
  project_.write("envs/prod/other.tf", kGoodKey);
  const Outcome outcome = project_.gabion(
      {"scan", "--rule", "aws-kms-key-rotation", "-", "--stdin-filename", "envs/prod/keys.tf", "--format", "json"},
      kBadKey);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.json().at("findings").at(0).at("file"), "envs/prod/keys.tf") << outcome.out << outcome.err;
  EXPECT_EQ(project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "-"}, kGoodKey).status, 0);
  EXPECT_EQ(project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "-"}, "resource {{{").status, 3);
  EXPECT_EQ(project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "-"}, "").status, 0);
  EXPECT_EQ(
      project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "-", "--stdin-filename", "absent/keys.tf"}, kBadKey)
          .status,
      2);
}

TEST_F(ScanTest, SeveralRootsInAnyOrderGiveTheSameBytes) {
  project_.write("a/main.tf", kBadKey);
  project_.write("b/main.tf", kBadKey);
  project_.write("c/main.tf", kBadKey);
  for (const std::string format : {"text", "json", "sarif"}) {
    const Outcome first = project_.gabion({"scan", "--format", format, "a", "b"});
    EXPECT_EQ(first.status, 1);
    EXPECT_EQ(first.out, project_.gabion({"scan", "--format", format, "a", "b"}).out);
    EXPECT_EQ(first.out, project_.gabion({"scan", "--format", format, "b", "a"}).out);
    EXPECT_THAT(first.out, HasSubstr("a/main.tf"));
    EXPECT_THAT(first.out, HasSubstr("b/main.tf"));
    EXPECT_THAT(first.out, Not(HasSubstr("c/main.tf")));
  }
}

TEST_F(ScanTest, FailOnAndMinimalSeverity) {
  project_.write("main.tf", kBadKey);
  EXPECT_EQ(project_.gabion({"scan", "--fail-on", "medium"}).status, 1);
  const Outcome high = project_.gabion({"scan", "--fail-on", "high"});
  EXPECT_EQ(high.status, 0);
  EXPECT_THAT(high.out, HasSubstr("aws-kms-key-rotation"));
  const Outcome hidden = project_.gabion({"scan", "--min-severity", "high", "--fail-on", "high"});
  EXPECT_EQ(hidden.status, 0);
  EXPECT_THAT(hidden.out, Not(HasSubstr("aws-kms-key-rotation")));
}

TEST_F(ScanTest, RulesAreSelectedByIdGlobAndAlias) {
  project_.write("main.tf", "resource \"aws_kms_key\" \"a\" {\n  deletion_window_in_days = 5\n}\n");
  const auto scan = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"scan", "--format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return findings_of(project_.gabion(arguments));
  };
  const std::vector<std::string> rotation = {"aws-kms-key-rotation aws_kms_key.a"};
  const std::vector<std::string> window = {"aws-kms-key-deletion-window aws_kms_key.a"};
  EXPECT_GT(scan({}).size(), 2U);
  EXPECT_EQ(scan({"--rule", "aws-kms-key-rotation"}), rotation);
  EXPECT_EQ(scan({"--rule", "CKV_AWS_7"}), rotation);
  EXPECT_EQ(scan({"--rule", "AVD-AWS-0065"}), rotation);
  EXPECT_EQ(scan({"--rule", "aws-kms-key-*", "--skip-rule", "*-rotation,*-alias"}), window);
  EXPECT_EQ(scan({"--rule", "aws-kms-key-rotation", "--skip-rule", "aws-s3-*"}), rotation);
  EXPECT_EQ(scan({"--rule", "aws-kms-key-rotation,aws-kms-key-deletion-window"}).size(), 2U);
  EXPECT_TRUE(scan({"--skip-rule", "aws-kms-*"}).empty());
}

TEST_F(ScanTest, AnUnknownRuleGetsASuggestion) {
  project_.write("main.tf", kBadKey);
  const Outcome outcome = project_.gabion({"scan", "--rule", "aws-kms-key-rotatoin"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("did you mean \"aws-kms-key-rotation\"?"));
}

TEST_F(ScanTest, VariablesComeFromManyPlacesInTerraformsOrder) {
  project_.write("main.tf",
                 "variable \"rotate\" {\n  type = bool\n}\n\nresource \"aws_kms_key\" \"a\" {\n"
                 "  enable_key_rotation = var.rotate\n}\n");
  const auto scan = [&](std::vector<std::string> more, const std::map<std::string, std::string>& environment = {}) {
    more.insert(more.begin(), {"scan", "--rule", "aws-kms-key-rotation"});
    return project_.gabion(more, {}, environment).status;
  };
  EXPECT_EQ(scan({}), 0) << "without a value nothing is proven";
  EXPECT_EQ(scan({"--var", "rotate=false"}), 1);
  EXPECT_EQ(scan({}, {{"TF_VAR_rotate", "false"}}), 1);
  EXPECT_EQ(scan({"--var", "rotate=true"}, {{"TF_VAR_rotate", "false"}}), 0);
  project_.write("off.tfvars", "rotate = false\n");
  EXPECT_EQ(scan({"--var-file", "off.tfvars"}), 1);
  EXPECT_EQ(scan({"--var-file", "off.tfvars", "--var", "rotate=true"}), 0);
  EXPECT_EQ(scan({"--var", "rotate=true", "--var-file", "off.tfvars"}), 1);
  project_.write("terraform.tfvars", "rotate = false\n");
  EXPECT_EQ(scan({}), 1);
  EXPECT_EQ(scan({}, {{"TF_VAR_rotate", "true"}}), 1);
  EXPECT_EQ(scan({"--var", "rotate=true"}), 0);
}

TEST_F(ScanTest, UsersRulesWorkLikeBuiltInOnes) {
  project_.write("rules/team-queue-name.yaml", R"(id: team-queue-name
title: queue without the team's prefix
severity: high
why: Alarms are routed by the prefix.
target: aws_sqs_queue
require: startswith(self.name, "team-")
message: the queue is called ${self.name}
at: self.name
examples:
  - bad: |
      resource "aws_sqs_queue" "q" {
        name = "other"
      }
  - good: |
      resource "aws_sqs_queue" "q" {
        name = "team-q"
      }
)");
  project_.write("rules/team-bucket-tls.yaml", R"(id: team-bucket-tls
title: bucket policy lets plain text through
severity: critical
why: Credentials travel in the clear.
target: aws_s3_bucket_policy
require: >-
  iam_denies(self.policy, "resource", {all = [{action = "s3:GetObject"}, {eq = ["aws:SecureTransport", "false"]}]})
message: reading over plain HTTP is not denied
at: self.policy
examples:
  - bad: |
      resource "aws_s3_bucket_policy" "b" {
        bucket = "b"
        policy = jsonencode({ Version = "2012-10-17", Statement = [] })
      }
)");
  project_.write("policies.tf", R"(resource "aws_s3_bucket_policy" "closed" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_s3_bucket_policy" "open" {
  bucket = "b"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:Put*", Resource = "*" }]
  })
}
)");
  project_.write("main.tf", "resource \"aws_sqs_queue\" \"q\" {\n  name = \"mine\"\n}\n");
  const Outcome outcome = project_.gabion({"scan", "--rules", "rules", "--format", "json", "--rule", "team-*"});
  ASSERT_EQ(outcome.status, 1) << outcome.err;
  const json report = outcome.json();
  const json& finding = report.at("findings").at(0);
  EXPECT_EQ(finding.at("rule").at("id"), "team-queue-name");
  EXPECT_EQ(finding.at("rule").at("severity"), "high");
  EXPECT_EQ(finding.at("message"), "the queue is called mine");
  EXPECT_EQ(finding.at("line"), 2);
  EXPECT_EQ(findings_of(outcome),
            (std::vector<std::string>{"team-queue-name aws_sqs_queue.q", "team-bucket-tls aws_s3_bucket_policy.open"}));
  EXPECT_EQ(project_.gabion({"explain", "team-queue-name", "--rules", "rules"}).status, 0);
}

TEST_F(ScanTest, AMistakeInAUsersRuleHasPlaceAndHint) {
  project_.write("main.tf", kBadKey);
  project_.write("rules/r.yaml", "id: team-r\ntitle: t\nseverity: high\nwhy: w\ntarget: aws_kms_key\nrequre: true\n");
  const Outcome outcome = project_.gabion({"scan", "--rules", "rules"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr("rules/r.yaml:6:1: unknown key \"requre\""));
  EXPECT_THAT(outcome.err, HasSubstr("did you mean \"require\"?"));
}

TEST_F(ScanTest, ConfigurationIsFoundUpward) {
  project_.write(".gabion.yaml", "rules:\n  skip: [aws-kms-*]\n");
  project_.write("deep/er/main.tf", kBadKey);
  EXPECT_EQ(project_.gabion({"scan", "deep/er"}).status, 0);
  EXPECT_EQ(project_.gabion({"scan", "deep/er/main.tf"}).status, 0);
  EXPECT_EQ(project_.gabion({"scan", "--no-config", "deep/er"}).status, 1);
  project_.write("other.yaml", "fail-on: high\n");
  EXPECT_EQ(project_.gabion({"scan", "--config", "other.yaml", "deep/er"}).status, 0);
  project_.write("deep/er/.gabion.yaml",
                 "rules:\n  only: [aws-kms-key-rotation]\n  severity:\n    aws-kms-key-rotation: critical\n");
  const Outcome outcome = project_.gabion({"scan", "deep/er", "--format", "json"});
  EXPECT_EQ(outcome.json().at("findings").at(0).at("rule").at("severity"), "critical");
}

TEST_F(ScanTest, MistakesInTheConfigurationHavePlaceAndHint) {
  project_.write("main.tf", kBadKey);
  const std::vector<std::array<std::string, 3>> mistakes = {
      {"rules:\n  skipp: [x]\n", ".gabion.yaml:2:3: ", "did you mean \"skip\"?"},
      {"fail-on: medum\n", ".gabion.yaml:1:10: ", "low, medium, high or critical"},
      {"parameters:\n  kms_minimum_deletion_windw: 9\n", ".gabion.yaml:2:3: no rule has a parameter", "did you mean"},
      {"rules:\n  severity:\n    aws-kms-key-rotatoin: low\n", ".gabion.yaml:3:5: no rule has the id", "did you mean"},
      {"rules: [a\n", ".gabion.yaml:", "check indentation and quotes"},
  };
  for (const auto& [text, place, hint] : mistakes) {
    project_.write(".gabion.yaml", text);
    const Outcome outcome = project_.gabion({"scan"});
    EXPECT_EQ(outcome.status, 2) << text;
    EXPECT_THAT(outcome.err, HasSubstr(place)) << text;
    EXPECT_THAT(outcome.err, HasSubstr(hint)) << text;
  }
}

TEST_F(ScanTest, ReportsGoToFiles) {
  project_.write("main.tf", kBadKey);
  const Outcome one = project_.gabion({"scan", "--format", "json", "--output", "r.report"});
  EXPECT_EQ(one.status, 1);
  EXPECT_THAT(one.out, IsEmpty());
  EXPECT_EQ(project_.read("r.report"), project_.gabion({"scan", "--format", "json"}).out);
  const Outcome several =
      project_.gabion({"scan", "--format", "text", "--report", "json=a.report", "--report", "sarif=b.sarif"});
  EXPECT_EQ(several.status, 1);
  EXPECT_EQ(project_.read("a.report"), project_.read("r.report"));
  EXPECT_EQ(json::parse(project_.read("b.sarif"), nullptr, false).at("version"), "2.1.0");
  const Outcome nowhere = project_.gabion({"scan", "--output", "absent/r.txt"});
  EXPECT_EQ(nowhere.status, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("absent/r.txt"));
}

TEST_F(ScanTest, ReportsNeverReplaceWhatIsNoFile) {
  project_.write("main.tf", kBadKey);
  project_.write("real.json", "old");
  std::filesystem::create_symlink("real.json", project_.path("link.json"));
  EXPECT_EQ(project_.gabion({"scan", "--format", "json", "--output", "link.json"}).status, 1);
  EXPECT_TRUE(std::filesystem::is_symlink(project_.path("link.json")));
  EXPECT_THAT(project_.read("real.json"), HasSubstr("schema_version"));
  EXPECT_EQ(project_.gabion({"scan", "--output", "/dev/null"}).status, 1);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(ScanTest, UnresolvedIsShownOnRequest) {
  project_.write("main.tf",
                 "variable \"rotate\" {}\n\nresource \"aws_kms_key\" \"a\" {\n  enable_key_rotation = var.rotate\n}\n");
  const Outcome outcome =
      project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", "json", "--show-unresolved"});
  EXPECT_EQ(outcome.status, 0);
  ASSERT_FALSE(outcome.json().at("unresolved").empty());
  EXPECT_THAT(outcome.json().at("unresolved").dump(), HasSubstr("var.rotate"));
  EXPECT_THAT(project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--show-unresolved"}).out,
              HasSubstr("var.rotate"));
}

TEST_F(ScanTest, InstancesAreSingleFindingsWithOnePlace) {
  project_.write("main.tf",
                 "resource \"aws_kms_key\" \"a\" {\n  for_each = toset([\"x\", \"y\"])\n\n"
                 "  enable_key_rotation = false\n}\n");
  const Outcome outcome = project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", "json"});
  EXPECT_EQ(findings_of(outcome), (std::vector<std::string>{R"(aws-kms-key-rotation aws_kms_key.a["x"])",
                                                            R"(aws-kms-key-rotation aws_kms_key.a["y"])"}));
  const json report = outcome.json();
  EXPECT_EQ(report.at("findings").at(0).at("range"), report.at("findings").at(1).at("range"));
  EXPECT_NE(report.at("findings").at(0).at("fingerprint"), report.at("findings").at(1).at("fingerprint"));
}

TEST_F(ScanTest, ColourOnlyWhenAskedFor) {
  project_.write("main.tf", kBadKey);
  EXPECT_THAT(project_.gabion({"scan"}).out, Not(HasSubstr("\x1b[")));
  EXPECT_THAT(project_.gabion({"--color", "always", "scan"}).out, HasSubstr("\x1b["));
  EXPECT_THAT(project_.gabion({"scan", "--color", "never"}, {}, {{"CLICOLOR_FORCE", "1"}}).out,
              Not(HasSubstr("\x1b[")));
}

}  // namespace
}  // namespace gabion::e2e
