// Rule functions over references and blocks, asked by small rules about small configurations.
#include <gtest/gtest.h>

#include <string>

#include "engine/examples.h"
#include "engine/rule_compiler.h"

namespace gabion::engine {
namespace {

/// Runs the examples of a rule with this target, requirement and list of examples.
void expect_examples(const std::string& target, const std::string& require, const std::string& examples) {
  const std::string text = "id: team-rule\ntitle: t\nseverity: low\nwhy: w\ntarget: " + target + "\nrequire: >-\n  " +
                           require + "\nmessage: seen\nexamples:\n" + examples;
  source::Arena arena;
  const CompiledRules compiled = compile_rules("r.yaml", text, arena);
  for (const source::Error& error : compiled.errors) {
    ADD_FAILURE() << error.line << ':' << error.column << ": " << error.message;
  }
  ASSERT_EQ(compiled.rules.size(), 1U);
  const ExampleReport report = run_examples(compiled.rules[0]);
  EXPECT_EQ(report.examples, compiled.rules[0].examples.size());
  for (const auto& failure : report.failures) {
    ADD_FAILURE() << failure.line << ": " << failure.message;
  }
}

// A module that is not here may have parts of what it is given by name, and uses what it is given an ARN of.
TEST(ReferenceFunctionsTest, AbsentModulesMayHavePartsOfWhatTheyAreGiven) {
  const std::string bucket = "      resource \"aws_s3_bucket\" \"b\" {\n        bucket = \"example\"\n      }\n";
  const auto given = [&](const std::string& arguments) {
    return bucket + "      module \"m\" {\n        source = \"git::https://example.com/m.git?ref=v1\"\n" + arguments +
           "      }\n";
  };
  const std::string parts = R"(length(referrers(self, "aws_s3_bucket_versioning", "bucket")) == 0)";
  expect_examples("aws_s3_bucket", parts,
                  "  - good: |\n" + bucket +                                                     //
                      "  - unknown: |\n" + given("        name = aws_s3_bucket.b.id\n") +        //
                      "  - unknown: |\n" + given("        name = aws_s3_bucket.b.bucket\n") +    //
                      "  - unknown: |\n" + given("        on = { names = [\"example\"] }\n") +   //
                      "  - good: |\n" + given("        name = \"example-data\"\n") +             //
                      "  - good: |\n" + given("        arn = aws_s3_bucket.b.arn\n") +           //
                      "  - good: |\n" + given("        arn = \"${aws_s3_bucket.b.arn}/*\"\n"));  //
  // What uses the bucket is no part of it.
  for (const std::string uses : {R"(length(referrers(self, "aws_s3_bucket_logging", "target_bucket")) == 0)",
                                 R"(length(referrers(self, "aws_cloudtrail", "s3_bucket_name")) == 0)"}) {
    expect_examples("aws_s3_bucket", uses, "  - good: |\n" + given("        name = aws_s3_bucket.b.id\n"));
  }
}

// The bucket of a bucket's configuration names another resource, not the configuration itself.
TEST(ReferenceFunctionsTest, ResolveFindsWhatIsNamedNotWhoNamesIt) {
  expect_examples("aws_s3_bucket_versioning", "resolve(self.bucket) == null", R"(
  - good: |
      resource "aws_s3_bucket_versioning" "a" {
        bucket = "example"
      }
  - bad: |
      resource "aws_s3_bucket_versioning" "a" {
        bucket = "example"
      }
      resource "aws_s3_bucket" "b" {
        bucket = "example"
      }
  - bad: |
      variable "name" {}
      resource "aws_s3_bucket_versioning" "a" {
        bucket = var.name
      }
      resource "aws_s3_bucket" "b" {
        bucket = var.name
      }
  - bad: |
      variable "production" {
        type = bool
      }
      locals {
        name = var.production ? "example" : "example-test"
      }
      resource "aws_s3_bucket_versioning" "a" {
        bucket = local.name
      }
      resource "aws_s3_bucket" "b" {
        bucket = local.name
      }
  - unknown: |
      variable "name" {}
      resource "aws_s3_bucket_versioning" "a" {
        bucket = var.name
      }
      resource "aws_s3_bucket" "b" {
        bucket = "example"
      }
)");
}

TEST(ReferenceFunctionsTest, ResolveAnswersForEveryBranch) {
  const std::string buckets = R"(
      variable "main" {
        type = bool
      }
      resource "aws_s3_bucket" "a" {
        bucket = "a"
        tags   = { kind = "x" }
      }
      resource "aws_s3_bucket" "b" {
        bucket = "b"
        tags   = { kind = "x" }
      }
      resource "aws_s3_bucket" "c" {
        bucket = "c"
        tags   = { kind = "y" }
      }
      resource "aws_s3_bucket_acl" "b" {
        bucket = aws_s3_bucket.b.id
      }
      resource "aws_s3_bucket_versioning" "v" {)";
  const auto example = [&](const std::string& kind, const std::string& bucket) {
    return "\n  - " + kind + ": |" + buckets + "\n        bucket = " + bucket + "\n      }";
  };
  expect_examples("aws_s3_bucket_versioning", "resolve(self.bucket).tags.kind == \"x\"",
                  example("good", "var.main ? aws_s3_bucket.a.id : aws_s3_bucket.b.id") +
                      example("unknown", "var.main ? aws_s3_bucket.a.id : aws_s3_bucket.c.id") +
                      example("unknown", "var.main ? aws_s3_bucket.c.id : aws_s3_bucket.a.id") +
                      example("bad", "var.main ? aws_s3_bucket.c.id : aws_s3_bucket.c.id") + "\n");
  expect_examples("aws_s3_bucket_versioning", "resolve(self.bucket) != null",
                  example("good", "var.main ? aws_s3_bucket.a.id : aws_s3_bucket.c.id") +
                      example("unknown", "var.main ? aws_s3_bucket.a.id : \"other\"") +
                      example("bad", "var.main ? \"one\" : \"other\"") + "\n");
  expect_examples("aws_s3_bucket_versioning", "type_name(resolve(self.bucket)) == \"aws_s3_bucket\"",
                  example("good", "var.main ? aws_s3_bucket.a.id : aws_s3_bucket.c.id") +
                      example("unknown", "var.main ? aws_s3_bucket.a.id : \"other\"") + "\n");
  expect_examples("aws_s3_bucket_versioning",
                  "length(referrers(resolve(self.bucket), \"aws_s3_bucket_acl\", \"bucket\")) > 0",
                  example("unknown", "var.main ? aws_s3_bucket.a.id : aws_s3_bucket.b.id") +
                      example("bad", "var.main ? aws_s3_bucket.a.id : aws_s3_bucket.c.id") + "\n");
}

// The issuer of a cluster in a text, by way of functions, or in one of the texts that it may be.
TEST(ReferenceFunctionsTest, BelongsToTellsWhoseTheUnknownsAre) {
  const auto text = [](const std::string& value) {
    return R"(
      resource "aws_eks_cluster" "shop" {
        name = "shop"
      }
      data "aws_caller_identity" "own" {}
      resource "aws_ssm_parameter" "p" {
        name  = "p"
        type  = "String"
        value = )" +
           value + "\n      }\n";
  };
  const std::string issuer = "aws_eks_cluster.shop.identity[0].oidc[0].issuer";
  std::string examples;
  for (const std::string& whose :
       {issuer, "\"arn:${" + issuer + "}\"", R"("a/${replace()" + issuer + R"(, "https://", "")}")",
        "try(" + issuer + R"(, "none"))", R"("${data.aws_caller_identity.own.account_id}:${)" + issuer + "}\""}) {
    examples += "  - good: |" + text(whose);
  }
  for (const std::string whose : {R"("aws_eks_cluster")", "data.aws_caller_identity.own.account_id",
                                  R"("arn:${data.aws_caller_identity.own.account_id}")", "aws_eks_cluster.shop.name"}) {
    examples += "  - bad: |" + text(whose);
  }
  expect_examples("aws_ssm_parameter", R"(belongs_to(self.value, "aws_eks_cluster"))", examples);
}

TEST(ReferenceFunctionsTest, IsDataTellsWhatIsLookedUp) {
  expect_examples("aws_s3_bucket_versioning", "!is_data(resolve(self.bucket)) && !is_data(self) && !is_data(null)", R"(
  - good: |
      resource "aws_s3_bucket" "b" {}
      resource "aws_s3_bucket_versioning" "a" {
        bucket = aws_s3_bucket.b.id
      }
  - good: |
      resource "aws_s3_bucket_versioning" "a" {
        bucket = "example"
      }
  - bad: |
      data "aws_s3_bucket" "b" {
        bucket = "example"
      }
      resource "aws_s3_bucket_versioning" "a" {
        bucket = data.aws_s3_bucket.b.id
      }
)");
}

TEST(ReferenceFunctionsTest, LabelIsWhatTheHeaderNames) {
  expect_examples("provider", R"(label(self) == "random")", R"(
  - good: |
      provider "random" {}
  - bad: |
      provider "aws" {}
)");
  expect_examples("backend", R"(label(self) == "s3")", R"(
  - good: |
      terraform {
        backend "s3" {}
      }
  - bad: |
      terraform {
        backend "local" {}
      }
)");
  expect_examples("aws_sqs_queue", "label(self) != null", R"(
  - bad: |
      resource "aws_sqs_queue" "a" {}
)");
}

TEST(ReferenceFunctionsTest, BlocksAreThoseOfAllModules) {
  expect_examples("aws_sqs_queue", R"(length(blocks("variable")) == 2)", R"(
  - good: |
      resource "aws_sqs_queue" "a" {}

      module "m" {
        source = "./m"
      }

      variable "a" {
        default = 1
      }
      # file: m/main.tf
      variable "b" {
        default = 1
      }
  - bad: |
      resource "aws_sqs_queue" "a" {}
)");
}

TEST(ReferenceFunctionsTest, AttributesCanBeIterated) {
  expect_examples("terraform",
                  R"(join(" ", [for name, value in attributes(self.required_providers[0]) : name]) == "a b")",
                  R"(
  - good: |
      terraform {
        required_providers {
          a = "1"
          b = { version = "2" }
        }
      }
  - bad: |
      terraform {
        required_providers {
          a = "1"
        }
      }
)");
}

TEST(ReferenceFunctionsTest, ProviderOfFollowsAliasesIntoModules) {
  expect_examples("aws_sqs_queue", R"(provider_of(self) == null ? false : provider_of(self).region == "eu-west-1")", R"(
  - good: |
      provider "aws" {
        region = "us-east-1"
      }

      provider "aws" {
        alias  = "near"
        region = "eu-west-1"
      }

      module "m" {
        source    = "./m"
        providers = { aws = aws.near }
      }
      # file: m/main.tf
      resource "aws_sqs_queue" "a" {}
  - bad: |
      provider "aws" {
        region = "us-east-1"
      }

      resource "aws_sqs_queue" "a" {}
  - bad: |
      resource "aws_sqs_queue" "a" {}
    title: no provider is written
)");
}

TEST(ReferenceFunctionsTest, ResolveTakesTheWholeText) {
  expect_examples("aws_sqs_queue_policy", R"(address(resolve(self.queue_url)) == "aws_sqs_queue.b")", R"(
  - good: |
      resource "aws_sqs_queue" "a" {}

      resource "aws_sqs_queue" "b" {
        name = "${aws_sqs_queue.a.id}-late"
      }

      resource "aws_sqs_queue_policy" "b" {
        queue_url = "${aws_sqs_queue.a.id}-late"
      }
  - bad: |
      resource "aws_sqs_queue" "a" {}

      resource "aws_sqs_queue_policy" "b" {
        queue_url = "${aws_sqs_queue.a.id}"
      }
)");
}

TEST(ReferenceFunctionsTest, WhatMayNotExistProvesNothing) {
  const std::string examples = R"(
  - good: |
      resource "aws_sqs_queue" "a" {}

      resource "aws_sqs_queue_policy" "a" {
        queue_url = aws_sqs_queue.a.id
      }
  - bad: |
      resource "aws_sqs_queue" "a" {}
  - unknown: |
      variable "n" {
        type = number
      }

      resource "aws_sqs_queue" "a" {}

      resource "aws_sqs_queue_policy" "a" {
        count     = var.n
        queue_url = aws_sqs_queue.a.id
      }
)";
  expect_examples("aws_sqs_queue", R"(length(referrers(self, "aws_sqs_queue_policy", "queue_url")) > 0)", examples);
  expect_examples("aws_sqs_queue", R"(length(resources("aws_sqs_queue_policy")) > 0)", examples);
}

