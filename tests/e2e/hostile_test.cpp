// Names, values and paths that try to become something else wherever they are printed: markup, terminal control,
// commands of a CI service, spreadsheet formulas, other lines, other reading order. Every command, every format.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

/// Written with the escapes of the language, as keys, descriptions, names of outputs' values and in a policy.
constexpr std::string_view kConfiguration = R"hcl(locals {
  names = toset(["<script>alert(1)</script>", "a\nb", "\u001b[31mred\u0007", "x\u202Egpj", "=1+1", "+1", "-1", "@x",
    "]]>", "a|b`c", "::error::x", "\n::error::y", "![i](https://example.com/x.png)", "@everyone", "\r\n-->", "'\"&",
    "\u2028\u2066\u200b", "{0} [a](b)", "</textarea><img src=x onerror=alert(1)>", "##[error]z", "##vso[task.x]"])
  sids = toset(["\u001b[31mred\u202E", "![i](https://example.com/x.png)<img src=x>\n::error::z"])
}

resource "aws_kms_key" "a" {
  for_each            = local.names
  description         = each.key
  enable_key_rotation = false
}

resource "aws_iam_role_policy" "p" {
  for_each = local.sids
  role     = each.key
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = each.key, Effect = "Allow", Action = "*", Resource = each.key }]
  })
}

module "m" {
  source = "./gone<img src=x>\u001b[2J"
}

output "o" {
  value = local.names
}
)hcl";

/// Rules that say something about it, with and without fixes.
constexpr std::string_view kRules = "aws-kms-key-rotation,aws-kms-key-alias,aws-iam-policy-action-wildcard";

/// A name of a file; '/' and NUL are all that a name cannot have.
constexpr std::string_view kFileName = "<b>\n::error::x\x1b[2J\u202Efdp,=1+1##[add-mask]\"'`|.tf";

struct Invocation {
  const char* name;
  std::vector<std::string> arguments;
};

class HostileTest : public testing::Test {
 protected:
  void SetUp() override {
    project_.write("main.tf", kConfiguration);
    project_.write(kFileName, kBadKey);
    project_.write("broken \x1b[31m<i>.tf", "resource \"a\x1b[31m\u202E<u>\" {{{\n");
    project_.write("policy \x1b]0;t\x07<b>.json",
                   R"({"Version": "2012-10-17<script>\u001b[31m", "Statement": [)"
                   R"({"Effect": "Al\u202Elow", "Action": "s3:\u001b[2JGet", "Resource": "*"}]})");
  }

  [[nodiscard]] Outcome scan(const std::string& format, const std::string& rules = std::string(kRules)) const {
    return project_.gabion({"scan", "--format", format, "--rule", rules});
  }

  /// What no output may have, whatever its format.
  static void expect_harmless(const std::string& text, const std::string& what) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      const char c = text[at];
      const auto byte = static_cast<unsigned char>(c);
      const bool line_end = c == '\r' && text[at + 1] == '\n';
      if ((byte < 0x20 && c != '\n' && c != '\t' && !line_end) || byte == 0x7f) {
        ADD_FAILURE() << what << " has the byte " << static_cast<int>(byte) << " after "
                      << text.substr(at > 80 ? at - 80 : 0, std::min<std::size_t>(at, 80));
        break;
      }
    }
    for (const char* const deceptive : {"\u202E", "\u2066", "\u2028", "\u200b"}) {
      EXPECT_EQ(text.find(deceptive), std::string::npos) << what;
    }
    EXPECT_EQ(("\n" + text).find("\n::error::"), std::string::npos) << what;
  }

  Project project_;
};

