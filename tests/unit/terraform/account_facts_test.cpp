// What follows from a provider's configuration for data sources: partition, region and account.
#include <gtest/gtest.h>

#include "unit/terraform/fixture.h"

namespace gabion::terraform {
namespace {

class AccountFacts : public testing::Terraform {
 protected:
  /// Outputs of the data sources below a provider block with these arguments.
  void load_with(const std::string& provider) {
    write("main.tf",
          "variable \"v\" {}\nvariable \"b\" { type = bool }\nprovider \"aws\" {\n" + provider + "\n}\n" + R"(
      data "aws_region" "r" {}
      data "aws_partition" "p" {}
      data "aws_caller_identity" "c" {}
      data "aws_service_principal" "s" { service_name = "monitoring.rds" }
      output "service" { value = data.aws_service_principal.s.name }
      output "region" { value = data.aws_region.r.name }
      output "partition" { value = data.aws_partition.p.partition }
      output "suffix" { value = data.aws_partition.p.dns_suffix }
      output "account" { value = data.aws_caller_identity.c.account_id }
      output "same" { value = data.aws_region.r.id == var.v }
    )");
    load();
  }
};

TEST_F(AccountFacts, ThePartitionIsTheStandardOneWhenNothingSaysOtherwise) {
  load_with("");
  EXPECT_EQ(output("partition"), R"("aws")");
  EXPECT_EQ(output("suffix"), R"("amazonaws.com")");
  EXPECT_EQ(output("service"), R"("monitoring.rds.amazonaws.com")");
  EXPECT_NE(output("region").find("$unknown"), std::string::npos);
  EXPECT_NE(output("account").find("$unknown"), std::string::npos);
  EXPECT_EQ(configuration_->find("data.aws_partition.p")->aws->partition.text(), "aws");
}

TEST_F(AccountFacts, TheRegionTellsThePartition) {
  load_with("region = \"us-gov-west-1\"");
  EXPECT_EQ(output("partition"), R"("aws-us-gov")");
  EXPECT_EQ(output("region"), R"("us-gov-west-1")");
}

TEST_F(AccountFacts, TheStartOfARegionTellsThePartition) {
  load_with("region = \"cn-${var.v}\"");
  EXPECT_EQ(output("partition"), R"("aws-cn")");
  EXPECT_EQ(output("suffix"), R"("amazonaws.com.cn")");
  EXPECT_NE(output("service").find("$unknown"), std::string::npos);
}

TEST_F(AccountFacts, AnUnknownRegionIsTheSameEverywhere) {
  load_with("region = var.v");
  EXPECT_EQ(output("same"), "true");
  EXPECT_EQ(output("partition"), R"("aws")");
}

TEST_F(AccountFacts, AlternativesOfTheRegionGiveThoseOfThePartition) {
  load_with("region = var.b ? \"eu-west-1\" : \"us-east-1\"");
  EXPECT_EQ(output("partition"), R"("aws")");
}

TEST_F(AccountFacts, RegionsOfTwoPartitionsLeaveItOpen) {
  load_with("region = var.b ? \"eu-west-1\" : \"cn-north-1\"");
  EXPECT_NE(output("partition").find("$unknown"), std::string::npos) << output("partition");
}

TEST_F(AccountFacts, AnAssumedRoleTellsAccountAndPartition) {
  load_with("assume_role {\n role_arn = \"arn:aws-us-gov:iam::012345678901:role/deploy\"\n}");
  EXPECT_EQ(output("account"), R"("012345678901")");
  EXPECT_EQ(output("partition"), R"("aws-us-gov")");
}

TEST_F(AccountFacts, OneAllowedAccountIsTheAccount) {
  load_with("allowed_account_ids = [\"012345678901\"]");
  EXPECT_EQ(output("account"), R"("012345678901")");
}

TEST_F(AccountFacts, WhatIsNoAccountTellsNothing) {
  load_with("allowed_account_ids = [\"UNKNOWN\"]");
  EXPECT_NE(output("account").find("$unknown"), std::string::npos);
}

TEST_F(AccountFacts, TheRoleOfNoAccountTellsNothing) {
  load_with("assume_role {\n role_arn = \"arn:aws:iam::shared-services:role/deploy\"\n}");
  EXPECT_NE(output("account").find("$unknown"), std::string::npos);
}

TEST_F(AccountFacts, SeveralAllowedAccountsTellNothing) {
  load_with("allowed_account_ids = [\"012345678901\", \"109876543210\"]");
  EXPECT_NE(output("account").find("$unknown"), std::string::npos);
}

TEST_F(AccountFacts, SettingsFillInWhatTheConfigurationLeavesOpen) {
  options_.aws = {"aws-us-gov", "us-gov-east-1", "210987654321"};
  load_with("");
  EXPECT_EQ(output("partition"), R"("aws-us-gov")");
  EXPECT_EQ(output("region"), R"("us-gov-east-1")");
  EXPECT_EQ(output("account"), R"("210987654321")");
}

TEST_F(AccountFacts, SettingsDoNotContradictTheConfiguration) {
  options_.aws = {"aws-us-gov", "us-gov-east-1", "210987654321"};
  load_with("region = \"eu-west-1\"\nallowed_account_ids = [\"012345678901\"]");
  EXPECT_EQ(output("partition"), R"("aws")");
  EXPECT_EQ(output("region"), R"("eu-west-1")");
  EXPECT_EQ(output("account"), R"("012345678901")");
}

TEST_F(AccountFacts, ASettingOfThePartitionHoldsForUnknownRegions) {
  options_.aws.partition = "aws-cn";
  load_with("region = var.v");
  EXPECT_EQ(output("partition"), R"("aws-cn")");
}

TEST_F(AccountFacts, ProvidersOfOneNameInDifferentModulesAreTheSameWhenHandedOver) {
  write("main.tf", R"(
    provider "aws" {}
    provider "aws" { alias = "east" }
    module "inherits" { source = "./m" }
    module "given" {
      source    = "./m"
      providers = { aws = aws.east }
    }
    resource "aws_sns_topic" "t" { name = "t" }
  )");
  write("m/main.tf", R"(resource "aws_sns_topic" "t" { name = "t" })");
  load();
  const auto facts = [&](std::string_view address) { return resource(address).aws; };
  EXPECT_EQ(facts("aws_sns_topic.t"), facts("module.inherits.aws_sns_topic.t"));
  EXPECT_NE(facts("aws_sns_topic.t"), facts("module.given.aws_sns_topic.t"));
  EXPECT_EQ(facts("module.given.aws_sns_topic.t")->name, "aws.east");
}

}  // namespace
}  // namespace gabion::terraform
