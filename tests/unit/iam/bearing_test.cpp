#include "iam/bearing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "iam/narrowing.h"
#include "iam/prove.h"
#include "iam/survey.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using ::testing::ElementsAre;
using testing::formula;
using ::testing::IsEmpty;
using testing::statements;

constexpr std::string_view kUnconditional = R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})";

Bearing bearing_of(std::string_view documents, const Formula& question, const Assumptions& assumptions = {}) {
  Surveyed surveyed;
  surveyed.survey.add(statements(documents), PolicyKind::kIdentity);
  return bearing(question, surveyed.survey, Subject::types_of(Subject::callers_of(question)), assumptions);
}

/// Keys that the parts of a formula are about that stay, in order; "" for a part without one.
std::vector<std::string> left(std::string_view documents, std::string_view question) {
  const Formula asked = formula(question);
  std::vector<std::string> out;
  for (const Formula* part : bearing_of(documents, asked).parts) {
    const Formula* one = part;
    while (one->key.empty() && !one->children.empty()) {
      one = &one->children.front();
    }
    out.push_back(one->key);
  }
  return out;
}

Proof denied(const PolicyDocument& document, const Formula& question, const Assumptions& assumptions) {
  return prove_denies(document, PolicyKind::kResource, question, assumptions);
}
Proof never_allowed(const PolicyDocument& document, const Formula& question, const Assumptions& assumptions) {
  return prove_never_allows(document, PolicyKind::kResource, question, assumptions);
}

std::string with_condition(std::string_view condition) {
  return R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": )" + std::string(condition) +
         "}";
}

