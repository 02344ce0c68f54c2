// Comparing: baselines, --changed-since, --compare-rules, and the hooks with the real git and pre-commit.
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

const std::string kRule = "aws-kms-key-rotation";

class ComparisonTest : public testing::Test {
 protected:
  static std::string key(std::string_view name) {
    return "resource \"aws_kms_key\" \"" + std::string(name) + "\" {\n  enable_key_rotation = false\n}\n";
  }

  [[nodiscard]] Outcome scan(const std::vector<std::string>& more, const std::string& format = "json") const {
    std::vector<std::string> arguments{"scan", "--rule", kRule, "--format", format};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return project_.gabion(arguments);
  }

  [[nodiscard]] static std::vector<std::string> resources(const Outcome& outcome) {
    std::vector<std::string> result;
    for (const json& finding : outcome.json().value("findings", json::array())) {
      result.push_back(finding.at("resource").get<std::string>());
    }
    return result;
  }

  void git(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{
        "git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Outcome outcome = project_.run(command);
    ASSERT_EQ(outcome.status, 0) << outcome.err;
  }

  [[nodiscard]] bool has(const std::string& program) const { return project_.run({program, "--version"}).status == 0; }

  void commit_all() const {
    git({"add", "-A"});
    git({"commit", "-q", "-m", "x"});
  }

  Project project_;
};

TEST_F(ComparisonTest, ABaselineHidesWhatIsKnown) {
  project_.write("main.tf", key("old"));
  ASSERT_EQ(project_.gabion({"baseline", "--rule", kRule}).status, 0);
  EXPECT_EQ(project_.gabion({"scan", "--rule", kRule, "--baseline", ".gabion-baseline.json"}).status, 0);
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
  ASSERT_EQ(project_.gabion({"baseline", "--rule", kRule}).status, 0);
  project_.write("main.tf", key("new"));
  EXPECT_THAT(resources(scan({"--baseline", ".gabion-baseline.json"})), ElementsAre("aws_kms_key.new"));
  project_.write("main.tf", key("new") + "moved {\n  from = aws_kms_key.old\n  to   = aws_kms_key.new\n}\n");
  EXPECT_THAT(resources(scan({"--baseline", ".gabion-baseline.json"})), IsEmpty());
  // Written anew, the baseline also knows the finding when the block has gone.
  ASSERT_EQ(project_.gabion({"baseline", "--rule", kRule}).status, 0);
  project_.write("main.tf", key("new"));
  EXPECT_THAT(resources(scan({"--baseline", ".gabion-baseline.json"})), IsEmpty());
}

TEST_F(ComparisonTest, ABaselineTellsRootsAndInstancesApart) {
  project_.write("dev/main.tf", key("k"));
  ASSERT_EQ(project_.gabion({"baseline", "--rule", kRule}).status, 0);
  project_.write("prod/main.tf", key("k"));
  const Outcome outcome = scan({"--baseline", ".gabion-baseline.json"});
  ASSERT_EQ(outcome.json().at("findings").size(), 1U);
  EXPECT_EQ(outcome.json().at("findings").at(0).at("file"), "prod/main.tf");
}

TEST_F(ComparisonTest, PruneTakesOutWhatIsGone) {
  project_.write("main.tf", key("a") + key("b"));
  ASSERT_EQ(project_.gabion({"baseline", "--rule", kRule}).status, 0);
  project_.write("main.tf", key("b") + key("c"));
  const Outcome outcome = project_.gabion({"baseline", "--prune", "--rule", kRule});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.err, HasSubstr("1 taken out, 1 left"));
  EXPECT_THAT(project_.read(".gabion-baseline.json"), Not(HasSubstr("aws_kms_key.a")));
  EXPECT_THAT(project_.read(".gabion-baseline.json"), Not(HasSubstr("aws_kms_key.c")));
  project_.write("broken.tf", "resource {{{");
  EXPECT_EQ(project_.gabion({"baseline", "--prune", "--rule", kRule}).status, 3);
}

TEST_F(ComparisonTest, BrokenBaselinesAreErrors) {
  project_.write("main.tf", key("a"));
  project_.write("b.json", "{\"version\": 1");
  EXPECT_EQ(scan({"--baseline", "b.json"}).status, 2);
  EXPECT_EQ(scan({"--baseline", "absent.json"}).status, 2);
  EXPECT_TRUE(scan({"--baseline", "absent.json"}).json().is_object());
}

