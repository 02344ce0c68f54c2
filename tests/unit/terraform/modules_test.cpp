#include "fixture.h"

namespace gabion::terraform::testing {
namespace {

class Modules : public Terraform {};

TEST_F(Modules, AreNestedAndHandValuesBothWays) {
  write("main.tf", R"(
    module "outer" {
      source = "./modules/outer"
      name   = "top"
    }
    resource "aws_sns_topic" "t" { name = module.outer.deep_name }
  )");
  write("modules/outer/main.tf", R"(
    variable "name" {}
    module "middle" {
      source = "../middle"
      name   = "${var.name}-outer"
    }
    output "deep_name" { value = "${module.middle.deep_name}!" }
  )");
  write("modules/middle/main.tf", R"(
    variable "name" {}
    module "inner" {
      source = "./inner"
      name   = upper(var.name)
    }
    output "deep_name" { value = module.inner.name }
  )");
  write("modules/middle/inner/main.tf", R"(
    variable "name" {}
    resource "aws_s3_bucket" "b" { bucket = var.name }
    output "name" { value = aws_s3_bucket.b.bucket }
  )");
  load();
  EXPECT_EQ(addresses(), "aws_sns_topic.t module.outer.module.middle.module.inner.aws_s3_bucket.b");
  EXPECT_EQ(json("module.outer.module.middle.module.inner.aws_s3_bucket.b", "bucket"), R"("TOP-OUTER")");
  EXPECT_EQ(json("aws_sns_topic.t", "name"), R"("TOP-OUTER!")");
  EXPECT_EQ(codes(), "");
  ASSERT_EQ(configuration_->modules().size(), 4U);
  EXPECT_EQ(configuration_->modules()[3].address, "module.outer.module.middle.module.inner");
  EXPECT_EQ(configuration_->modules()[3].directory, "modules/middle/inner");
  EXPECT_EQ(configuration_->modules()[3].parent, configuration_->modules()[2].id);
}

TEST_F(Modules, SiblingsSeeEachOthersOutputs) {
  write("main.tf", R"(
    module "key" { source = "./key" }
    module "bucket" {
      source  = "./bucket"
      key_arn = module.key.arn
      name    = module.key.name
    }
  )");
  write("key/main.tf", R"(
    resource "aws_kms_key" "k" {}
    output "arn" { value = aws_kms_key.k.arn }
    output "name" { value = "fixed" }
  )");
  write("bucket/main.tf", R"(
    variable "key_arn" {}
    variable "name" {}
    resource "aws_s3_bucket" "b" {
      bucket = var.name
      kms    = var.key_arn
    }
  )");
  load();
  EXPECT_EQ(json("module.bucket.aws_s3_bucket.b", "bucket"), R"("fixed")");
  const eval::Value arn = value("module.bucket.aws_s3_bucket.b", "kms");
  ASSERT_TRUE(arn.is_unknown());
  EXPECT_EQ(arn.unknown().symbol->text, "module.key.aws_kms_key.k.arn");
  EXPECT_EQ(arn.unknown().symbol->subject, "module.key.aws_kms_key.k");
  EXPECT_EQ(arn.unknown().symbol->reason, eval::Reason::kComputed);
}

TEST_F(Modules, AreRepeatedByCountAndForEach) {
  write("main.tf", R"(
    module "a" {
      source = "./m"
      count  = 2
      name   = "n${count.index}"
    }
    module "b" {
      source   = "./m"
      for_each = { x = "ex", y = "why" }
      name     = "${each.key}-${each.value}"
    }
    output "second" { value = module.a[1].name }
    output "all"    { value = module.a[*].name }
    output "named"  { value = module.b["y"].name }
    output "map"    { value = { for k, m in module.b : k => m.name } }
  )");
  write("m/main.tf", R"(
    variable "name" {}
    resource "aws_sqs_queue" "q" { name = var.name }
    output "name" { value = aws_sqs_queue.q.name }
  )");
  load();
  EXPECT_EQ(addresses(),
            "module.a[0].aws_sqs_queue.q module.a[1].aws_sqs_queue.q "
            "module.b[\"x\"].aws_sqs_queue.q module.b[\"y\"].aws_sqs_queue.q");
  EXPECT_EQ(configuration_->find("module.a[1].aws_sqs_queue.q")->config_address, "module.a.aws_sqs_queue.q");
  EXPECT_EQ(output("second"), R"("n1")");
  EXPECT_EQ(output("all"), R"(["n0","n1"])");
  EXPECT_EQ(output("named"), R"("y-why")");
  EXPECT_EQ(output("map"), R"({"x":"x-ex","y":"y-why"})");
  EXPECT_EQ(codes(), "");
}

TEST_F(Modules, WithoutInstanceAreEvaluatedAlone) {
  write("main.tf", R"(
    module "off" {
      source = "./m"
      count  = 0
    }
  )");
  write("m/main.tf", R"(resource "aws_sqs_queue" "q" {})");
  EXPECT_EQ(workspace().roots(), std::vector<std::string>{"."});
  load();
  EXPECT_EQ(addresses(), "");
  ASSERT_EQ(workspace().unreached(), std::vector<std::string>{"m"});
  load("m");
  EXPECT_EQ(addresses(), "aws_sqs_queue.q");
  EXPECT_TRUE(workspace().unreached().empty());
}

TEST_F(Modules, ThatCallEachOtherAreRefused) {
  write("a/main.tf", R"(module "b" { source = "../b" })");
  write("b/main.tf", R"(
    module "a" { source = "../a" }
    resource "aws_sqs_queue" "q" { name = module.a.name }
  )");
  EXPECT_TRUE(workspace().roots().empty());
  ASSERT_EQ(workspace().unreached().size(), 2U);
  load(workspace().unreached().front());
  EXPECT_EQ(addresses(), "module.b.aws_sqs_queue.q");
  EXPECT_EQ(codes(), "module-cycle");
  EXPECT_TRUE(workspace().unreached().empty());
}

TEST_F(Modules, ThatCallThemselvesAreRefused) {
  write("main.tf", R"(
    module "me" { source = "./" }
    resource "aws_sqs_queue" "q" {}
  )");
  EXPECT_EQ(workspace().roots(), std::vector<std::string>{"."});
  load();
  EXPECT_EQ(addresses(), "aws_sqs_queue.q");
  EXPECT_EQ(codes(), "module-cycle");
}

TEST_F(Modules, ThatAreNotDownloadedHaveUnknownOutputs) {
  write("main.tf", R"(
    module "vpc" {
      source  = "example/network/aws"
      version = "5.0.0"
    }
    resource "aws_instance" "i" {
      subnet = module.vpc.private_subnets[0]
      vpc    = module.vpc.vpc_id
    }
  )");
  load();
  EXPECT_EQ(codes(), "module-not-downloaded");
  EXPECT_EQ(configuration_->diagnostics()[0].severity, findings::DiagnosticSeverity::kNote);
  const eval::Value vpc = value("aws_instance.i", "vpc");
  ASSERT_TRUE(vpc.is_unknown());
  EXPECT_EQ(vpc.unknown().symbol->reason, eval::Reason::kModule);
  EXPECT_EQ(vpc.unknown().symbol->text, "module.vpc.vpc_id");
  EXPECT_EQ(vpc.unknown().symbol->subject, "module.vpc");
}

TEST_F(Modules, AreFoundWhereTerraformDownloadedThem) {
  write("main.tf", R"(
    module "vpc" {
      source = "terraform-aws-modules/vpc/aws"
      cidr   = "10.0.0.0/16"
    }
    output "cidr" { value = module.vpc.cidr }
  )");
  write(".terraform/modules/modules.json", R"({"Modules": [
    {"Key": "", "Source": "", "Dir": "."},
    {"Key": "vpc", "Source": "registry.terraform.io/terraform-aws-modules/vpc/aws", "Version": "5.0.0",
     "Dir": ".terraform/modules/vpc"},
    {"Key": "vpc.net", "Source": "git::https://example.com/net.git", "Dir": ".terraform/modules/vpc.net"}]})");
  write(".terraform/modules/vpc/main.tf", R"(
    variable "cidr" {}
    resource "aws_vpc" "v" { cidr_block = var.cidr }
    module "net" { source = "git::https://example.com/net.git" }
    output "cidr" { value = aws_vpc.v.cidr_block }
  )");
  write(".terraform/modules/vpc.net/main.tf", R"(resource "aws_subnet" "s" {})");
  load();
  EXPECT_EQ(addresses(), "module.vpc.aws_vpc.v module.vpc.module.net.aws_subnet.s");
  EXPECT_EQ(output("cidr"), R"("10.0.0.0/16")");
  EXPECT_EQ(configuration_->modules()[1].role, source::Role::kDependency);
  EXPECT_EQ(artifacts_.find(".terraform/modules/vpc/main.tf")->role(), source::Role::kDependency);
  EXPECT_EQ(artifacts_.find("main.tf")->role(), source::Role::kProject);
  EXPECT_EQ(codes(), "");
}

