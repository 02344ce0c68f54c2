// What is read, and written, when a project names files that are not its own: nothing of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "git_project.h"
#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// A directory with two projects: `mine`, which is scanned, and `other`, which holds something that nobody must see.
class BoundaryTest : public testing::Test {
 protected:
  void SetUp() override {
    all_.write("other/main.tf", "output \"o\" {\n  value = \"hidden-text\"\n}\n" + std::string(kBadKey));
    all_.write("other/secret.txt", "hidden-text");
    all_.write("other/values.tfvars", "v = \"hidden-text\"\n");
    all_.write("other/rule.yaml", "hidden-text: [\n");
    all_.write("mine/.git/HEAD", "ref: refs/heads/main\n");
  }

  Outcome scan(const std::string& path, std::vector<std::string> options = {}) const {
    options.insert(options.begin(), {"scan", path, "--format", "json", "--rule", "aws-kms-key-rotation"});
    return all_.gabion(options);
  }

  Project all_;
};

TEST_F(BoundaryTest, ModulesOutsideAreNamedAndNotRead) {
  all_.write("mine/main.tf", "module \"m\" {\n  source = \"../other\"\n}\n\noutput \"o\" {\n  value = module.m.o\n}\n");
  const Outcome outcome = scan("mine");
  EXPECT_EQ(outcome.status, 3) << outcome.err;
  EXPECT_EQ(outcome.json().at("diagnostics").at(0).at("code"), "module-outside");
  EXPECT_THAT(all_.gabion({"show", "mine", "--format", "json"}).out, Not(HasSubstr("hidden-text")));
  // One who wants it says so.
  EXPECT_THAT(all_.gabion({"show", "mine", "--format", "json", "--allow-outside"}).out, HasSubstr("hidden-text"));
}

TEST_F(BoundaryTest, ModulesOfTheRepositoryAreRead) {
  all_.write("mine/modules/m/main.tf",
             "variable \"rotate\" {}\n\nresource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = var.rotate\n}\n");
  all_.write("mine/envs/prod/main.tf", "module \"m\" {\n  source = \"../../modules/m\"\n  rotate = false\n}\n");
  const Outcome outcome = scan("mine/envs/prod");
  EXPECT_EQ(outcome.status, 1) << outcome.out << outcome.err;
  EXPECT_EQ(outcome.json().at("summary").at("incomplete"), false);
}

TEST_F(BoundaryTest, FunctionsReadNothingOutside) {
  std::string text;
  int number = 0;
  for (const std::string expression :
       {"file(\"../other/secret.txt\")", "file(\"${path.module}/x/../../other/secret.txt\")",
        "filebase64(\"../other/secret.txt\")", "templatefile(\"../other/secret.txt\", {})",
        "fileset(\"../other\", \"*\")", "fileset(\".\", \"../../**/secret.txt\")", "file(\"linked/secret.txt\")",
        "file(\"link.txt\")", "filesha256(\"../other/secret.txt\")", "file(\"/etc/passwd\")",
        "file(\"/proc/self/environ\")", "file(\"~/secret.txt\")", "fileexists(\"/etc/passwd\")"}) {
    text += "output \"o" + std::to_string(number++) + "\" {\n  value = " + expression + "\n}\n";
  }
  all_.write("mine/main.tf", text);
  std::filesystem::create_directory_symlink("../other", all_.path("mine/linked"));
  std::filesystem::create_symlink("../other/secret.txt", all_.path("mine/link.txt"));
  const Outcome shown = all_.gabion({"show", "mine", "--format", "json"});
  EXPECT_THAT(shown.out, Not(HasSubstr("hidden-text")));
  EXPECT_THAT(shown.out, Not(HasSubstr("root:")));
  const json outputs = shown.json().at("outputs");
  EXPECT_GE(outputs.size(), 10U);
  for (const json& output : outputs) {
    EXPECT_FALSE(output.is_boolean()) << "whether a file is there is not told either";
    EXPECT_FALSE(output.is_array() || output.is_string()) << output;
  }
}

TEST_F(BoundaryTest, ConfigurationsThatAreFoundNameNothingOutside) {
  all_.write("mine/main.tf", kGoodKey);
  for (const std::string setting :
       {"var-files: [../other/values.tfvars]", "rules:\n  load: [../other/rule.yaml]", "baseline: ../other/base.json",
        "environments:\n  prod:\n    var-files: [../other/values.tfvars]",
        "environments:\n  prod:\n    roots: [../other]", "baseline: linked/base.json"}) {
    all_.write("mine/.gabion.yaml", setting + "\n");
    std::error_code ignored;
    std::filesystem::create_directory_symlink("../other", all_.path("mine/linked"), ignored);
    const Outcome outcome = scan("mine");
    EXPECT_EQ(outcome.status, 2) << setting;
    EXPECT_THAT(outcome.err, HasSubstr("outside of the project")) << setting;
    EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("hidden-text"))) << setting;
    EXPECT_EQ(all_.gabion({"baseline", "mine"}).status, 2) << setting;
  }
  EXPECT_FALSE(std::filesystem::exists(all_.path("other/base.json")));
  // A file that is given is the user's own word.
  all_.write("mine/.gabion.yaml", "var-files: [../other/values.tfvars]\n");
  EXPECT_NE(scan("mine", {"--config", "mine/.gabion.yaml"}).status, 2);
}

TEST_F(BoundaryTest, FixesWriteNothingOutside) {
  all_.write("mine/main.tf", "module \"m\" {\n  source = \"./linked\"\n}\n");
  std::filesystem::create_directory_symlink("../other", all_.path("mine/linked"));
  const std::string before = all_.read("other/main.tf");
  static_cast<void>(all_.gabion({"fix", "mine", "--write", "--unsafe", "--allow-dirty"}));
  static_cast<void>(all_.gabion({"fix", "mine", "--write", "--unsafe", "--allow-dirty", "--allow-outside"}));
  EXPECT_EQ(all_.read("other/main.tf"), before);
}

/// The settings of a repository that came with an archive can name programs for git to run.
TEST(GitBoundaryTest, NothingThatARepositoryNamesIsRun) {
  const GitProject project;
  if (!project.has("git")) {
    GTEST_SKIP() << "git is not installed";
  }
  project.write("main.tf", kGoodKey);
  project.git({"init", "-q"});
  project.commit_all();
  const std::string program = project.path("program").string();
  const std::string trace = project.path("ran").string();
  project.write("program", "#!/bin/sh\ntouch " + trace + "\n");
  std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  project.git({"config", "core.fsmonitor", program});
  project.git({"config", "diff.external", program});
  project.git({"config", "core.hooksPath", project.path("hooks").string()});
  project.git({"config", "core.sshCommand", program});
  project.git({"config", "core.pager", program});
  project.write("hooks/post-index-change", "#!/bin/sh\ntouch " + trace + "\n");
  std::filesystem::permissions(project.path("hooks/post-index-change"), std::filesystem::perms::owner_all);
  // git alone would have run it.
  project.git({"status"});
  EXPECT_TRUE(std::filesystem::remove(trace));
  project.write("main.tf", kBadKey);
  EXPECT_EQ(project.gabion({"scan", "--changed-since", "HEAD", "--rule", "aws-kms-key-rotation"}).status, 1);
  static_cast<void>(project.gabion({"scan", "--hook", "main.tf"}));
  static_cast<void>(project.gabion({"fix", "--write"}));
  EXPECT_FALSE(std::filesystem::exists(trace));
}

}  // namespace
}  // namespace gabion::e2e
