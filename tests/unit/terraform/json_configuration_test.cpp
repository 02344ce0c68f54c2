#include "terraform/json_configuration.h"

#include <gtest/gtest.h>

#include "unit/terraform/fixture.h"

namespace gabion::terraform {
namespace {

using JsonBlocks = testing::Terraform;

// JSON does not tell blocks from objects; the provider's schema does.
TEST_F(JsonBlocks, KnowsTheBlocksOfAProvidersResources) {
  write("main.tf.json", R"({"resource": {
    "aws_s3_bucket_versioning": {"a": {"bucket": "b", "versioning_configuration": {"status": "Enabled"}}},
    "aws_instance": {"a": {"ebs_block_device": [{"device_name": "a"}, {"device_name": "b"}],
      "tags": {"versioning_configuration": "x"},
      "dynamic": {"network_interface": {"for_each": [1, 2],
        "content": {"device_index": "${network_interface.value}"}}}}},
    "acme_thing": {"a": {"part": {"size": 1}}}}})");
  load();
  const model::Resource& versioning = resource("aws_s3_bucket_versioning.a");
  ASSERT_EQ(versioning.body->blocks.size(), 1U);
  EXPECT_EQ(versioning.body->blocks[0].type, "versioning_configuration");
  EXPECT_EQ(versioning.body->attribute("versioning_configuration"), nullptr);
  const model::Resource& instance = resource("aws_instance.a");
  EXPECT_EQ(instance.body->blocks.size(), 4U);
  EXPECT_NE(instance.body->attribute("tags"), nullptr);
  // What no schema is known of stays an attribute.
  const model::Resource& thing = resource("acme_thing.a");
  EXPECT_NE(thing.body->attribute("part"), nullptr);
  EXPECT_TRUE(thing.body->blocks.empty());
}

// An expression where the schema has a block is not one, and is left to the provider.
TEST_F(JsonBlocks, TakesOnlyObjectsForBlocks) {
  write("main.tf.json", R"({"resource": {"aws_s3_bucket": {"a": {"logging": "${var.logging}", "versioning": null}}},
    "variable": {"logging": {}}})");
  load();
  EXPECT_TRUE(resource("aws_s3_bucket.a").body->blocks.empty());
  EXPECT_EQ(codes(), "");
}

}  // namespace
}  // namespace gabion::terraform
