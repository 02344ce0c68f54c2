#include "iam/narrowing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "iam/prove.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using ::testing::ElementsAre;
using testing::formula;
using ::testing::IsEmpty;
using testing::statements;

/// Principals that are left in a statement that allows something to these.
std::vector<std::string> left(std::string_view principals, std::string_view question) {
  const PolicyDocument document = statements(R"({"Effect": "Allow", "Principal": )" + std::string(principals) +
                                             R"(, "Action": "s3:GetObject", "Resource": "*"})");
  const Formula asked = formula(question);
  const PolicyDocument narrowed = Subject(asked).narrowed(document, PolicyKind::kResource);
  std::vector<std::string> out;
  for (const Identifier& one : narrowed.statements.front().principals.identifiers) {
    out.push_back(one.value.str());
  }
  return out;
}

constexpr std::string_view kAll =
    R"({"AWS": ["111122223333", "arn:aws:iam::444455556666:role/build"], "Service": "ec2.amazonaws.com",
        "Federated": "idp.example.com"})";

TEST(Narrowing, LeavesWhoCanBeACaller) {
  EXPECT_THAT(left(kAll, R"({"principal": {"type": "service"}})"), ElementsAre("ec2.amazonaws.com"));
  EXPECT_THAT(left(kAll, R"({"principal": {"type": "user"}})"),
              ElementsAre("111122223333", "arn:aws:iam::444455556666:role/build"));
  EXPECT_THAT(left(kAll, R"({"principal": {"type": "role", "account": "444455556666"}})"),
              ElementsAre("arn:aws:iam::444455556666:role/build"));
  EXPECT_THAT(left(kAll, R"({"principal": {"type": "anonymous"}})"), IsEmpty());
  EXPECT_THAT(left(kAll, R"({"action": "s3:GetObject"})").size(), 4U);
  EXPECT_THAT(left(kAll, R"({"not": {"principal": {"type": "user"}}})").size(), 4U);
}

// By one reading of the documentation the providers of an account are callers of it.
TEST(Narrowing, LeavesAccountsToTheirProviders) {
  EXPECT_THAT(left(kAll, R"({"principal": {"type": "federated"}})"),
              ElementsAre("111122223333", "arn:aws:iam::444455556666:role/build", "idp.example.com"));
}

TEST(Narrowing, TakesOneOfSeveralCallers) {
  EXPECT_THAT(left(kAll, R"({"any": [{"principal": {"type": "service"}},
                                     {"principal": {"type": "role", "account": "444455556666"}}]})"),
              ElementsAre("arn:aws:iam::444455556666:role/build", "ec2.amazonaws.com"));
  EXPECT_THAT(left(kAll, R"({"any": [{"principal": {"type": "service"}}, {"absent": "aws:SourceIp"}]})").size(), 4U);
  EXPECT_THAT(left(kAll, R"({"all": [{"principal": {"type": ["role", "service"]}},
                                     {"principal": {"type": ["service", "federated"]}}]})"),
              ElementsAre("111122223333", "arn:aws:iam::444455556666:role/build", "ec2.amazonaws.com"));
}

TEST(Narrowing, LeavesEverybodyAndWhoMayBe) {
  EXPECT_THAT(left(R"({"AWS": "*"})", R"({"principal": {"type": "anonymous"}})"), ElementsAre("*"));
  EXPECT_THAT(left(R"("*")", R"({"principal": {"type": "service"}})"), ElementsAre("*"));
  EXPECT_THAT(left(R"({"AWS": "<var.who>"})", R"({"principal": {"type": "service"}})").size(), 1U);
  EXPECT_THAT(
      left(R"({"AWS": "<var.account>"})", R"({"principal": {"type": "role", "account": "000000000000"}})").size(), 1U);
  // What AWS hands out is no star, an ARN has none, and neither names an account that nobody has.
  EXPECT_THAT(
      left(R"({"AWS": ["<role.arn>", "arn:aws:iam::<own.account_id>:root", "arn:aws:iam::<var.account>:root"]})",
           R"({"principal": {"type": "role", "account": "000000000000"}})"),
      IsEmpty());
  EXPECT_THAT(left(R"({"AWS": "<role.arn>"})", R"({"principal": {"type": "role", "account": "111122223333"}})").size(),
              1U);
}

/// Resources that are left in a statement of an identity policy.
std::vector<std::string> left_of(std::string_view resources, std::string_view question) {
  const PolicyDocument document =
      statements(R"({"Effect": "Allow", "Action": "*", "Resource": )" + std::string(resources) + "}");
  const Formula asked = formula(question);
  const PolicyDocument narrowed = Subject(asked).narrowed(document, PolicyKind::kIdentity);
  std::vector<std::string> out;
  for (const Text& one : narrowed.statements.front().resources.items) {
    out.push_back(one.str());
  }
  return out;
}

