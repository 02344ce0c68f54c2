#include "iam/answer_memo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "iam/narrowing.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using testing::formula;
using testing::statements;

constexpr std::string_view kRead = R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::<var.b>/*"})";

std::string text_of(std::string_view policy, std::string_view asked, PolicyKind kind = PolicyKind::kIdentity) {
  const PolicyDocument document = statements(policy);
  const Formula about = formula(asked);
  const Assumptions assumptions;
  Question question;
  question.documents = {&document};
  question.kind = kind;
  question.formula = &about;
  question.assumptions = &assumptions;
  return std::string(QuestionText(question).text());
}

TEST(AnswerMemo, TellsQuestionsApart) {
  const std::vector<std::string_view> policies = {
      kRead,
      R"({"Effect": "Deny", "Action": "s3:Get*", "Resource": "arn:aws:s3:::<var.b>/*"})",
      R"({"Effect": "Allow", "NotAction": "s3:Get*", "Resource": "arn:aws:s3:::<var.b>/*"})",
      R"({"Effect": "Allow", "Action": "s3:Get*", "NotResource": "arn:aws:s3:::<var.b>/*"})",
      R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::<var.other>/*"})",
      R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::{var.b}/*"})",
      R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": ["arn:aws:s3:::<var.b>/*", "*"]})",
      R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::<var.b>/*",
          "Condition": {"Bool": {"aws:SecureTransport": "true"}}})",
      R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::<var.b>/*",
          "Condition": {"BoolIfExists": {"aws:SecureTransport": "true"}}})",
      R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::<var.b>/*",
          "Condition": {"Bool": {"aws:SecureTransport": "false"}}})",
      R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::<var.b>/*", "Principal": "*"})",
      R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::<var.b>/*",
          "Principal": {"Service": "ec2.amazonaws.com"}})",
  };
  std::set<std::string> texts;
  for (const std::string_view policy : policies) {
    for (const std::string_view asked :
         {R"({"action": "s3:GetObject"})", R"({"not": {"action": "s3:GetObject"}})", R"({"resource": "s3:GetObject"})",
          R"({"eq": ["s3:GetObject", "s3:GetObject"]})", R"({"absent": "s3:GetObject"})",
          R"({"principal": {"type": "user"}})", R"({"principal": {"type": "role"}})",
          R"({"principal": {"account": "111122223333"}})", R"({"principal": {"is": "111122223333"}})"}) {
      EXPECT_TRUE(texts.insert(text_of(policy, asked)).second) << policy << asked;
    }
  }
  EXPECT_NE(text_of(kRead, R"({"true": true})"), text_of(kRead, R"({"true": true})", PolicyKind::kResource));
}

// Statements that a question is not about leave nothing but their places.
TEST(AnswerMemo, NarrowedPoliciesReadTheSame) {
  const Formula asked = formula(R"({"action": "s3:GetObject"})");
  const Assumptions assumptions;
  const auto text = [&](std::string_view other) {
    const PolicyDocument narrowed =
        Subject(asked).narrowed(statements(std::string(other) + ", " + std::string(kRead)), PolicyKind::kIdentity);
    Question question;
    question.documents = {&narrowed};
    question.formula = &asked;
    question.assumptions = &assumptions;
    return std::string(QuestionText(question).text());
  };
  EXPECT_EQ(text(R"({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})"),
            text(R"({"Effect": "Deny", "Action": ["ec2:*", "sns:Publish"], "Resource": "<var.r>"})"));
  EXPECT_NE(text(R"({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"})"),
            text(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})"));
}

void expect_same(const Proof& found, const Proof& wanted, std::string_view about) {
  EXPECT_EQ(found.answer, wanted.answer) << about;
  EXPECT_EQ(found.witness, wanted.witness) << about;
  EXPECT_EQ(found.absent, wanted.absent) << about;
  EXPECT_EQ(found.because, wanted.because) << about;
  EXPECT_EQ(found.assumed, wanted.assumed) << about;
  EXPECT_EQ(found.holes, wanted.holes) << about;
  EXPECT_EQ(found.statement, wanted.statement) << about;
}

TEST(AnswerMemo, AnswersAreThoseOfTheProver) {
  AnswerMemo memo;
  Assumptions remembering;
  remembering.answers = &memo;
  for (int turn = 0; turn < 2; ++turn) {
    for (const std::string_view other : {"", R"(, {"Effect": "Deny", "Action": "s3:*", "Resource": "<var.r>"})",
                                         R"(, {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"})"}) {
      const PolicyDocument document = statements(std::string(kRead) + std::string(other));
      for (const std::string_view asked :
           {R"({"action": "s3:GetObject"})", R"({"action": "s3:PutObject"})",
            R"({"all": [{"action": "s3:GetObject"}, {"resource": "arn:aws:s3:::<var.b>/x"}]})"}) {
        const Formula about = formula(asked);
        expect_same(prove_never_allows(document, PolicyKind::kIdentity, about, remembering),
                    prove_never_allows(document, PolicyKind::kIdentity, about), asked);
        expect_same(prove_denies(document, PolicyKind::kIdentity, about, remembering),
                    prove_denies(document, PolicyKind::kIdentity, about), asked);
      }
    }
  }
}

// Whom a witness names hangs on whether anybody is told apart, also by what is left of a statement about other actions.
TEST(AnswerMemo, WitnessesAreNotThoseOfOtherPolicies) {
  constexpr std::string_view kDeny = R"({"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*",
      "Condition": {"Bool": {"aws:SecureTransport": "false"}}})";
  constexpr std::string_view kAllow = R"({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
      "Resource": "*"})";
  const Formula asked = formula(R"({"action": "s3:GetObject"})");
  for (const std::string_view statement : {kDeny, kAllow}) {
    for (const std::string_view effect : {"Allow", "Deny"}) {
      const PolicyDocument alone = statements(statement);
      const PolicyDocument with_other = statements(
          std::string(statement) + R"(, {"Effect": ")" + std::string(effect) +
          R"(", "Principal": {"AWS": "arn:aws:iam::555566667777:role/r"}, "Action": "s3:PutObject", "Resource": "*"})");
      for (const auto& [first, second] : {std::pair(&alone, &with_other), std::pair(&with_other, &alone)}) {
        AnswerMemo memo;
        Assumptions remembering;
        remembering.answers = &memo;
        for (const PolicyDocument* const document : {first, second}) {
          expect_same(prove_denies(*document, PolicyKind::kResource, asked, remembering),
                      prove_denies(*document, PolicyKind::kResource, asked), statement);
          expect_same(prove_never_allows(*document, PolicyKind::kResource, asked, remembering),
                      prove_never_allows(*document, PolicyKind::kResource, asked), statement);
        }
      }
    }
  }
}

/// A policy about a bucket of which an unknown is the name.
PolicyDocument about_bucket(const eval::Symbol& symbol) {
  PolicyDocument document = statements(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})");
  Hole hole = testing::hole("var.b");
  hole.symbol = &symbol;
  Text resource("arn:aws:s3:::");
  resource.append(hole);
  resource.append("/x");
  document.statements.front().resources.items = {resource};
  return document;
}

TEST(AnswerMemo, AnswersAreAboutTheSymbolsOfTheQuestion) {
  AnswerMemo memo;
  Assumptions remembering;
  remembering.answers = &memo;
  const Formula asked = formula(R"({"all": [{"action": "s3:GetObject"}, {"resource": "arn:aws:s3:::known/x"}]})");
  const eval::Symbol one{.text = "var.b"};
  const eval::Symbol other{.text = "var.b"};
  for (const eval::Symbol* symbol : {&one, &other}) {
    const Proof proof = prove_never_allows(about_bucket(*symbol), PolicyKind::kIdentity, asked, remembering);
    EXPECT_EQ(proof.answer, Truth::kUnknown);
    ASSERT_EQ(proof.holes.size(), 1U);
    EXPECT_EQ(proof.holes.front().symbol, symbol);
  }
}

TEST(AnswerMemo, ForgetsWhatNobodyAskedForLately) {
  AnswerMemo memo;
  const Assumptions assumptions;
  const PolicyDocument document = statements(kRead);
  const auto asked = [&](std::size_t number) {
    Formula out;
    out.kind = FormulaKind::kAction;
    out.values = {Text(std::string(20'000, 'x') + std::to_string(number))};
    return out;
  };
  const auto is_known = [&](std::size_t number, bool remember) {
    const Formula about = asked(number);
    Question question;
    question.documents = {&document};
    question.formula = &about;
    question.assumptions = &assumptions;
    const QuestionText text(question);
    const bool known = memo.find(text).has_value();
    if (!known && remember) {
      memo.remember(text, Proof());
    }
    return known;
  };
  EXPECT_FALSE(is_known(0, true));
  EXPECT_FALSE(is_known(1, true));
  for (std::size_t i = 2; i < 200; ++i) {
    EXPECT_FALSE(is_known(i, true));
    EXPECT_TRUE(is_known(0, false)) << i;
  }
  EXPECT_FALSE(is_known(1, false));
}

}  // namespace
}  // namespace gabion::iam
