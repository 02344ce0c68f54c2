// The commands beside scan: fix, show, console, policy, rules, explain, test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <sstream>

#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class CommandsTest : public testing::Test {
 protected:
  Project project_;
};

std::vector<json> lines_of(const Outcome& outcome) {
  std::vector<json> result;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) {
    result.push_back(json::parse(line, nullptr, false));
  }
  return result;
}

// ---- fix ----

TEST_F(CommandsTest, FixPrintsADiffThatGitApplies) {
  project_.write("main.tf", kBadKey);
  project_.write("modules/b/keys.tf", "resource \"aws_kms_key\" \"b\" {\n  description = \"b\"\n}");
  const Outcome outcome = project_.gabion({"fix", "--rule", "aws-kms-key-rotation"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("--- a/main.tf\n+++ b/main.tf\n"));
  EXPECT_EQ(project_.read("main.tf"), kBadKey) << "nothing is written without --write";
  if (!project_.has("git")) {
    GTEST_SKIP() << "git is not installed";
  }
  const Outcome applied = project_.run({"git", "apply", "--whitespace=nowarn", "-"}, outcome.out);
  EXPECT_EQ(applied.status, 0) << applied.err << outcome.out;
  EXPECT_EQ(project_.gabion({"scan", "--rule", "aws-kms-key-rotation"}).status, 0);
}

TEST_F(CommandsTest, FixWritesOnceAndKeepsTheMode) {
  project_.write("main.tf", kBadKey);
  constexpr mode_t kMode = 0640;
  ASSERT_EQ(chmod(project_.path("main.tf").c_str(), kMode), 0);
  const Outcome outcome = project_.gabion({"fix", "--write", "--rule", "aws-kms-key-rotation"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(project_.read("main.tf"),
            "resource \"aws_kms_key\" \"a\" {\n  description         = \"audit\"\n  enable_key_rotation = true\n}\n");
  struct stat status {};
  ASSERT_EQ(stat(project_.path("main.tf").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, kMode);
  const Outcome again = project_.gabion({"fix", "--rule", "aws-kms-key-rotation"});
  EXPECT_EQ(again.status, 0);
  EXPECT_THAT(again.out, IsEmpty());
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(project_.path()), {}), 1) << "no file is left behind";
}

TEST_F(CommandsTest, FixKeepsLineEndsAndMark) {
  project_.write("main.tf", "\xEF\xBB\xBFresource \"aws_kms_key\" \"a\" {\r\n  description = \"x\"\r\n}");
  EXPECT_EQ(project_.gabion({"fix", "--write", "--rule", "aws-kms-key-rotation"}).status, 0);
  EXPECT_EQ(project_.read("main.tf"),
            "\xEF\xBB\xBFresource \"aws_kms_key\" \"a\" {\r\n  description = \"x\"\r\n\r\n"
            "  enable_key_rotation = true\r\n}");
}

TEST_F(CommandsTest, FixStaysInTheGivenPaths) {
  const std::string module =
      "variable \"rotate\" {\n  default = false\n}\n\nresource \"aws_kms_key\" \"a\" {\n"
      "  enable_key_rotation = var.rotate\n}\n";
  project_.write("LICENSE", "");  // the top of the project
  project_.write("shared/main.tf", module);
  project_.write("app/main.tf", "module \"m\" {\n  source = \"../shared\"\n}\n");
  static_cast<void>(project_.gabion({"fix", "--write", "app"}));
  EXPECT_EQ(project_.read("shared/main.tf"), module);
}

TEST_F(CommandsTest, FixEndsWithOneWhenFindingsRemain) {
  project_.write("main.tf", std::string(kBadKey) + "\nresource \"aws_cloudtrail\" \"t\" {\n  name = \"t\"\n}\n");
  EXPECT_EQ(project_.gabion({"fix"}).status, 1);
}

// ---- show ----

TEST_F(CommandsTest, ShowPrintsTheEvaluatedConfiguration) {
  project_.write("main.tf",
                 "variable \"name\" {\n  default = \"n\"\n}\n\nresource \"aws_s3_bucket\" \"b\" {\n  count  = 2\n"
                 "  bucket = \"${var.name}-${count.index}\"\n}\n\ndata \"aws_region\" \"r\" {}\n\n"
                 "output \"o\" {\n  value = upper(var.name)\n}\n");
  const Outcome outcome = project_.gabion({"show", "--format", "json"});
  ASSERT_EQ(outcome.status, 0) << outcome.err;
  const json shown = outcome.json();
  ASSERT_EQ(shown.at("resources").size(), 3U) << outcome.out;
  bool found = false;
  for (const json& resource : shown.at("resources")) {
    for (const char* key : {"address", "type", "mode", "module", "file", "line", "values", "unknown"}) {
      EXPECT_TRUE(resource.contains(key)) << key;
    }
    if (resource.at("address") == "aws_s3_bucket.b[1]") {
      found = true;
      EXPECT_EQ(resource.at("type"), "aws_s3_bucket");
      EXPECT_EQ(resource.at("mode"), "managed");
      EXPECT_EQ(resource.at("file"), "main.tf");
      EXPECT_EQ(resource.at("line"), 5);
      EXPECT_EQ(resource.at("values").at("bucket"), "n-1");
    }
  }
  EXPECT_TRUE(found) << outcome.out;
  EXPECT_EQ(shown.at("outputs").at("o"), "N");
  EXPECT_THAT(project_.gabion({"show"}).out, HasSubstr("aws_s3_bucket.b[1]"));
}

TEST_F(CommandsTest, ShowFailsWithADocument) {
  const Outcome outcome = project_.gabion({"show", "--format", "json", "absent"});
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(outcome.json(), json({{"resources", json::array()}, {"outputs", json::object()}}));
  project_.write("main.tf", "resource {{{");
  EXPECT_EQ(project_.gabion({"show"}).status, 3);
}

// ---- console ----

TEST_F(CommandsTest, ConsoleAnswersOneLineEach) {
  project_.write("main.tf", "variable \"unset\" {}\n\nlocals {\n  a = [1, 2]\n}\n");
  const Outcome outcome = project_.gabion({"console"}, "sum(local.a)\n\nvar.unset\nnope(\n{b = var.unset}\n");
  EXPECT_EQ(outcome.status, 0);
  const std::vector<json> lines = lines_of(outcome);
  ASSERT_EQ(lines.size(), 4U) << outcome.out;
  EXPECT_EQ(lines[0], json({{"value", 3}}));
  EXPECT_EQ(lines[1].at("unknown"), true);
  EXPECT_TRUE(lines[2].at("error").is_string());
  EXPECT_TRUE(lines[3].at("value").at("b").contains("$unknown")) << lines[3];
}

TEST_F(CommandsTest, ConsoleTakesVariablesAsJson) {
  const Outcome outcome = project_.gabion(
      {"console", "--json"}, R"({"expr": "x + 1", "vars": {"x": {"type": "number", "value": 41, "marks": []}}})"
                             "\n"
                             R"({"expr": "[x]", "vars": {"x": {"type": "string", "value": {"$unknown": "string"}}}})"
                             "\nnot json\n{}\n");
  const std::vector<json> lines = lines_of(outcome);
  ASSERT_EQ(lines.size(), 4U) << outcome.out;
  EXPECT_EQ(lines[0].at("value"), 42);
  EXPECT_EQ(lines[1].at("value"), json::array({{{"$unknown", "string"}}}));
  EXPECT_TRUE(lines[2].contains("error"));
  EXPECT_TRUE(lines[3].contains("error"));
}

TEST_F(CommandsTest, ConsoleTakesAFileForItsModule) {
  project_.write("m/main.tf", "locals {\n  a = [local.b]\n}\n");
  project_.write("m/other.tf", "locals {\n  b = 2\n}\n");
  EXPECT_EQ(lines_of(project_.gabion({"console", "m/main.tf"}, "local.a\n")),
            std::vector<json>{json({{"value", json::array({2})}})});
}

TEST_F(CommandsTest, ConsoleHasTheFunctionsOfTerraform) {
  // Programs that bring values along may also convert them, as HCL can.
  const std::string call = "convert(1, string)";
  const std::vector<json> plain = lines_of(project_.gabion({"console"}, call + "\nlenght([])\n"));
  ASSERT_EQ(plain.size(), 2U);
  EXPECT_EQ(plain[0].at("error"), "there is no function named \"convert\"");
  EXPECT_EQ(plain[1].at("error"), "there is no function named \"lenght\"; did you mean \"length\"?");
  EXPECT_EQ(lines_of(project_.gabion({"console", "--json"}, json({{"expr", call}}).dump() + "\n")),
            std::vector<json>{json({{"value", "1"}})});
}

// ---- policy ----

constexpr std::string_view kReads =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]})";
constexpr std::string_view kAll =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})";

