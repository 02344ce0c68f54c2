// gabion fix on real files: what is written, what is refused, and what is left when it is killed.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>

#include "program.h"

namespace gabion::e2e {
namespace {

const std::string kFixedKey = R"(resource "aws_kms_key" "a" {
  description         = "audit"
  enable_key_rotation = true
}
)";
const std::vector<std::string> kWrite = {"fix", "--write", "--rule", "aws-kms-key-rotation", "."};

TEST(FixTest, ShowsADiffAndChangesNothing) {
  const Project project;
  project.write("main.tf", kBadKey);
  const Outcome outcome = project.gabion({"fix", "--rule", "aws-kms-key-rotation", "."});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_NE(outcome.out.find("-  enable_key_rotation = false\n+  enable_key_rotation = true\n"), std::string::npos)
      << outcome.out;
  EXPECT_EQ(project.read("main.tf"), kBadKey);
}

TEST(FixTest, WritesOnceAndThenFindsNothingToDo) {
  const Project project;
  project.write("main.tf", kBadKey);
  ASSERT_EQ(chmod(project.path("main.tf").c_str(), 0640), 0);
  const Outcome first = project.gabion(kWrite);
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_EQ(project.read("main.tf"), kFixedKey);
  struct stat status {};
  ASSERT_EQ(stat(project.path("main.tf").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
  const Outcome second = project.gabion(kWrite);
  EXPECT_EQ(second.status, 0);
  EXPECT_EQ(second.out, "");
}

// What a module from a registry has and its arguments switch off is switched on where it is called; the module stays.
TEST(FixTest, FixesWhatADownloadedModuleDoesAtItsCall) {
  const Project project;
  project.write(".terraform/modules/modules.json",
                R"({"Modules":[{"Key":"","Source":"","Dir":"."},)"
                R"({"Key":"logs","Source":"registry.terraform.io/example/bucket/aws","Version":"1.0.0",)"
                R"("Dir":".terraform/modules/logs"}]})");
  const std::string module = R"(variable "versioning" {
  type    = map(string)
  default = {}
}

resource "aws_s3_bucket" "bucket" {
  bucket = "example-logs"
}

resource "aws_s3_bucket_versioning" "history" {
  count  = length(var.versioning) > 0 ? 1 : 0
  bucket = aws_s3_bucket.bucket.id

  versioning_configuration {
    status = var.versioning["status"]
  }
}
)";
  project.write(".terraform/modules/logs/main.tf", module);
  project.write("main.tf", "module \"logs\" {\n  source  = \"example/bucket/aws\"\n  version = \"1.0.0\"\n}\n");
  const Outcome outcome = project.gabion({"fix", "--write", "--unsafe", "--rule", "aws-s3-versioning", "."});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(project.read("main.tf"),
            "module \"logs\" {\n  source  = \"example/bucket/aws\"\n  version = \"1.0.0\"\n\n"
            "  versioning = { status = \"Enabled\" }\n}\n");
  EXPECT_EQ(project.read(".terraform/modules/logs/main.tf"), module);
}

// The same where the module is not downloaded and gabion has an outline of it.
TEST(FixTest, FixesTheCallOfAModuleThatIsNotHere) {
  const Project project;
  const std::string call =
      "module \"logs\" {\n  source  = \"terraform-aws-modules/s3-bucket/aws\"\n  version = \"3.8.2\"\n";
  project.write("main.tf", call + "}\n");
  const Outcome outcome = project.gabion(
      {"fix", "--write", "--unsafe", "--rule", "aws-s3-versioning,aws-s3-public-access-block-policy", "."});
  EXPECT_NE(outcome.status, 2) << outcome.err;
  const std::string text = project.read("main.tf");
  EXPECT_TRUE(text.starts_with(call)) << text;
  EXPECT_NE(text.find("versioning          = { status = \"Enabled\" }"), std::string::npos) << text;
  EXPECT_NE(text.find("block_public_policy = true"), std::string::npos) << text;
}

