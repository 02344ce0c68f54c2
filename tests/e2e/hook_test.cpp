// gabion scan --hook and fix --hook with the real git: what a commit brings, whatever kind of change it is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "git_project.h"

namespace gabion::e2e {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class HookTest : public GitTest {
 protected:
  [[nodiscard]] Outcome scan(const std::vector<std::string>& names = {},
                             const std::map<std::string, std::string>& environment = {}) const {
    std::vector<std::string> arguments{"scan", "--rule", kKeyRule, "--format", "json", "--hook"};
    arguments.insert(arguments.end(), names.begin(), names.end());
    return project_.gabion(arguments, {}, environment);
  }
};

TEST_F(HookTest, ReportsWhatTheCommitBrings) {
  project_.write("live/main.tf", key("old") + "module \"m\" {\n  source = \"../modules/m\"\n}\n");
  project_.write("modules/m/main.tf", key_module("true"));
  project_.write("modules/m/extra.tf", "locals {\n  used = true\n}\n");
  project_.commit_all();
  // All files, nothing changed: what is in the files given.
  EXPECT_THAT(resources(scan({"live/main.tf", "modules/m/main.tf"})), ElementsAre("aws_kms_key.old"));
  EXPECT_THAT(resources(scan({"modules/m/main.tf"})), IsEmpty());
  // A change of a module is seen through its caller; what is not to be committed is not.
  project_.write("modules/m/main.tf", key_module("false"));
  project_.write("live/untracked.tf", key("untracked"));
  EXPECT_THAT(resources(scan({"modules/m/main.tf"})), ElementsAre("module.m.aws_kms_key.k"));
  // A deletion that leaves nothing.
  project_.commit_all();
  std::filesystem::remove(project_.path("live/untracked.tf"));
  project_.git({"add", "-A"});
  EXPECT_THAT(resources(scan()), IsEmpty());
}

TEST_F(HookTest, ComparesTheFirstCommitWithNothing) {
  project_.write("main.tf", key("first"));
  project_.git({"add", "-A"});
  EXPECT_THAT(resources(scan({"main.tf"})), ElementsAre("aws_kms_key.first"));
}

TEST_F(HookTest, SeesWhatADeletedFileOfValuesBrings) {
  project_.write("main.tf",
                 "variable \"rotate\" {\n  default = false\n}\n" +
                     std::string("resource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = var.rotate\n}\n"));
  project_.write("terraform.tfvars", "rotate = true\n");
  project_.commit_all();
  std::filesystem::remove(project_.path("terraform.tfvars"));
  project_.git({"add", "-A"});
  EXPECT_THAT(resources(scan()), ElementsAre("aws_kms_key.k"));
}

TEST_F(HookTest, SeesWhatADeletedFileOfAModuleBrings) {
  project_.write("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n");
  project_.write("m/main.tf", key_module("true"));
  project_.write("m/rotation_override.tf", "resource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = true\n}\n");
  project_.write("m/unrelated.tf", "locals {\n  a = 1\n}\n");
  project_.commit_all();
  project_.write("m/main.tf", key_module("false"));
  project_.commit_all();
  std::filesystem::remove(project_.path("m/unrelated.tf"));
  EXPECT_THAT(resources(scan()), IsEmpty());
  std::filesystem::remove(project_.path("m/rotation_override.tf"));
  EXPECT_THAT(resources(scan()), ElementsAre("module.m.aws_kms_key.k"));
}

TEST_F(HookTest, SaysThatADeletedModuleIsMissed) {
  project_.write("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n");
  project_.write("m/main.tf", key_module("true"));
  project_.commit_all();
  std::filesystem::remove_all(project_.path("m"));
  project_.git({"add", "-A"});
  const Outcome outcome = scan();
  EXPECT_EQ(outcome.status, 3) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("main.tf"));
  // Deleted with its caller, it is missed by nobody.
  std::filesystem::remove(project_.path("main.tf"));
  project_.git({"add", "-A"});
  EXPECT_EQ(scan().status, 0);
}