TEST_F(CommandsTest, PolicyEvalDecidesLines) {
  const auto line = [](std::string_view policy, const std::string& action) {
    return R"({"policy":)" + std::string(policy) +
           R"(,"request":{"principal":"arn:aws:iam::111122223333:user/x","action":")" + action +
           R"(","resource":"arn:aws:s3:::b/k","context":{}}})" + "\n";
  };
  constexpr std::string_view kDenies =
      R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]})";
  const Outcome outcome = project_.gabion(
      {"policy", "eval"}, line(kReads, "s3:GetObject") + line(kReads, "s3:PutObject") + line(kDenies, "s3:GetObject"));
  EXPECT_EQ(outcome.status, 0);
  const std::vector<json> lines = lines_of(outcome);
  ASSERT_EQ(lines.size(), 3U) << outcome.out;
  EXPECT_EQ(lines[0].at("decision"), "Allowed");
  EXPECT_EQ(lines[1].at("decision"), "ImplicitlyDenied");
  EXPECT_EQ(lines[2].at("decision"), "ExplicitlyDenied");
  const Outcome broken = project_.gabion({"policy", "eval"}, "{\n[]\n" + line(kReads, "s3:GetObject"));
  EXPECT_EQ(broken.status, 2);
  ASSERT_EQ(lines_of(broken).size(), 3U);
  EXPECT_TRUE(lines_of(broken)[0].contains("error"));
  EXPECT_EQ(lines_of(broken)[2].at("decision"), "Allowed");
}