TEST(FixTest, GivesBlocksThroughArgumentsOfTheCall) {
  const Project project;
  project.write("main.tf",
                "module \"web\" {\n  source  = \"terraform-aws-modules/ec2-instance/aws\"\n  version = \"4.5.0\"\n}\n");
  const Outcome outcome =
      project.gabion({"fix", "--write", "--unsafe", "--rule", "aws-ec2-imdsv2,aws-ec2-block-device-encryption", "."});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const std::string text = project.read("main.tf");
  EXPECT_NE(text.find("metadata_options  = { http_tokens = \"required\" }"), std::string::npos) << text;
  EXPECT_NE(text.find("root_block_device = [{ encrypted = true }]"), std::string::npos) << text;
}

// A module that is called twice is not changed for both when one of them has no finding.
TEST(FixTest, LeavesOtherInstancesOfAModuleAlone) {
  const Project project;
  project.write("bucket/main.tf", R"(variable "key" {}

resource "aws_s3_bucket" "this" {}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = try(var.key, null)
    }
  }
}
)");
  const std::string root = R"(module "with" {
  source = "./bucket"
  key    = aws_kms_key.own.arn
}

module "without" {
  source = "./bucket"
  key    = null
}

resource "aws_kms_key" "own" {
  enable_key_rotation = true
}
)";
  project.write("main.tf", root);
  const Outcome outcome = project.gabion({"fix", "--unsafe", "--rule", "aws-s3-default-encryption-key", "."});
  EXPECT_EQ(outcome.out.find("-      kms_master_key_id = try(var.key, null)"), std::string::npos) << outcome.out;
  EXPECT_NE((outcome.out + outcome.err).find("module.with.aws_s3_bucket_server_side_encryption_configuration.this"),
            std::string::npos)
      << outcome.out << outcome.err;
}

/// The fix of the only finding of a rule, as a report in JSON shows it.
nlohmann::json shown_fix(const Project& project, const std::string& rule) {
  const Outcome outcome = project.gabion({"scan", "--format", "json", "--rule", rule, "."});
  const nlohmann::json report = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(report["findings"].size(), 1U) << outcome.out;
  return report["findings"].empty() ? nlohmann::json() : report["findings"][0]["fix"];
}

// A key that a module takes from its caller is made where the caller can name it: the module's input stays alive.
TEST(FixTest, GivesWhatItAddsAtTheCall) {
  const Project project;
  const std::string module = R"(variable "key_arn" {
  type    = string
  default = null
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/example/app"
  retention_in_days = 365
  kms_key_id        = var.key_arn
}
)";
  project.write("logs/main.tf", module);
  project.write("main.tf", "module \"logs\" {\n  source = \"./logs\"\n}\n");
  const Outcome outcome = project.gabion({"fix", "--write", "--unsafe", "--rule", "aws-cloudwatch-log-group-kms", "."});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_EQ(project.read("logs/main.tf"), module);
  const std::string text = project.read("main.tf");
  EXPECT_TRUE(text.starts_with("module \"logs\" {\n  source = \"./logs\"\n\n  key_arn = aws_kms_key.logs.arn\n}\n"))
      << text;
  for (const char* const added : {"resource \"aws_kms_key\" \"logs\" {", "resource \"aws_kms_alias\" \"logs\" {",
                                  "data \"aws_region\" \"current\" {}"}) {
    EXPECT_NE(text.find(added), std::string::npos) << added << text;
  }
  EXPECT_EQ(project.gabion({"scan", "--rule", "aws-cloudwatch-log-group-kms", "."}).status, 0);
}