TEST_F(HookTest, TakesRenamesForWhatTheyAre) {
  project_.write("main.tf", key("old") + "module \"m\" {\n  source = \"./m\"\n}\n");
  project_.write("m/main.tf", key_module("false"));
  project_.commit_all();
  project_.git({"mv", "main.tf", "renamed.tf"});
  project_.git({"mv", "m/main.tf", "m/renamed.tf"});
  EXPECT_THAT(resources(scan({"renamed.tf", "m/renamed.tf"})), IsEmpty());
  project_.commit_all();
  // A root that moves keeps its findings.
  project_.git({"mv", "m", "other"});
  project_.write("renamed.tf", key("old") + "module \"m\" {\n  source = \"./other\"\n}\n");
  project_.git({"add", "-A"});
  EXPECT_THAT(resources(scan({"renamed.tf", "other/renamed.tf"})), IsEmpty());
  std::filesystem::create_directories(project_.path("deep"));
  project_.commit_all();
  project_.git({"mv", "renamed.tf", "other", "deep"});
  EXPECT_THAT(resources(scan({"deep/renamed.tf"})), IsEmpty());
}

TEST_F(HookTest, IsQuietAboutFilesOfOtherKinds) {
  project_.write("main.tf", key("old"));
  project_.write("README.md", "text\n");
  project_.write("app/package.json", "{}\n");
  project_.commit_all();
  project_.write("README.md", "other text\n");
  project_.write("app/package.json", "{\"name\": \"x\"}\n");
  project_.write("app/chart.yaml", "a: [1\n");
  project_.git({"add", "-A"});
  const Outcome outcome = scan({"app/package.json", "app/chart.yaml"});
  EXPECT_EQ(outcome.status, 0) << outcome.out;
  EXPECT_THAT(resources(outcome), IsEmpty());
  EXPECT_THAT(outcome.json().at("diagnostics"), IsEmpty());
}

TEST_F(HookTest, SeesWhatAFileThatModulesReadBrings) {
  project_.write("a/main.tf",
                 "resource \"aws_kms_key\" \"k\" {\n"
                 "  enable_key_rotation = jsondecode(file(\"../data/keys.json\")).rotate\n}\n");
  project_.write("data/keys.json", "{\"rotate\": true}\n");
  project_.commit_all();
  project_.write("data/keys.json", "{\"rotate\": false}\n");
  EXPECT_THAT(resources(scan({"data/keys.json"})), ElementsAre("aws_kms_key.k"));
}

TEST_F(HookTest, BlamesAMergeForNothingThatTheOtherSideHas) {
  project_.write("main.tf", key("old"));
  project_.write("shared.tf", "locals {\n  a = 1\n}\n");
  project_.commit_all();
  project_.git({"switch", "-q", "-c", "theirs"});
  project_.write("shared.tf", "locals {\n  a = 2\n}\n" + key("theirs"));
  project_.commit_all();
  project_.git({"switch", "-q", "-"});
  project_.write("shared.tf", "locals {\n  a = 3\n}\n" + key("ours"));
  project_.commit_all();
  EXPECT_NE(
      project_.run({"git", "-c", "user.name=t", "-c", "user.email=t@example.com", "merge", "-q", "theirs"}).status, 0);
  project_.write("shared.tf", "locals {\n  a = 4\n}\n" + key("ours") + key("theirs") + key("merged"));
  project_.git({"add", "-A"});
  EXPECT_THAT(resources(scan({"shared.tf"})), ElementsAre("aws_kms_key.merged"));
}

TEST_F(HookTest, ComparesWithTheRevisionThatPreCommitNames) {
  project_.write("main.tf", key("old"));
  project_.commit_all();
  const std::string start = project_.git({"rev-parse", "HEAD"});
  project_.write("new.tf", key("new"));
  project_.commit_all();
  EXPECT_THAT(resources(scan({"new.tf"}, {{"PRE_COMMIT_FROM_REF", start}, {"PRE_COMMIT_TO_REF", "HEAD"}})),
              ElementsAre("aws_kms_key.new"));
}

