// What makes the program pleasant to use: suggestions, completions, the manual page, explanations, links, coverage, and
// a clean end when it is interrupted.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <sstream>

#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class DeskTest : public testing::Test {
 protected:
  /// What bash offers for a command line whose last word is being typed.
  std::string offered(const std::vector<std::string>& words) const {
    std::string list;
    for (const std::string& word : words) {
      list += " '" + word + "'";
    }
    const std::string script = "source completions.bash; COMP_WORDS=(" + list +
                               "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _gabion; echo \"${COMPREPLY[*]}\"";
    const Outcome outcome = project_.run({"bash", "-c", script});
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return outcome.out;
  }

  Project project_;
};

TEST_F(DeskTest, SuggestsWhatWasMeant) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"scam"}, "did you mean \"scan\"?"},
      {{"scan", "--formt", "json"}, "did you mean \"--format\"?"},
      {{"scan", "--fail-om=high"}, "did you mean \"--fail-on\"?"},
      {{"policy", "prov"}, "did you mean \"prove\"?"},
      {{"scan", "--format", "jsno"}, "did you mean \"json\"?"},
      {{"scan", "--rule", "aws-kms-key-rotatoin"}, "aws-kms-key-rotation"},
      {{"explain", "aws-kms-key-rotatoin"}, "did you mean \"aws-kms-key-rotation\"?"},
  };
  project_.write("main.tf", kGoodKey);
  for (const auto& [arguments, suggestion] : cases) {
    const Outcome outcome = project_.gabion(arguments);
    EXPECT_EQ(outcome.status, 2) << testing::PrintToString(arguments);
    EXPECT_THAT(outcome.err, HasSubstr(suggestion)) << testing::PrintToString(arguments);
  }
  EXPECT_THAT(project_.gabion({"scan", "--nothing-like-it"}).err, Not(HasSubstr("did you mean")));
}

TEST_F(DeskTest, CompletesInBash) {
  const Outcome script = project_.gabion({"completions", "bash"});
  ASSERT_EQ(script.status, 0);
  project_.write("completions.bash", script.out);
  EXPECT_EQ(offered({"gabion", "sc"}), "scan\n");
  EXPECT_EQ(offered({"gabion", "policy", "pr"}), "prove\n");
  EXPECT_EQ(offered({"gabion", "scan", "--min-s"}), "--min-severity\n");
  EXPECT_EQ(offered({"gabion", "scan", "--format", "gi"}), "github github-review gitlab\n");
  EXPECT_EQ(offered({"gabion", "scan", "--fail-on", "=", "h"}), "high\n");
  EXPECT_EQ(offered({"gabion", "scan", "."}), "\n");
  EXPECT_EQ(offered({"gabion", "explain", "aws-kms-key-rot"}), "aws-kms-key-rotation\n");
  EXPECT_EQ(offered({"gabion", "--color", "n"}), "never\n");
}

TEST_F(DeskTest, OtherShellsReadTheirCompletions) {
  for (const std::string shell : {"zsh", "fish"}) {
    const Outcome script = project_.gabion({"completions", shell});
    ASSERT_EQ(script.status, 0);
    EXPECT_THAT(script.out, HasSubstr("min-severity"));
    project_.write("completions." + shell, script.out);
    const Outcome checked = project_.run({shell, "-n", "completions." + shell});
    if (checked.status != 127) {
      EXPECT_EQ(checked.status, 0) << shell << ": " << checked.err;
    }
  }
  EXPECT_EQ(project_.gabion({"completions", "tcsh"}).status, 2);
}

TEST_F(DeskTest, ManualPageIsSound) {
  if (project_.run({"mandoc", "-T", "lint", "/dev/null"}).status == 127) {
    GTEST_SKIP() << "there is no mandoc";
  }
  const std::string page = std::string(GABION_SOURCE_DIR) + "/docs/gabion.1";
  std::istringstream problems(project_.run({"mandoc", "-T", "lint", "-W", "warning", page}).out);
  for (std::string line; std::getline(problems, line);) {
    // A date would differ with every build.
    EXPECT_THAT(line, HasSubstr("missing date"));
  }
  EXPECT_THAT(project_.run({"mandoc", "-T", "html", page}).out, HasSubstr("<b>gabion scan</b>"));
}

TEST_F(DeskTest, ExplainsInline) {
  project_.write("main.tf",
                 std::string(kBadKey) + "resource \"aws_kms_key\" \"b\" {\n  enable_key_rotation = false\n}\n");
  const Outcome outcome = project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--explain"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_THAT(outcome.out, HasSubstr(" = why: "));
  EXPECT_THAT(outcome.out, HasSubstr(" = see: https://"));
  // Once for each rule.
  EXPECT_EQ(outcome.out.find(" = why: "), outcome.out.rfind(" = why: "));
  EXPECT_THAT(outcome.out, Not(HasSubstr("gabion explain")));
}

TEST_F(DeskTest, LinksPlacesWhereAsked) {
  project_.write("a b/main.tf", kBadKey);
  const Outcome linked = project_.gabion({"scan", "--links", "always"});
  EXPECT_THAT(linked.out, HasSubstr("\x1b]8;;file://" + project_.path().string() + "/a%20b/main.tf\x1b\\a b/main.tf:"));
  EXPECT_THAT(project_.gabion({"scan"}).out, Not(HasSubstr("\x1b]8")));
  // A file is no terminal.
  EXPECT_EQ(project_.gabion({"scan", "--links", "always", "--report", "text=report.txt"}).status, 1);
  EXPECT_THAT(project_.read("report.txt"), Not(HasSubstr("\x1b")));
}

