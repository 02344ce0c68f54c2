// Policies made to be expensive. Every search counts its steps, so each question ends; where steps run out the answer
// is unknown and says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "iam/compare.h"
#include "iam/decide.h"
#include "iam/prove.h"
#include "iam/review.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using testing::formula;
using ::testing::HasSubstr;
using testing::statements;

std::string repeat(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) {
    out += text;
  }
  return out;
}

/// Decided, or given up for the one reason there may be.
void expect_ends(const Proof& proof) {
  if (proof.answer == Truth::kUnknown) {
    EXPECT_THAT(proof.because, ::testing::AnyOf(HasSubstr("needs more steps"), HasSubstr("could not be found"),
                                                HasSubstr("hangs on")));
  }
}

TEST(Adversarial, TwoHundredWildcardsInAPattern) {
  const std::string pattern = "arn:aws:s3:::" + repeat("*a", 200);
  const std::string other = "arn:aws:s3:::" + repeat("*b", 200);
  const PolicyDocument document =
      statements(R"({"Effect": "Allow", "Action": "s3:*", "Resource": ")" + pattern +
                 R"("}, {"Effect": "Deny", "Action": "s3:*", "Resource": ")" + other + R"("})");
  const Proof proof = prove_never_allows(document, PolicyKind::kIdentity, formula(R"({"action": "s3:GetObject"})"));
  EXPECT_EQ(proof.answer, Truth::kNo) << proof.because;
  // Matching one text is linear in both, whatever the stars.
  Request request{
      .principal = "arn:aws:iam::111122223333:user/u", .action = "s3:GetObject", .resource = {}, .context = {}};
  request.resource = "arn:aws:s3:::" + repeat("a", 4000) + "b";
  EXPECT_EQ(decide(document, PolicyKind::kIdentity, request), Decision::kImplicitlyDenied);
}

TEST(Adversarial, QuestionMarksAndStarsThatMultiplyStates) {
  // The n-th character from the end: 2^n sets of positions without a budget.
  const PolicyDocument document =
      statements(R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::*a)" + repeat("?", 60) +
                 R"("}, {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::*b)" + repeat("?", 59) +
                 R"("}, {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::*c)" + repeat("?", 58) + R"("})");
  expect_ends(prove_never_allows(document, PolicyKind::kIdentity, Formula()));
  expect_ends(prove_denies(document, PolicyKind::kIdentity, formula(R"({"resource": "arn:aws:s3:::*"})")));
}

TEST(Adversarial, AnExponentialSearchStopsAtItsBudget) {
  // Whoever looks for a text that has "a" in the 61st place from the end, and none of what is easy to guess, would have
  // to remember which of the last sixty characters were "a".
  const PolicyDocument document = statements(
      R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::*a)" + repeat("?", 60) +
      R"("}, {"Effect": "Deny", "Action": "*", "Resource": ["arn:aws:s3:::*x*", "arn:aws:s3:::*e*", "arn:aws:s3:::a*"]})");
  const Proof proof = prove_never_allows(document, PolicyKind::kIdentity, Formula());
  expect_ends(proof);
  EXPECT_NE(proof.answer, Truth::kYes) << "there are such texts";
}

TEST(Adversarial, ManyNotActionsAndNotResources) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    text += std::string(i == 0 ? "" : ",") + R"({"Effect": ")" + (i % 2 == 0 ? "Allow" : "Deny") +
            R"(", "NotAction": ["s)" + number + R"(:*", "t*:)" + number + R"(*"], "NotResource": ["arn:aws:s)" +
            number + R"(:*:*:*x*", "arn:aws:*:*:*:)" + number + R"(*y"], "Condition": {"StringNotLike": {"k:)" +
            number + R"(": "*)" + number + R"(*"}}})";
  }
  const PolicyDocument document = statements(text);
  expect_ends(prove_never_allows(document, PolicyKind::kIdentity, Formula()));
  expect_ends(prove_denies(document, PolicyKind::kIdentity, Formula()));
  expect_ends(compare(document, document, PolicyKind::kIdentity));
}