TEST(Narrowing, LeavesResourcesThatARequestMayBeAbout) {
  constexpr std::string_view kRoles =
      R"(["arn:aws:iam::111122223333:role/x", "arn:aws:iam::*:role/n*", "arn:aws:s3:::name", "*",
          "arn:aws:iam::444455556666:role/name", "arn:aws-cn:iam::111122223333:role/name"])";
  EXPECT_THAT(left_of(kRoles, R"({"resource": "arn:aws:iam::*:role/name"})"),
              ElementsAre("arn:aws:iam::*:role/n*", "*", "arn:aws:iam::444455556666:role/name"));
  EXPECT_THAT(left_of(kRoles, R"({"any": [{"resource": "arn:aws:s3:::*"}, {"resource": "arn:aws:iam::*:role/x"}]})"),
              // By one reading a star takes colons too, and then it takes more than two ends can tell.
              ElementsAre("arn:aws:iam::111122223333:role/x", "arn:aws:iam::*:role/n*", "arn:aws:s3:::name", "*"));
  EXPECT_THAT(
      left_of(kRoles, R"({"all": [{"resource": "arn:aws:iam::*:role/name"}, {"resource": "arn:aws-cn:*:*:*:*"}]})"),
      ElementsAre("*"));
  EXPECT_THAT(left_of(kRoles, R"({"not": {"resource": "arn:aws:s3:::name"}})").size(), 6U);
  EXPECT_THAT(left_of(kRoles, R"({"any": [{"resource": "arn:aws:s3:::*"}, {"absent": "aws:SourceIp"}]})").size(), 6U);
}

