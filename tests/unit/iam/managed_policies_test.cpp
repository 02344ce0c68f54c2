// The policies of AWS as documents: all of them can be read without a complaint.
#include "aws/managed_policies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "iam/document.h"

namespace gabion::iam {
namespace {

TEST(ManagedPolicyDocuments, AreReadWithoutComplaint) {
  for (std::size_t i = 0; i < aws::managed_policy_count(); ++i) {
    const aws::ManagedPolicy policy = aws::managed_policy(i);
    const PolicyReading reading = read_policy_json(policy.document);
    ASSERT_EQ(reading.documents.size(), 1U) << policy.path;
    EXPECT_EQ(reading.complete, Truth::kYes) << policy.path;
    EXPECT_TRUE(reading.diagnostics.empty()) << policy.path << ": " << reading.diagnostics.front().message;
    EXPECT_FALSE(reading.documents[0].statements.empty()) << policy.path;
    EXPECT_EQ(reading.documents[0].holes().size(), 0U) << policy.path;
  }
}

}  // namespace
}  // namespace gabion::iam
