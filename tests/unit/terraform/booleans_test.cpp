// Booleans written as other languages have them: Terraform refuses them, we say so and go on with what is meant.
#include "unit/terraform/fixture.h"

namespace gabion::terraform {
namespace {

class Booleans : public testing::Terraform {};

TEST_F(Booleans, InAnotherCaseAreReportedAndTakenForWhatTheyMean) {
  write("main.tf", R"(
resource "aws_ebs_volume" "a" {
  encrypted            = False
  multi_attach_enabled = TRUE
  size                 = Small
}
)");
  load();
  EXPECT_EQ(json("aws_ebs_volume.a", "encrypted"), "false");
  EXPECT_EQ(json("aws_ebs_volume.a", "multi_attach_enabled"), "true");
  EXPECT_TRUE(value("aws_ebs_volume.a", "size").is_unknown());
  EXPECT_EQ(codes(), "evaluation evaluation evaluation");
}

TEST_F(Booleans, InsideOfAnExpressionStayAnError) {
  write("main.tf", R"(
variable "on" {
  type = bool
}

resource "aws_ebs_volume" "a" {
  encrypted = var.on ? True : False
}
)");
  load();
  EXPECT_TRUE(value("aws_ebs_volume.a", "encrypted").is_unknown());
}

}  // namespace
}  // namespace gabion::terraform
