#include "engine/fix_module_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "source/arena.h"
#include "source/artifact.h"
#include "syntax/hcl/parser.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::string_view kModule = R"(
variable "create" {
  type    = bool
  default = false
}
variable "deny_insecure_transport" {
  description = "Whether requests without TLS are denied"
  default     = false
}
variable "deny_unencrypted" {
  type    = bool
  default = false
}
variable "rules" {
  default = [1]
}
locals {
  on = var.create && lookup(var.settings, "enabled", true)
}
data "aws_caller_identity" "current" {}
data "aws_iam_policy_document" "one" {
  dynamic "statement" {
    for_each = var.deny_insecure_transport ? [1] : []
    content {
      condition {
        test     = "Bool"
        variable = "aws:SecureTransport"
        values   = ["false"]
      }
    }
  }
}
resource "aws_s3_bucket" "this" {
  count  = local.on ? 1 : 0
  bucket = var.names["bucket"]
}
)";

class Facts : public ::testing::Test {
 protected:
  Facts() { read("main.tf", std::string(kModule)); }
  /// From now on that is the module.
  void read(std::string path, std::string text) {
    body_ = hcl::parse_file(artifacts_.add(std::move(path), std::move(text)), arena_, limits_).body;
  }
  const hcl::Block& block(std::string_view type) const {
    return *std::ranges::find(body_->blocks, type, &hcl::Block::type);
  }
  std::vector<std::string> uses(std::string_view type, bool of_existence) {
    std::vector<std::string> result;
    for (const VariableUse& use : facts_.uses(block(type), of_existence, blocks_)) {
      result.emplace_back(use.variable);
      for (const std::string_view name : use.path) {
        result.back() += "." + std::string(name);
      }
    }
    return result;
  }

  source::ArtifactStore artifacts_;
  source::Arena arena_;
  source::Limits limits_;
  const hcl::Body* body_ = nullptr;
  std::size_t asked_ = 0;
  ModuleFacts facts_;
  ModuleFacts::Blocks blocks_ = [this] {
    ++asked_;
    std::vector<const hcl::Block*> result;
    for (const hcl::Block& block : body_->blocks) {
      result.push_back(&block);
    }
    return result;
  };
};

TEST_F(Facts, SayWhatABlockHangsOn) {
  EXPECT_THAT(uses("resource", true), ElementsAre("create", "settings.enabled", "settings"));
  EXPECT_THAT(uses("resource", false), ElementsAre("names.bucket", "create", "settings.enabled", "settings"));
  EXPECT_THAT(uses("variable", true), IsEmpty());
}

// Each goes over two members of each of those that the one around it goes over.
TEST_F(Facts, EndWhereBlocksMultiplyWhatTheyGoOver) {
  std::string text = "resource \"aws_s3_bucket\" \"this\" {\n";
  std::string before = "var.x.";
  for (int i = 0; i < 30; ++i) {
    const std::string iterator = "i" + std::to_string(i);
    text +=
        "dynamic \"rule\" {\nfor_each = [" + before + "a, " + before + "b]\niterator = " + iterator + "\ncontent {\n";
    before = iterator + ".value.";
  }
  text += "x = " + before + "c\n";
  for (int i = 0; i < 30; ++i) {
    text += "}\n}\n";
  }
  read("nested.tf", text + "}\n");
  const std::vector<std::string> found = uses("resource", false);
  ASSERT_GT(found.size(), 6U);
  EXPECT_THAT(std::vector(found.begin(), found.begin() + 6),
              ElementsAre("x.a", "x.b", "x.a.a", "x.b.a", "x.a.b", "x.b.b"));
}

TEST_F(Facts, SayWhichVariablesAreSwitches) {
  ASSERT_NE(facts_.variable("create", blocks_), nullptr);
  EXPECT_TRUE(facts_.variable("create", blocks_)->is_switch);
  EXPECT_TRUE(facts_.variable("deny_insecure_transport", blocks_)->is_switch);
  EXPECT_FALSE(facts_.variable("rules", blocks_)->is_switch);
  EXPECT_TRUE(facts_.variable("rules", blocks_)->is_list);
  EXPECT_EQ(facts_.variable("settings", blocks_), nullptr);
}

TEST_F(Facts, CountWordsOfNamesTwice) {
  EXPECT_EQ(facts_.points("deny_insecure_transport", words_of("DenyInsecureTransport without TLS"), blocks_), 7U);
  EXPECT_EQ(facts_.points("create", words_of("deny"), blocks_), 0U);
  EXPECT_EQ(facts_.points("settings", words_of("settings"), blocks_), 0U);
}

TEST_F(Facts, SayWhichStatementsASwitchMakes) {
  const std::vector<std::string> secure = words_of("Bool aws:SecureTransport false");
  EXPECT_TRUE(facts_.may_make("deny_insecure_transport", secure, blocks_));
  EXPECT_FALSE(facts_.may_make("deny_insecure_transport", words_of("StringEquals"), blocks_));
  EXPECT_TRUE(facts_.may_make("deny_unencrypted", words_of("StringEquals"), blocks_));  // which is not seen
}

TEST_F(Facts, SayWhatIsDeclared) {
  EXPECT_TRUE(facts_.declares("resource", "aws_s3_bucket", "this", blocks_));
  EXPECT_TRUE(facts_.declares("data", "aws_caller_identity", "current", blocks_));
  EXPECT_TRUE(facts_.declares("resource", "variable", "create", blocks_));
  EXPECT_FALSE(facts_.declares("data", "aws_s3_bucket", "this", blocks_));
  EXPECT_FALSE(facts_.declares("resource", "aws_s3_bucket", "that", blocks_));
  EXPECT_FALSE(facts_.declares("resource", "aws_kms_key", "this", blocks_));
}

TEST_F(Facts, AreFoundOutOnce) {
  for (int i = 0; i < 2; ++i) {
    (void)uses("resource", true);
    (void)facts_.declares("resource", "aws_s3_bucket", "this", blocks_);
    EXPECT_EQ(facts_.plain_data("aws_region", [&] { return std::to_string(i); }), "0");
  }
  EXPECT_EQ(asked_, 2U);
}

TEST(Words, AreLowerCaseAndEachOnce) {
  EXPECT_THAT(words_of("DenyUploads, deny the s3:PutObject of KMS"), ElementsAre("deny", "object", "put", "uploads"));
}

}  // namespace
}  // namespace gabion::engine