TEST_F(Modules, OutsideOfTheGivenPathsAreDependencies) {
  write(".git/HEAD", "ref: refs/heads/main");
  write("live/main.tf", R"(module "m" { source = "../modules/m" })");
  write("modules/m/main.tf", R"(resource "aws_sqs_queue" "q" { policy = file("${path.module}/policy.json") })");
  write("modules/m/policy.json", "{}");
  workspace({"live"});
  load("live");
  EXPECT_EQ(addresses(), "module.m.aws_sqs_queue.q");
  EXPECT_EQ(json("module.m.aws_sqs_queue.q", "policy"), R"("{}")");
  EXPECT_EQ(artifacts_.find("modules/m/main.tf")->role(), source::Role::kDependency);
}

TEST_F(Modules, WithAnOpenCountMayOrMayNotExist) {
  write("main.tf", R"(
    variable "create" { type = bool }
    variable "number" { type = number }
    module "maybe" {
      source = "./m"
      count  = var.create ? 1 : 0
    }
    module "many" {
      source = "./m"
      count  = var.number
    }
  )");
  write("m/main.tf", R"(resource "aws_sqs_queue" "q" {})");
  load();
  EXPECT_EQ(addresses(), "module.maybe[0].aws_sqs_queue.q? module.many[*].aws_sqs_queue.q?");
}