TEST_F(DeskTest, TellsWhatWasAnalysed) {
  project_.write("main.tf", R"(resource "aws_kms_key" "a" {
  enable_key_rotation = true
}
resource "aws_kms_key" "b" {
  count               = var.unknown
  enable_key_rotation = true
}
variable "unknown" {}
resource "aws_iam_role_policy" "p" {
  role   = "r"
  policy = var.policy
}
variable "policy" {}
module "far" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "1.0.0"
}
)");
  project_.write("broken.tf", "resource \"aws_kms_key\" \"c\" {\n  description = \"unclosed\n}\n");
  const Outcome outcome =
      project_.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", "json", "--statistics"});
  // What is whole of the broken file is analysed too.
  EXPECT_EQ(outcome.status, 1);
  const json report = outcome.json();
  EXPECT_EQ(report.at("summary").at("incomplete"), true);
  const json& coverage = report.at("summary").at("coverage");
  EXPECT_EQ(coverage.at("files"), (json{{"analysed", 1}, {"partly", 1}, {"not", 0}}));
  EXPECT_EQ(coverage.at("blocks"), (json{{"analysed", 2}, {"partly", 2}, {"not", 0}}));
  EXPECT_EQ(coverage.at("modules"), (json{{"analysed", 1}, {"partly", 0}, {"not", 1}}));
  EXPECT_EQ(coverage.at("policies"), (json{{"analysed", 0}, {"partly", 0}, {"not", 1}}));
  EXPECT_EQ(coverage.at("percent"), 77.7);
  EXPECT_EQ(coverage.at("gaps").size(), 5U) << coverage.at("gaps").dump(1);
  EXPECT_THAT(outcome.err, HasSubstr("coverage: 77.7 %"));
  EXPECT_THAT(outcome.err, HasSubstr("policy not analysed: aws_iam_role_policy.p.policy (main.tf:11): "));
  EXPECT_THAT(outcome.err, HasSubstr("var.policy"));
}

TEST_F(DeskTest, FailsWhenTooLittleWasAnalysed) {
  project_.write("main.tf", std::string(kGoodKey) + R"(
module "far" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "1.0.0"
}
)");
  const std::vector<std::string> scan = {"scan", "--rule", "aws-kms-key-rotation", "--min-coverage"};
  const auto with = [&](const std::string& percent) {
    std::vector<std::string> arguments = scan;
    arguments.push_back(percent);
    return project_.gabion(arguments);
  };
  EXPECT_EQ(with("75").status, 0);
  const Outcome failed = with("75.1");
  EXPECT_EQ(failed.status, 3);
  EXPECT_THAT(failed.err, HasSubstr("75.0 % were analysed"));
  EXPECT_EQ(with("101").status, 2);
  EXPECT_EQ(with("most").status, 2);
}

TEST_F(DeskTest, EndsCleanlyWhenInterrupted) {
  project_.write("main.tf", kBadKey);
  project_.write("old.json", "old");
  ASSERT_EQ(mkfifo(project_.path("pipe").c_str(), 0600), 0);
  // The second report waits for a reader that never comes; by then the first is written whole.
  const std::string script =
      "\"$0\" scan --report json=new.json --report json=pipe --report json=old.json & child=$!\n"
      "until [ -s new.json ]; do sleep 0.05; done\n"
      "kill -INT $child 2>/dev/null; kill -TERM $child; wait $child; echo status $?";
  const Outcome outcome = project_.run({"bash", "-c", script, GABION_PROGRAM});
  // bash starts background jobs with SIGINT ignored, which is kept; SIGTERM still ends it.
  EXPECT_THAT(outcome.out, HasSubstr("status 143")) << outcome.err;
  EXPECT_TRUE(json::parse(project_.read("new.json"), nullptr, false).is_object());
  EXPECT_EQ(project_.read("old.json"), "old");
  for (const auto& entry : std::filesystem::directory_iterator(project_.path())) {
    EXPECT_THAT(entry.path().filename().string(), Not(HasSubstr(".gabion-")));
  }
}

TEST_F(DeskTest, EndsWith130OnControlC) {
  project_.write("main.tf", kBadKey);
  ASSERT_EQ(mkfifo(project_.path("pipe").c_str(), 0600), 0);
  const std::string directory = project_.path().string();
  const pid_t child = fork();
  if (child == 0) {
    static_cast<void>(std::signal(SIGINT, SIG_DFL));
    if (chdir(directory.c_str()) != 0) {
      _exit(127);
    }
    execl(GABION_PROGRAM, GABION_PROGRAM, "scan", "--report", "json=new.json", "--report", "json=pipe", nullptr);
    _exit(127);
  }
  ASSERT_GT(child, 0);
  while (!std::filesystem::exists(project_.path("new.json"))) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, WNOHANG), 0) << "it ended by itself";
    usleep(10000);
  }
  EXPECT_EQ(kill(child, SIGINT), 0);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130);
  EXPECT_TRUE(json::parse(project_.read("new.json"), nullptr, false).is_object());
}

}  // namespace
}  // namespace gabion::e2e