TEST_F(HostileTest, NoCommandPrintsMoreThanTexts) {
  const std::vector<Invocation> runs = {
      {"scan", {"scan"}},
      {"scan all", {"scan", "--show-unresolved", "--show-suppressed", "--statistics", "--explain"}},
      {"json", {"scan", "--format", "json", "--show-unresolved"}},
      {"sarif", {"scan", "--format", "sarif"}},
      {"junit", {"scan", "--format", "junit"}},
      {"github-review", {"scan", "--format", "github-review"}},
      {"gitlab", {"scan", "--format", "gitlab"}},
      {"codeclimate", {"scan", "--format", "codeclimate"}},
      {"bitbucket", {"scan", "--format", "bitbucket"}},
      {"csv", {"scan", "--format", "csv"}},
      {"markdown", {"scan", "--format", "markdown"}},
      {"html", {"scan", "--format", "html"}},
      {"fix", {"fix", "--unsafe"}},
      {"fix explained", {"fix", "--explain", "--unsafe", "."}},
      {"show", {"show"}},
      {"show json", {"show", "--format", "json"}},
      {"show statistics", {"show", "--statistics"}},
      {"explain", {"explain", "no-\x1b[31m\u202Erule"}},
      {"path", {"scan", "a\nb\x1b[2J\u202E"}},
      {"rule", {"scan", "--rule", "\x1b[2J\n::error::x\u202E"}},
      {"validate", {"policy", "validate", "policy \x1b]0;t\x07<b>.json"}},
      {"validate json", {"policy", "validate", "--format", "json", "policy \x1b]0;t\x07<b>.json"}},
      {"baseline", {"baseline"}},
      {"wrong option", {"scan", "--\x1b[31mx\u202E"}},
      {"wrong command", {"\x1b[31mx\u202E"}},
  };
  for (const Invocation& run : runs) {
    std::vector<std::string> arguments = run.arguments;
    if (arguments.front() == "scan" || arguments.front() == "fix" || arguments.front() == "baseline") {
      arguments.insert(arguments.end(), {"--rule", std::string(kRules)});
    }
    const Outcome outcome = project_.gabion(arguments);
    EXPECT_LT(outcome.status, 128) << run.name << outcome.err;
    EXPECT_FALSE(outcome.out.empty() && outcome.err.empty()) << run.name;
    expect_harmless(outcome.out, std::string(run.name) + " on standard output");
    expect_harmless(outcome.err, std::string(run.name) + " on standard error");
  }
  expect_harmless(project_.read(".gabion-baseline.json"), "the baseline");
}

TEST_F(HostileTest, RulesAndEnvironmentsOfARepositoryAreTextsToo) {
  project_.write("rules/evil.yaml", R"yaml(id: evil-rule
title: "a <img src=x onerror=alert(1)> [l](javascript:alert)"
severity: high
why: "w <script>alert(1)</script> \e]0;t\a \u202E ![i](https://example.com/x.png)\n\n::error::why"
target: aws_kms_key
parameters:
  evil: {type: string, default: '""', description: "d \e[31m\n\n::error::parameter"}
require: self.enable_key_rotation == true
message: "m <img src=x> \e[31m ${self.description}\n::error::message"
)yaml");
  project_.write(".gabion.yaml",
                 "rules: {load: [rules/]}\n"
                 "environments:\n  \"e\\e[31m\\u202E<img src=x>\\n::error::env\": {vars: {a: 1}}\n");
  for (const std::string format : {"text", "json", "sarif", "junit", "github-review", "gitlab", "codeclimate",
                                   "bitbucket", "csv", "markdown", "html"}) {
    const Outcome outcome = project_.gabion({"scan", "--explain", "--format", format, "--rule", "evil-rule"});
    EXPECT_EQ(outcome.status, 1) << outcome.err;
    expect_harmless(outcome.out, format);
    expect_harmless(outcome.err, format + " on standard error");
    const bool markup = format == "html" || format == "markdown" || format == "github-review";
    for (const char* const tag : {"<script>alert", "<img"}) {
      EXPECT_TRUE(!markup || outcome.out.find(tag) == std::string::npos) << format << " has " << tag;
    }
  }
  const json help = scan("sarif", "evil-rule").json().at("runs").at(0).at("tool").at("driver").at("rules");
  for (const json& rule : help) {
    const std::string text = rule.at("help").at("markdown").get<std::string>();
    EXPECT_EQ(text.find("<script"), std::string::npos) << text;
    EXPECT_EQ(text.find(" !["), std::string::npos) << text;
  }
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"explain", "evil-rule", "--rules", "rules"},
                                             {"rules", "--rules", "rules"},
                                             {"rules", "--parameters", "--rules", "rules"},
                                             {"rules", "--format", "json", "--rules", "rules"}}) {
    const Outcome outcome = project_.gabion(arguments);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    expect_harmless(outcome.out, arguments.front());
  }
}

