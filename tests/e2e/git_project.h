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
  /// Whether git is there to be used.
  [[nodiscard]] bool has_git() const { return has("git"); }
  [[nodiscard]] bool has(const std::string& program) const { return run({program, "--version"}).status == 0; }

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

/// The resources of the findings in a report in JSON.
inline std::vector<std::string> resources(const Outcome& outcome) {
  std::vector<std::string> result;
  for (const nlohmann::json& finding : outcome.json().value("findings", nlohmann::json::array())) {
    result.push_back(finding.at("resource").get<std::string>());
  }
  return result;
}

}  // namespace gabion::e2e
