#include "iam/expectation.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using testing::formula;
using testing::statements;

constexpr std::string_view kWithoutMfa = R"({"not": {"eq": ["aws:MultiFactorAuthPresent", "true"]}})";
constexpr std::string_view kUnlessMfa = R"("Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}})";

template <class Expects>
bool expected(const Expects& expects, Goal goal, std::string_view policy, std::string_view asked) {
  const PolicyDocument document = statements(policy);
  const Formula wanted = formula(asked);
  const Assumptions assumptions;
  Question question;
  question.goal = goal;
  question.documents = {&document};
  question.formula = &wanted;
  question.assumptions = &assumptions;
  return expects(question);
}

TEST(Expectation, WhatADenialSpeaksOfIsDenied) {
  const auto denied = [](std::string_view policy, Goal goal = Goal::kAllowed) {
    return expected(expects_denial, goal, policy, kWithoutMfa);
  };
  const std::string deny = R"({"Effect": "Deny", "Action": "*", "Resource": "*", )" + std::string(kUnlessMfa) + "}";
  EXPECT_TRUE(denied(deny));
  EXPECT_FALSE(denied(deny, Goal::kNotDenied));
  EXPECT_FALSE(denied(R"({"Effect": "Allow", "Action": "*", "Resource": "*", )" + std::string(kUnlessMfa) + "}"));
  EXPECT_FALSE(
      denied(R"({"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::b", )" + std::string(kUnlessMfa) + "}"));
  EXPECT_FALSE(denied(
      R"({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}})"));
  EXPECT_FALSE(denied(R"({"Effect": "Deny", "Action": "iam:*", "Resource": "*"})"));
}

TEST(Expectation, WhatNoDenialSpeaksOfIsNotDenied) {
  const auto refuted = [](std::string_view policy) {
    return expected(expects_no, Goal::kNotDenied, policy, kWithoutMfa);
  };
  EXPECT_TRUE(refuted(R"({"Effect": "Allow", "Action": "*", "Resource": "<aws_s3_bucket.b.arn>"})"));
  EXPECT_TRUE(refuted(
      R"({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}})"));
  EXPECT_FALSE(refuted(R"({"Effect": "Deny", "Action": "*", "Resource": "<aws_s3_bucket.b.arn>"})"));
  EXPECT_FALSE(refuted(R"({"Effect": "Deny", "Action": "*", "Resource": "*", )" + std::string(kUnlessMfa) + "}"));
}

TEST(Expectation, WhatIsPlainlyAllowedIsAllowed) {
  const auto refuted = [](std::string_view policy, Goal goal = Goal::kAllowed) {
    return expected(expects_no, goal, policy, R"({"action": "s3:*"})");
  };
  const std::string plain = R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*"})";
  EXPECT_TRUE(refuted(plain));
  EXPECT_FALSE(refuted(plain, Goal::kAllowedByBoth));
  EXPECT_FALSE(refuted(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b"})"));
  EXPECT_FALSE(refuted(R"({"Effect": "Allow", "Action": "<var.action>", "Resource": "*"})"));
  EXPECT_FALSE(refuted(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*", )" + std::string(kUnlessMfa) + "}"));
}

// Which search comes first changes no answer.
TEST(Expectation, ChangesNoAnswer) {
  const PolicyDocument document = statements(
      R"({"Effect": "Allow", "Action": "s3:*", "Resource": ["*", "<aws_s3_bucket.b.arn>"]},
         {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*", )" +
      std::string(kUnlessMfa) + "}");
  Assumptions brief;
  brief.name_assumed = false;
  for (const std::string_view action : {"s3:GetObject", "iam:PassRole"}) {
    const Formula asked =
        formula(R"({"all": [{"action": ")" + std::string(action) + R"("}, )" + std::string(kWithoutMfa) + "]}");
    const Proof whole = prove_never_allows(document, PolicyKind::kIdentity, asked);
    const Proof other = prove_never_allows(document, PolicyKind::kIdentity, asked, brief);
    EXPECT_EQ(whole.answer, Truth::kYes) << action;
    EXPECT_EQ(other.answer, Truth::kYes) << action;
    EXPECT_EQ(other.because, whole.because) << action;
  }
}

}  // namespace
}  // namespace gabion::iam
