// A project in a git repository, for tests of what gabion asks git. The user's own settings of git do not count.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "program.h"

namespace gabion::e2e {

/// A directory with a repository at its top, or below it.
class GitProject : public Project {
 public:
  /// Runs git, which has to work, and gives what it prints without the last line end.
  std::string git(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{"git",
                                     "-c",
                                     "user.name=t",
                                     "-c",
                                     "user.email=t@example.com",
                                     "-c",
                                     "commit.gpgsign=false",
                                     "-c",
                                     "init.defaultBranch=main",
                                     "-c",
                                     "core.hooksPath=/dev/null"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Outcome outcome = run(command);
    EXPECT_EQ(outcome.status, 0) << outcome.err << outcome.out;
    return outcome.out.substr(0, outcome.out.find_last_not_of('\n') + 1);
  }

  void commit_all(const std::string& directory = ".") const {
    git({"-C", directory, "add", "-A"});
    git({"-C", directory, "commit", "-q", "--allow-empty", "-m", "x"});
  }
};

/// A test in such a directory; skipped where git is not installed.
class GitTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!project_.has("git")) {
      GTEST_SKIP() << "git is not installed";
    }
    project_.git({"init", "-q"});
  }

  GitProject project_;
};

/// The rule that the keys of these tests violate.
inline const std::string kKeyRule = "aws-kms-key-rotation";

/// A key that violates it.
inline std::string key(std::string_view name) {
  return "resource \"aws_kms_key\" \"" + std::string(name) + "\" {\n  enable_key_rotation = false\n}\n";
}

/// A module whose key follows a variable.
inline std::string key_module(std::string_view rotate) {
  return "variable \"rotate\" {\n  default = " + std::string(rotate) +
         "\n}\nresource \"aws_kms_key\" \"k\" {\n  enable_key_rotation = var.rotate\n}\n";
}

}  // namespace gabion::e2e