TEST_F(HookTest, AnalysesEverythingWhenTheConfigurationChanges) {
  project_.write("main.tf", key("old"));
  project_.write(".gabion.yaml", "rules:\n  skip: [aws-kms-key-rotation]\n");
  project_.commit_all();
  project_.write(".gabion.yaml", "fail-on: low\n");
  const Outcome outcome = project_.gabion({"scan", "--hook", "--format", "json", ".gabion.yaml"});
  EXPECT_THAT(outcome.out, HasSubstr("\"aws-kms-key-rotation\""));
  EXPECT_EQ(outcome.status, 1);
}

TEST_F(HookTest, FixesOnlyFilesOfTheCommit) {
  project_.write("old.tf", key("old"));
  project_.commit_all();
  project_.write("new.tf", key("new"));
  project_.git({"add", "-A"});
  const Outcome outcome = project_.gabion({"fix", "--rule", kKeyRule, "--hook", "--write", "--allow-dirty", "new.tf"});
  EXPECT_THAT(project_.read("new.tf"), HasSubstr("enable_key_rotation = true"));
  EXPECT_EQ(project_.read("old.tf"), key("old"));
}

/// The hooks as the real pre-commit runs them, from a git URL of a repository that holds them.
class PreCommitTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!project_.has("git") || !project_.has("pre-commit")) {
      GTEST_SKIP() << "pre-commit is not installed (Debian package pre-commit)";
    }
    const std::filesystem::path source = GABION_SOURCE_DIR;
    std::filesystem::create_directory(project_.path("hooks"));
    for (const char* const name : {".pre-commit-hooks.yaml", "hooks", "CMakeLists.txt"}) {
      std::filesystem::copy(source / name, project_.path("hooks") / name, std::filesystem::copy_options::recursive);
    }
    project_.git({"init", "-q", "hooks"});
    project_.commit_all("hooks");
    project_.git({"init", "-q", "work"});
  }

  /// A configuration with these hooks, committed with the files that are there.
  void start(const std::string& ids) const {
    project_.write("work/.pre-commit-config.yaml",
                   "repos:\n  - repo: file://" + project_.path("hooks").string() +
                       "\n    rev: " + project_.git({"-C", "hooks", "rev-parse", "HEAD"}) + "\n    hooks:\n" + ids);
    project_.commit_all("work");
  }

  /// Stages everything and runs pre-commit on it.
  [[nodiscard]] Outcome check(const std::map<std::string, std::string>& more = {{"GABION", GABION_PROGRAM}},
                              const std::string& arguments = "") const {
    std::map<std::string, std::string> surroundings{{"PRE_COMMIT_HOME", project_.path("cache").string()},
                                                    {"HOME", project_.path().string()},
                                                    {"GIT_CONFIG_NOSYSTEM", "1"}};
    surroundings.insert(more.begin(), more.end());
    return project_.run({"sh", "-c", "cd work && git add -A && exec pre-commit run --color=never " + arguments}, {},
                        surroundings);
  }

  GitProject project_;
};

TEST_F(PreCommitTest, ReportsWhatTheCommitBrings) {
  project_.write("work/main.tf", key("old") + "module \"m\" {\n  source = \"./m\"\n}\n");
  project_.write("work/m/main.tf", key_module("true"));
  start("      - id: gabion\n");
  project_.write("work/main.tf", project_.read("work/main.tf") + "# a word\n");
  Outcome outcome = check();
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  project_.write("work/m/main.tf", key_module("false"));
  project_.write("work/new.tf", key("new"));
  outcome = check();
  EXPECT_EQ(outcome.status, 1) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("aws_kms_key.new"));
  EXPECT_THAT(outcome.out, HasSubstr("module.m.aws_kms_key.k"));
  EXPECT_THAT(outcome.out, Not(HasSubstr("aws_kms_key.old")));
  project_.commit_all("work");
  // All files, as a CI job asks.
  outcome = check({{"GABION", GABION_PROGRAM}}, "--all-files");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("aws_kms_key.old"));
}