TEST_F(ComparisonTest, ChangedSinceReportsWhatTheChangeBrought) {
  if (!has("git")) {
    GTEST_SKIP() << "git is not installed";
  }
  git({"init", "-q"});
  project_.write("main.tf", key("old") + "module \"m\" {\n  source = \"./m\"\n  rotate = true\n}\n");
  project_.write("m/main.tf",
                 "variable \"rotate\" {}\nresource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = var.rotate\n}\n");
  project_.write("gone/main.tf", key("gone"));
  commit_all();
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
  if (!has("git")) {
    GTEST_SKIP() << "git is not installed";
  }
  git({"init", "-q"});
  project_.write("main.tf", "# gabion:ignore aws-kms-key-rotation by hand\n" + key("a"));
  commit_all();
  project_.write("main.tf", key("a"));
  EXPECT_THAT(resources(scan({"--changed-since", "HEAD"})), ElementsAre("aws_kms_key.a"));
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

TEST_F(ComparisonTest, AHookReportsWhatTheCommitBrings) {
  if (!has("git")) {
    GTEST_SKIP() << "git is not installed";
  }
  git({"init", "-q"});
  project_.write("live/main.tf", key("old") + "module \"m\" {\n  source = \"../modules/m\"\n}\n");
  project_.write("modules/m/main.tf",
                 "variable \"rotate\" {\n  default = true\n}\n"
                 "resource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = var.rotate\n}\n");
  project_.write("modules/m/extra.tf", "locals {\n  used = true\n}\n");
  commit_all();
  // All files, nothing changed: what is in the files given.
  EXPECT_THAT(resources(scan({"--hook", "live/main.tf", "modules/m/main.tf"})), ElementsAre("aws_kms_key.old"));
  EXPECT_THAT(resources(scan({"--hook", "modules/m/main.tf"})), IsEmpty());
  // A change of a module is seen through its caller; what is not to be committed is not.
  project_.write("modules/m/main.tf",
                 "variable \"rotate\" {\n  default = false\n}\n"
                 "resource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = var.rotate\n}\n");
  project_.write("live/untracked.tf", key("untracked"));
  EXPECT_THAT(resources(scan({"--hook", "modules/m/main.tf"})), ElementsAre("module.m.aws_kms_key.k"));
  // A deletion that changes what remains.
  commit_all();
  std::filesystem::remove(project_.path("live/untracked.tf"));
  git({"add", "-A"});
  EXPECT_THAT(resources(scan({"--hook"})), IsEmpty());
}

TEST_F(ComparisonTest, ADeletionCanBringFindings) {
  if (!has("git")) {
    GTEST_SKIP() << "git is not installed";
  }
  git({"init", "-q"});
  project_.write("main.tf",
                 "variable \"rotate\" {\n  default = false\n}\n"
                 "resource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = var.rotate\n}\n");
  project_.write("terraform.tfvars", "rotate = true\n");
  commit_all();
  std::filesystem::remove(project_.path("terraform.tfvars"));
  git({"add", "-A"});
  EXPECT_THAT(resources(scan({"--hook"})), ElementsAre("aws_kms_key.k"));
}

TEST_F(ComparisonTest, PreCommitRunsTheHooks) {
  if (!has("pre-commit")) {
    GTEST_SKIP() << "pre-commit is not installed";
  }
  git({"init", "-q", "hooks"});
  const std::filesystem::path source = GABION_SOURCE_DIR;
  std::filesystem::copy_file(source / ".pre-commit-hooks.yaml", project_.path("hooks/.pre-commit-hooks.yaml"));
  std::filesystem::copy(source / "hooks", project_.path("hooks/hooks"));
  git({"-C", "hooks", "add", "-A"});
  git({"-C", "hooks", "commit", "-q", "-m", "hooks"});
  const std::string revision = project_.run({"git", "-C", "hooks", "rev-parse", "HEAD"}).out;
  git({"init", "-q", "work"});
  project_.write("work/.pre-commit-config.yaml", "repos:\n  - repo: " + project_.path("hooks").string() +
                                                     "\n    rev: " + revision.substr(0, revision.find('\n')) +
                                                     "\n    hooks:\n      - id: gabion\n");
  project_.write("work/main.tf", key("old"));
  git({"-C", "work", "add", "-A"});
  git({"-C", "work", "commit", "-q", "-m", "start"});
  const std::map<std::string, std::string> surroundings{{"GABION", GABION_PROGRAM},
                                                        {"PRE_COMMIT_HOME", project_.path("cache").string()},
                                                        {"HOME", project_.path().string()}};
  const auto commit = [&] {
    return project_.run({"sh", "-c", "cd work && git add -A && pre-commit run"}, {}, surroundings);
  };
  project_.write("work/main.tf", key("old") + "# a word\n");
  Outcome outcome = commit();
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  project_.write("work/main.tf", key("old") + key("new"));
  outcome = commit();
  EXPECT_EQ(outcome.status, 1) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("aws_kms_key.new"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("aws_kms_key.old")));
}

}  // namespace
}  // namespace gabion::e2e