TEST_F(CommandsTest, PolicyProveAnswersForAllRequests) {
  project_.write("p.json", kReads);
  const auto prove = [&](const std::string& formula) {
    return project_.gabion(
        {"policy", "prove", "p.json", "--kind", "identity", "--never-allows", formula, "--format", "json"});
  };
  const Outcome yes = prove(R"({"action": "s3:PutObject"})");
  EXPECT_EQ(yes.status, 0);
  EXPECT_EQ(yes.json().at("answer"), "yes");
  EXPECT_TRUE(yes.json().at("witness").is_null());
  EXPECT_TRUE(yes.json().at("because").is_string());
  EXPECT_TRUE(yes.json().at("assumed").is_array());
  const Outcome no = prove(R"({"action": "s3:*"})");
  EXPECT_EQ(no.status, 1);
  EXPECT_EQ(no.json().at("answer"), "no");
  for (const char* key : {"principal", "action", "resource", "context"}) {
    EXPECT_TRUE(no.json().at("witness").contains(key)) << key;
  }
  const Outcome denies = project_.gabion(
      {"policy", "prove", "p.json", "--kind", "identity", "--denies", R"({"action": "s3:Put*"})", "--format", "json"});
  EXPECT_EQ(denies.json().at("answer"), "no") << "not allowed is not explicitly denied";
}

