// Input that is broken, hostile or merely large. Nothing may crash or hang, and nothing that was left out may pass in
// silence: each case ends with a status of the contract and says what happened.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// One text as main.tf, beside a key with one finding in another file.
struct Case {
  std::string name;
  std::string text;
  bool incomplete = true;  ///< an error tells what was not analysed
};

std::string described(const std::string& expression) {
  return "resource \"aws_kms_alias\" \"k\" {\n  name = " + expression + "\n}\n";
}

std::vector<Case> cases() {
  constexpr std::size_t kMany = 100000;
  return {
      {"CutInABlock", "resource \"aws_s3_bucket\" \"b\" {\n  buck"},
      {"CutInATemplate", "resource \"aws_s3_bucket\" \"b\" {\n  bucket = \"x${"},
      {"CutInAHeredoc", "locals {\n  a = <<EOT\ntext\n"},
      {"CutInAComment", "/* never closed"},
      {"CallsItself", "module \"m\" {\n  source = \"./\"\n}\n"},
      {"CountOfAMillion", "resource \"aws_s3_bucket\" \"b\" {\n  count = 1000000\n}\n"},
      {"Parentheses", described(repeat("(", kMany) + "1" + repeat(")", kMany))},
      {"Lists", described(repeat("[", kMany) + "1" + repeat("]", kMany))},
      {"Objects", described(repeat("{a=", kMany) + "1" + repeat("}", kMany))},
      {"Templates", described(repeat("\"${", kMany) + "1" + repeat("}\"", kMany))},
      {"Calls", described(repeat("try(", kMany) + "1" + repeat(")", kMany))},
      {"Conditionals", described(repeat("true ? 1 : ", kMany) + "1")},
      {"Negations", described(repeat("!", kMany) + "true")},
      {"Blocks", repeat("a {\n", kMany) + repeat("}\n", kMany)},
      {"OpenBlocks", repeat("a {\n", kMany)},
      {"ManyErrors", repeat("= = = }\n", 10000)},
      {"Sum", described("1" + repeat("+1", 2 * kMany)), true},
      {"Conjunction", described("true" + repeat("&&true", 2 * kMany)), true},
      {"Attributes", described("var.v" + repeat(".b", 2 * kMany)), false},
      {"Utf16", std::string("\xFF\xFEr\0e\0", 6)},
      {"Nul", std::string("locals {}\n\0\0", 12)},
      {"Binary", std::string("\x7F\x45LF\x01\x02\0\0\xFF\xFE", 10)},
      {"InvalidUtf8", "locals {\n  a = \"\xFF\"\n}\n"},
      {"LocalsInACircle", "locals {\n  a = local.b\n  b = local.a\n}\n" + described("local.a")},
      {"Empty", "", false},
      {"OnlyComments", "# a\n/* b */\n// c", false},
      {"ByteOrderMark", "\xEF\xBB\xBFlocals {}\n", false},
      {"CarriageReturns", "locals {\r\n  a = 1\r\n}\r\n", false},
      {"LongLine", "locals {\n  a = \"" + repeat("x", 4000000) + "\"\n}\n", false},
  };
}

class BadInputTest : public testing::TestWithParam<Case> {};

TEST_P(BadInputTest, EndsWellAndSaysSo) {
  const Project project;
  project.write("main.tf", GetParam().text);
  project.write("other.tf", kBadKey);
  const Outcome outcome = project.gabion({"scan", "--format", "json", "--rule", "aws-kms-key-rotation"});
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  const json report = outcome.json();
  ASSERT_TRUE(report.is_object()) << outcome.out.substr(0, 1000);
  EXPECT_EQ(report.at("findings").size(), 1U) << "the rest is analysed";
  EXPECT_EQ(report.at("summary").at("incomplete"), GetParam().incomplete) << report.at("diagnostics");
  // Without the finding the status tells it.
  EXPECT_EQ(project.gabion({"scan", "--rule", "aws-networkfirewall-*"}).status, GetParam().incomplete ? 3 : 0);
  // People get an answer too.
  EXPECT_EQ(project.gabion({"scan", "--rule", "aws-kms-key-rotation"}).status, 1);
  const int shown = project.gabion({"show", "--format", "json"}).status;
  EXPECT_EQ(shown, GetParam().incomplete ? 3 : 0);
}

