#include "aws/provider_schema.h"

#include <gtest/gtest.h>

namespace gabion::aws {
namespace {

TEST(ProviderSchemaTest, KnowsAttributesAndTheirTypes) {
  const auto key = provider_resource("aws_kms_key");
  ASSERT_TRUE(key);
  const auto rotation = key->attribute("enable_key_rotation");
  ASSERT_TRUE(rotation);
  EXPECT_EQ(rotation->name, "enable_key_rotation");
  EXPECT_EQ(rotation->type, "bool");
  EXPECT_TRUE(rotation->optional);
  EXPECT_FALSE(rotation->required);
  const auto arn = key->attribute("arn");
  ASSERT_TRUE(arn);
  EXPECT_TRUE(arn->computed);
  EXPECT_FALSE(arn->configurable());
  EXPECT_EQ(key->attribute("tags")->type, "map(string)");
  EXPECT_FALSE(key->attribute("enable_key_rotatio"));
  EXPECT_FALSE(key->attribute("enable_key_rotations"));
  EXPECT_FALSE(key->block("arn"));
}

TEST(ProviderSchemaTest, KnowsNestedBlocks) {
  const auto trail = provider_resource("aws_cloudtrail");
  ASSERT_TRUE(trail);
  const auto selector = trail->block("event_selector");
  ASSERT_TRUE(selector);
  EXPECT_EQ(selector->nesting, Nesting::kList);
  EXPECT_EQ(selector->max_items, 5);
  const auto data = selector->body.block("data_resource");
  ASSERT_TRUE(data);
  const auto values = data->body.attribute("values");
  ASSERT_TRUE(values);
  EXPECT_TRUE(values->required);
  EXPECT_EQ(values->type, "list(string)");
}

TEST(ProviderSchemaTest, TellsResourcesFromDataSources) {
  EXPECT_TRUE(provider_data_source("aws_iam_policy_document"));
  EXPECT_FALSE(provider_resource("aws_iam_policy_document"));
  EXPECT_FALSE(provider_resource(""));
  EXPECT_FALSE(provider_resource("aws_zzz"));
  EXPECT_FALSE(provider_resource("cloudflare_zone"));
  EXPECT_TRUE(provider_resource("aws_accessanalyzer_analyzer"));
  EXPECT_TRUE(provider_resource("aws_xray_sampling_rule"));
}

TEST(ProviderSchemaTest, NamesItsVersion) {
  EXPECT_EQ(provider_version(), "registry.terraform.io/hashicorp/aws 5.100.0");
}

TEST(ProviderSchemaTest, KnowsWhatReplacesAResource) {
  EXPECT_TRUE(forces_replacement("aws_ebs_volume", "encrypted"));
  EXPECT_TRUE(forces_replacement("aws_ecr_repository", "encryption_configuration.encryption_type"));
  EXPECT_TRUE(forces_replacement("aws_launch_configuration", "metadata_options.http_tokens"));
  EXPECT_FALSE(forces_replacement("aws_kms_key", "enable_key_rotation"));
  EXPECT_FALSE(forces_replacement("aws_ebs_volume", "encrypted_by"));
}

TEST(ProviderSchemaTest, TellsTypesThatBeginAlike) {
  // Each has an attribute that the others do not have.
  const auto has = [](std::string_view type, std::string_view attribute) {
    const auto found = provider_resource(type);
    return found && found->attribute(attribute).has_value();
  };
  EXPECT_TRUE(has("aws_eip", "public_ipv4_pool"));
  EXPECT_TRUE(has("aws_eip_association", "allow_reassociation"));
  EXPECT_TRUE(has("aws_iam_role", "assume_role_policy"));
  EXPECT_TRUE(has("aws_iam_role_policy", "name_prefix"));
  EXPECT_TRUE(has("aws_iam_role_policy_attachment", "policy_arn"));
  EXPECT_FALSE(has("aws_iam_role_policy", "policy_arn"));
  for (const char* none : {"", "a", "aws_", "aws_eip_", "aws_iam_role_polic", "aws_iam_role_policyx", "iam_role",
                           "google_compute_instance", "zzz"}) {
    EXPECT_FALSE(provider_resource(none)) << none;
  }
}

}  // namespace
}  // namespace gabion::aws
