// What runs in CI services, as far as it runs without them: the scripts of the composite action, of the GitLab template
// and of the jobs that `gabion init` writes, taken out of their files and run by the shells that the services use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "git_project.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Variables = std::map<std::string, std::string>;

class CiTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!project_.has_git()) {
      GTEST_SKIP() << "git is not installed";
    }
    project_.git({"init", "-q"});
    project_.write("main.tf", key("old"));
    project_.write(".gabion.yaml", "rules: {only: [" + kKeyRule + "]}\n");
    project_.commit_all();
    base_ = project_.git({"rev-parse", "HEAD"});
    project_.write("new.tf", key("new"));
    project_.commit_all();
    // The program by its name, as it is in an image.
    std::filesystem::create_directory(project_.path("../" + bin()));
    std::filesystem::create_symlink(GABION_PROGRAM, project_.path("../" + bin() + "/gabion"));
  }

  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(project_.path("../" + bin()), ignored);
  }

  [[nodiscard]] std::string bin() const { return project_.path().filename().string() + "-bin"; }

  [[nodiscard]] std::string path() const {
    return std::filesystem::weakly_canonical(project_.path("../" + bin())).string() + ":/usr/local/bin:/usr/bin:/bin";
  }

  static YAML::Node read(const std::string& name) {
    return YAML::LoadFile((std::filesystem::path(GABION_SOURCE_DIR) / name).string());
  }

  static YAML::Node step(const YAML::Node& steps, const std::string& name) {
    for (const YAML::Node& one : steps) {
      if (one["name"] && one["name"].as<std::string>() == name) {
        return one;
      }
    }
    ADD_FAILURE() << "there is no step " << name;
    return {};
  }

  /// As GitHub runs `shell: bash`.
  [[nodiscard]] Outcome bash(const std::string& script, Variables variables) const {
    project_.write("../" + bin() + "/script.sh", script);
    variables["PATH"] = path();
    return project_.run({"bash", "--noprofile", "--norc", "-eo", "pipefail",
                         std::filesystem::weakly_canonical(project_.path("../" + bin() + "/script.sh")).string()},
                        {}, variables);
  }

  GitProject project_;
  std::string base_;
};

TEST_F(CiTest, TheActionDeclaresWhatItUses) {
  const YAML::Node action = read("action.yml");
  EXPECT_EQ(action["runs"]["using"].as<std::string>(), "composite");
  std::set<std::string> declared;
  for (const auto& input : action["inputs"]) {
    declared.insert(input.first.as<std::string>());
    EXPECT_FALSE(input.second["description"].as<std::string>().empty());
    EXPECT_TRUE(input.second["default"]) << "an input without a default is undefined when it is not given";
  }
  std::set<std::string> used;
  for (const YAML::Node& one : action["runs"]["steps"]) {
    EXPECT_EQ(one["shell"].as<std::string>(), "bash") << "a composite action names the shell of each step";
    const std::string script = one["run"].as<std::string>();
    EXPECT_THAT(script, Not(HasSubstr("${{"))) << "what others write would become text of the script";
    std::string text = one["if"] ? one["if"].as<std::string>() : "";
    for (const auto& variable : one["env"]) {
      text += variable.second.as<std::string>();
    }
    for (std::size_t at = text.find("inputs."); at != std::string::npos; at = text.find("inputs.", at + 1)) {
      const std::size_t begin = at + 7;
      used.insert(text.substr(begin, text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", begin) - begin));
    }
  }
  EXPECT_EQ(used, declared);
}

TEST_F(CiTest, TheActionScansAndReviews) {
  const YAML::Node steps = read("action.yml")["runs"]["steps"];
  const std::string scan = step(steps, "Scan")["run"].as<std::string>();
  const std::string review = project_.path("../" + bin() + "/review.json").string();
  const std::string summary = project_.path("../" + bin() + "/summary.md").string();
  project_.write("../" + bin() + "/summary.md", "");
  Variables variables{{"GABION", GABION_PROGRAM},
                      {"SCAN_PATHS", "."},
                      {"FAIL_ON", ""},
                      {"SARIF", ""},
                      {"REVIEW", ""},
                      {"SINCE", ""},
                      {"GITHUB_ACTIONS", "true"},
                      {"GITHUB_WORKSPACE", project_.path().string()},
                      {"GITHUB_STEP_SUMMARY", summary}};
  // A push: everything.
  Outcome outcome = bash(scan, variables);
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("file=main.tf,"));
  EXPECT_THAT(outcome.out, HasSubstr("file=new.tf,"));
  EXPECT_THAT(project_.read("../" + bin() + "/summary.md"), HasSubstr("### gabion: 2 findings"));
  // A pull request, with everything that can be asked for.
  variables["SINCE"] = base_;
  variables["SARIF"] = "gabion.sarif";
  variables["REVIEW"] = review;
  variables["FAIL_ON"] = "high";
  outcome = bash(scan, variables);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, Not(HasSubstr("file=main.tf,")));
  EXPECT_THAT(outcome.out, HasSubstr("file=new.tf,"));
  EXPECT_EQ(json::parse(project_.read("gabion.sarif")).at("version"), "2.1.0");
  // Posted by a program that stands in for gh.
  project_.write("../" + bin() + "/gh", "#!/bin/sh\necho \"$@\" >> \"$LOG\"\ncat \"$5\" >> \"$LOG\"\n");
  std::filesystem::permissions(project_.path("../" + bin() + "/gh"), std::filesystem::perms::owner_all);
  const std::string log = project_.path("../" + bin() + "/log").string();
  const Variables posting{{"REVIEW", review}, {"NUMBER", "7"}, {"GITHUB_REPOSITORY", "o/r"}, {"LOG", log}};
  outcome = bash(step(steps, "Review")["run"].as<std::string>(), posting);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(project_.read("../" + bin() + "/log"),
              StartsWith("api --silent repos/o/r/pulls/7/reviews --input " + review + "\n{"));
  // Nothing to say, nothing to post.
  std::filesystem::remove(log);
  variables["SINCE"] = "HEAD";
  EXPECT_EQ(bash(scan, variables).status, 0);
  EXPECT_EQ(bash(step(steps, "Review")["run"].as<std::string>(), posting).status, 0);
  EXPECT_FALSE(std::filesystem::exists(log));
}

