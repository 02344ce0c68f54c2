// How long views live: that of the resource which is judged goes with it, what others asked for stays.
#include "engine/view.h"

#include <gtest/gtest.h>

#include <optional>

#include "unit/terraform/fixture.h"

namespace gabion::engine {
namespace {

class ViewsTest : public terraform::testing::Terraform {
 protected:
  void SetUp() override {
    write("root/main.tf", R"(
resource "aws_s3_bucket" "logs" {
  bucket = "example-logs"
  versioning {
    enabled = true
  }
}
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({ Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "*" }] })
}
)");
    load("root");
    context_.emplace(configuration_->context());
    views_.emplace(*configuration_, *context_);
  }

  /// What is known of a view.
  void expect_view_of(const eval::Value& view, const model::Resource& of) {
    EXPECT_EQ(views_->resource_of(view), &of);
    EXPECT_EQ(views_->body_of(view), of.body);
    EXPECT_EQ(views_->block_of(view), of.syntax);
  }

  std::optional<eval::Context> context_;
  std::optional<Views> views_;
};

TEST_F(ViewsTest, TheSubjectsGoesWithIt) {
  const model::Resource& bucket = resource("aws_s3_bucket.logs");
  const eval::Value subject = views_->subject(bucket);
  expect_view_of(subject, bucket);
  EXPECT_EQ(&views_->subject(bucket).node(), &subject.node()) << "made once";
  const eval::Value versioning = subject.member("versioning")->elements().front();
  EXPECT_NE(views_->block_of(versioning), nullptr);

  // Somebody else asks for it: that one stays.
  const eval::Value kept = views_->resource(bucket);
  EXPECT_NE(&kept.node(), &subject.node());
  expect_view_of(kept, bucket);
  views_->end_subject();
  expect_view_of(kept, bucket);
  EXPECT_EQ(&views_->subject(bucket).node(), &kept.node()) << "what is there is used";
  views_->end_subject();
  expect_view_of(kept, bucket);
}

TEST_F(ViewsTest, WhatWasReadOfASubjectIsReadAgainForTheNext) {
  const model::Resource& policy = resource("aws_s3_bucket_policy.logs");
  for (int i = 0; i < 3; ++i) {
    const eval::Value text = *views_->subject(policy).member("policy");
    const auto first = views_->plain_reading_of(text);
    EXPECT_EQ(views_->plain_reading_of(text), first) << "remembered while it is judged";
    ASSERT_EQ(first->documents.size(), 1U);
    EXPECT_EQ(first->documents.front().statements.size(), 1U);
    // Another subject may take the same memory; nothing is mixed up.
    views_->end_subject();
    const model::Resource& bucket = resource("aws_s3_bucket.logs");
    expect_view_of(views_->subject(bucket), bucket);
    views_->end_subject();
  }
}

}  // namespace
}  // namespace gabion::engine