TEST_F(Modules, ReportArgumentsThatDoNotFit) {
  write("main.tf", R"(
    module "m" {
      source = "./m"
      extra  = 1
    }
  )");
  write("m/main.tf", R"(
    variable "needed" { type = string }
    resource "aws_sqs_queue" "q" { name = var.needed }
  )");
  load();
  EXPECT_EQ(codes(), "undeclared-argument missing-argument");
  EXPECT_EQ(value("module.m.aws_sqs_queue.q", "name").unknown().symbol->text, "module.m.var.needed");
}

TEST_F(Modules, AreNestedOnlySoDeep) {
  options_.limits.module_depth = 3;
  for (int depth = 0; depth < 6; ++depth) {
    const std::string directory = depth == 0 ? "" : "m" + std::to_string(depth) + "/";
    const std::string source = depth == 0 ? "./m1" : "../m" + std::to_string(depth + 1);
    write(directory + "main.tf",
          "module \"next\" { source = \"" + source + "\" }\nresource \"aws_sqs_queue\" \"q\" {}");
  }
  load();
  EXPECT_EQ(configuration_->modules().size(), 4U);
  EXPECT_EQ(codes(), "module-depth-limit");
}

TEST_F(Modules, AreLimitedInTotal) {
  // Every module calls all others: without a limit there were some ten million instances.
  options_.limits.total_instances = 2000;
  for (int module = 0; module < 10; ++module) {
    std::string text;
    for (int other = 0; other < 10; ++other) {
      if (other != module) {
        text += "module \"m" + std::to_string(other) + "\" { source = \"../m" + std::to_string(other) + "\" }\n";
      }
    }
    write("m" + std::to_string(module) + "/main.tf", text);
  }
  load("m0");
  EXPECT_LE(configuration_->modules().size(), 2000U / 16 + 1);
  EXPECT_NE(codes().find("instance-limit"), std::string::npos);
}

TEST_F(Modules, EvaluateOnlyTheOutputsThatAreAskedFor) {
  // The two modules need each other, but not in a circle.
  write("main.tf", R"(
    module "a" {
      source = "./m"
      in     = "start"
      other  = module.b.first
    }
    module "b" {
      source = "./m"
      in     = module.a.first
      other  = "end"
    }
    output "b" { value = module.a.second }
  )");
  write("m/main.tf", R"(
    variable "in" {}
    variable "other" {}
    output "first" { value = "${var.in}>" }
    output "second" { value = "${var.other}<" }
  )");
  load();
  EXPECT_EQ(output("b"), R"("start>><")");
  EXPECT_EQ(codes(), "");
}

}  // namespace
}  // namespace gabion::terraform::testing