TEST(Adversarial, NegationsOfEveryElementAtOnce) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    text +=
        std::string(i == 0 ? "" : ",") + R"({"Effect": ")" + (i % 2 == 0 ? "Deny" : "Allow") +
        R"(", "NotAction": ["s1*:*)" + number + R"(*", "s2:*)" + number + R"(*"], "NotResource": "arn:aws:s1:*:*:*)" +
        number + R"(*x*", "Condition": {"StringNotLike": {"aws:PrincipalTag/k)" + std::to_string(i % 7) + R"(": "*)" +
        number + R"(*"}, "NotIpAddress": {"aws:SourceIp": "10.)" + number +
        R"(.0.0/16"}, "ForAllValues:StringNotLike": {"aws:TagKeys": ["*)" + number + R"(", ")" + number + R"(*"]}}})";
  }
  const PolicyDocument document = statements(text);
  expect_ends(prove_denies(document, PolicyKind::kIdentity, formula(R"({"action": "s3:GetObject"})")));
  expect_ends(prove_never_allows(document, PolicyKind::kIdentity, formula(R"({"resource": "arn:aws:s3:::*"})")));
  const Review found = review(document, PolicyKind::kIdentity);
  EXPECT_LE(found.remarks.size() + found.unfinished.size(), 2 * document.statements.size());
}

TEST(Adversarial, DenialsOfAllButTwoHundredWildcards) {
  const PolicyDocument document =
      statements(R"({"Effect": "Allow", "Action": ")" + repeat("s*", 200) + R"(:*", "Resource": "arn:aws:s3:::)" +
                 repeat("*a", 200) + R"("}, {"Effect": "Deny", "NotAction": ")" + repeat("*?", 200) +
                 R"(:*", "NotResource": "arn:aws:s3:::)" + repeat("?*", 200) + R"("})");
  expect_ends(prove_never_allows(document, PolicyKind::kIdentity, Formula()));
  expect_ends(prove_denies(document, PolicyKind::kIdentity, Formula()));
  expect_ends(compare(document, document, PolicyKind::kIdentity));
  (void)review(document, PolicyKind::kIdentity);
}

TEST(Adversarial, PoliciesAtTheirQuota) {
  std::string actions;
  std::string resources;
  for (int i = 0; i < 120; ++i) {
    actions +=
        (i == 0 ? "\"" : ", \"") + std::string("svc") + std::to_string(i) + ":Get*Item" + std::to_string(i) + "*\"";
    resources += (i == 0 ? "\"" : ", \"") + std::string("arn:aws:s3:::bucket-") + std::to_string(i) + "/*/x*\"";
  }
  const PolicyDocument document =
      statements(R"({"Effect": "Allow", "Action": [)" + actions + R"(], "Resource": [)" + resources +
                 R"(]}, {"Effect": "Deny", "NotAction": [)" + actions + R"(], "NotResource": [)" + resources + "]}");
  EXPECT_EQ(prove_never_allows(document, PolicyKind::kIdentity, Formula()).answer, Truth::kNo);
  expect_ends(compare(document, document, PolicyKind::kIdentity));
  (void)review(document, PolicyKind::kIdentity);
}

TEST(Adversarial, ManyKeysThatAreComparedWithEachOther) {
  std::string text;
  for (int i = 0; i < 30; ++i) {
    text += std::string(i == 0 ? "" : ",") + R"({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition":
        {"StringNotEquals": {"k:)" +
            std::to_string(i) + R"(": "${k:)" + std::to_string((i + 1) % 30) + R"(}"}}})";
  }
  expect_ends(prove_denies(statements(text), PolicyKind::kIdentity, Formula()));
}

TEST(Adversarial, ADenyOfAllThatIsAskedAboutEndsTheSearch) {
  // Each statement would take steps of its own.
  std::string text = R"({"Effect": "Deny", "NotAction": "iam:GetUser", "Resource": "*",
      "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}})";
  for (int i = 0; i < 60; ++i) {
    text +=
        R"(, {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::bucket-)" + std::to_string(i) + R"(/*"})";
  }
  Assumptions few;
  few.steps = 60;
  const Proof proof = prove_never_allows(statements(text), PolicyKind::kIdentity,
                                         formula(R"({"all": [{"not": {"eq": ["aws:MultiFactorAuthPresent", "true"]}},
                          {"not": {"action": ["iam:GetUser", "sts:GetSessionToken"]}}]})"),
                                         few);
  EXPECT_EQ(proof.answer, Truth::kYes) << proof.because;
}

