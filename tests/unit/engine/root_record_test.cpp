#include "engine/root_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <string>

#include "engine/builtin_rules.h"
#include "engine/rule_set.h"
#include "source/artifact.h"

namespace gabion::engine {
namespace {

using testing::SizeIs;

class RootRecordTest : public testing::Test {
 protected:
  RootRecordTest() {
    EXPECT_TRUE(rules_.add(builtin_rules()));
    artifact_ = &artifacts_.add("prod/main.tf", "resource \"aws_kms_key\" \"k\" {}\n", source::Role::kProject);
    const findings::RuleDescription& rule = rules_.rules().front().description;
    findings::Finding finding;
    finding.rule = &rule;
    finding.severity = findings::Severity::kHigh;
    finding.resource = "aws_kms_key.k";
    finding.message = "the key is not rotated";
    finding.region = {artifact_->id(), 0, 8};
    finding.trace.push_back({{artifact_->id(), 9, 22}, "given here"});
    finding.witness = findings::Witness{"*", "kms:Decrypt", "arn:aws:kms:::key/k", {{"aws:SourceIp", std::nullopt}}};
    finding.witness->context["aws:username"] = std::vector<std::string>{"a", "b"};
    finding.fix = findings::Fix{"turn it on", findings::Safety::kUnsafe, {{{artifact_->id(), 28, 28}, "x = true"}}};
    finding.suppression = findings::Suppression{"inline", "tested", {artifact_->id(), 1, 2}, "ops", "2027-01-01"};
    finding.observation = findings::Observation{"2027-02-01"};
    finding.environments = {"test", "prod"};
    finding.former_addresses = {"aws_kms_key.old"};
    findings_.add(finding);
    record_.findings = {&findings_, 0, 1};
    findings::Unresolved note;
    note.rule = &rule;
    note.message = "depends on var.x, which has no value";
    note.region = finding.region;
    record_.unresolved.push_back(note);
    record_.diagnostics.push_back({findings::DiagnosticSeverity::kWarning, "evaluation", "no", "yes", {}, "prod"});
    record_.claims.push_back({1, "prod", {"state", std::nullopt}, true, finding, note});
    record_.missed.push_back({{"rule", "parameter", note}, {{"prod/main.tf", 1, 2, "rule"}}});
    record_.uses.push_back({"", 3, 0, ""});
    record_.modules = 1;
    record_.resources = 70'000;
    record_.directories = {"prod"};
    record_.covered.blocks.add(artifact_->whole(), findings::CoverageState::kPartly, "aws_kms_key.k", "why");
    record_.covered.policies.add(artifact_->whole(), findings::CoverageState::kWhole, "aws_kms_key.k.policy", "");
  }

  [[nodiscard]] static findings::Finding finding_of(const RootRecord& record) {
    findings::Finding finding;
    record.findings.read(0, finding);
    return finding;
  }
  void set_proposal(std::uint32_t number) {
    findings::Finding finding = finding_of(record_);
    finding.fix->proposal = number;
    findings_.replace(0, finding);
  }

  [[nodiscard]] std::optional<RootRecord> decoded(std::string_view bytes) {
    return decoded_root(bytes, rules_, artifacts_, read_, names_);
  }

  RuleSet rules_;
  source::ArtifactStore artifacts_;
  const source::Artifact* artifact_ = nullptr;
  findings::PackedFindings findings_;
  findings::PackedFindings read_;
  std::deque<std::string> names_;
  RootRecord record_;
};

TEST_F(RootRecordTest, ComesBackAsItWas) {
  const std::string bytes = encoded(record_, artifacts_);
  const std::optional<RootRecord> again = decoded(bytes);
  ASSERT_TRUE(again);
  EXPECT_EQ(encoded(*again, artifacts_), bytes);
  ASSERT_THAT(again->findings, SizeIs(1));
  EXPECT_EQ(finding_of(*again).rule, finding_of(record_).rule);
  EXPECT_EQ(finding_of(*again).region, finding_of(record_).region);
  EXPECT_EQ(finding_of(*again).witness->context, finding_of(record_).witness->context);
  EXPECT_EQ(finding_of(*again).fix->edits, finding_of(record_).fix->edits);
  EXPECT_EQ(again->missed[0].parameter.parameter, "parameter");
  EXPECT_EQ(again->missed[0].uses, record_.missed[0].uses);
  EXPECT_EQ(again->claims[0].parts, record_.claims[0].parts);
  EXPECT_EQ(again->resources, 70'000U);
}

TEST_F(RootRecordTest, KeepsTheWaysToFixAFinding) {
  const findings::Fix fix = *finding_of(record_).fix;
  record_.proposals = {{.alternatives = {{fix, "there", {"prod: aws_kms_key.k"}},
                                         {{"or so", findings::Safety::kManual, {}}, "elsewhere", {}}},
                        .changes = {},
                        .policies = {}}};
  set_proposal(0);
  const std::optional<RootRecord> again = decoded(encoded(record_, artifacts_));
  ASSERT_TRUE(again);
  EXPECT_EQ(finding_of(*again).fix->proposal, 0U);
  EXPECT_EQ(again->claims[0].finding.fix->proposal, findings::kNoProposal);
  ASSERT_THAT(again->proposals, SizeIs(1));
  ASSERT_THAT(again->proposals[0].alternatives, SizeIs(2));
  EXPECT_EQ(again->proposals[0].alternatives[0].fix.edits, fix.edits);
  EXPECT_EQ(again->proposals[0].alternatives[1].why, "elsewhere");
  set_proposal(1);
  EXPECT_FALSE(decoded(encoded(record_, artifacts_)));
  set_proposal(0);
  record_.proposals[0].alternatives.clear();
  EXPECT_FALSE(decoded(encoded(record_, artifacts_)));
}

TEST_F(RootRecordTest, IsNothingWhereAnythingIsMissing) {
  const std::string bytes = encoded(record_, artifacts_);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decoded(std::string_view(bytes).substr(0, size))) << size;
  }
  EXPECT_FALSE(decoded(bytes + "x"));
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string broken = bytes;
    broken[at] = static_cast<char>(broken[at] ^ 0x55);
    (void)decoded(broken);  // ends, whatever comes out
  }
}

