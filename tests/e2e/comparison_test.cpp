// Comparing: baselines, --changed-since and --compare-rules.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git_project.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ComparisonTest : public GitTest {
 protected:
  [[nodiscard]] Outcome scan(const std::vector<std::string>& more, const std::string& format = "json") const {
    std::vector<std::string> arguments{"scan", "--rule", kKeyRule, "--format", format};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return project_.gabion(arguments);
  }
};

TEST_F(ComparisonTest, ABaselineHidesWhatIsKnown) {
  project_.write("main.tf", key("old"));
  ASSERT_EQ(project_.gabion({"baseline", "--rule", kKeyRule}).status, 0);
  EXPECT_EQ(project_.gabion({"scan", "--rule", kKeyRule, "--baseline", ".gabion-baseline.json"}).status, 0);
  // Moved to another file, with other lines around it, and laid out anew: the same finding.
  project_.write("main.tf", "\n\n" + key("new"));
  project_.write("other.tf", "resource \"aws_kms_key\" \"old\" {\n\n  enable_key_rotation   =   false // no\n}\n");
  const Outcome outcome = scan({"--baseline", ".gabion-baseline.json"});
  EXPECT_THAT(resources(outcome), ElementsAre("aws_kms_key.new"));
  EXPECT_EQ(outcome.status, 1);
  const json results = scan({"--baseline", ".gabion-baseline.json"}, "sarif").json()["runs"][0]["results"];
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].at("baselineState"), "new");
  EXPECT_EQ(results[1].at("baselineState"), "unchanged");
}

TEST_F(ComparisonTest, ABaselineFollowsMovedBlocks) {
  project_.write("main.tf", key("old"));
  ASSERT_EQ(project_.gabion({"baseline", "--rule", kKeyRule}).status, 0);
  project_.write("main.tf", key("new"));
  EXPECT_THAT(resources(scan({"--baseline", ".gabion-baseline.json"})), ElementsAre("aws_kms_key.new"));
  project_.write("main.tf", key("new") + "moved {\n  from = aws_kms_key.old\n  to   = aws_kms_key.new\n}\n");
  EXPECT_THAT(resources(scan({"--baseline", ".gabion-baseline.json"})), IsEmpty());
  // Written anew, the baseline also knows the finding when the block has gone.
  ASSERT_EQ(project_.gabion({"baseline", "--rule", kKeyRule}).status, 0);
  project_.write("main.tf", key("new"));
  EXPECT_THAT(resources(scan({"--baseline", ".gabion-baseline.json"})), IsEmpty());
}

TEST_F(ComparisonTest, ABaselineTellsRootsAndInstancesApart) {
  project_.write("dev/main.tf", key("k"));
  ASSERT_EQ(project_.gabion({"baseline", "--rule", kKeyRule}).status, 0);
  project_.write("prod/main.tf", key("k"));
  const Outcome outcome = scan({"--baseline", ".gabion-baseline.json"});
  ASSERT_EQ(outcome.json().at("findings").size(), 1U);
  EXPECT_EQ(outcome.json().at("findings").at(0).at("file"), "prod/main.tf");
}

TEST_F(ComparisonTest, PruneTakesOutWhatIsGone) {
  project_.write("main.tf", key("a") + key("b"));
  ASSERT_EQ(project_.gabion({"baseline", "--rule", kKeyRule}).status, 0);
  project_.write("main.tf", key("b") + key("c"));
  const Outcome outcome = project_.gabion({"baseline", "--prune", "--rule", kKeyRule});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("1 taken out, 1 left"));
  EXPECT_THAT(project_.read(".gabion-baseline.json"), Not(HasSubstr("aws_kms_key.a")));
  EXPECT_THAT(project_.read(".gabion-baseline.json"), Not(HasSubstr("aws_kms_key.c")));
  project_.write("broken.tf", "resource {{{");
  EXPECT_EQ(project_.gabion({"baseline", "--prune", "--rule", kKeyRule}).status, 3);
}

TEST_F(ComparisonTest, BrokenBaselinesAreErrors) {
  project_.write("main.tf", key("a"));
  project_.write("b.json", "{\"version\": 1");
  EXPECT_EQ(scan({"--baseline", "b.json"}).status, 2);
  EXPECT_EQ(scan({"--baseline", "absent.json"}).status, 2);
  EXPECT_TRUE(scan({"--baseline", "absent.json"}).json().is_object());
}

