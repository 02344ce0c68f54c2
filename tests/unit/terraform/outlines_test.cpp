#include "terraform/outlines.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "unit/terraform/fixture.h"

namespace gabion::terraform {
namespace {

constexpr std::string_view kEarly = R"(variable "former_name" {
}
)";

constexpr std::array kFiles{
    OutlineFile{"owner/name/aws", "3.0.0", "5.0.0", "common"},
    OutlineFile{"owner/name/aws", "3.0.0", "3.9.0", kEarly},
    OutlineFile{"owner/name/aws", "3.9.0", "5.0.0", "late"},
    OutlineFile{"owner/name/aws//modules/part", "3.0.0", "5.0.0", "part"},
};

std::string chosen(std::string_view source, std::string_view version,
                   std::initializer_list<std::string_view> arguments = {}) {
  const Outline outline = outline_of(registry_module(source, version), std::span(arguments), kFiles);
  std::string result = outline.assumed;
  for (const OutlineFile* file : outline.files) {
    result += (result.empty() ? "" : " ") + std::string(file->text == kEarly ? "early" : file->text);
  }
  return result;
}

TEST(Outlines, AreOfTheNewestVersionThatIsAllowed) {
  EXPECT_EQ(chosen("owner/name/aws", "3.7.0"), "common early");
  EXPECT_EQ(chosen("owner/name/aws", "= 3.9.0"), "common late");
  EXPECT_EQ(chosen("owner/name/aws", "~> 3.7.1"), "common early");
  EXPECT_EQ(chosen("owner/name/aws", "~> 3.0"), "common late");
  EXPECT_EQ(chosen("owner/name/aws", "~> 4.0"), "common late");
  EXPECT_EQ(chosen("owner/name/aws", ">= 3.0, < 3.5"), "common early");
  EXPECT_EQ(chosen("owner/name/aws", "<5.0.0,>=3.0.0"), "common late");
  EXPECT_EQ(chosen("owner/name/aws", "<= 3.8.9, != 3.2.0"), "common early");
}

TEST(Outlines, AreOfTheNewestThatIsKnownWhenTheCallSetsNoLimit) {
  EXPECT_EQ(chosen("owner/name/aws", ""), "< 5.0.0 common late");
  EXPECT_EQ(chosen("owner/name/aws", ">= 2.1"), "< 5.0.0 common late");
  EXPECT_EQ(chosen("owner/name/aws", "> 4.2, != 4.5.0"), "< 5.0.0 common late");
  EXPECT_EQ(chosen("owner/name/aws", "~> 3"), "< 5.0.0 common late");
  EXPECT_EQ(chosen("owner/name/aws", "< 6.0"), "< 5.0.0 common late");
  EXPECT_EQ(chosen("owner/name/aws//modules/part", ""), "< 5.0.0 part");
}

// What is assumed leads to the same files when it is asked for.
TEST(Outlines, AreOfAnEarlierVersionWhenTheArgumentsAre) {
  EXPECT_EQ(chosen("owner/name/aws", "", {"source", "former_name"}), "< 3.9.0 common early");
  EXPECT_EQ(chosen("owner/name/aws", "< 3.9.0"), "common early");
  EXPECT_EQ(chosen("owner/name/aws", "", {"source", "name"}), "< 5.0.0 common late");
  EXPECT_EQ(chosen("owner/name/aws", ">= 4.0", {"former_name"}), "< 5.0.0 common late");
  EXPECT_EQ(chosen("owner/name/aws", "4.0.0", {"former_name"}), "common late");
}

TEST(Outlines, AreNotThereForVersionsThatNobodyKnows) {
  EXPECT_EQ(chosen("owner/name/aws", "2.9.9"), "");
  EXPECT_EQ(chosen("owner/name/aws", "< 3.0.0"), "");
  EXPECT_EQ(chosen("owner/name/aws", "5.0.0"), "");
  EXPECT_EQ(chosen("owner/name/aws", ">= 5.0"), "");
  EXPECT_EQ(chosen("owner/name/aws", "~> 5.1"), "");
  EXPECT_EQ(chosen("owner/name/aws", "3.7.0-beta1"), "");
  EXPECT_EQ(chosen("owner/name/aws", "newest"), "");
  EXPECT_EQ(chosen("owner/name/aws", "3.7.0, newest"), "");
  EXPECT_EQ(chosen("owner/other/aws", "3.7.0"), "");
}