// A switch that says what aliases are like makes none.
TEST(FixTest, SwitchesOnOnlyWhatMakesTheResource) {
  const Project project;
  project.write("key/main.tf", R"(variable "aliases" {
  type    = list(string)
  default = []
}

variable "aliases_use_name_prefix" {
  description = "Whether the name of an alias is a prefix"
  type        = bool
  default     = false
}

resource "aws_kms_key" "this" {
  enable_key_rotation = true
}

resource "aws_kms_alias" "this" {
  for_each      = toset(var.aliases)
  name          = var.aliases_use_name_prefix ? null : "alias/${each.value}"
  name_prefix   = var.aliases_use_name_prefix ? "alias/${each.value}-" : null
  target_key_id = aws_kms_key.this.key_id
}
)");
  project.write("main.tf", "module \"key\" {\n  source = \"./key\"\n}\n");
  const nlohmann::json fix = shown_fix(project, "aws-kms-key-alias");
  EXPECT_EQ(fix["title"].get<std::string>().find("aliases_use_name_prefix"), std::string::npos) << fix;
  EXPECT_EQ(fix["safety"], "manual");
  EXPECT_TRUE(fix["edits"].empty());
}

// Which argument makes a module do something is a guess until it is proved: reports name it, gabion fix tries it.
TEST(FixTest, ReportsNameGuessesAndFixProvesThem) {
  const Project project;
  const auto module = [](const std::string& actions) {
    return R"(variable "attach_deny_insecure_transport_policy" {
  description = "Deny requests without TLS"
  type        = bool
  default     = false
}

resource "aws_s3_bucket" "this" {
  bucket = "example-data"
}

data "aws_iam_policy_document" "this" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.this.arn}/*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:root"]
    }
  }

  dynamic "statement" {
    for_each = var.attach_deny_insecure_transport_policy ? [1] : []

    content {
      effect    = "Deny"
      actions   = [")" +
           actions + R"("]
      resources = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]

      principals {
        type        = "*"
        identifiers = ["*"]
      }

      condition {
        test     = "Bool"
        variable = "aws:SecureTransport"
        values   = ["false"]
      }
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id
  policy = data.aws_iam_policy_document.this.json
}
)";
  };
  const std::string call = "module \"data\" {\n  source = \"./data\"\n";
  const std::vector<std::string> write = {"fix", "--write", "--unsafe", "--rule", "aws-s3-deny-insecure-transport",
                                          "."};
  project.write("main.tf", call + "}\n");
  project.write("data/main.tf", module("s3:*"));
  const nlohmann::json fix = shown_fix(project, "aws-s3-deny-insecure-transport");
  EXPECT_NE(fix["title"].get<std::string>().find("attach_deny_insecure_transport_policy = true"), std::string::npos);
  EXPECT_TRUE(fix["edits"].empty()) << fix;
  EXPECT_EQ(project.gabion(write).status, 0);
  EXPECT_EQ(project.read("main.tf"), call + "\n  attach_deny_insecure_transport_policy = true\n}\n");

  // The same argument where it does too little.
  project.write("main.tf", call + "}\n");
  project.write("data/main.tf", module("s3:PutObject"));
  EXPECT_TRUE(shown_fix(project, "aws-s3-deny-insecure-transport")["edits"].empty());
  EXPECT_NE(project.gabion(write).status, 2);
  EXPECT_EQ(project.read("main.tf").find("attach_deny_insecure_transport_policy"), std::string::npos);
}

// One text makes a statement for each service: what is wrong with one of them is not mended in all.
TEST(FixTest, LeavesStatementsAloneThatTheSameTextMakes) {
  const Project project;
  project.write("main.tf", R"(data "aws_iam_policy_document" "read" {
  dynamic "statement" {
    for_each = ["s3", "ecr"]

    content {
      actions   = ["${statement.value}:Get*", "${statement.value}:BatchGet*"]
      resources = ["*"]
    }
  }
}

resource "aws_iam_policy" "read" {
  name   = "read"
  policy = data.aws_iam_policy_document.read.json
}
)");
  const nlohmann::json fix = shown_fix(project, "aws-ecr-pull-least-privilege");
  EXPECT_TRUE(fix["edits"].empty()) << fix;
  EXPECT_NE(fix["title"].get<std::string>().find("the same text makes other statements"), std::string::npos) << fix;
}

// A fix that changes a statement and adds none is not looked for among the arguments that add statements.
TEST(FixTest, SwitchesOnNoPolicyInsteadOfMendingOne) {
  const Project project;
  project.write("role/main.tf", R"(variable "targets" {
  type = list(string)
}

variable "name_resources_policy" {
  description = "Name the resources that the policy is about"
  type        = bool
  default     = false
}

resource "aws_iam_policy" "this" {
  name = var.name_resources_policy ? "resources" : "targets"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for t in [var.targets] : {
      Effect   = "Allow"
      Action   = ["elasticloadbalancing:RegisterTargets"]
      Resource = t
    }]
  })
}
)");
  project.write("main.tf",
                "module \"role\" {\n  source  = \"./role\"\n"
                "  targets = [\"arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/app\"]\n}\n");
  const nlohmann::json fix = shown_fix(project, "aws-iam-policy-resource-mismatch");
  EXPECT_EQ(fix["title"].get<std::string>().find("name_resources_policy"), std::string::npos) << fix;
}

// Of the places where a value is given, those that have it already are not written again.
TEST(FixTest, WritesNothingWhereTheValueStandsAlready) {
  const Project project;
  const std::string module = R"(variable "private" {
  type    = bool
  default = true
}

variable "public" {
  type    = bool
  default = false
}

resource "aws_eks_cluster" "this" {
  name     = "main"
  role_arn = "arn:aws:iam::111122223333:role/eks"

  vpc_config {
    subnet_ids              = ["subnet-1"]
    endpoint_private_access = var.private
    endpoint_public_access  = var.public
  }
}
)";
  project.write("cluster/main.tf", module);
  project.write("main.tf", "module \"main\" {\n  source = \"./cluster\"\n  public = true\n}\n");
  const nlohmann::json fix = shown_fix(project, "aws-eks-endpoint-private");
  ASSERT_EQ(fix["edits"].size(), 1U) << fix;
  EXPECT_TRUE(fix["edits"][0]["file"].get<std::string>().ends_with("main.tf"));
  EXPECT_FALSE(fix["edits"][0]["file"].get<std::string>().ends_with("cluster/main.tf")) << fix;
  EXPECT_EQ(fix["edits"][0]["text"], "false") << fix;
}

// What cannot be proved on the text as it is may be provable on what another fix has made of it.
TEST(FixTest, TriesAgainOnWhatOtherFixesMade) {
  const Project project;
  project.write("main.tf", "resource \"aws_cloudtrail\" \"account\" {\n  s3_bucket_name = \"trail-logs\"}\n");
  const std::vector<std::string> write = {"fix", "--write", "--unsafe", "--rule", "aws-cloudtrail-*", "."};
  const Outcome first = project.gabion(write);
  EXPECT_NE(first.out, "");
  const std::string text = project.read("main.tf");
  EXPECT_NE(text.find("aws_kms_key.account.arn"), std::string::npos) << text;
  const Outcome second = project.gabion(write);
  EXPECT_EQ(second.out, "");
  EXPECT_EQ(project.read("main.tf"), text);
}

TEST(FixTest, WritesAllOrNothing) {
  const Project project;
  // A name so long that nothing can be written beside it.
  const std::string name = std::string(248, 'z') + ".tf";
  project.write("a.tf", kBadKey);
  project.write(name, "resource \"aws_kms_key\" \"b\" {\n  enable_key_rotation = false\n}\n");
  const Outcome outcome = project.gabion(kWrite);
  EXPECT_EQ(outcome.status, 2);
  EXPECT_EQ(project.read("a.tf"), kBadKey);
  EXPECT_NE(outcome.err.find("no file was changed"), std::string::npos) << outcome.err;
}

TEST(FixTest, FollowsSymbolicLinksAndKeepsThem) {
  const Project project;
  project.write("real/main.tf", kBadKey);
  ASSERT_EQ(symlink("real/main.tf", project.path("link.tf").c_str()), 0);
  const Outcome outcome = project.gabion(kWrite);
  EXPECT_TRUE(std::filesystem::is_symlink(project.path("link.tf")));
  EXPECT_EQ(project.read("real/main.tf"), kFixedKey) << outcome.err;
}

TEST(FixTest, RefusesADirtyTreeUnlessAllowed) {
  const Project project;
  project.write("main.tf", kBadKey);
  if (project.run({"git", "init", "-q"}).status != 0) {
    GTEST_SKIP() << "git is not there";
  }
  const Outcome dirty = project.gabion(kWrite);
  EXPECT_EQ(dirty.status, 2);
  EXPECT_NE(dirty.err.find("uncommitted changes"), std::string::npos) << dirty.err;
  EXPECT_EQ(project.read("main.tf"), kBadKey);
  ASSERT_EQ(project.run({"git", "add", "main.tf"}).status, 0);
  ASSERT_EQ(project
                .run({"git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false",
                      "commit", "-q", "-m", "x"})
                .status,
            0);
  EXPECT_EQ(project.gabion(kWrite).status, 0);
  EXPECT_EQ(project.read("main.tf"), kFixedKey);
  project.write("main.tf", std::string(kBadKey) + "# later\n");
  EXPECT_EQ(project.gabion(kWrite).status, 2);
  std::vector<std::string> allowed = kWrite;
  allowed.emplace_back("--allow-dirty");
  EXPECT_EQ(project.gabion(allowed).status, 0);
  EXPECT_EQ(project.read("main.tf"), kFixedKey + "# later\n");
}

TEST(FixTest, AsksAboutEveryFix) {
  const Project project;
  project.write("a.tf", kBadKey);
  project.write("b.tf", "resource \"aws_kms_key\" \"b\" {\n  enable_key_rotation = false\n}\n");
  const Outcome outcome =
      project.gabion({"fix", "--interactive", "--rule", "aws-kms-key-rotation", "."}, "n\nwhat\ny\n");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(project.read("a.tf"), kBadKey);
  EXPECT_EQ(project.read("b.tf"), "resource \"aws_kms_key\" \"b\" {\n  enable_key_rotation = true\n}\n");
  EXPECT_NE(outcome.err.find("1 declined"), std::string::npos) << outcome.err;
}

TEST(FixTest, ExplainsWhatChangesInTheModel) {
  const Project project;
  project.write("main.tf", kBadKey);
  const Outcome outcome = project.gabion({"fix", "--explain", "--rule", "aws-kms-key-rotation", "."});
  EXPECT_NE(outcome.err.find("aws_kms_key.a: enable_key_rotation: false -> true"), std::string::npos) << outcome.err;
}

TEST(FixTest, SaysWhatFixesLeadTo) {
  const Project project;
  project.write("main.tf", "resource \"aws_s3_bucket\" \"state\" {\n  bucket = \"acme-state-store\"\n}\n");
  const Outcome outcome =
      project.gabion({"fix", "--write", "--unsafe", "--rule", "aws-s3-versioning", "--rule", "aws-s3-mfa-delete", "."});
  EXPECT_NE(
      outcome.err.find("1 finding fixed, 1 left\n"
                       "of these 1 new, which the fixes lead to:\n"
                       "  aws-s3-mfa-delete (aws_s3_bucket.state): versions of its objects can be deleted without "
                       "MFA\n"),
      std::string::npos)
      << outcome.err;
  EXPECT_NE(project.read("main.tf").find("status = \"Enabled\""), std::string::npos);
}

TEST(FixTest, LeavesModulesOfOthersAlone) {
  const Project project;
  project.write("main.tf", "module \"m\" {\n  source = \"./.terraform/modules/m\"\n}\n");
  project.write(".terraform/modules/m/main.tf", kBadKey);
  const Outcome outcome = project.gabion(kWrite);
  EXPECT_EQ(project.read(".terraform/modules/m/main.tf"), kBadKey) << outcome.out << outcome.err;
}

// A variable that another tool declares is named a second time; that is no error which the fix brings.
TEST(FixTest, WhatWasInErrorMayBeCopied) {
  const Project project;
  project.write("main.tf", R"(resource "aws_s3_bucket" "data" {
  count  = var.STAGE == "dev" ? 1 : 0
  bucket = "example-data"
}
)");
  const std::vector<std::string> command = {"fix", "--unsafe", "--rule", "aws-s3-versioning", "."};
  const Outcome outcome = project.gabion(command);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("+  count  = var.STAGE == \"dev\" ? 1 : 0\n"), std::string::npos) << outcome.out;
}

// What is not known of the elements of a list goes by the file in which the loop over it stands, and a proof looks at a
// part of the files.
TEST(FixTest, PoliciesWithLoopsAreComparedAcrossParts) {
  const Project project;
  for (const char* const file : {"a/main.tf", "b/main.tf"}) {
    project.write(file, R"(data "aws_organizations_organization" "main" {}

locals {
  users_account_id = [
    for account in data.aws_organizations_organization.main.accounts : account.id if account.name == "Users"
  ][0]
}

resource "aws_iam_role" "reader" {
  name = "reader"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { AWS = "arn:aws:iam::${local.users_account_id}:root" }
    }]
  })
}
)");
  }
  const Outcome outcome = project.gabion({"fix", "--unsafe", "--rule", "aws-iam-trust-mfa", "."});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("+++ b/a/main.tf"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("+++ b/b/main.tf"), std::string::npos) << outcome.out;
}

TEST(FixTest, WhatWouldBringAnErrorIsRefused) {
  const Project project;
  project.write("main.tf", R"(variable "db_password" {
  type = string
}
output "db_password" {
  value = var.db_password
}
)");
  const Outcome outcome = project.gabion({"fix", "--unsafe", "--rule", "terraform-secret-variable", "."});
  EXPECT_EQ(outcome.status, 1) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("the changed files would be in error"), std::string::npos) << outcome.err;
}

/// How often the program is killed: GABION_KILL_RUNS, 10 when it is not set.
int kill_runs() {
  const char* text = std::getenv("GABION_KILL_RUNS");
  return text == nullptr ? 10 : std::atoi(text);
}

TEST(FixTest, KilledAtAnyPointEachFileIsOldOrNew) {
  const Project project;
  constexpr int kFiles = 40;
  const auto name = [](int i) { return "f" + std::to_string(i) + ".tf"; };
  const auto text = [](int i, const char* value) {
    return "resource \"aws_kms_key\" \"k" + std::to_string(i) + "\" {\n  enable_key_rotation = " + value + "\n}\n";
  };
  std::mt19937 random(7);  // NOLINT: the same in every run
  int killed_while_writing = 0;
  for (int run = 0; run < kill_runs(); ++run) {
    for (int i = 0; i < kFiles; ++i) {
      project.write(name(i), text(i, "false"));
    }
    const std::string directory = project.path().string();
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      if (chdir(directory.c_str()) == 0 && freopen("/dev/null", "w", stdout) != nullptr &&
          freopen("/dev/null", "w", stderr) != nullptr) {
        execl(GABION_PROGRAM, "gabion", "fix", "--write", "--rule", "aws-kms-key-rotation", ".", nullptr);
      }
      _exit(127);
    }
    usleep(static_cast<useconds_t>(random() % 60'000));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    int fresh = 0;
    for (int i = 0; i < kFiles; ++i) {
      const std::string now = project.read(name(i));
      const bool changed = now == text(i, "true");
      fresh += changed ? 1 : 0;
      ASSERT_TRUE(changed || now == text(i, "false")) << name(i) << " is neither old nor new:\n" << now;
    }
    killed_while_writing += fresh > 0 && fresh < kFiles ? 1 : 0;
    // The next run finishes the work and clears away what was left.
    ASSERT_EQ(project.gabion(kWrite).status, 0);
    for (const auto& entry : std::filesystem::directory_iterator(project.path())) {
      const std::string left = entry.path().filename().string();
      ASSERT_TRUE(left.ends_with(".tf")) << left << " was left behind";
    }
  }
  RecordProperty("killed_while_writing", killed_while_writing);
}

}  // namespace
}  // namespace gabion::e2e