TEST_F(RootRecordTest, IsNothingWithoutItsFilesAndRules) {
  const std::string bytes = encoded(record_, artifacts_);
  const source::ArtifactStore empty;
  EXPECT_FALSE(decoded_root(bytes, rules_, empty, read_, names_));
  source::ArtifactStore shorter;
  shorter.add("prod/main.tf", "resource", source::Role::kProject);
  EXPECT_FALSE(decoded_root(bytes, rules_, shorter, read_, names_));
  const RuleSet none;
  EXPECT_FALSE(decoded_root(bytes, none, artifacts_, read_, names_));
}

TEST_F(RootRecordTest, RootsAreKeptByWhatTheyLookedAt) {
  KeptRoots roots;
  const auto entry = [](const std::string& directory) {
    KeptRoots::Entry one;
    one.reads.modules = {directory, "modules/shared"};
    one.reads.attributes = {directory + "/terraform.tfvars"};
    one.reads.files = {"policies/" + directory + ".json"};
    one.reads.outlines = {{"terraform-aws-modules/vpc/aws", "5.0.0"}};
    one.record = directory;
    return one;
  };
  roots.add("prod", std::nullopt, entry("prod"));
  roots.add("test", "eu", entry("test"));
  roots.add("test", "", entry("test"));
  std::optional<KeptRoots> again = KeptRoots::from(roots.bytes());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->bytes(), roots.bytes());
  ASSERT_NE(again->find("test", "eu"), nullptr);
  EXPECT_EQ(again->find("test", "eu")->reads.outlines, entry("test").reads.outlines);
  EXPECT_EQ(again->find("test", std::nullopt), nullptr);

  again->leave_out({"elsewhere/main.tf", "policies/other.json"});
  EXPECT_EQ(again->size(), 3U);
  again->leave_out({"policies/prod.json"});
  EXPECT_EQ(again->find("prod", std::nullopt), nullptr);
  EXPECT_EQ(again->size(), 2U);
  again->leave_out({"modules/shared/variables.tf"});
  EXPECT_EQ(again->size(), 0U);

  const std::string bytes = roots.bytes();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(KeptRoots::from(std::string_view(bytes).substr(0, size))) << size;
  }
}

TEST_F(RootRecordTest, VisitsAreKeptByTheirFiles) {
  terraform::VisitRecord visit;
  visit.is_module = true;
  visit.called = {"modules/shared"};
  visit.diagnostics.push_back(
      {findings::DiagnosticSeverity::kWarning, "invalid-default", "no", "yes", {artifact_->id(), 0, 8}, {}});
  visit.files = {"prod/main.tf"};
  visit.sensitive = {"password"};
  visit.texts = {"prod/init.sh"};
  const std::string bytes = encoded(visit, artifacts_);
  const std::optional<terraform::VisitRecord> decoded = decoded_visit(bytes, artifacts_);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(encoded(*decoded, artifacts_), bytes);
  EXPECT_TRUE(decoded->is_module);
  EXPECT_EQ(decoded->called, visit.called);
  EXPECT_EQ(decoded->diagnostics.at(0).region, visit.diagnostics[0].region);
  EXPECT_EQ(decoded->sensitive, visit.sensitive);
  EXPECT_EQ(decoded->texts, visit.texts);
  const source::ArtifactStore empty;
  EXPECT_FALSE(decoded_visit(bytes, empty));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decoded_visit(std::string_view(bytes).substr(0, size), artifacts_)) << size;
  }

  KeptRoots roots;
  roots.add_visit("prod", bytes);
  std::optional<KeptRoots> again = KeptRoots::from(roots.bytes());
  ASSERT_TRUE(again && again->visit("prod") != nullptr);
  EXPECT_EQ(*again->visit("prod"), bytes);
  EXPECT_EQ(again->visit("test"), nullptr);
  again->leave_out({"prod/modules/main.tf", "test/main.tf"});
  EXPECT_NE(again->visit("prod"), nullptr);
  again->leave_out({"prod/variables.tf"});
  EXPECT_EQ(again->visit("prod"), nullptr);
  roots.erase_if([](std::string_view record) { return record.find("password") != std::string_view::npos; });
  EXPECT_EQ(roots.visit("prod"), nullptr);
}

}  // namespace
}  // namespace gabion::engine