TEST_F(PreCommitTest, RunsForDeletionsAlone) {
  project_.write("work/main.tf", key_module("false"));
  project_.write("work/terraform.tfvars", "rotate = true\n");
  start("      - id: gabion\n");
  std::filesystem::remove(project_.path("work/terraform.tfvars"));
  const Outcome outcome = check();
  EXPECT_EQ(outcome.status, 1) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("aws_kms_key.k"));
}

TEST_F(PreCommitTest, LooksAtWhatIsStagedOnly) {
  project_.write("work/main.tf", "locals {\n  a = 1\n}\n");
  start("      - id: gabion\n");
  project_.write("work/main.tf", "locals {\n  a = 2\n}\n");
  project_.git({"-C", "work", "add", "-A"});
  project_.write("work/main.tf", key("unstaged"));
  const Outcome outcome = project_.run({"sh", "-c", "cd work && exec pre-commit run --color=never"}, {},
                                       {{"PRE_COMMIT_HOME", project_.path("cache").string()},
                                        {"HOME", project_.path().string()},
                                        {"GABION", GABION_PROGRAM}});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_EQ(project_.read("work/main.tf"), key("unstaged"));
}

TEST_F(PreCommitTest, FixesAndValidates) {
  project_.write("work/main.tf", "locals {\n  a = 1\n}\n");
  start("      - id: gabion-fix\n      - id: gabion-policy\n");
  project_.write("work/main.tf", key("new"));
  project_.write("work/policies/open.json",
                 R"({"Version": "2012-10-17", "Statement": [{"Effect": "Allwo", "Action": "*", "Resource": "*"}]})");
  const Outcome outcome = check();
  EXPECT_EQ(outcome.status, 1) << outcome.out << outcome.err;
  EXPECT_THAT(project_.read("work/main.tf"), HasSubstr("enable_key_rotation = true"));
  EXPECT_THAT(outcome.out, HasSubstr("files were modified by this hook"));
  EXPECT_THAT(outcome.out, HasSubstr("Allwo"));
}

TEST_F(PreCommitTest, BuildsTheProgramOnceWhereNoneIsInstalled) {
  project_.write("work/main.tf", "locals {\n  a = 1\n}\n");
  start("      - id: gabion\n");
  // Stands in for cmake, which the test must not wait for: it "builds" the program under test.
  project_.write_program("bin/cmake", "#!/bin/sh\necho \"cmake $*\" >> \"" + project_.path("calls").string() +
                                          "\"\nif [ \"$1\" = --build ]; then cp \"" GABION_PROGRAM
                                          "\" \"$2/gabion\"\n"
                                          "else mkdir -p \"$4\"; fi\n");
  const std::map<std::string, std::string> path{{"PATH", project_.search_path("bin")}};
  if (project_.run({"sh", "-c", "command -v gabion"}, {}, path).status == 0) {
    GTEST_SKIP() << "gabion is installed, so that nothing is built";
  }
  project_.write("work/main.tf", key("new"));
  for (int i = 0; i < 2; ++i) {
    const Outcome outcome = check(path);
    EXPECT_EQ(outcome.status, 1) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("aws_kms_key.new"));
    EXPECT_EQ(outcome.out.find("building it once") != std::string::npos, i == 0) << outcome.out;
  }
  const std::string calls = project_.read("calls");
  EXPECT_EQ(std::count(calls.begin(), calls.end(), '\n'), 2) << calls;
}

TEST_F(PreCommitTest, SaysWhyItCannotBuild) {
  project_.write("work/main.tf", key("old"));
  start("      - id: gabion\n");
  project_.write_program("bin/cmake", "#!/bin/sh\necho 'no compiler found'\nexit 1\n");
  const std::map<std::string, std::string> path{{"PATH", project_.search_path("bin")}};
  if (project_.run({"sh", "-c", "command -v gabion"}, {}, path).status == 0) {
    GTEST_SKIP() << "gabion is installed, so that nothing is built";
  }
  const Outcome outcome = check(path);
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr("exit code: 2"));
  EXPECT_THAT(outcome.out, HasSubstr("no compiler found"));
  EXPECT_THAT(outcome.out, HasSubstr("docs/hooks.md"));
}

}  // namespace
}  // namespace gabion::e2e