TEST_F(CiTest, ReviewsSuggestFixesAtTheLinesOfThePullRequest) {
  project_.write("main.tf", key("old") + repeat("\n", 20) + "locals {\n  rotate = false\n}\n");
  project_.write("new.tf",
                 "resource \"aws_kms_key\" \"new\" {\n  enable_key_rotation = false\n}\n\n"
                 "resource \"aws_kms_key\" \"far\" {\n  enable_key_rotation = local.rotate\n}\n");
  const json review = project_.gabion({"scan", "--format", "github-review", "--changed-since", base_}).json();
  EXPECT_EQ(review.at("event"), "COMMENT");
  ASSERT_EQ(review.at("comments").size(), 2U) << review.dump(1);
  const json& comment = review.at("comments").at(0);
  EXPECT_EQ(comment.at("path"), "new.tf");
  EXPECT_EQ(comment.at("line"), 2);
  EXPECT_EQ(comment.at("side"), "RIGHT");
  EXPECT_FALSE(comment.contains("start_line"));
  EXPECT_THAT(comment.at("body").get<std::string>(), HasSubstr("```suggestion\n  enable_key_rotation = true\n```\n"));
  // Without a version to compare with, every place has a comment.
  EXPECT_EQ(project_.gabion({"scan", "--format", "github-review"}).json().at("comments").size(), 3U);
  // What the change brought elsewhere is listed.
  project_.write("m/main.tf", repeat("# far away\n", 10) + key("k"));
  project_.write("new.tf", "module \"m\" {\n  source = \"./m\"\n  count  = 0\n}\n");
  project_.commit_all();
  project_.write("new.tf", "module \"m\" {\n  source = \"./m\"\n}\n");
  const json elsewhere = project_.gabion({"scan", "--format", "github-review", "--changed-since", "HEAD"}).json();
  EXPECT_THAT(elsewhere.at("comments"), IsEmpty()) << elsewhere.dump(1);
  EXPECT_THAT(elsewhere.at("body").get<std::string>(), HasSubstr("Outside of the lines of this pull request"));
  EXPECT_THAT(elsewhere.at("body").get<std::string>(), HasSubstr("`m/main.tf:"));
}

/// The lines of `script`, as a runner of GitLab gives them to a shell.
std::string joined(const YAML::Node& script) {
  std::string result;
  for (const YAML::Node& line : script) {
    result += line.as<std::string>() + "\n";
  }
  return result;
}