TEST(Adversarial, HolesThatMayEndAnywhereInALongText) {
  // Each of the places where one may end is one where the next may begin.
  const std::string long_text = repeat("a", 100'000) + "<var.end>b";
  const PolicyDocument denied = statements(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::)" +
                                           long_text + R"("}, {"Effect": "Deny", "Action": "s3:*",
                                           "Resource": "arn:aws:s3:::*<var.one>*<var.other>b"})");
  const Formula get = formula(R"({"action": "s3:GetObject"})");
  EXPECT_EQ(prove_never_allows(denied, PolicyKind::kIdentity, get).answer, Truth::kUnknown);
  const PolicyDocument allowed = statements(
      R"({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::<var.one>a<var.other>a<var.third>b"})");
  const Formula one =
      formula(R"({"all": [{"action": "s3:GetObject"}, {"resource": "arn:aws:s3:::)" + long_text + R"("}]})");
  EXPECT_EQ(prove_never_allows(allowed, PolicyKind::kIdentity, one).answer, Truth::kUnknown);
}

TEST(Adversarial, LookingForACallerAmongManyTakesSteps) {
  std::string roles;
  for (int i = 0; i < 400; ++i) {
    roles += (i == 0 ? "\"" : ", \"") + ("arn:aws:iam::" + std::to_string(100'000'000'000 + i)) + ":role/r\"";
  }
  const PolicyDocument document =
      statements(R"({"Effect": "Allow", "Principal": {"AWS": [)" + roles + R"(]}, "Action": "s3:*", "Resource": "*",
          "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}}})");
  const Formula stranger =
      formula(R"({"all": [{"action": "s3:GetObject"}, {"not": {"principal": {"account": "111122223333"}}}]})");
  EXPECT_EQ(prove_never_allows(document, PolicyKind::kResource, stranger).answer, Truth::kNo);
  Assumptions few;
  few.steps = 4000;
  const Proof proof = prove_never_allows(document, PolicyKind::kResource, stranger, few);
  EXPECT_EQ(proof.answer, Truth::kUnknown);
  EXPECT_THAT(proof.because, HasSubstr("needs more steps"));
}

TEST(Adversarial, LongPatternsOfLongTexts) {
  // What a witness looks like is not worth room for each token at each character.
  const Formula get = formula(R"({"action": "s3:*"})");
  const PolicyDocument actions =
      statements(R"({"Effect": "Allow", "Action": "s3:)" + repeat("A*", 100'000) + R"(", "Resource": "*"})");
  EXPECT_EQ(prove_never_allows(actions, PolicyKind::kIdentity, get).answer, Truth::kNo);
  const PolicyDocument variables =
      statements(R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::${aws:username})" +
                 repeat("/a*", 15'000) + R"("})");
  EXPECT_NE(prove_never_allows(variables, PolicyKind::kIdentity, get).answer, Truth::kYes);
}

TEST(Adversarial, MoreUnknownTextsThanAreToldApart) {
  PolicyDocument document = statements(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "*"},
      {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
      {"Effect": "Allow", "Action": "s3:*", "Resource": "*"})");
  const auto unknown = [](int number) { return Text(testing::hole("bucket-" + std::to_string(number) + ".arn")); };
  // Their numbers had 16 bits, so that the last one was taken for the first, which is denied.
  constexpr int kOthers = 65'535;
  std::vector<Text> others;
  for (int i = 1; i <= kOthers; ++i) {
    others.push_back(unknown(i));
  }
  document.statements[0].resources.items = {unknown(0)};
  document.statements[1].resources.items = std::move(others);
  document.statements[2].resources.items = {unknown(kOthers + 1)};
  const Proof proof = prove_never_allows(document, PolicyKind::kIdentity, formula(R"({"action": "s3:GetObject"})"));
  EXPECT_EQ(proof.answer, Truth::kUnknown);
  EXPECT_THAT(proof.because, HasSubstr("more than 10000 unknown texts"));
}

TEST(Adversarial, RunningOutOfStepsIsUnknown) {
  Assumptions few;
  few.steps = 5;
  const PolicyDocument document = statements(R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::*a?????b"},
      {"Effect": "Deny", "Action": "*", "Resource": "arn:aws:s3:::*a*b"})");
  const Proof proof = prove_never_allows(document, PolicyKind::kIdentity, Formula(), few);
  EXPECT_NE(proof.answer, Truth::kNo) << "everything that is allowed is denied";
}

}  // namespace
}  // namespace gabion::iam
