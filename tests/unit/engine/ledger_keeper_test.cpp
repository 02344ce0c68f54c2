// The account of what an analysis covers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/analysis.h"
#include "engine/rule_compiler.h"

namespace gabion::engine {
namespace {

using findings::Covered;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kRule = R"(id: key-rotation
title: t
severity: low
why: w
target: aws_kms_key
require: self.enable_key_rotation == true
message: m
)";

class LedgerTest : public testing::Test {
 protected:
  const findings::Ledger& run() {
    const CompiledRules compiled = compile_rules("r.yaml", kRule, arena_);
    EXPECT_THAT(compiled.errors, IsEmpty());
    EXPECT_TRUE(rules_.add(arena_.copy(compiled.rules)));
    const Parameters parameters;
    auto result = analyze({files_, {"."}, rules_, parameters, options_, {}}, artifacts_);
    EXPECT_TRUE(result);
    ledger_ = result->ledger;
    return ledger_;
  }

  /// "analysed partly not".
  [[nodiscard]] std::string sums(Covered kind) const {
    const findings::CoverageSums& of = ledger_.of(kind);
    return std::to_string(of.whole) + " " + std::to_string(of.partly) + " " + std::to_string(of.none);
  }

  [[nodiscard]] std::vector<std::string> gaps(Covered kind) const {
    std::vector<std::string> result;
    for (const findings::CoverageGap& gap : ledger_.gaps) {
      if (gap.kind == kind) {
        result.push_back(gap.what + ": " + gap.why);
      }
    }
    return result;
  }

  source::MemoryFileSystem files_;
  source::ArtifactStore artifacts_;
  source::Arena arena_;
  RuleSet rules_;
  terraform::Options options_;
  findings::Ledger ledger_;
};

TEST_F(LedgerTest, HasNoGapsWhereEverythingIsKnown) {
  files_.write("main.tf",
               "resource \"aws_kms_key\" \"a\" {\n  count = 3\n  enable_key_rotation = true\n  policy = \"{}\"\n}\n");
  EXPECT_THAT(run().gaps, IsEmpty());
  EXPECT_EQ(sums(Covered::kFile), "1 0 0");
  EXPECT_EQ(sums(Covered::kBlock), "1 0 0");
  EXPECT_EQ(sums(Covered::kModule), "1 0 0");
  EXPECT_EQ(sums(Covered::kPolicy), "1 0 0");
  EXPECT_EQ(ledger_.percent(), 100.0);
}

TEST_F(LedgerTest, CountsPoliciesOfIamAlone) {
  files_.write("main.tf", R"(
variable "on_call" {}
resource "pagerduty_service" "s" {
  escalation_policy = var.on_call
}
resource "aws_lb_listener" "l" {
  ssl_policy = var.on_call
}
resource "aws_cloudfront_distribution" "d" {
  default_cache_behavior {
    viewer_protocol_policy = "https-only"
  }
}
resource "aws_ecr_lifecycle_policy" "l" {
  policy = "{}"
}
resource "aws_opensearch_domain" "d" {
  access_policies = "{}"
}
resource "aws_iam_role" "r" {
  assume_role_policy = "{}"
  inline_policy {
    policy = "{}"
  }
}
)");
  run();
  EXPECT_EQ(sums(Covered::kPolicy), "3 0 0");
}

TEST_F(LedgerTest, CountsABlockOnceWhoeverCallsIt) {
  files_.write("main.tf", "module \"a\" {\n  source = \"./m\"\n}\nmodule \"b\" {\n  source = \"./m\"\n}\n");
  files_.write("m/main.tf", "resource \"aws_kms_key\" \"a\" {\n  enable_key_rotation = true\n}\n");
  run();
  EXPECT_EQ(sums(Covered::kBlock), "1 0 0");
  EXPECT_EQ(sums(Covered::kModule), "2 0 0");
}

TEST_F(LedgerTest, SaysWhatARuleCouldNotDecide) {
  files_.write("main.tf", "variable \"x\" {}\nresource \"aws_kms_key\" \"a\" {\n  enable_key_rotation = var.x\n}\n");
  run();
  EXPECT_EQ(sums(Covered::kBlock), "0 1 0");
  EXPECT_THAT(gaps(Covered::kBlock), ElementsAre(HasSubstr("aws_kms_key.a: key-rotation could not decide: ")));
  EXPECT_EQ(ledger_.percent(), 100.0);
}

TEST_F(LedgerTest, SaysWhatIsNotKnownOfPolicies) {
  files_.write("main.tf", R"(variable "x" {}
resource "aws_sns_topic_policy" "whole" {
  arn    = "a"
  policy = jsonencode({ Statement = [] })
}
resource "aws_sns_topic_policy" "part" {
  arn    = "a"
  policy = jsonencode({ Statement = [{ Resource = aws_sns_topic.t.arn }] })
}
resource "aws_sns_topic_policy" "text" {
  arn    = "a"
  policy = <<-EOT
    {"Statement": [{"Resource": "${aws_sns_topic.t.arn}"}]}
  EOT
}
resource "aws_sns_topic_policy" "none" {
  arn    = "a"
  policy = var.x
}
resource "aws_sns_topic" "t" {}
)");
  run();
  EXPECT_EQ(sums(Covered::kPolicy), "1 2 1");
  EXPECT_THAT(gaps(Covered::kPolicy), ElementsAre(HasSubstr("aws_sns_topic_policy.part.policy: aws_sns_topic.t.arn"),
                                                  HasSubstr("aws_sns_topic_policy.text.policy: aws_sns_topic.t.arn"),
                                                  HasSubstr("aws_sns_topic_policy.none.policy: var.x")));
}

TEST_F(LedgerTest, SaysWhatCouldNotBeRead) {
  files_.write("main.tf",
               "resource \"aws_kms_key\" \"a\" {\n  enable_key_rotation = true\n}\nmodule \"far\" {\n  source = "
               "\"a/b/aws\"\n}\n");
  files_.write("broken.tf", "resource \"aws_kms_key\" {{{\n");
  run();
  EXPECT_EQ(sums(Covered::kFile), "1 1 0");
  EXPECT_THAT(gaps(Covered::kModule), ElementsAre(HasSubstr("not downloaded")));
  EXPECT_EQ(ledger_.of(Covered::kBlock).whole, 1U);
  EXPECT_GT(ledger_.of(Covered::kBlock).none, 0U);
  EXPECT_LT(ledger_.percent(), 100.0);
}

}  // namespace
}  // namespace gabion::engine
