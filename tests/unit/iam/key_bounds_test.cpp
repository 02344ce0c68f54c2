#include "iam/key_bounds.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "iam/narrowing.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using testing::formula;
using testing::statements;

/// Is a condition such as {"Bool": {"aws:SecureTransport": "true"}} excluded by a formula?
bool excluded(std::string_view condition, std::string_view question) {
  const PolicyDocument document =
      statements(R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": )" + std::string(condition) + "}");
  const Formula asked = formula(question);
  return KeyBounds(asked).exclude(document.statements.front().conditions.front());
}

TEST(KeyBounds, WhatIsAbsentIsNothing) {
  constexpr std::string_view kNoOrganization = R"({"all": [{"action": "s3:*"}, {"absent": "aws:PrincipalOrgID"}]})";
  const auto no_organization = [&](std::string_view condition) { return excluded(condition, kNoOrganization); };
  EXPECT_TRUE(no_organization(R"({"StringEquals": {"aws:principalorgid": "o-1"}})"));
  EXPECT_TRUE(no_organization(R"({"StringLike": {"aws:PrincipalOrgID": "<data.o.id>"}})"));
  EXPECT_TRUE(no_organization(R"({"ForAnyValue:StringEquals": {"aws:PrincipalOrgID": "o-1"}})"));
  EXPECT_TRUE(no_organization(R"({"Bool": {"aws:PrincipalOrgID": "true"}})"));
  EXPECT_FALSE(no_organization(R"({"StringEquals": {"aws:SourceOrgID": "o-1"}})"));
  EXPECT_FALSE(no_organization(R"({"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}})"));
  EXPECT_FALSE(no_organization(R"({"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}})"));
  EXPECT_FALSE(no_organization(R"({"ForAllValues:StringEquals": {"aws:PrincipalOrgID": "o-1"}})"));
  EXPECT_FALSE(no_organization(R"({"Null": {"aws:PrincipalOrgID": "true"}})"));
  EXPECT_FALSE(no_organization(R"({"StringEquals": {"<var.key>": "o-1"}})"));
}

TEST(KeyBounds, OtherValuesAreOthers) {
  constexpr std::string_view kStranger =
      R"({"any": [{"absent": "aws:SourceArn"}, {"arnlike": ["aws:SourceArn", "arn:*:*:*:000000000000:*"]}]})";
  const auto stranger = [&](std::string_view condition) { return excluded(condition, kStranger); };
  EXPECT_TRUE(stranger(R"({"ArnLike": {"aws:SourceArn": "arn:aws:logs:*:111122223333:*"}})"));
  EXPECT_TRUE(stranger(R"({"ArnLike": {"aws:SourceArn": "arn:aws:logs:*:<own.account_id>:*"}})"));
  EXPECT_FALSE(stranger(R"({"ArnLike": {"aws:SourceArn": "arn:aws:logs:*:<var.account>:*"}})"));
  EXPECT_FALSE(stranger(R"({"ArnLike": {"aws:SourceArn": ["arn:aws:logs:*:111122223333:*", "arn:aws:s3:*:*:b"]}})"));
  EXPECT_FALSE(stranger(R"({"ArnLike": {"aws:SourceArn": "arn:aws:logs:*:${aws:SourceAccount}:*"}})"));
  EXPECT_FALSE(stranger(R"({"ArnNotLike": {"aws:SourceArn": "arn:aws:logs:*:111122223333:*"}})"));
  EXPECT_FALSE(stranger(R"({"Bool": {"aws:SourceArn": "true"}})"));

  const auto fixed = [&](std::string_view condition) {
    return excluded(condition, R"({"in": ["iam:PassedToService", ["ec2.amazonaws.com", "ecs.amazonaws.com"]]})");
  };
  EXPECT_TRUE(fixed(R"({"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}})"));
  EXPECT_TRUE(fixed(R"({"StringLike": {"iam:PassedToService": ["lambda.*", "e*s"]}})"));
  EXPECT_FALSE(fixed(R"({"StringLike": {"iam:PassedToService": ["lambda.*", "ec*"]}})"));
  EXPECT_FALSE(fixed(R"({"StringEqualsIgnoreCase": {"iam:PassedToService": "EC2.amazonaws.com"}})"));
}

TEST(KeyBounds, OnlyWhatHoldsOfEveryRequestCounts) {
  constexpr std::string_view kCondition = R"({"StringEquals": {"aws:PrincipalOrgID": "o-1"}})";
  EXPECT_FALSE(excluded(kCondition, R"({"any": [{"absent": "aws:PrincipalOrgID"}, {"action": "s3:*"}]})"));
  EXPECT_FALSE(excluded(kCondition, R"({"any": [{"absent": "aws:PrincipalOrgID"}, {"absent": "aws:SourceIp"}]})"));
  EXPECT_FALSE(excluded(kCondition, R"({"not": {"absent": "aws:PrincipalOrgID"}})"));
  EXPECT_FALSE(excluded(kCondition, R"({"present": "aws:PrincipalOrgID"})"));
}

// A statement goes when one of its conditions does, and what is left of the others stays where it was.
TEST(KeyBounds, NarrowsStatements) {
  const PolicyDocument document = statements(
      R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*",
          "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1", "aws:PrincipalTag/team": "a"}}},
         {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
          "Condition": {"StringEquals": {"aws:PrincipalTag/team": "a"}}})");
  const Formula asked = formula(R"({"all": [{"action": "s3:GetObject"}, {"absent": "aws:PrincipalOrgID"}]})");
  const PolicyDocument narrowed = Subject(asked).narrowed(document, PolicyKind::kIdentity);
  ASSERT_EQ(narrowed.statements.size(), 2U);
  EXPECT_FALSE(may_allow(narrowed.statements[0]));
  EXPECT_TRUE(may_allow(narrowed.statements[1]));
  EXPECT_EQ(narrowed.statements[1].conditions.size(), 1U);
}

}  // namespace
}  // namespace gabion::iam
