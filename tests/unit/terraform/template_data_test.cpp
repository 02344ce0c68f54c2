// The data source template_file.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/terraform/fixture.h"

namespace gabion::terraform {
namespace {

using ::testing::HasSubstr;

class TemplateData : public testing::Terraform {};

TEST_F(TemplateData, IsRenderedWithItsVariables) {
  write("policy.tpl", R"({"Action": "${upper(action)}", "Resource": "${bucket}/*"})");
  write("main.tf", R"(
    data "template_file" "a" {
      template = file("policy.tpl")
      vars = {
        action = "s3:get"
        bucket = "b"
      }
    }
    data "template_file" "b" { template = "plain" }
    data "template_file" "c" {
      template = "$${n}"
      vars     = { n = 5 }
    }
    output "a" { value = jsondecode(data.template_file.a.rendered) }
    output "b" { value = data.template_file.b.rendered }
    output "c" { value = data.template_file.c.rendered }
  )");
  load();
  EXPECT_EQ(output("a"), R"({"Action":"S3:GET","Resource":"b/*"})");
  EXPECT_EQ(output("b"), R"("plain")");
  EXPECT_EQ(output("c"), R"("5")");
}

TEST_F(TemplateData, StaysUnknownWhereItIsNoTemplate) {
  write("main.tf", R"(
    variable "text" { type = string }
    data "template_file" "a" { template = var.text }
    data "template_file" "b" { template = "$${missing}" }
    data "template_file" "c" { template = "$${" }
    output "a" { value = data.template_file.a.rendered }
    output "b" { value = data.template_file.b.rendered }
    output "c" { value = data.template_file.c.rendered }
  )");
  load();
  for (const char* name : {"a", "b", "c"}) {
    EXPECT_THAT(output(name), HasSubstr("$unknown")) << name;
  }
}

TEST_F(TemplateData, KnowsAPartWhereAVariableIsNotKnown) {
  write("main.tf", R"(
    variable "bucket" { type = string }
    data "template_file" "a" {
      template = jsonencode({ Effect = "Allow", Resource = "$${bucket}/*" })
      vars     = { bucket = var.bucket }
    }
    output "effect" { value = jsondecode(data.template_file.a.rendered).Effect }
    output "starts" { value = startswith(data.template_file.a.rendered, "{\"Effect\":\"Allow\"") }
  )");
  load();
  EXPECT_EQ(output("starts"), "true");
}

}  // namespace
}  // namespace gabion::terraform