TEST_F(HostileTest, ConsoleAnswersStayOnTheirLines) {
  const std::string input = "local.names\n\"\x1b[31m\u202E\"\nno.such\x1b[2J\n";
  for (const bool programs : {false, true}) {
    const Outcome outcome =
        project_.gabion(programs ? std::vector<std::string>{"console", "--json"} : std::vector<std::string>{"console"},
                        programs ? "{\"expr\": \"local.names\"}\n{\"expr\": \"\\u001b\\u202e\"}\n" : input);
    expect_harmless(outcome.out, "console");
    expect_harmless(outcome.err, "console on standard error");
  }
}

TEST_F(HostileTest, CommandsOfGithubAreOursOnly) {
  const Outcome outcome = scan("github");
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.starts_with("::error ") || line.starts_with("::warning ") || line.starts_with("::notice "))
        << line;
    EXPECT_THAT(line, Not(HasSubstr("\x1b"))) << line;
  }
}

TEST_F(HostileTest, NoCellIsAFormula) {
  const std::string text = scan("csv").out;
  // Every cell is in quotes, and a quote within one is written twice.
  for (std::size_t i = 0; i < text.size();) {
    ASSERT_EQ(text[i], '"') << text.substr(i, 40);
    EXPECT_EQ(std::string_view("=+-@\t\r").find(text[i + 1]), std::string_view::npos) << text.substr(i, 40);
    std::size_t end = text.find('"', i + 1);
    while (end + 1 < text.size() && text[end + 1] == '"') {
      end = text.find('"', end + 2);
    }
    ASSERT_NE(end, std::string::npos);
    i = text.find_first_of(",\n", end + 1);
    ASSERT_NE(i, std::string::npos);
    ++i;
  }
}

TEST_F(HostileTest, MarkupIsOursOnly) {
  for (const char* const format : {"html", "markdown", "junit"}) {
    const std::string text = scan(format).out;
    for (const char* const tag : {"<script>alert", "<img", "<i>.tf", "<u>", "onerror=alert(1)>", "</textarea>"}) {
      EXPECT_EQ(text.find(tag), std::string::npos) << format << " has " << tag;
    }
  }
  EXPECT_EQ(scan("junit").out.find("]]>"), std::string::npos);
}

TEST_F(HostileTest, ReviewsAreMarkdownOfOurs) {
  const json review = scan("github-review").json();
  ASSERT_TRUE(review.is_object());
  EXPECT_FALSE(review.at("comments").empty());
  const auto check = [](const std::string& text) {
    for (const char* const tag : {"<img", "<script", "<i>", " ![i]("}) {
      EXPECT_EQ(text.find(tag), std::string::npos) << tag;
    }
  };
  check(review.at("body").get<std::string>());
  for (const json& comment : review.at("comments")) {
    check(comment.at("body").get<std::string>());
  }
}

TEST_F(HostileTest, DiffsCanBeApplied) {
  Project project;
  project.write(kFileName, kBadKey);
  const Outcome diff = project.gabion({"fix", "--rule", "aws-kms-key-rotation"});
  if (!project.has("git")) {
    GTEST_SKIP() << "git is not installed";
  }
  const Outcome applied = project.run({"git", "apply", "-"}, diff.out);
  EXPECT_EQ(applied.status, 0) << applied.err << diff.out;
  EXPECT_THAT(project.read(kFileName), HasSubstr("enable_key_rotation = true"));
}

}  // namespace
}  // namespace gabion::e2e
