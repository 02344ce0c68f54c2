#include "iam/review.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::statements;

/// "kind of statement by others".
std::vector<std::string> remarks(std::string_view text, PolicyKind kind = PolicyKind::kIdentity) {
  std::vector<std::string> out;
  for (const Remark& remark : review(statements(text), kind).remarks) {
    std::string line = std::string(name(remark.kind)) + " " + std::to_string(remark.statement + 1);
    for (const std::size_t by : remark.by) {
      line += " by " + std::to_string(by + 1);
    }
    out.push_back(std::move(line));
  }
  return out;
}

TEST(Review, StatementsOfTheirOwn) {
  EXPECT_THAT(remarks(R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
                         {"Effect": "Allow", "Action": "s3:Put*", "Resource": "*"},
                         {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::secret/*"})"),
              IsEmpty());
}

TEST(Review, NarrowerStatementsAreRedundant) {
  EXPECT_THAT(remarks(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
                         {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"})"),
              ElementsAre("redundant 1 by 2"));
  EXPECT_THAT(remarks(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
                         {"Effect": "Allow", "Action": "s3:*", "Resource": "*",
                          "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}})"),
              ElementsAre("redundant 2 by 1"));
}

TEST(Review, OfEqualStatementsTheFirstStays) {
  constexpr std::string_view kOne = R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})";
  EXPECT_THAT(remarks(std::string(kOne) + "," + std::string(kOne) + "," + std::string(kOne)),
              ElementsAre("redundant 2 by 1", "redundant 3 by 1"));
}

TEST(Review, SeveralStatementsTogetherCoverOne) {
  EXPECT_THAT(remarks(R"({"Effect": "Allow", "Action": ["s3:Get*", "s3:Put*"], "Resource": "*"},
                         {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
                         {"Effect": "Allow", "Action": "s3:P*", "Resource": "*"},
                         {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})"),
              ElementsAre("redundant 2 by 1"))
      << "2 goes first; then 1 is needed for Get";
  EXPECT_THAT(remarks(R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"},
                         {"Effect": "Allow", "Action": "s3:P*", "Resource": "*"},
                         {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"})"),
              ElementsAre("redundant 3 by 1 by 2"));
}

TEST(Review, ConditionsTogetherCoverAll) {
  EXPECT_THAT(remarks(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "*",
                          "Condition": {"Null": {"aws:SourceVpc": "true"}}},
                         {"Effect": "Deny", "Action": "s3:*", "Resource": "*",
                          "Condition": {"Null": {"aws:SourceVpc": "false"}}},
                         {"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"})"),
              ElementsAre("redundant 3 by 1 by 2"));
}

TEST(Review, ADenyIsNotRedundantBecauseNothingIsAllowed) {
  EXPECT_THAT(remarks(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})"), IsEmpty());
}

TEST(Review, ShadowedGrants) {
  EXPECT_THAT(remarks(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
                         {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"})"),
              ElementsAre("shadowed 1 by 2"));
  EXPECT_THAT(remarks(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
                         {"Effect": "Deny", "Action": "s3:*", "Resource": "*",
                          "Condition": {"Bool": {"aws:SecureTransport": "false"}}})"),
              IsEmpty());
}

TEST(Review, ConditionsThatExcludeEachOther) {
  const std::vector<Remark> found =
      review(statements(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {
          "StringEquals": {"aws:SourceVpc": "vpc-1", "aws:PrincipalOrgID": "o-1"},
          "StringLike": {"aws:SourceVpc": "vpce-*"}}})"),
             PolicyKind::kIdentity)
          .remarks;
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, RemarkKind::kNeverMatches);
  EXPECT_THAT(found[0].conditions, ElementsAre(0, 2));
  EXPECT_EQ(found[0].because,
            "its conditions StringEquals on aws:SourceVpc and StringLike on aws:SourceVpc can never hold together");
}

TEST(Review, FactsAboutKeysExcludeEachOther) {
  const std::vector<Remark> found =
      review(statements(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {
          "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}})"),
             PolicyKind::kIdentity)
          .remarks;
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].kind, RemarkKind::kNeverMatches);
  EXPECT_THAT(found[0].assumed, ElementsAre(HasSubstr("no request carries both")));
  Assumptions none;
  none.aws = false;
  EXPECT_THAT(review(statements(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {
          "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "StringEquals": {"aws:SourceVpc": "vpc-1"}}})"),
                     PolicyKind::kIdentity, none)
                  .remarks,
              IsEmpty());
}

TEST(Review, ElementsThatMatchNothing) {
  EXPECT_THAT(remarks(R"({"Effect": "Allow", "Action": [], "Resource": "*"})"), ElementsAre("never-matches 1"));
  EXPECT_THAT(remarks(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b"})", PolicyKind::kResource),
              ElementsAre("never-matches 1"))
      << "without a principal it is about nobody";
}

TEST(Review, UnknownTextsAreNoReasonForRemarks) {
  EXPECT_THAT(remarks(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "<a.arn>/*"},
                         {"Effect": "Allow", "Action": "s3:*", "Resource": "<b.arn>/*"})"),
              IsEmpty());
  EXPECT_THAT(remarks(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "<a.arn>/*"},
                         {"Effect": "Allow", "Action": "s3:Get*", "Resource": "<a.arn>/logs/*"})"),
              ElementsAre("redundant 2 by 1"));
  EXPECT_THAT(remarks(R"({"Effect": "<var.effect>", "Action": "s3:*", "Resource": "*"},
                         {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"})"),
              IsEmpty());
}

TEST(CompareBoth, TheSameInOtherWords) {
  const Equivalence found =
      compare_both(statements(R"({"Effect": "Allow", "Action": ["s3:Get*", "s3:Put*"], "Resource": "*"})"),
                   statements(R"({"Effect": "Allow", "Action": "s3:Put*", "Resource": "*"},
                                 {"Effect": "Allow", "Action": "S3:get*", "Resource": "*"})"),
                   PolicyKind::kIdentity);
  EXPECT_EQ(found.equivalent, Truth::kYes);
}

TEST(CompareBoth, EachDirectionHasItsWitness) {
  const Equivalence found = compare_both(
      statements(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})"),
      statements(R"({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"})"), PolicyKind::kIdentity);
  EXPECT_EQ(found.equivalent, Truth::kNo);
  EXPECT_EQ(found.gained.witness.value().action, "s3:PutObject");
  EXPECT_EQ(found.lost.witness.value().action, "s3:GetObject");
  EXPECT_EQ(found.newly_denied.answer, Truth::kYes);
}

TEST(CompareBoth, DenialsCountEvenWhereNothingIsAllowed) {
  const Equivalence found =
      compare_both(statements(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})"),
                   statements(R"({"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"})"), PolicyKind::kIdentity);
  EXPECT_EQ(found.gained.answer, Truth::kYes);
  EXPECT_EQ(found.no_longer_denied.answer, Truth::kNo);
  EXPECT_EQ(found.equivalent, Truth::kNo);
}

TEST(Review, OneNeedleInAHaystack) {
  std::string text = R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b7/*"})";
  for (int i = 0; i < 200; ++i) {
    const std::string number = std::to_string(i);
    text += R"(, {"Effect": ")" + std::string(i % 3 == 0 ? "Deny" : "Allow") + R"(", "Action": ["s3:Put)" + number +
            R"(*", "s3:List*"], "Resource": "arn:aws:s3:::b)" + number +
            R"(/*", "Condition": {"StringLike": {"aws:PrincipalTag/team": "t)" + number + R"(*"}}})";
  }
  text += R"(, {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b7/logs/*"})";
  const Review found = review(statements(text), PolicyKind::kIdentity);
  ASSERT_EQ(found.remarks.size(), 1U);
  EXPECT_EQ(found.remarks[0].statement, 201U);
  EXPECT_THAT(found.remarks[0].by, ElementsAre(0));
  EXPECT_THAT(found.unfinished, IsEmpty());
}

TEST(Review, SaysWhatItDidNotCompare) {
  // Any two of these overlap, and whatever request one matches another one matches too: each has to be proved.
  std::string text;
  for (int i = 0; i < 60; ++i) {
    std::string values;
    for (int j = 0; j < 60; ++j) {
      values += std::string(j == 0 ? "" : ", ") + "\"" + std::to_string(i) + "-" + std::to_string(j) + "*\"";
    }
    text += std::string(i == 0 ? "" : ", ") + R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition":
        {"StringLike": {"aws:PrincipalTag/team": [")" +
            std::to_string(i % 2) + "*\", " + values + "]}}}";
  }
  const Review found = review(statements(text), PolicyKind::kIdentity);
  EXPECT_GT(found.unfinished.size(), 0U);
  for (const std::size_t index : found.unfinished) {
    EXPECT_TRUE(std::ranges::none_of(found.remarks, [&](const Remark& one) {
      return one.statement == index && one.kind == RemarkKind::kRedundant;
    }));
  }
}

}  // namespace
}  // namespace gabion::iam
