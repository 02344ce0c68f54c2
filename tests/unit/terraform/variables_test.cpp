#include "fixture.h"

namespace gabion::terraform::testing {
namespace {

class Variables : public Terraform {
 protected:
  void declare(std::string_view body) {
    write("main.tf", "variable \"v\" {\n" + std::string(body) + "\n}\nresource \"aws_a\" \"a\" {\n  v = var.v\n}\n");
  }
  std::string v() { return json("aws_a.a", "v"); }
};

TEST_F(Variables, WithoutValueAreUnknownAndTyped) {
  declare("type = list(string)");
  load();
  const eval::Value value = this->value("aws_a.a", "v");
  ASSERT_TRUE(value.is_unknown());
  EXPECT_EQ(value.unknown().symbol->text, "var.v");
  EXPECT_EQ(value.unknown().symbol->reason, eval::Reason::kVariable);
  EXPECT_EQ(eval::to_string(*value.node().type()), "list(string)");
  EXPECT_EQ(codes(), "");
}

TEST_F(Variables, AreConverted) {
  declare(R"(
    type = object({ name = string, size = optional(number, 3), tags = optional(map(string)) })
    default = { name = 7, extra = true }
  )");
  load();
  EXPECT_EQ(v(), R"({"name":"7","size":3,"tags":null})");
}

TEST_F(Variables, ReportDefaultsThatDoNotFit) {
  declare("type = number\n default = \"x\"");
  load();
  EXPECT_TRUE(value("aws_a.a", "v").is_unknown());
  EXPECT_EQ(codes(), "invalid-default");
}

TEST_F(Variables, ReportValuesThatDoNotFit) {
  declare("type = number");
  write("terraform.tfvars", "v = [1]\nother = 2\n");
  load();
  EXPECT_EQ(value("aws_a.a", "v").unknown().symbol->reason, eval::Reason::kInvalid);
  EXPECT_EQ(codes(), "undeclared-variable invalid-variable-value");
}

TEST_F(Variables, OfPrimitiveTypesTakeOptionTextAsItIs) {
  declare("type = string");
  options_.variables = {{"v", "[1, 2]"}};
  load();
  EXPECT_EQ(v(), R"("[1, 2]")");
  EXPECT_EQ(way(value("aws_a.a", "v")), "reference var.v <- option v");
}

TEST_F(Variables, OfOtherTypesTakeOptionTextAsExpression) {
  declare("type = list(number)");
  options_.variables = {{"v", "[1, 2]"}};
  load();
  EXPECT_EQ(v(), "[1,2]");
}

TEST_F(Variables, ConvertTextOfTheEnvironment) {
  declare("type = number");
  options_.environment = {{"TF_VAR_v", "12"}, {"HOME", "/"}};
  load();
  EXPECT_EQ(v(), "12");
  EXPECT_EQ(way(value("aws_a.a", "v")), "reference var.v <- environment v");
}

TEST_F(Variables, NeverNullTakeTheirDefaultInstead) {
  write("main.tf", R"(
    module "m" {
      source = "./m"
      a      = null
      b      = null
    }
  )");
  write("m/main.tf", R"(
    variable "a" { default = "d" }
    variable "b" {
      default  = "d"
      nullable = false
    }
    resource "aws_a" "a" {
      a = var.a
      b = var.b
    }
  )");
  load();
  EXPECT_EQ(json("module.m.aws_a.a", "a"), "null");
  EXPECT_EQ(json("module.m.aws_a.a", "b"), R"("d")");
}

TEST_F(Variables, AreNarrowedByTheirValidation) {
  declare(R"(
    type = string
    validation {
      condition     = contains(["a", "b"], var.v)
      error_message = "no"
    }
  )");
  load();
  const eval::Value value = this->value("aws_a.a", "v");
  ASSERT_TRUE(value.is_unknown());
  ASSERT_EQ(value.unknown().alternatives.size(), 2U);
  EXPECT_EQ(eval::to_json(value.unknown().alternatives[1]), R"("b")");
}

TEST_F(Variables, AreNarrowedByComparisons) {
  declare(R"(
    type = number
    validation {
      condition     = (var.v == 1 || 2 == var.v) && var.v != 7
      error_message = "no"
    }
  )");
  load();
  ASSERT_EQ(value("aws_a.a", "v").unknown().alternatives.size(), 2U);
}

TEST_F(Variables, MarkedSensitiveStaySo) {
  declare("default = \"s\"\n sensitive = true");
  load();
  EXPECT_TRUE(value("aws_a.a", "v").is_sensitive());
  EXPECT_EQ(way(value("aws_a.a", "v")), "reference var.v <- default v <- expression '\"s\"'");
}

TEST_F(Variables, OfModulesChainBackToTheCaller) {
  write("main.tf", R"(
    variable "top" { default = false }
    module "m" {
      source = "./m"
      rotate = var.top
    }
  )");
  write("m/main.tf", R"(
    variable "rotate" { type = bool }
    locals { again = var.rotate }
    resource "aws_a" "a" { rotate = local.again }
  )");
  load();
  EXPECT_EQ(way(value("module.m.aws_a.a", "rotate")),
            "reference local.again <- reference var.rotate <- argument rotate <- reference var.top <- default top <- "
            "expression 'false'");
}

class Precedence : public Terraform {};

TEST_F(Precedence, OfSourcesIsTerraforms) {
  write("main.tf", R"(
    variable "a" { default = "default" }
    variable "b" { default = "default" }
    variable "c" { default = "default" }
    variable "d" { default = "default" }
    variable "e" { default = "default" }
    variable "f" { default = "default" }
    variable "g" { default = "default" }
    variable "h" { default = "default" }
    output "all" { value = [var.a, var.b, var.c, var.d, var.e, var.f, var.g, var.h] }
  )");
  options_.environment = {{"TF_VAR_b", "env"}, {"TF_VAR_c", "env"}};
  write("terraform.tfvars", "c = \"tfvars\"\nd = \"tfvars\"\n");
  write("terraform.tfvars.json", R"({"d": "tfvars.json", "e": "tfvars.json"})");
  write("a.auto.tfvars.json", R"({"e": "a.auto", "f": "a.auto"})");
  write("b.auto.tfvars", "f = \"b.auto\"\ng = \"b.auto\"\n");
  write("vars/x.tfvars", "g = \"file\"\nh = \"file\"\n");
  options_.variables = {{"h", "early"}, {"", "vars/x.tfvars"}};
  load();
  EXPECT_EQ(output("all"), R"(["default","env","tfvars","tfvars.json","a.auto","b.auto","file","file"])");
}

TEST_F(Precedence, OfOptionsIsTheirOrder) {
  write("main.tf", "variable \"a\" {}\noutput \"a\" { value = var.a }\n");
  write("x.tfvars", "a = \"file\"\n");
  options_.variables = {{"", "x.tfvars"}, {"a", "option"}};
  load();
  EXPECT_EQ(output("a"), R"("option")");
}

TEST_F(Variables, MayBeSetByEncryptedFiles) {
  write("main.tf", R"(
    variable "early" { default = "early" }
    variable "late" { default = "late" }
    output "all" { value = [var.early, var.late] }
  )");
  write("terraform.tfvars", std::string_view("\0GITCRYPT\0\x01=\"{\n", 15));
  write("x.auto.tfvars", "late = \"auto\"\n");
  load();
  EXPECT_EQ(codes(), "encrypted-file");
  EXPECT_EQ(workspace_->diagnostics()[0].severity, findings::DiagnosticSeverity::kError);
  EXPECT_NE(output("all").find("$unknown"), std::string::npos);
  EXPECT_TRUE(output("all").ends_with(R"(,"auto"])")) << output("all");
}

TEST_F(Variables, OfEncryptedModules) {
  write("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n");
  write("m/main.tf", std::string_view("\0GITCRYPT\0abc", 13));
  load();
  EXPECT_EQ(codes(), "encrypted-file");
}

}  // namespace
}  // namespace gabion::terraform::testing
