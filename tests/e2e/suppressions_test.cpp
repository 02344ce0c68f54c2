// Suppressions: comments of ours and of other scanners, entries of the configuration file, what the policy says about
// them, and the findings about suppressions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kRules = "aws-kms-key-rotation,suppression-*";

class SuppressionsTest : public testing::Test {
 protected:
  [[nodiscard]] Outcome scan(const std::string& format = "json", const std::string& today = "2026-06-15") const {
    return project_.gabion({"scan", "--rule", std::string(kRules), "--format", format, "--today", today});
  }

  /// A key that the rule reports, with `before` above the block and `inside` at its start.
  static std::string key(std::string_view name, std::string_view before = "", std::string_view inside = "") {
    return std::string(before) + "resource \"aws_kms_key\" \"" + std::string(name) + "\" {\n" + std::string(inside) +
           "  enable_key_rotation = false\n}\n";
  }

  Project project_;
};

TEST_F(SuppressionsTest, CoverTheLineTheBlockAndTheFile) {
  project_.write("main.tf", key("above", "# gabion:ignore aws-kms-key-rotation by hand\n") +
                                "resource \"aws_kms_key\" \"line\" {\n"
                                "  enable_key_rotation = false # gabion:ignore aws-kms-key-rotation by hand\n}\n" +
                                key("header", "", "  # gabion:ignore aws-kms-key-rotation next line\n") + key("open"));
  project_.write("all.tf", "// gabion:ignore-file aws-kms-* whole file\n" + key("p") + key("q"));
  const Outcome outcome = scan();
  EXPECT_THAT(findings_of(outcome), ElementsAre("aws-kms-key-rotation aws_kms_key.open"));
  EXPECT_EQ(outcome.status, 1);
}

TEST_F(SuppressionsTest, AreCarriedWithReasonOwnerAndEnd) {
  project_.write("main.tf",
                 key("a", "# gabion:ignore aws-kms-key-rotation owner=\"Team A\" until=2026-06-15 rotated by hand\n"));
  const Outcome outcome = scan();
  EXPECT_EQ(outcome.status, 0) << outcome.out;
  const json suppressed = outcome.json().at("findings").at(0).at("suppressed");
  EXPECT_EQ(suppressed,
            json({{"kind", "inline"}, {"reason", "rotated by hand"}, {"owner", "Team A"}, {"until", "2026-06-15"}}));
  const json sarif = scan("sarif").json();
  const json result = sarif.at("runs").at(0).at("results").at(0);
  EXPECT_EQ(result.at("suppressions").at(0).at("kind"), "inSource");
  EXPECT_EQ(result.at("suppressions").at(0).at("justification"), "rotated by hand");
  const Outcome text = project_.gabion({"scan", "--rule", std::string(kRules), "--today", "2026-06-15"});
  EXPECT_THAT(text.out, HasSubstr("1 finding suppressed"));
  EXPECT_THAT(
      project_.gabion({"scan", "--rule", std::string(kRules), "--today", "2026-06-15", "--show-suppressed"}).out,
      HasSubstr("rotated by hand"));
}

TEST_F(SuppressionsTest, SelectInstances) {
  project_.write("main.tf",
                 "resource \"aws_kms_key\" \"e\" {\n  for_each = toset([\"x\", \"y\"])\n"
                 "  # gabion:ignore aws-kms-key-rotation instance=[\"x\"] only this one\n"
                 "  enable_key_rotation = false\n}\n");
  EXPECT_THAT(findings_of(scan()), ElementsAre("aws-kms-key-rotation aws_kms_key.e[\"y\"]"));
}

TEST_F(SuppressionsTest, OnACallCoverThatCallOnly) {
  project_.write("m/main.tf", key("k"));
  project_.write("main.tf",
                 "# gabion:ignore aws-kms-key-rotation this one may\nmodule \"one\" {\n  source = \"./m\"\n}\n"
                 "module \"two\" {\n  source = \"./m\"\n}\n");
  EXPECT_THAT(findings_of(scan()), ElementsAre("aws-kms-key-rotation module.two.aws_kms_key.k"));
}