TEST_F(ComparisonTest, ChangedSinceReportsWhatTheChangeBrought) {
  project_.write("main.tf", key("old") + "module \"m\" {\n  source = \"./m\"\n  rotate = true\n}\n");
  project_.write("m/main.tf",
                 "variable \"rotate\" {}\nresource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = var.rotate\n}\n");
  project_.write("gone/main.tf", key("gone"));
  project_.commit_all();
  EXPECT_THAT(resources(scan({"--changed-since", "HEAD"})), IsEmpty());
  // The argument of a call, a new file that git does not know, a deleted directory.
  project_.write("main.tf", "\n" + key("old") + "module \"m\" {\n  source = \"./m\"\n  rotate = false\n}\n");
  project_.write("new.tf", key("new"));
  std::filesystem::remove_all(project_.path("gone"));
  const Outcome outcome = scan({"--changed-since", "HEAD"});
  EXPECT_THAT(resources(outcome), testing::UnorderedElementsAre("aws_kms_key.new", "module.m.aws_kms_key.k"));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(scan({"--changed-since", "no-such-revision"}).status, 2);
}

TEST_F(ComparisonTest, ChangedSinceSeesSuppressionsThatWereTakenOut) {
  project_.write("main.tf", "# gabion:ignore aws-kms-key-rotation by hand\n" + key("a"));
  project_.commit_all();
  project_.write("main.tf", key("a"));
  EXPECT_THAT(resources(scan({"--changed-since", "HEAD"})), ElementsAre("aws_kms_key.a"));
}

TEST_F(ComparisonTest, ChangedSinceLooksFromWhereTheBranchBegan) {
  project_.write("main.tf", key("old"));
  project_.commit_all();
  project_.git({"switch", "-q", "-c", "branch"});
  project_.write("mine.tf", key("mine"));
  project_.commit_all();
  // What was mended on the other branch since is nothing that this one brings.
  project_.git({"switch", "-q", "-"});
  project_.write("main.tf", "");
  project_.commit_all();
  const std::string other = project_.git({"rev-parse", "HEAD"});
  project_.git({"switch", "-q", "branch"});
  EXPECT_THAT(resources(scan({"--changed-since", other})), ElementsAre("aws_kms_key.mine"));
}

TEST_F(ComparisonTest, ChangedSinceSeesModulesOutsideOfThePaths) {
  project_.write("live/prod/main.tf", "module \"a\" {\n  source = \"../../modules/a\"\n}\n");
  project_.write("live/test/main.tf", key("other"));
  project_.write("modules/a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\n");
  project_.write("modules/b/main.tf", key_module("true"));
  project_.commit_all();
  project_.write("modules/b/main.tf", key_module("false"));
  const std::vector<std::string> since{"--changed-since", "HEAD"};
  const auto in = [&](const std::string& path) {
    std::vector<std::string> arguments = since;
    arguments.push_back(path);
    return resources(scan(arguments));
  };
  EXPECT_THAT(in("live/prod"), ElementsAre("module.a.module.b.aws_kms_key.k"));
  EXPECT_THAT(in(project_.path("live/prod").string()), ElementsAre("module.a.module.b.aws_kms_key.k"));
  EXPECT_THAT(in("live/test"), IsEmpty());
  const Outcome below = project_.run(
      {"sh", "-c", "cd live/prod && exec \"$0\" scan --format json --rule " + kKeyRule + " --changed-since HEAD",
       GABION_PROGRAM});
  EXPECT_THAT(resources(below), ElementsAre("module.a.module.b.aws_kms_key.k"));
  // Only what the change belongs to is looked at.
  EXPECT_EQ(scan(since).json().at("summary").at("modules"), 3);
}

TEST_F(ComparisonTest, RulesCanBeCompared) {
  const std::string rule =
      "id: own-names\ntitle: Keys have names\nseverity: low\nsince: \"0.1.0\"\nwhy: Because.\n"
      "references: [https://example.com]\ntarget: aws_kms_key\nchecks:\n"
      "  - require: self.description != null\n    message: no description\n";
  project_.write("main.tf", key("a"));
  project_.write("old/a.yaml", rule);
  project_.write("new/a.yaml", rule + "  - require: self.enable_key_rotation\n    message: no rotation\n");
  const Outcome outcome =
      project_.gabion({"scan", "--rule", "own-names", "--format", "json", "--compare-rules", "old", "new", "main.tf"});
  ASSERT_EQ(outcome.json().value("findings", json::array()).size(), 1U) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.json().at("findings").at(0).at("message"), "no rotation");
  EXPECT_THAT(outcome.err, HasSubstr("1 new finding, 0 no longer found"));
}

}  // namespace
}  // namespace gabion::e2e