TEST(Bearing, LeavesOutKeysThatNothingElseSpeaksOf) {
  constexpr std::string_view kQuestion = R"({"all": [{"action": "s3:GetObject"}, {"absent": "aws:SourceVpc"},
      {"all": [{"not": {"eq": ["s3:prefix", "home/"]}}, {"any": [{"absent": "aws:SourceIp"},
                                                                 {"ip": ["aws:SourceIp", "192.0.2.1/32"]}]}]}]})";
  EXPECT_THAT(left(kUnconditional, kQuestion), ElementsAre(""));
  EXPECT_THAT(left(with_condition(R"({"StringEquals": {"AWS:sourcevpc": "vpc-1"}})"), kQuestion),
              ElementsAre("", "aws:SourceVpc"));
  EXPECT_THAT(left(with_condition(R"({"StringLike": {"s3:prefix": "home/*"}})"), kQuestion),
              ElementsAre("", "s3:prefix"));
}

TEST(Bearing, LeavesKeysThatARequestMustHave) {
  EXPECT_THAT(left(kUnconditional, R"({"eq": ["s3:prefix", "home/"]})"), ElementsAre("s3:prefix"));
  EXPECT_THAT(left(kUnconditional, R"({"present": "s3:prefix"})"), ElementsAre("s3:prefix"));
  // Always there, or there for some callers.
  EXPECT_THAT(left(kUnconditional, R"({"absent": "aws:SecureTransport"})"), ElementsAre("aws:SecureTransport"));
  EXPECT_THAT(left(kUnconditional, R"({"absent": "aws:PrincipalArn"})"), ElementsAre("aws:PrincipalArn"));
}

// A witness would name somebody who lacks the key.
TEST(Bearing, LeavesKeysThatTellCallersApart) {
  constexpr std::string_view kUsers = R"({"all": [{"principal": {"type": "user"}},
                                                  {"not": {"eq": ["aws:username", "bob"]}}]})";
  EXPECT_THAT(left(kUnconditional, kUsers), ElementsAre(""));
  EXPECT_THAT(left(kUnconditional, R"({"not": {"eq": ["aws:username", "bob"]}})"), ElementsAre("aws:username"));
  const Formula absent = formula(R"({"absent": "aws:username"})");
  EXPECT_THAT(bearing_of(kUnconditional, absent).parts, IsEmpty());
  EXPECT_TRUE(bearing_of(kUnconditional, absent).tells_callers_apart);
  EXPECT_FALSE(bearing_of(kUnconditional, formula(R"({"absent": "aws:SourceVpc"})")).tells_callers_apart);
}

TEST(Bearing, LeavesKeysThatHangTogether) {
  // One stays, so the other does.
  EXPECT_THAT(left(kUnconditional, R"({"all": [{"any": [{"absent": "s3:prefix"}, {"absent": "s3:delimiter"}]},
                                               {"eq": ["s3:prefix", "home/"]}, {"absent": "s3:delimiter"}]})"),
              ElementsAre("s3:prefix", "s3:prefix", "s3:delimiter"));
  // An age comes with the other key.
  EXPECT_THAT(left(with_condition(R"({"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}})"),
                   R"({"all": [{"principal": {"type": "user"}}, {"absent": "aws:MultiFactorAuthPresent"}]})"),
              ElementsAre("", "aws:MultiFactorAuthPresent"));
}

TEST(Bearing, LeavesAllWhereKeysAreLinkedOrUnknown) {
  constexpr std::string_view kQuestion = R"({"absent": "s3:delimiter"})";
  EXPECT_THAT(left(with_condition(R"({"StringLike": {"s3:prefix": "home/${aws:username}/*"}})"), kQuestion),
              ElementsAre("s3:delimiter"));
  EXPECT_THAT(left(with_condition(R"({"StringLike": {"<var.key>": "home/*"}})"), kQuestion),
              ElementsAre("s3:delimiter"));
  EXPECT_THAT(left(kUnconditional, R"({"all": [{"absent": "s3:delimiter"},
                                               {"keyeq": ["s3:prefix", "aws:username"]}]})"),
              ::testing::SizeIs(2));
  EXPECT_THAT(left(kUnconditional, R"({"not": {"eq": ["s3:prefix", "<var.prefix>"]}})"), ElementsAre("s3:prefix"));
  Assumptions assumptions;
  assumptions.keys.push_back(KeyFact{.key = "s3:delimiter", .type = {}, .always = true, .only = {}});
  EXPECT_THAT(bearing_of(kUnconditional, formula(kQuestion), assumptions).parts, ::testing::SizeIs(1));
}

// What is left out changes neither the answer nor the witness. Whoever is told the facts behind a yes is asked about
// everything.
TEST(Bearing, AnswersStayTheSame) {
  const std::vector<PolicyDocument> documents{
      statements(R"({"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"})"),
      statements(R"({"Effect": "Allow", "Principal": {"AWS": ["111122223333", "<role.arn>"]}, "Action": "s3:*",
                     "Resource": "*"},
                    {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
                     "Condition": {"Null": {"aws:SourceVpce": "true"}}})"),
      statements(R"({"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "s3:GetObject",
                     "Resource": "arn:aws:s3:::logs/*", "Condition": {"StringEquals": {"aws:SourceAccount": "1"}}},
                    {"Effect": "Allow", "Principal": {"AWS": "<var.who>"}, "Action": "s3:*", "Resource": "*",
                     "Condition": {"StringNotEquals": {"aws:username": "bob"}}})"),
      statements(R"({"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*",
                     "Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}},
                    {"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::111122223333:user/bob"}, "Action": "s3:*",
                     "Resource": "*", "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/*"}}})")};
  const std::vector<std::string> parts{R"({"principal": {"type": ["user", "role"], "account": "000000000000"}})",
                                       R"({"principal": {"type": ["user", "session", "service"]}})",
                                       R"({"not": {"principal": {"type": "anonymous"}}})",
                                       R"({"absent": "aws:username"})",
                                       R"({"not": {"eq": ["aws:username", "bob"]}})",
                                       R"({"absent": "aws:SourceVpce"})",
                                       R"({"absent": "aws:MultiFactorAuthPresent"})",
                                       R"({"not": {"eq": ["aws:MultiFactorAuthPresent", "true"]}})",
                                       R"({"any": [{"absent": "aws:SourceIp"},
                                                   {"ip": ["aws:SourceIp", "192.0.2.1/32"]}]})",
                                       R"({"any": [{"absent": "aws:SourceArn"}, {"absent": "aws:SourceAccount"}]})",
                                       R"({"any": [{"absent": "aws:PrincipalArn"},
                                                   {"arnlike": ["aws:PrincipalArn", "arn:*:*::000000000000:*"]}]})",
                                       R"({"absent": "aws:PrincipalOrgID"})",
                                       R"({"not": {"like": ["s3:prefix", "home/*"]}})"};
  Assumptions named;
  Assumptions unnamed;
  unnamed.name_assumed = false;
  for (const std::string& one : parts) {
    for (const std::string& other : parts) {
      const Formula question = formula(R"({"all": [{"action": "s3:GetObject"}, )" + one + ", " + other + "]}");
      for (std::size_t i = 0; i < documents.size(); ++i) {
        for (const auto prove : {denied, never_allowed}) {
          const Proof all = prove(documents[i], question, named);
          const Proof some = prove(documents[i], question, unnamed);
          EXPECT_EQ(all.answer, some.answer) << i << one << other;
          EXPECT_EQ(all.witness, some.witness) << i << one << other;
          EXPECT_EQ(all.absent, some.absent) << i << one << other;
        }
      }
    }
  }
}

}  // namespace
}  // namespace gabion::iam