TEST_F(CommandsTest, PolicyProveFailsWithADocument) {
  project_.write("p.json", kReads);
  const std::vector<std::vector<std::string>> wrong = {
      {"p.json"}, {"absent.json", "--denies", "true"}, {"p.json", "--denies", "{"}, {"p.json", "--kind", "other"}};
  for (std::vector<std::string> arguments : wrong) {
    arguments.insert(arguments.begin(), {"policy", "prove", "--format", "json"});
    const Outcome outcome = project_.gabion(arguments);
    EXPECT_EQ(outcome.status, 2) << testing::PrintToString(arguments);
    ASSERT_TRUE(outcome.json().is_object()) << testing::PrintToString(arguments) << outcome.out;
    EXPECT_EQ(outcome.json().at("answer"), "unknown");
    EXPECT_THAT(outcome.err, HasSubstr("gabion: error: "));
  }
}

TEST_F(CommandsTest, PolicyCompareShowsWhatIsNew) {
  project_.write("old.json", kReads);
  project_.write("new.json", kAll);
  const Outcome more = project_.gabion({"policy", "compare", "old.json", "new.json", "--format", "json"});
  EXPECT_EQ(more.status, 1);
  EXPECT_EQ(more.json().at("answer"), "no");
  EXPECT_THAT(more.json().at("witness").at("action").get<std::string>(), testing::StartsWith("s3:"));
  const Outcome less = project_.gabion({"policy", "compare", "new.json", "old.json", "--format", "json"});
  EXPECT_EQ(less.status, 0);
  EXPECT_EQ(less.json().at("answer"), "yes");
  EXPECT_TRUE(less.json().at("witness").is_null());
}

// ---- rules, explain, test ----

TEST_F(CommandsTest, RulesAndExplainKnowEachOther) {
  const Outcome outcome = project_.gabion({"rules", "--format", "json"});
  EXPECT_EQ(outcome.status, 0);
  ASSERT_TRUE(outcome.json().is_array());
  for (const json& rule : outcome.json()) {
    const std::string id = rule.at("id");
    const Outcome page = project_.gabion({"explain", id});
    EXPECT_EQ(page.status, 0) << id;
    EXPECT_THAT(page.out, HasSubstr(rule.at("title").get<std::string>()));
  }
  const Outcome unknown = project_.gabion({"explain", "aws-kms-key-rotatoin"});
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, HasSubstr("did you mean \"aws-kms-key-rotation\"?"));
  EXPECT_EQ(project_.gabion({"rules", "--format", "json", "--rules", "absent"}).json(), json::array());
}

TEST_F(CommandsTest, TestRunsExamplesAndTellsFailures) {
  constexpr std::string_view kRule = R"(id: team-r
title: t
severity: low
why: w
target: aws_sqs_queue
require: self.name == "good"
message: the name is ${self.name}
at: self.name
examples:
  - bad: |
      resource "aws_sqs_queue" "q" {
        name = "BAD"
      }
  - good: |
      resource "aws_sqs_queue" "q" {
        name = "good"
      }
)";
  std::string rule(kRule);
  project_.write("r.yaml", rule);
  EXPECT_EQ(project_.gabion({"test", "r.yaml"}).status, 0);
  rule.replace(rule.find("BAD"), 3, "good");
  project_.write("r.yaml", rule);
  const Outcome failing = project_.gabion({"test", "r.yaml"});
  EXPECT_EQ(failing.status, 1);
  EXPECT_THAT(failing.out, HasSubstr("r.yaml:10: team-r: "));
  EXPECT_EQ(project_.gabion({"test", "absent.yaml"}).status, 2);
}

TEST_F(CommandsTest, HelpAndVersionGoToStandardOutput) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--help"}, {"--version"}, {"scan", "--help"}}) {
    const Outcome outcome = project_.gabion(arguments);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.out, Not(IsEmpty()));
    EXPECT_THAT(outcome.err, IsEmpty());
  }
}

}  // namespace
}  // namespace gabion::e2e