INSTANTIATE_TEST_SUITE_P(Texts, BadInputTest, testing::ValuesIn(cases()),
                         [](const testing::TestParamInfo<Case>& tested) { return tested.param.name; });

TEST(BadFilesTest, ModulesThatCallEachOther) {
  const Project project;
  project.write("a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\n");
  project.write("b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\n\n" + std::string(kBadKey));
  const Outcome outcome = project.gabion({"scan", "--format", "json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.json().at("summary").at("incomplete"), true);
}

TEST(BadFilesTest, AFileOverTheLimitIsNamed) {
  const Project project;
  project.write("main.tf", kGoodKey);
  project.write("huge.tf", "# x\n");
  std::filesystem::resize_file(project.path("huge.tf"), std::uintmax_t{80} * 1024 * 1024);
  const Outcome outcome = project.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", "json"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_EQ(outcome.json().at("diagnostics").at(0).at("file"), "huge.tf");
}

TEST(BadFilesTest, ALargeFileIsAnalysed) {
  const Project project;
  std::string text;
  for (int i = 0; i < 4000; ++i) {
    text +=
        "resource \"aws_sns_topic\" \"t" + std::to_string(i) + "\" {\n  name = \"" + std::string(1000, 'x') + "\"\n}\n";
  }
  project.write("main.tf", text + std::string(kBadKey));
  const Outcome outcome = project.gabion({"scan", "--format", "json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.json().at("summary").at("resources"), 4001);
}

TEST(BadFilesTest, BrokenJsonAndVariables) {
  for (const auto& [name, text] :
       std::vector<std::pair<std::string, std::string>>{{"x.tf.json", R"({"resource": {"aws_kms_key": {"a": {"enable)"},
                                                        {"x.tf.json", R"({"resource": 5})"},
                                                        {"x.tf.json", repeat("{\"a\":", 100000)},
                                                        {"terraform.tfvars", "a = [\n"},
                                                        {"terraform.tfvars.json", R"({"a": )"}}) {
    const Project project;
    project.write("main.tf", kGoodKey);
    project.write(name, text);
    const Outcome outcome = project.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", "json"});
    EXPECT_EQ(outcome.status, 3) << name << text.substr(0, 40);
    ASSERT_FALSE(outcome.json().at("diagnostics").empty());
    EXPECT_EQ(outcome.json().at("diagnostics").at(0).at("file"), name);
  }
}

TEST(BadFilesTest, LinksInCircles) {
  const Project project;
  project.write("main.tf", kBadKey);
  std::filesystem::create_symlink("loop", project.path("loop"));
  std::filesystem::create_symlink(".", project.path("here"));
  std::filesystem::create_symlink("..", project.path("up"));
  std::filesystem::create_symlink("self.tf", project.path("self.tf"));
  const Outcome outcome = project.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", "json"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.json().at("findings").size(), 1U);
}

TEST(BadFilesTest, LinksOutOfTheProjectAreNotFollowed) {
  const Project elsewhere;
  elsewhere.write("other.tf", kBadKey);
  elsewhere.write("values", "hidden-text = 1\n");
  const Project project;
  project.write("main.tf", kGoodKey);
  std::filesystem::create_symlink(elsewhere.path("other.tf"), project.path("link.tf"));
  std::filesystem::create_symlink(elsewhere.path("values"), project.path("x.auto.tfvars"));
  std::filesystem::create_directory(project.path(".terraform"));
  std::filesystem::create_symlink(elsewhere.path("values"), project.path(".terraform/environment"));
  const Outcome outcome = project.gabion({"scan", "--rule", "aws-kms-key-rotation", "--format", "json"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_TRUE(outcome.json().at("findings").empty());
  EXPECT_EQ(outcome.json().at("diagnostics").size(), 2U);
  for (const auto& diagnostic : outcome.json().at("diagnostics")) {
    EXPECT_THAT(std::string(diagnostic.at("message")), HasSubstr("symbolic link"));
  }
  EXPECT_THAT(outcome.out, testing::Not(HasSubstr("hidden-text")));
  // When it is allowed they are read, but are no part of the project.
  const Outcome allowed =
      project.gabion({"scan", "--rule", "aws-kms-key-rotation", "--allow-outside", "--format", "json"});
  EXPECT_EQ(allowed.status, 0);
  EXPECT_EQ(allowed.json().at("summary").at("resources"), 2);

  // Within the project they are.
  const Project inside;
  inside.write("shared/key.txt", kBadKey);
  inside.write("root/main.tf", kGoodKey);
  std::filesystem::create_symlink("../shared/key.txt", inside.path("root/link.tf"));
  EXPECT_EQ(inside.gabion({"scan", "--rule", "aws-kms-key-rotation"}).status, 1);
}

TEST(BadFilesTest, ReportsThatDoNotFitSayStatusTwo) {
  const Project project;
  project.write("main.tf", kBadKey);
  for (const std::string format : {"text", "json", "sarif", "html"}) {
    EXPECT_EQ(project.gabion({"scan", "--format", format, "--output", "/dev/full"}).status, 2) << format;
  }
}

TEST(BadFilesTest, WhatIsNoFileIsNotReadAsOne) {
  const Project project;
  project.write("good.tf", kGoodKey);
  project.write("main.tf/inner.txt", "x");
  ASSERT_EQ(mkfifo(project.path("pipe.tf").c_str(), 0600), 0);
  const int status = project.gabion({"scan", "--rule", "aws-kms-key-rotation"}).status;
  EXPECT_TRUE(status == 0 || status == 3);
  EXPECT_EQ(project.gabion({"scan", "--rule", "aws-kms-key-rotation", "pipe.tf"}).status, 3);
  EXPECT_EQ(project.gabion({"scan", "--rule", "aws-kms-key-rotation", "/dev/zero"}).status, 3);
}

TEST(BadFilesTest, NamesMayHoldAnyByte) {
  const Project project;
  int number = 0;
  for (const std::string name : {"a b.tf", "c\nd.tf", "e\x1b[31mf.tf", "g\xff.tf", "\"quoted\".tf", "-dash.tf"}) {
    project.write(
        name, "resource \"aws_kms_key\" \"k" + std::to_string(number++) + "\" {\n  enable_key_rotation = false\n}\n");
  }
  for (const std::string format : {"json", "sarif"}) {
    const Outcome outcome = project.gabion({"scan", "--format", format, "--rule", "aws-kms-key-rotation"});
    EXPECT_EQ(outcome.status, 1);
    ASSERT_TRUE(outcome.json().is_object()) << format;
  }
  EXPECT_EQ(project.gabion({"scan", "--format", "json", "--rule", "aws-kms-key-rotation"}).json().at("findings").size(),
            6U);
  const Outcome text = project.gabion({"scan"});
  EXPECT_THAT(text.out, testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(text.out, testing::Not(HasSubstr("c\nd.tf")));
}

TEST(BadFilesTest, DeepPoliciesDoNotOverflow) {
  const Project project;
  project.write("deep.json", repeat("[", 1000000));
  project.write("main.tf", "resource \"aws_iam_policy\" \"p\" {\n  policy = file(\"deep.json\")\n}\n");
  EXPECT_LE(project.gabion({"scan"}).status, 3);
  EXPECT_LE(project.gabion({"policy", "prove", "deep.json", "--denies", "true"}).status, 3);
  const std::string nested = repeat("[", 50000) + repeat("]", 50000);
  EXPECT_EQ(
      project.gabion({"policy", "eval"}, R"({"policy":)" + nested + R"(,"request":{"action":"s3:GetObject"}})" + "\n")
          .status,
      2);
  EXPECT_EQ(project.gabion({"policy", "prove", "deep.json", "--denies", nested}).status, 2);
  project.write("deep.yaml", repeat("[", 100000));
  EXPECT_EQ(project.gabion({"scan", "--config", "deep.yaml"}).status, 2);
  EXPECT_EQ(project.gabion({"scan", "--rules", "deep.yaml"}).status, 2);
}

TEST(BadFilesTest, NothingToReadIsNoError) {
  const Project project;
  EXPECT_EQ(project.gabion({"scan"}).status, 0);
  project.write("README.md", "# no configuration here\n");
  EXPECT_EQ(project.gabion({"scan"}).status, 0);
}

}  // namespace
}  // namespace gabion::e2e