TEST(Outlines, KnowTheOtherWaysToNameAModule) {
  EXPECT_EQ(chosen("registry.terraform.io/owner/name/aws", "3.7.0"), "common early");
  EXPECT_EQ(chosen("registry.opentofu.org/owner/name/aws", "3.7.0"), "common early");
  EXPECT_EQ(chosen("owner/name/aws//modules/part", "3.7.0"), "part");
  EXPECT_EQ(chosen("git::https://github.com/owner/terraform-aws-name.git?ref=v3.7.0", ""), "common early");
  EXPECT_EQ(chosen("github.com/owner/terraform-aws-name//modules/part?ref=v3.7.0", ""), "part");
  EXPECT_EQ(chosen("git@github.com:owner/terraform-aws-name.git?ref=v3.9.0", ""), "common late");
  EXPECT_EQ(chosen("git::https://github.com/owner/terraform-aws-name.git?depth=1&ref=v3.7.0", ""), "common early");
  EXPECT_EQ(chosen("github.com/owner/terraform-aws-name", ""), "< 5.0.0 common late");
  EXPECT_EQ(chosen("github.com/owner/terraform-aws-name?ref=main", ""), "< 5.0.0 common late");
  EXPECT_EQ(chosen("github.com/owner/terraform-aws-name?ref=next", ""), "");
  EXPECT_EQ(chosen("github.com/owner/terraform-aws-name?ref=1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d", ""), "");
  EXPECT_EQ(chosen("github.com/owner/somewhere?ref=v3.7.0", ""), "");
  EXPECT_EQ(chosen("github.com", ""), "");
  EXPECT_EQ(chosen("example.com/owner/name/aws", "3.7.0"), "");
}

// Of a commit a comment may say which version it is.
TEST(Outlines, TakeTheVersionThatACommitIsSaidToBe) {
  constexpr std::string_view kCommit =
      "git::https://github.com/owner/terraform-aws-name.git?ref=1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d";
  EXPECT_EQ(chosen(kCommit, "3.7.0"), "common early");
  EXPECT_EQ(chosen(kCommit, "9.0.0"), "");
  EXPECT_TRUE(names_a_commit(kCommit));
  EXPECT_TRUE(names_a_commit("github.com/owner/terraform-aws-name?depth=1&ref=1a2b3c4"));
  for (const std::string_view other :
       {"github.com/owner/terraform-aws-name?ref=v3.7.0", "github.com/owner/terraform-aws-name",
        "github.com/owner/terraform-aws-name?ref=faded", "github.com/owner/terraform-aws-name?ref=accessed",
        "github.com/owner/terraform-aws-name?ref="}) {
    EXPECT_FALSE(names_a_commit(other)) << other;
  }
  EXPECT_EQ(chosen("github.com/owner/terraform-aws-name?ref=v3.7.0", "3.9.0"), "common early") << "a tag says it";
}

TEST(Outlines, FindVersionsInComments) {
  const auto beside = [](std::string_view before, std::string_view behind) {
    const std::string text = std::string(before) + "  source = \"x\"" + std::string(behind);
    const std::size_t begin = text.find("source");
    return std::string(version_beside(text, begin, begin + std::string_view("source = \"x\"").size()));
  };
  EXPECT_EQ(beside("module \"a\" {\n", " # v4.2.0\n}"), "4.2.0");
  EXPECT_EQ(beside("module \"a\" {\n", " #4.2.0\r\n}"), "4.2.0");
  EXPECT_EQ(beside("module \"a\" {\n", " // version: 4.2.10"), "4.2.10");
  EXPECT_EQ(beside("module \"a\" {\n", " # tag=v4.2.0, of May\n}"), "4.2.0");
  EXPECT_EQ(beside("module \"a\" {\n  # Commit hash for v3.1.0\n", "\n}"), "3.1.0");
  EXPECT_EQ(beside("module \"a\" {\r\n  // commit of 3.1.0 (tag)\r\n", "\r\n}"), "3.1.0");
  EXPECT_EQ(beside("module \"a\" {\n  # Commit hash for v3.1.0\n", " # v4.2.0\n}"), "4.2.0");
  EXPECT_EQ(beside("module \"a\" {\n  # upgraded from v3.1.0\n", "\n}"), "") << "says nothing of the commit";
  EXPECT_EQ(beside("module \"a\" {\n  # Commit hash for v3.1.0\n\n", "\n}"), "") << "not beside it";
  EXPECT_EQ(beside("module \"a\" {\n", " # v4.2\n}"), "");
  EXPECT_EQ(beside("module \"a\" {\n", " # v4.2.0-beta1\n}"), "");
  EXPECT_EQ(beside("module \"a\" {\n", "\n  # v4.2.0\n}"), "");
  EXPECT_EQ(beside("module \"a\" {", ""), "");
}