TEST(Narrowing, LeavesResourcesThatAreNotKnown) {
  EXPECT_THAT(left_of(R"(["<bucket.arn>/*", "arn:aws:s3:::<var.name>/*", "arn:aws:sqs:<var.region>:*:q"])",
                      R"({"resource": "arn:aws:s3:::b/x"})")
                  .size(),
              2U);
  EXPECT_THAT(left_of(R"(["arn:aws:iam::111122223333:user/${aws:username}", "arn:aws:iam::111122223333:group/${x}"])",
                      R"({"resource": "arn:aws:iam::111122223333:user/b"})")
                  .size(),
              1U);
}

TEST(Narrowing, TakesTheValuesOfKeysThatTheQuestionFixes) {
  constexpr std::string_view kOwn =
      R"(["arn:aws:iam::<own.account_id>:user/${aws:username}", "arn:aws:iam::*:user/team/${AWS:UserName}-${x}"])";
  const auto of_user = [&](std::string_view test) {
    return left_of(kOwn, R"({"all": [{"resource": "arn:aws:iam::*:user/b"}, )" + std::string(test) + "]}");
  };
  EXPECT_THAT(of_user(R"({"eq": ["aws:username", "a"]})"),
              ElementsAre("arn:aws:iam::*:user/team/${AWS:UserName}-${x}"));
  EXPECT_THAT(of_user(R"({"all": [{"eq": ["aws:username", "a"]}, {"eq": ["x", "a"]}]})"), IsEmpty());
  EXPECT_THAT(of_user(R"({"eq": ["aws:username", "b"]})").size(), 2U);
  EXPECT_THAT(of_user(R"({"not": {"eq": ["aws:username", "a"]}})").size(), 2U);
  EXPECT_THAT(of_user(R"({"in": ["aws:username", ["a", "c"]]})").size(), 2U);
  EXPECT_THAT(of_user(R"({"eq": ["aws:username", ""]})").size(), 2U);
  EXPECT_THAT(of_user(R"({"any": [{"eq": ["aws:username", "a"]}, {"eq": ["aws:username", "c"]}]})").size(), 2U);
}

// What the documentation leaves open may be read either way, so what one of the readings lets in stays.
TEST(Narrowing, LeavesResourcesOfEachReading) {
  // A star may cross colons.
  EXPECT_THAT(
      left_of(R"("arn:aws:iam::*:role/x")", R"({"resource": "arn:aws:iam::111122223333:user/a:role/x"})").size(), 1U);
  // Fields that a short ARN lacks may be anything.
  EXPECT_THAT(left_of(R"("arn:aws:s3*")", R"({"resource": "arn:aws:s3:::b"})").size(), 1U);
  // Case may not count before the resource.
  EXPECT_THAT(left_of(R"(["arn:aws:S3:::b", "arn:aws:S3:::c"])", R"({"resource": "arn:aws:s3:::b"})"),
              ElementsAre("arn:aws:S3:::b"));
}

TEST(Narrowing, KeepsThePlacesOfStatements) {
  const PolicyDocument document = statements(
      R"({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "s3:*", "Resource": "*",
          "Condition": {"StringLike": {"aws:SourceArn": "<var.source>"}}},
         {"Effect": "Allow", "Principal": {"AWS": "111122223333"}, "NotAction": "iam:*", "Resource": "*"},
         {"Effect": "Deny", "NotPrincipal": {"AWS": "111122223333"}, "Action": "ec2:*", "Resource": "*"})");
  const Formula users = formula(R"({"all": [{"action": "s3:GetObject"}, {"principal": {"type": "user"}}]})");
  const PolicyDocument narrowed = Subject(users).narrowed(document, PolicyKind::kResource);
  ASSERT_EQ(narrowed.statements.size(), 3U);
  EXPECT_THAT(narrowed.statements[0].conditions, IsEmpty());
  EXPECT_TRUE(narrowed.statements[1].not_actions.present);
  EXPECT_THAT(narrowed.statements[2].actions.items, IsEmpty());
  const Proof proof = prove_never_allows(document, PolicyKind::kResource, users);
  EXPECT_EQ(proof.answer, Truth::kNo) << proof.because;
  EXPECT_EQ(proof.statement, 1U);
}

TEST(Narrowing, AnswersAtOnceWhereNothingIsAllowed) {
  const PolicyDocument document = statements(
      R"({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole",
          "Condition": {"StringLike": {"<var.key>": "<var.value>"}}})");
  const Proof proof =
      prove_never_allows(document, PolicyKind::kTrust, formula(R"({"principal": {"type": ["user", "role"]}})"));
  EXPECT_EQ(proof.answer, Truth::kYes) << proof.because;
  EXPECT_EQ(proof.because, "no such request is allowed");
  EXPECT_THAT(proof.holes, IsEmpty());
  EXPECT_FALSE(may_allow(statements(R"({"Effect": "Deny", "Action": "*", "Resource": "*"})")));
  EXPECT_TRUE(may_allow(statements(R"({"Effect": "<var.effect>", "Action": "*", "Resource": "*"})")));
}

TEST(Narrowing, SeesWhatMayAllowWithoutACopy) {
  const PolicyDocument document = statements(
      R"({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"},
         {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "s3:Get*",
          "Resource": "arn:aws:s3:::logs/*"})");
  const auto may = [&](std::string_view question) {
    const Formula asked = formula(question);
    const Subject subject(asked);
    const bool out = subject.may_allow(document, PolicyKind::kResource);
    EXPECT_EQ(out, may_allow(subject.narrowed(document, PolicyKind::kResource))) << question;
    return out;
  };
  EXPECT_TRUE(may(R"({"action": "s3:GetObject"})"));
  EXPECT_FALSE(may(R"({"action": "s3:PutObject"})"));
  EXPECT_TRUE(may(R"({"principal": {"type": "service"}})"));
  EXPECT_FALSE(may(R"({"principal": {"type": "user"}})"));
  EXPECT_TRUE(may(R"({"resource": "arn:aws:s3:::logs/*"})"));
  EXPECT_FALSE(may(R"({"resource": "arn:aws:s3:::other/*"})"));
}

TEST(Narrowing, SaysByItsNameWhichActionIsCovered) {
  const auto about = [](std::string_view actions) {
    const PolicyDocument document =
        statements(R"({"Effect": "Allow", "Resource": "*", "Action": )" + std::string(actions) + "}");
    std::vector<std::string> out;
    for (const Text& one : actions_about(document.statements.front().actions.items, "s3:GetObject")) {
      out.push_back(one.str());
    }
    return out;
  };
  EXPECT_THAT(about(R"(["s3:Get*", "s3:*", "ec2:*"])"), ElementsAre("s3:GetObject"));
  EXPECT_THAT(about(R"(["s3:<var.name>", "*"])"), ElementsAre("s3:{var.name}", "s3:GetObject"));
  EXPECT_THAT(about(R"(["*:*"])"), ElementsAre("*:*"));
  EXPECT_THAT(about(R"("ec2:*")"), IsEmpty());
}

TEST(Narrowing, FactsAreNamedForWhoAsks) {
  const PolicyDocument document = statements(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "*",
      "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
      {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}})");
  Assumptions unnamed;
  unnamed.name_assumed = false;
  const Proof proof = prove_denies(document, PolicyKind::kIdentity, formula(R"({"action": "s3:*"})"), unnamed);
  EXPECT_EQ(proof.answer, Truth::kYes) << proof.because;
  EXPECT_THAT(proof.assumed, IsEmpty());
}

}  // namespace
}  // namespace gabion::iam