TEST_F(SuppressionsTest, UnderstandOtherScanners) {
  project_.write("main.tf", key("checkov", "", "  #checkov:skip=CKV_AWS_7:\"not needed\"\n") +
                                key("trivy", "#trivy:ignore:AVD-AWS-0065:exp:2026-12-31 later\n") +
                                key("tfsec", "#tfsec:ignore:aws-s3-x tfsec:ignore:AWS-0065\n") +
                                key("kics", "# kics-scan ignore-block\n") +
                                key("other", "", "  #checkov:skip=CKV_AWS_8\n") +
                                key("ended", "#trivy:ignore:AVD-AWS-0065:exp:2026-01-31\n"));
  EXPECT_THAT(findings_of(scan()), testing::UnorderedElementsAre("aws-kms-key-rotation aws_kms_key.other",
                                                                 "aws-kms-key-rotation aws_kms_key.ended",
                                                                 "suppression-expired aws_kms_key.ended"));
  project_.write(".gabion.yaml", "suppression-policy:\n  comments: [trivy]\n");
  EXPECT_THAT(findings_of(scan()), testing::IsSupersetOf({"aws-kms-key-rotation aws_kms_key.checkov",
                                                          "aws-kms-key-rotation aws_kms_key.tfsec",
                                                          "aws-kms-key-rotation aws_kms_key.kics"}));
  EXPECT_THAT(findings_of(scan()), Not(testing::Contains("aws-kms-key-rotation aws_kms_key.trivy")));
}

TEST_F(SuppressionsTest, SelectByAttribute) {
  project_.write("main.tf",
                 "#trivy:ignore:AVD-AWS-0065[description=x]\nresource \"aws_kms_key\" \"a\" {\n"
                 "  for_each            = toset([\"x\", \"y\"])\n  description         = each.key\n"
                 "  enable_key_rotation = false\n}\n");
  EXPECT_THAT(findings_of(scan()), ElementsAre("aws-kms-key-rotation aws_kms_key.a[\"y\"]"));
}

TEST_F(SuppressionsTest, InTextsAndMentionsAreNone) {
  project_.write("main.tf",
                 "locals {\n  text = \"# gabion:ignore aws-kms-key-rotation x\"\n  doc = <<-EOT\n"
                 "    # gabion:ignore-file aws-kms-key-rotation x\n  EOT\n}\n"
                 "# write gabion:ignore aws-kms-key-rotation to suppress\n" +
                     key("a"));
  EXPECT_THAT(findings_of(scan()), ElementsAre("aws-kms-key-rotation aws_kms_key.a"));
}

TEST_F(SuppressionsTest, ThatEndedOrDoNothingAreFindingsWithAFix) {
  const std::string good = "resource \"aws_kms_key\" \"good\" {\n  enable_key_rotation = true\n}\n";
  project_.write("main.tf", key("a", "# gabion:ignore aws-kms-key-rotation until=2026-06-14 old\n") +
                                "# gabion:ignore aws-kms-key-rotation no longer needed\n" + good +
                                key("both", "# gabion:ignore aws-kms-key-rotation,suppression-unused half\n"));
  const Outcome outcome = scan();
  EXPECT_THAT(findings_of(outcome),
              ElementsAre("suppression-expired aws_kms_key.a", "aws-kms-key-rotation aws_kms_key.a",
                          "suppression-unused aws_kms_key.good", "suppression-unused aws_kms_key.both"));
  EXPECT_EQ(project_
                .gabion({"fix", "--rule", std::string(kRules), "--skip-rule", "aws-kms-key-rotation", "--write",
                         "--today", "2026-06-15"})
                .status,
            0);
  // Without the rule nothing can be called unused; what has ended goes.
  EXPECT_THAT(project_.read("main.tf"), Not(HasSubstr("until=2026-06-14")));
  EXPECT_THAT(project_.read("main.tf"), HasSubstr("no longer needed"));
  EXPECT_EQ(project_.gabion({"fix", "--rule", std::string(kRules), "--write", "--today", "2026-06-15"}).status, 0);
  EXPECT_THAT(project_.read("main.tf"), Not(HasSubstr("no longer needed")));
  EXPECT_THAT(project_.read("main.tf"), HasSubstr("# gabion:ignore aws-kms-key-rotation half\n"));
}

