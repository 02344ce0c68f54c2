// What an ordinary user may not do: files and directories that cannot be read, and places that cannot be written, on
// file systems or by their modes. Where the tests are run by root, the program is run by somebody else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "program.h"

namespace gabion::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class PermissionsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (geteuid() == 0) {
      user_ = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all"};
      if (!project_.has("setpriv")) {
        GTEST_SKIP() << "root may do everything, and setpriv is not installed";
      }
    }
    // Wherever the build is, it need not be open to others.
    fs::copy_file(GABION_PROGRAM, project_.path("program"));
    set_mode("program", 0755);
  }

  /// Directories are opened again, so that they can be removed.
  void TearDown() override {
    for (const std::string& name : closed_) {
      static_cast<void>(chmod(project_.path(name).c_str(), 0755));
    }
  }

  void set_mode(const std::string& name, mode_t mode) {
    const fs::path path = project_.path(name);
    ASSERT_EQ(chmod(path.c_str(), mode), 0) << path;
    closed_.push_back(name);
  }

  /// Everything belongs to who runs the program.
  void give_away() const {
    if (geteuid() != 0) {
      return;
    }
    constexpr uid_t kNobody = 65534;
    ASSERT_EQ(chown(project_.path().c_str(), kNobody, kNobody), 0);
    for (const auto& entry : fs::recursive_directory_iterator(project_.path())) {
      ASSERT_EQ(lchown(entry.path().c_str(), kNobody, kNobody), 0);
    }
  }

  [[nodiscard]] Outcome gabion(const std::vector<std::string>& arguments,
                               const std::map<std::string, std::string>& environment = {}) const {
    give_away();
    std::vector<std::string> command = user_;
    command.push_back(project_.path("program").string());
    command.insert(command.end(), arguments.begin(), arguments.end());
    return project_.run(command, {}, environment);
  }

  [[nodiscard]] std::set<std::string> files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(project_.path())) {
      names.insert(entry.path().string());
    }
    return names;
  }

  Project project_;
  std::vector<std::string> user_;
  std::vector<std::string> closed_;
};

TEST_F(PermissionsTest, WhatCannotBeReadIsNamed) {
  project_.write("main.tf", kGoodKey);
  project_.write("secret.tf", kBadKey);
  project_.write("closed/main.tf", kBadKey);
  project_.write("policy.json", "{}");
  set_mode("secret.tf", 0);
  set_mode("closed", 0);
  set_mode("policy.json", 0);
  const Outcome outcome = gabion({"scan", "--cache", "off", "--format", "json", "--rule", "aws-kms-key-rotation"});
  EXPECT_EQ(outcome.status, 3) << outcome.out << outcome.err;
  const nlohmann::json report = outcome.json();
  std::set<std::string> named;
  for (const nlohmann::json& diagnostic : report.at("diagnostics")) {
    EXPECT_EQ(diagnostic.at("severity"), "error");
    named.insert(diagnostic.at("file").get<std::string>());
  }
  EXPECT_EQ(named, (std::set<std::string>{"closed", "policy.json", "secret.tf"}));
  EXPECT_EQ(report.at("summary").at("incomplete"), true);
}

TEST_F(PermissionsTest, ReportsWhereNothingCanBeWritten) {
  project_.write("main.tf", kBadKey);
  project_.write("reports/old.json", "old");
  set_mode("reports/old.json", 0444);
  set_mode("reports", 0555);
  const std::set<std::string> before = files();
  for (const std::string place : {"reports/new.json", "reports/old.json"}) {
    const Outcome outcome = gabion({"scan", "--cache", "off", "--format", "json", "--output", place});
    EXPECT_EQ(outcome.status, 2) << place;
    EXPECT_THAT(outcome.err, HasSubstr("cannot be written")) << place;
  }
  EXPECT_EQ(project_.read("reports/old.json"), "old");
  EXPECT_EQ(files(), before);
}

TEST_F(PermissionsTest, FixesWhereNothingCanBeWritten) {
  project_.write("a/main.tf", kBadKey);
  project_.write("b/main.tf", kBadKey);
  const std::vector<std::string> command = {"fix", "--write", "--allow-dirty"};
  for (const std::string closed : {"b", "b/main.tf"}) {
    set_mode(closed, closed == "b" ? 0555 : 0444);
    const std::set<std::string> before = files();
    const Outcome outcome = gabion(command);
    EXPECT_EQ(outcome.status, 2) << closed << outcome.out;
    EXPECT_THAT(outcome.err, HasSubstr("no file was changed")) << closed;
    EXPECT_EQ(project_.read("a/main.tf"), kBadKey) << closed;
    EXPECT_EQ(project_.read("b/main.tf"), kBadKey) << closed;
    EXPECT_EQ(files(), before) << closed;
    set_mode(closed, closed == "b" ? 0755 : 0644);
  }
  EXPECT_LE(gabion(command).status, 1);
  EXPECT_NE(project_.read("a/main.tf"), kBadKey);
  EXPECT_NE(project_.read("b/main.tf"), kBadKey);
}

TEST_F(PermissionsTest, ACacheThatCannotBeWrittenIsNone) {
  project_.write("stack/main.tf", kBadKey);
  project_.write("cache/keep", "");
  const std::map<std::string, std::string> environment = {{"XDG_CACHE_HOME", project_.path("cache").string()}};
  const std::vector<std::string> command = {"scan", "--format", "json", "stack"};
  const Outcome usual = gabion({"scan", "--cache", "off", "--format", "json", "stack"});
  EXPECT_EQ(usual.status, 1);
  set_mode("cache", 0555);
  EXPECT_EQ(gabion(command, environment).out, usual.out);
  EXPECT_EQ(std::distance(fs::directory_iterator(project_.path("cache")), fs::directory_iterator()), 1);
  // One that was filled while it could be, and then cannot even be read.
  set_mode("cache", 0755);
  EXPECT_EQ(gabion(command, environment).out, usual.out);
  EXPECT_GT(std::distance(fs::directory_iterator(project_.path("cache")), fs::directory_iterator()), 1);
  for (const mode_t mode : {0555U, 0U}) {
    set_mode("cache/gabion", mode);
    const Outcome outcome = gabion(command, environment);
    EXPECT_EQ(outcome.status, 1) << mode;
    EXPECT_EQ(outcome.out, usual.out) << mode;
  }
}

}  // namespace
}  // namespace gabion::e2e