TEST(ReferenceFunctionsTest, WhatIsMadeTogetherExistsTogether) {
  expect_examples("aws_sqs_queue", R"(length(referrers(self, "aws_sqs_queue_policy", "queue_url")) > 0)", R"(
  - good: |
      variable "on" {
        type = bool
      }

      resource "aws_sqs_queue" "a" {
        count = var.on ? 1 : 0
      }

      resource "aws_sqs_queue_policy" "a" {
        count     = var.on ? 1 : 0
        queue_url = aws_sqs_queue.a[0].id
      }
    title: by the same condition
  - good: |
      variable "names" {
        type = set(string)
      }

      resource "aws_sqs_queue" "a" {
        for_each = var.names
      }

      resource "aws_sqs_queue_policy" "a" {
        for_each  = aws_sqs_queue.a
        queue_url = each.value.id
      }
    title: one for each of the other
  - unknown: |
      variable "on" {
        type = bool
      }

      variable "guarded" {
        type = bool
      }

      resource "aws_sqs_queue" "a" {
        count = var.on ? 1 : 0
      }

      resource "aws_sqs_queue_policy" "a" {
        count     = var.guarded ? 1 : 0
        queue_url = aws_sqs_queue.a[0].id
      }
    title: by conditions of their own
)");
}

TEST(ReferenceFunctionsTest, AccountsAreToldApartByWhatIsWritten) {
  expect_examples("aws_s3_bucket",
                  "alltrue([for b in resources(\"aws_s3_account_public_access_block\") : in_other_account(b, self)])",
                  R"(
  - bad: |
      resource "aws_s3_bucket" "a" {}
      resource "aws_s3_account_public_access_block" "b" {}
    title: nothing tells them apart
  - good: |
      provider "aws" {
        alias = "other"
        assume_role {
          role_arn = "arn:aws:iam::444455556666:role/admin"
        }
      }
      provider "aws" {
        allowed_account_ids = ["111122223333"]
      }
      resource "aws_s3_bucket" "a" {}
      resource "aws_s3_account_public_access_block" "b" {
        provider = aws.other
      }
    title: two accounts that are written
  - bad: |
      provider "aws" {
        alias = "same"
        assume_role {
          role_arn = "arn:aws:iam::111122223333:role/admin"
        }
      }
      provider "aws" {
        allowed_account_ids = ["111122223333"]
      }
      resource "aws_s3_bucket" "a" {}
      resource "aws_s3_account_public_access_block" "b" {
        provider = aws.same
      }
    title: one account by two ways
  - good: |
      provider "aws" {
        allowed_account_ids = ["111122223333"]
      }
      resource "aws_s3_bucket" "a" {}
      resource "aws_s3_account_public_access_block" "b" {
        account_id = "444455556666"
      }
    title: an account that the resource names itself
  - good: |
      provider "aws" {
        alias   = "other"
        profile = "security"
      }
      resource "aws_s3_bucket" "a" {}
      resource "aws_s3_account_public_access_block" "b" {
        provider = aws.other
      }
    title: other credentials
  - bad: |
      variable "role" {
        type = string
      }
      provider "aws" {
        alias  = "east"
        region = "us-east-1"
        assume_role {
          role_arn = var.role
        }
      }
      provider "aws" {
        assume_role {
          role_arn = var.role
        }
      }
      resource "aws_s3_bucket" "a" {}
      resource "aws_s3_account_public_access_block" "b" {
        provider = aws.east
      }
    title: another Region
)");
}

}  // namespace
}  // namespace gabion::engine