class OutlinedModules : public testing::Terraform {};

TEST_F(OutlinedModules, SayWhatIsMadeOfTheArguments) {
  write("main.tf", R"(
    module "bucket" {
      source  = "terraform-aws-modules/s3-bucket/aws"
      version = "3.7.0"
      bucket  = "example"
      acl     = "public-read"
      cors_rule = [{ allowed_methods = ["GET"] }]
    }
  )");
  load();
  EXPECT_EQ(codes(), "module-not-downloaded");
  EXPECT_EQ(json("module.bucket.aws_s3_bucket.bucket[0]", "bucket"), R"("example")");
  EXPECT_EQ(json("module.bucket.aws_s3_bucket_acl.acl[0]", "acl"), R"("public-read")");
  EXPECT_EQ(json("module.bucket.aws_s3_bucket_public_access_block.block[0]", "block_public_acls"), "false");
  EXPECT_EQ(configuration_->find("module.bucket.aws_s3_bucket_versioning.versioning[0]"), nullptr);
}

TEST_F(OutlinedModules, SayWhichVersionIsAssumed) {
  write("main.tf", R"(
    module "bucket" {
      source = "terraform-aws-modules/s3-bucket/aws"
      acl    = "public-read"
    }
    module "pinned" {
      source  = "terraform-aws-modules/s3-bucket/aws"
      version = "4.1.0"
    }
    module "cluster" {
      source                         = "terraform-aws-modules/eks/aws"
      version                        = ">= 19.0"
      cluster_endpoint_public_access = false
    }
    module "older" {
      source       = "terraform-aws-modules/eks/aws"
      cluster_name = "older"
      subnets      = []
    }
    module "elsewhere" {
      source  = "terraform-aws-modules/s3-bucket/aws"
      version = var.version_of_bucket
    }
    variable "version_of_bucket" {}
  )");
  load();
  const auto assumed = [&](std::string_view address) {
    for (const model::Module& module : configuration_->modules()) {
      if (module.address == address) {
        return module.assumed_version;
      }
    }
    return std::string_view("not there");
  };
  EXPECT_EQ(json("module.bucket.aws_s3_bucket_acl.acl[0]", "acl"), R"("public-read")");
  EXPECT_EQ(assumed("module.bucket"), "< 6.0.0");
  EXPECT_EQ(assumed("module.pinned"), "");
  EXPECT_EQ(assumed("module.cluster"), "< 21.0.0");
  EXPECT_EQ(assumed("module.older"), "< 18.0.0");
  EXPECT_EQ(assumed("module.elsewhere"), "not there");
}

TEST_F(OutlinedModules, AreThoseOfTheVersionThatACommitIsSaidToBe) {
  write("main.tf", R"(
    module "bucket" {
      source = "git::https://github.com/terraform-aws-modules/terraform-aws-s3-bucket.git?ref=1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d" # v3.7.0
      acl    = "public-read"
    }
    module "other" {
      source = "git::https://github.com/terraform-aws-modules/terraform-aws-s3-bucket.git?ref=1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
      acl    = "public-read"
    }
  )");
  load();
  EXPECT_EQ(json("module.bucket.aws_s3_bucket_acl.acl[0]", "acl"), R"("public-read")");
  EXPECT_EQ(configuration_->find("module.other.aws_s3_bucket_acl.acl[0]"), nullptr);
}

