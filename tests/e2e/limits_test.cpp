// The limits that can be set: whatever runs out, a diagnostic says so, the status is 3 where nothing is found, and all
// else is analysed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "program.h"

namespace gabion::e2e {
namespace {

using nlohmann::json;
using testing::HasSubstr;

/// Keys without rotation, each one finding.
std::string keys(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "resource \"aws_kms_key\" \"k" + std::to_string(i) + "\" {\n  enable_key_rotation = false\n}\n";
  }
  return text;
}

class LimitsTest : public testing::Test {
 protected:
  Outcome scan(std::vector<std::string> options) const {
    options.insert(options.begin(), {"scan", "--format", "json", "--rule", "aws-kms-key-rotation"});
    return project_.gabion(options);
  }
  static bool has(const Outcome& outcome, const std::string& code) {
    const json report = outcome.json();
    if (!report.is_object()) {
      ADD_FAILURE() << outcome.out.substr(0, 500) << outcome.err;
      return false;
    }
    bool found = false;
    for (const json& diagnostic : report.at("diagnostics")) {
      found = found || diagnostic.at("code") == code;
    }
    return found && report.at("summary").at("incomplete") == true;
  }
  static std::size_t findings(const Outcome& outcome) { return outcome.json().at("findings").size(); }

  Project project_;
};

TEST_F(LimitsTest, OfFindingsHoldForEachRootModule) {
  project_.write("a/main.tf", keys(7));
  project_.write("b/main.tf", keys(2));
  const Outcome outcome = scan({"--max-findings", "3"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(has(outcome, "findings-limit"));
  EXPECT_EQ(findings(outcome), 5U);
  EXPECT_EQ(outcome.json().at("diagnostics").at(0).at("file"), "a");
  EXPECT_EQ(findings(scan({"--max-findings", "7"})), 9U);
  EXPECT_FALSE(has(scan({"--max-findings", "7"}), "findings-limit"));
}

TEST_F(LimitsTest, OfFindingsCountNotesAsWell) {
  std::string text = "variable \"v\" {}\n";
  for (int i = 0; i < 5; ++i) {
    text += "resource \"aws_kms_key\" \"k" + std::to_string(i) + "\" {\n  enable_key_rotation = var.v\n}\n";
  }
  project_.write("main.tf", text);
  const Outcome outcome = scan({"--max-findings", "3"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_TRUE(has(outcome, "findings-limit"));
}

TEST_F(LimitsTest, OfFileSizesNameTheFile) {
  project_.write("big.tf", keys(1) + "# " + std::string(2 * 1024 * 1024, 'x') + "\n");
  project_.write("small.tf", kBadKey);
  const Outcome outcome = scan({"--max-file-size", "1"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(findings(outcome), 1U);
  EXPECT_EQ(outcome.json().at("summary").at("incomplete"), true);
  EXPECT_EQ(outcome.json().at("diagnostics").at(0).at("file"), "big.tf");
}

TEST_F(LimitsTest, OfNestingNameThePlace) {
  project_.write("deep.tf", "locals {\n  a = " + repeat("[", 30) + repeat("]", 30) + "\n}\n");
  project_.write("main.tf", kGoodKey);
  EXPECT_EQ(scan({}).status, 0);
  const Outcome outcome = scan({"--max-nesting", "20"});
  EXPECT_EQ(outcome.status, 3) << outcome.out;
  EXPECT_EQ(outcome.json().at("diagnostics").at(0).at("file"), "deep.tf");
}

TEST_F(LimitsTest, OfInstancesLeaveOthers) {
  project_.write("a/main.tf", "resource \"aws_sns_topic\" \"t\" {\n  count = 50\n}\n" + keys(1));
  project_.write("b/main.tf", keys(1));
  const Outcome outcome = scan({"--max-instances", "20"});
  EXPECT_TRUE(has(outcome, "instance-limit"));
  EXPECT_GE(findings(outcome), 1U);
  EXPECT_EQ(scan({"--max-instances", "100"}).json().at("summary").at("incomplete"), false);
}

TEST_F(LimitsTest, OfStepsLeaveOthers) {
  project_.write("a/main.tf",
                 "resource \"aws_kms_alias\" \"k\" {\n  name = length([for i in range(100) : [for k in range(100) : i "
                 "+ k]])\n}\n");
  project_.write("b/main.tf", keys(1));
  const Outcome outcome = scan({"--max-steps", "5000"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(findings(outcome), 1U);
  EXPECT_EQ(outcome.json().at("summary").at("incomplete"), true);
  EXPECT_EQ(scan({}).json().at("summary").at("incomplete"), false);
}

TEST_F(LimitsTest, OfTimeNameWhatIsLeft) {
  project_.write("a/main.tf", keys(1));
  project_.write("b/main.tf", keys(1));
  const Outcome outcome = scan({"--max-time", "0"});
  EXPECT_EQ(outcome.status, 3);
  EXPECT_TRUE(has(outcome, "time-limit"));
  EXPECT_EQ(outcome.json().at("diagnostics").size(), 2U);
  EXPECT_EQ(scan({"--max-time", "100000"}).json().at("summary").at("incomplete"), false);
}

/// A value of about 100 MB, in parts that are small enough each.
constexpr std::string_view kLarge = R"(locals {
  line = join("", [for i in range(1000) : "0123456789"])
  text = [for i in range(100) : [for k in range(100) : "${local.line}${i}-${k}"]]
}
resource "aws_sns_topic" "t" {
  name = length(local.text)
}
)";

TEST_F(LimitsTest, OfMemoryLeaveOthers) {
  if (kSanitized) {
    GTEST_SKIP() << "a sanitizer needs more memory than is allowed";
  }
  project_.write("a/main.tf", kLarge);
  project_.write("b/main.tf", keys(1));
  EXPECT_EQ(scan({}).json().at("summary").at("incomplete"), false);
  const Outcome outcome = scan({"--max-memory", "96"});
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_EQ(findings(outcome), 1U);
  EXPECT_EQ(outcome.json().at("summary").at("incomplete"), true);
}

/// The system gives no more, whatever the program allows itself: files that are larger than all memory.
TEST_F(LimitsTest, OfTheProcessEndTheRunWell) {
  if (kSanitized) {
    GTEST_SKIP() << "a sanitizer needs more memory than is allowed";
  }
  for (int i = 0; i < 8; ++i) {
    project_.write("f" + std::to_string(i) + ".tf", "# " + std::string(8 * 1024 * 1024, 'x') + "\n");
  }
  const Outcome outcome = scan({"--max-memory", "40"});
  EXPECT_EQ(outcome.status, 3) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("memory"));
  ASSERT_TRUE(outcome.json().is_object()) << outcome.out;
  EXPECT_EQ(outcome.json().at("summary").at("incomplete"), true);
}

TEST_F(LimitsTest, HaveBounds) {
  for (const char* const option :
       {"--max-findings", "--max-nesting", "--max-memory", "--max-steps", "--max-instances"}) {
    EXPECT_EQ(scan({option, "0"}).status, 2) << option;
    EXPECT_EQ(scan({option, "-1"}).status, 2) << option;
    EXPECT_EQ(scan({option, "x"}).status, 2) << option;
  }
  EXPECT_EQ(scan({"--max-nesting", "100000"}).status, 2) << "the parsers recurse";
}

}  // namespace
}  // namespace gabion::e2e