TEST_F(SuppressionsTest, AreLeftAloneByFix) {
  const std::string text = key("a", "# gabion:ignore aws-kms-key-rotation by hand\n");
  project_.write("main.tf", text);
  const Outcome outcome = project_.gabion({"fix", "--write", "--rule", std::string(kRules)});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(project_.read("main.tf"), text);
}

TEST_F(SuppressionsTest, ThatCannotCountSayWhy) {
  project_.write("main.tf", key("a", "# gabion:ignore\n") + key("b", "# gabion:ignore aws-kms-key-rotatoin typo\n") +
                                key("c", "# gabion:ignore aws-kms-key-rotation until=tomorrow x\n"));
  const Outcome outcome = scan();
  EXPECT_THAT(outcome.out, HasSubstr("it names no rule"));
  EXPECT_THAT(outcome.out, HasSubstr("there is no rule \\\"aws-kms-key-rotatoin\\\""));
  EXPECT_THAT(outcome.out, HasSubstr("is no date"));
  EXPECT_EQ(findings_of(outcome).size(), 6U);
}

TEST_F(SuppressionsTest, MustHaveWhatThePolicyRequires) {
  project_.write(".gabion.yaml", "suppression-policy:\n  require: [reason, owner, until]\n");
  project_.write("main.tf", key("a", "# gabion:ignore aws-kms-key-rotation no owner\n") +
                                key("b", "# gabion:ignore aws-kms-key-rotation owner=x until=2027-01-01 all there\n"));
  const Outcome outcome = scan();
  EXPECT_THAT(findings_of(outcome),
              ElementsAre("suppression-invalid aws_kms_key.a", "aws-kms-key-rotation aws_kms_key.a"));
  EXPECT_THAT(outcome.out, HasSubstr("an owner and an end (until)"));
}

TEST_F(SuppressionsTest, AreRefusedForProtectedRules) {
  project_.write(".gabion.yaml", "suppression-policy:\n  never: [\"aws-kms-*\"]\n");
  project_.write("main.tf", key("a", "# gabion:ignore aws-kms-key-rotation please\n"));
  EXPECT_THAT(findings_of(scan()),
              ElementsAre("suppression-refused aws_kms_key.a", "aws-kms-key-rotation aws_kms_key.a"));
}

TEST_F(SuppressionsTest, InTheConfigurationAreForPathsAndResources) {
  project_.write("a/main.tf", key("k"));
  project_.write("b/main.tf", key("k"));
  project_.write(".gabion.yaml",
                 "suppressions:\n  - rules: [aws-kms-key-rotation]\n    paths: [a/]\n    reason: old\n"
                 "  - rules: [aws-kms-key-rotation]\n    resources: [aws_kms_key.gone]\n    reason: gone\n");
  const Outcome outcome = scan();
  EXPECT_THAT(findings_of(outcome), ElementsAre("suppression-unused ", "aws-kms-key-rotation aws_kms_key.k"));
  EXPECT_EQ(outcome.json().at("findings").at(1).at("suppressed").at("kind"), "configuration");
  EXPECT_EQ(project_.gabion({"fix", "--write", "--rule", "suppression-unused,aws-kms-key-rotation"}).status, 0);
  EXPECT_EQ(project_.read(".gabion.yaml"),
            "suppressions:\n  - rules: [aws-kms-key-rotation]\n    paths: [a/]\n    reason: old\n");
}