TEST_F(OutlinedModules, HaveOutputsThatAreNotKnown) {
  write("main.tf", R"(
    module "bucket" {
      source  = "terraform-aws-modules/s3-bucket/aws"
      version = "4.1.0"
    }
    resource "aws_s3_bucket_versioning" "bucket" {
      bucket = module.bucket.s3_bucket_id
      mfa    = module.bucket.something_else
    }
    locals {
      all = module.bucket
    }
    resource "aws_sqs_queue" "queue" {
      name = local.all.s3_bucket_website_endpoint
    }
  )");
  load();
  EXPECT_EQ(codes(), "module-not-downloaded");
  const eval::Value named = value("aws_s3_bucket_versioning.bucket", "bucket");
  ASSERT_TRUE(named.is_unknown());
  EXPECT_EQ(named.unknown().symbol->subject, "module.bucket.aws_s3_bucket.bucket[0]");
  for (const eval::Value& other :
       {value("aws_s3_bucket_versioning.bucket", "mfa"), value("aws_sqs_queue.queue", "name")}) {
    ASSERT_TRUE(other.is_unknown());
    EXPECT_EQ(other.unknown().symbol->reason, eval::Reason::kModule);
  }
}

TEST_F(OutlinedModules, LeaveOpenWhatIsWrittenAsABlock) {
  write("main.tf", R"(
    module "instance" {
      source  = "terraform-aws-modules/ec2-instance/aws"
      version = "3.6.0"
      metadata_options {
        http_tokens = "required"
      }
    }
  )");
  load();
  const auto& blocks = resource("module.instance.aws_instance.instance[0]").body->blocks;
  EXPECT_TRUE(std::all_of(blocks.begin(), blocks.end(), [](const model::Block& block) {
    const model::Attribute* tokens = block.body->attribute("http_tokens");
    return tokens == nullptr || tokens->value.is_unknown();
  }));
}

TEST(Outlines, KnowNamesThatMayBeThoseOfOneVariable) {
  EXPECT_TRUE(may_be_renamed("cluster_enabled_log_types", "enabled_log_types"));
  EXPECT_TRUE(may_be_renamed("enabled_log_types", "log_types_enabled"));
  EXPECT_FALSE(may_be_renamed("cluster_name", "name")) << "one word says little";
  EXPECT_FALSE(may_be_renamed("enabled_log_types", "enabled_metric_types"));
  EXPECT_FALSE(may_be_renamed("", "name"));
}

// What a call of whatever version names as no version that is known does may be a variable under a later name.
TEST_F(OutlinedModules, LeaveOpenWhatMayHaveAnotherName) {
  const std::string call = "module \"eks\" {\n  source = \"terraform-aws-modules/eks/aws\"\n  name = \"a\"\n";
  write("main.tf", call + "  log_types_enabled = [\"audit\"]\n}\n");
  write("pinned/main.tf", call + "  version = \"21.0.0\"\n  log_types_enabled = [\"audit\"]\n}\n");
  load();
  EXPECT_TRUE(value("module.eks.aws_eks_cluster.cluster[0]", "enabled_cluster_log_types").is_unknown());
  load("pinned");
  EXPECT_TRUE(value("module.eks.aws_eks_cluster.cluster[0]", "enabled_cluster_log_types").is_known());
}

TEST_F(OutlinedModules, GiveWayToWhatIsDownloaded) {
  write("main.tf", R"(
    module "bucket" {
      source  = "terraform-aws-modules/s3-bucket/aws"
      version = "3.7.0"
    }
  )");
  write(".terraform/modules/modules.json",
        R"({"Modules": [{"Key": "bucket", "Source": "x", "Dir": ".terraform/modules/bucket"}]})");
  write(".terraform/modules/bucket/main.tf", R"(resource "aws_s3_bucket" "own" {})");
  load();
  EXPECT_EQ(configuration_->resources().size(), 1U);
}

// Every outline says something, and nothing that cannot be evaluated when no argument is given.
TEST_F(OutlinedModules, AreWhole) {
  ASSERT_FALSE(outline_files().empty());
  std::set<std::string> roots;
  for (const OutlineFile& file : outline_files()) {
    const std::string root = std::string(file.source) + "/" + std::string(file.from);
    roots.insert(root);
    write(root + "/main.tf", "module \"it\" {\n  source  = \"" + std::string(file.source) + "\"\n  version = \"" +
                                 std::string(file.from) + "\"\n}\n");
  }
  for (const std::string& root : roots) {
    load(root);
    EXPECT_EQ(codes(), "module-not-downloaded") << root;
    EXPECT_GT(configuration_->modules().size(), 1U) << root;
  }
  EXPECT_TRUE(workspace().diagnostics().empty());
}

}  // namespace
}  // namespace gabion::terraform