TEST_F(CiTest, TheJobForGitlabWritesItsReports) {
  ASSERT_EQ(project_.run({"sh", "-c", "mkdir gitlab && touch gitlab/.gitlab-ci.yml"}).status, 0);
  const Outcome init = project_.gabion({"init", "gitlab"});
  EXPECT_THAT(init.err, HasSubstr("gabion:\n"));
  const std::string offered = init.err.substr(init.err.find("gabion:\n"));
  for (const YAML::Node& file : {read("docs/ci/gitlab.yml"), YAML::Load(offered)}) {
    const YAML::Node job = file["gabion"];
    const std::string script = joined(job["script"]);
    const YAML::Node reports = job["artifacts"]["reports"];
    EXPECT_EQ(job["image"]["entrypoint"][0].as<std::string>(), "") << "the runner starts a shell";
    for (const bool request : {false, true}) {
      const Outcome outcome =
          project_.run({"sh", "-e", "-c", script}, {},
                       {{"PATH", path()}, {"CI_MERGE_REQUEST_DIFF_BASE_SHA", request ? base_ : std::string()}});
      EXPECT_EQ(outcome.status, 1) << outcome.err;
      EXPECT_THAT(outcome.out, HasSubstr("aws_kms_key.new"));
      const json sast = json::parse(project_.read(reports["sast"].as<std::string>()));
      EXPECT_EQ(sast.at("vulnerabilities").size(), request ? 1U : 2U);
      EXPECT_FALSE(sast.at("remediations").empty());
      EXPECT_EQ(json::parse(project_.read(reports["codequality"].as<std::string>())).size(), request ? 1U : 2U);
    }
  }
}

TEST_F(CiTest, TheJobThatInitWritesForGithubRuns) {
  ASSERT_EQ(project_.gabion({"init"}).status, 0);
  const YAML::Node job = YAML::LoadFile(project_.path(".github/workflows/gabion.yml").string())["jobs"]["gabion"];
  const std::string there = step(job["steps"], "Is gabion there")["run"].as<std::string>();
  EXPECT_EQ(bash(there, {}).status, 0);
  const Outcome absent = project_.run({"bash", "-e", "-c", there}, {}, {{"PATH", "/usr/bin:/bin"}});
  EXPECT_EQ(absent.status, 2);
  EXPECT_THAT(absent.out, StartsWith("::error::"));
  const std::string scan =
      step(job["steps"], "Findings that the change introduces, or all of them on the main branch")["run"]
          .as<std::string>();
  EXPECT_THAT(bash(scan, {{"BASE", ""}}).out, HasSubstr("file=main.tf,"));
  project_.git({"update-ref", "refs/remotes/origin/main", base_});
  const Outcome request = bash(scan, {{"BASE", "main"}});
  EXPECT_THAT(request.out, HasSubstr("file=new.tf,"));
  EXPECT_THAT(request.out, Not(HasSubstr("file=main.tf,")));
}

TEST_F(CiTest, TheImageIsSmallAndWithoutRights) {
  std::ifstream file(std::filesystem::path(GABION_SOURCE_DIR) / "Dockerfile");
  std::vector<std::string> instructions;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with("#")) {
      continue;
    }
    if (!instructions.empty() && instructions.back().ends_with('\\')) {
      instructions.back().pop_back();
      instructions.back() += line;
    } else {
      instructions.push_back(line);
    }
  }
  const auto number = [&](std::string_view word) {
    return std::count_if(instructions.begin(), instructions.end(),
                         [&](const std::string& line) { return line.starts_with(word); });
  };
  EXPECT_EQ(number("FROM "), 2);
  EXPECT_EQ(number("ADD "), 0);
  EXPECT_EQ(number("USER "), 1);
  bool last_stage = false;
  for (const std::string& line : instructions) {
    last_stage = last_stage || (line.starts_with("FROM ") && line.find(" AS ") == std::string::npos);
    if (line.starts_with("FROM ")) {
      EXPECT_THAT(line, HasSubstr(":12")) << "the release of Debian is named";
    }
    if (line.find("apt-get install") != std::string::npos) {
      EXPECT_THAT(line, HasSubstr("apt-get update"));
      EXPECT_THAT(line, HasSubstr("--no-install-recommends"));
      EXPECT_TRUE(!last_stage || line.find("rm -rf /var/lib/apt/lists/*") != std::string::npos) << line;
    }
    if (line.starts_with("USER ")) {
      EXPECT_NE(line, "USER root");
    }
  }
  const auto position = [&](std::string_view word) {
    return std::find_if(instructions.begin(), instructions.end(),
                        [&](const std::string& line) { return line.starts_with(word); }) -
           instructions.begin();
  };
  EXPECT_LT(position("COPY --from=build"), position("USER "));
  EXPECT_LT(position("USER "), position("ENTRYPOINT "));
}

}  // namespace
}  // namespace gabion::e2e