TEST_F(SuppressionsTest, OfUnknownRulesInTheConfigurationAreErrors) {
  project_.write("main.tf", key("a"));
  project_.write(".gabion.yaml", "suppressions:\n  - rules: [aws-kms-key-rotatoin]\n    reason: x\n");
  const Outcome outcome = scan();
  EXPECT_EQ(outcome.status, 2);
  EXPECT_THAT(outcome.err, HasSubstr(".gabion.yaml:2:13: no rule has the id"));
}

TEST_F(SuppressionsTest, RulesCanBeObservedBeforeTheyAreEnforced) {
  project_.write("main.tf", key("a"));
  project_.write(".gabion.yaml", "rules:\n  observe:\n    - rules: [\"aws-kms-*\"]\n      enforce-from: 2026-06-16\n");
  const Outcome before = scan();
  EXPECT_EQ(before.status, 0);
  EXPECT_EQ(before.json().at("findings").at(0).at("observed").at("enforce_from"), "2026-06-16");
  const Outcome text = project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--today", "2026-06-15"});
  EXPECT_THAT(text.out, HasSubstr("fails nothing before 2026-06-16"));
  const Outcome after = scan("json", "2026-06-16");
  EXPECT_EQ(after.status, 1);
  EXPECT_FALSE(after.json().at("findings").at(0).contains("observed"));
}

TEST_F(SuppressionsTest, DirectoriesCanDiffer) {
  project_.write("legacy/main.tf", key("k"));
  project_.write("new/main.tf", key("k"));
  project_.write(".gabion.yaml",
                 "overrides:\n  - paths: [legacy/]\n    severity: {\"aws-kms-*\": critical}\n"
                 "  - paths: [new/]\n    skip: [aws-kms-key-rotation]\n");
  const Outcome outcome = scan();
  ASSERT_THAT(findings_of(outcome), ElementsAre("aws-kms-key-rotation aws_kms_key.k"));
  EXPECT_EQ(outcome.json().at("findings").at(0).at("rule").at("severity"), "critical");
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST_F(SuppressionsTest, OfOtherScannersHaveManyForms) {
  const std::string kics = "22fbfeac-7b5a-421a-8a27-7a2178bb910b";  // an alias of the rule
  struct Form {
    const char* name;
    std::string text;
    bool covered;
  };
  const std::string other = "00000000-0000-0000-0000-000000000000";
  const std::vector<Form> forms = {
      {"checkov", key("k", "", "  # checkov:skip=CKV_AWS_7,CKV_AWS_8:both\n"), true},
      {"checkov without reason", key("k", "", "  #checkov:skip=CKV_AWS_7\n"), true},
      {"checkov outside of the block", key("k", "# checkov:skip=CKV_AWS_7:above\n"), false},
      {"bridgecrew", key("k", "", "  // bridgecrew:skip=CKV_AWS_7:x\n"), true},
      {"cortex", key("k", "", "  /* cortex:skip=CKV_AWS_7:x */\n"), true},
      {"tfsec old id", key("k", "#tfsec:ignore:AWS-0065\n"), true},
      {"tfsec all", key("k", "#tfsec:ignore:*\n"), true},
      {"tfsec in line", "resource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = false #tfsec:ignore:AWS-0065\n}\n",
       true},
      {"trivy", key("k", "#trivy:ignore:AVD-AWS-0065\n"), true},
      {"trivy without AVD", key("k", "#trivy:ignore:AWS-0065\n"), true},
      {"tfsec name", key("k", "#tfsec:ignore:aws-kms-auto-rotate-keys\n"), true},
      {"tfsec name of another rule", key("k", "#tfsec:ignore:aws-s3-enable-versioning\n"), false},
      {"trivy name", key("k", "#trivy:ignore:aws-kms-auto-rotate-keys\n"), true},
      {"trivy until", key("k", "#trivy:ignore:AVD-AWS-0065:exp:2026-07-01\n"), true},
      {"trivy over", key("k", "#trivy:ignore:AVD-AWS-0065:exp:2026-06-01\n"), false},
      {"trivy workspace", key("k", "#trivy:ignore:AVD-AWS-0065:ws:dev\n"), false},
      {"kics file", "# kics-scan ignore\n" + key("k"), true},
      {"kics line", "resource \"aws_kms_key\" \"k\" {\n  # kics-scan ignore-line\n  enable_key_rotation = false\n}\n",
       true},
      {"kics block", key("k", "# kics-scan ignore-block\n"), true},
      {"kics later in the file", "locals {}\n# kics-scan ignore\n" + key("k"), false},
      {"tflint of another rule", key("k", "# tflint-ignore: terraform_unused_declarations\n"), false},
      {"terrascan of another rule", key("k", "", "  #ts:skip=AC_AWS_9999 why\n"), false},
      {"kics disable", "# kics-scan disable=" + other + "," + kics + "\n" + key("k"), true},
      {"kics disable another", "# kics-scan disable=" + other + "\n" + key("k"), false},
      {"kics enable another", "# kics-scan enable=" + other + "\n" + key("k"), true},
      {"kics enable", "# kics-scan enable=" + other + "," + kics + "\n" + key("k"), false},
  };
  for (const Form& form : forms) {
    project_.write("main.tf", form.text);
    const Outcome outcome =
        project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", "json", "--today", "2026-06-15"});
    EXPECT_EQ(findings_of(outcome).empty(), form.covered) << form.name << "\n" << form.text << outcome.out;
  }
}

TEST_F(SuppressionsTest, ChooseInstancesOfCalledModules) {
  project_.write("m/main.tf", key("k"));
  project_.write("main.tf",
                 "# gabion:ignore aws-kms-key-rotation instance=module.m[\"a\"].* only there\n"
                 "module \"m\" {\n  for_each = toset([\"a\", \"b\"])\n  source = \"./m\"\n}\n");
  EXPECT_THAT(findings_of(scan()), ElementsAre("aws-kms-key-rotation module.m[\"b\"].aws_kms_key.k"));
}

TEST_F(SuppressionsTest, ParametersCanDifferByDirectory) {
  const std::string rule =
      "id: own-owner\ntitle: Keys have owners\nseverity: low\nsince: \"0.1.0\"\nwhy: Because.\n"
      "references: [https://example.com]\nparameters:\n  key_owner:\n    type: string\n    default: "
      "\"\\\"nobody\\\"\"\n"
      "    description: who owns keys\ntarget: aws_kms_key\nchecks:\n"
      "  - require: self.description == config.key_owner\n    message: wanted ${config.key_owner}\n";
  project_.write("rules/own.yaml", rule);
  const std::string text = "resource \"aws_kms_key\" \"k\" {\n  description = \"none\"\n}\n";
  const std::string call = "module \"m\" {\n  source = \"../m\"\n}\n";
  project_.write("m/main.tf", text);
  project_.write("a/main.tf", call);
  project_.write("b/main.tf", call);
  project_.write(".gabion.yaml",
                 "rules: {load: [rules/], only: [own-owner]}\nparameters: {key_owner: common}\n"
                 "overrides:\n  - paths: [a/]\n    parameters: {key_owner: team-a}\n");
  const json findings = project_.gabion({"scan", "--format", "json"}).json().at("findings");
  std::map<std::string, std::string> messages;
  for (const json& finding : findings) {
    messages[finding.at("root").get<std::string>()] = finding.at("message").get<std::string>();
  }
  EXPECT_EQ(messages, (std::map<std::string, std::string>{{"a", "wanted team-a"}, {"b", "wanted common"}}));
  project_.write(".gabion.yaml", "overrides:\n  - paths: [a/]\n    parameters: {approved_domain: x}\n");
  const Outcome wrong = project_.gabion({"scan"});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_THAT(wrong.err, HasSubstr(".gabion.yaml:3:"));
  EXPECT_THAT(wrong.err, HasSubstr("no rule has a parameter"));
}

}  // namespace
}  // namespace gabion::e2e
