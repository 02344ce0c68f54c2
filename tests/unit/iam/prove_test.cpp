#include "iam/prove.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "iam/compare.h"
#include "iam/key_facts.h"
#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using ::testing::Contains;
using testing::formula;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::statements;

constexpr std::string_view kUnencryptedPut =
    R"({"all": [{"action": "s3:PutObject"}, {"resource": "<b.arn>/*"},
                {"not": {"eq": ["s3:x-amz-server-side-encryption", "aws:kms"]}}]})";

std::vector<std::string> names(const std::vector<Hole>& holes) {
  std::vector<std::string> out;
  for (const Hole& one : holes) {
    out.push_back(one.name);
  }
  return out;
}

// ---- Facts about AWS. ----

// Whoever signs a request tells whether it is a service: a denial for those that are none does not miss them.
TEST(ProveFacts, SignedRequestsSayWhetherAServiceMakesThem) {
  const auto denied = [](std::string_view caller) {
    return prove_denies(statements(R"({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false", "aws:PrincipalIsAWSService": "false"}}})"),
                        PolicyKind::kResource,
                        formula(R"({"all": [{"action": "s3:GetObject"}, {"eq": ["aws:SecureTransport", "false"]},
                                            {"principal": {"type": ")" +
                                std::string(caller) + R"("}}]})"));
  };
  for (const char* caller : {"root", "user", "role", "session"}) {
    EXPECT_EQ(denied(caller).answer, Truth::kYes) << caller << ": " << denied(caller).because;
  }
  for (const char* caller : {"service", "anonymous"}) {
    EXPECT_EQ(denied(caller).answer, Truth::kNo) << caller;
  }
}

// However many accounts a policy names, there is another one; and another service.
TEST(ProveFacts, ThereAreCallersThatNobodyNames) {
  constexpr std::string_view kAccounts = R"(["444455556666", "111122223333", "777788889999", "123456789012"])";
  const Proof accounts = prove_never_allows(
      statements(R"({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"},
                    {"Effect": "Deny", "Principal": {"AWS": )" +
                 std::string(kAccounts) + R"(}, "Action": "sts:AssumeRole"},
                    {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole",
                     "Condition": {"StringEquals": {"aws:PrincipalAccount": )" +
                 std::string(kAccounts) + "}}}"),
      PolicyKind::kTrust, formula(R"({"all": [{"action": "sts:AssumeRole"}, {"principal": {"type": "user"}}]})"));
  EXPECT_EQ(accounts.answer, Truth::kNo) << accounts.because;
  constexpr std::string_view kServices = R"(["ec2.amazonaws.com", "lambda.amazonaws.com", "example.amazonaws.com"])";
  const Proof services = prove_never_allows(
      statements(R"({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"},
                    {"Effect": "Deny", "Principal": {"Service": )" +
                 std::string(kServices) + R"(}, "Action": "sts:AssumeRole"})"),
      PolicyKind::kTrust, formula(R"({"all": [{"action": "sts:AssumeRole"}, {"principal": {"type": "service"}}]})"));
  EXPECT_EQ(services.answer, Truth::kNo) << services.because;
}

// ---- Unknown texts. ----

TEST(ProveHoles, TheSameUnknownBucketIsTheSame) {
  const Proof proof = prove_denies(statements(R"({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
      "Resource": "<b.arn>/*", "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}})"),
                                   PolicyKind::kResource, formula(kUnencryptedPut));
  EXPECT_EQ(proof.answer, Truth::kYes) << proof.because;
}

TEST(ProveHoles, TheBucketIsNotItsObjects) {
  const Proof proof = prove_denies(statements(R"({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
      "Resource": "<b.arn>", "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}})"),
                                   PolicyKind::kResource, formula(kUnencryptedPut));
  EXPECT_EQ(proof.answer, Truth::kNo) << proof.because;
  ASSERT_TRUE(proof.witness.has_value());
  EXPECT_THAT(proof.witness->resource, HasSubstr("{b.arn}/"));
}

TEST(ProveHoles, OtherUnknownBucketsMayBeTheSame) {
  const Proof proof = prove_denies(statements(R"({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
      "Resource": "<other.arn>/*", "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}})"),
                                   PolicyKind::kResource, formula(kUnencryptedPut));
  EXPECT_EQ(proof.answer, Truth::kUnknown) << proof.because;
  EXPECT_THAT(names(proof.holes), Contains("other.arn"));
}

// A pattern covers names that no action has.
TEST(ProveWitness, IsAnActionThatExists) {
  const auto action = [](std::string_view actions, std::string_view asked) {
    const Proof proof =
        allows_some(statements(R"({"Effect": "Allow", "Action": )" + std::string(actions) + R"(, "Resource": "*"})"),
                    PolicyKind::kIdentity, formula(asked));
    return proof.witness ? proof.witness->action : std::string();
  };
  EXPECT_EQ(action(R"("organizations:List*")", R"({"action": "*"})"), "organizations:ListAccounts");
  EXPECT_EQ(action(R"(["kms:Get*", "kms:List*"])", R"({"not": {"action": ["kms:Get*", "kms:ListA*"]}})"),
            "kms:ListGrants");
  EXPECT_EQ(action(R"("nobody:List*")", R"({"action": "*"})"), "nobody:Listexample");
}

// An unknown account is some account, so it is not the one that nobody has; any other one it may be.
TEST(ProveHoles, AnUnknownAccountIsNotNobodys) {
  const auto answer = [](std::string_view statement, std::string_view account) {
    std::string question(R"({"all": [{"principal": {"type": "role", "account": "ID"}},
        {"any": [{"absent": "aws:PrincipalArn"}, {"arnlike": ["aws:PrincipalArn", "arn:*:*::ID:*"]}]},
        {"any": [{"absent": "team:Account"}, {"eq": ["team:Account", "ID"]}]},
        {"any": [{"absent": "team:Arn"}, {"arnlike": ["team:Arn", "arn:*:*:*:ID:*"]}]}]})");
    for (std::size_t at = question.find("ID"); at != std::string::npos; at = question.find("ID")) {
      question.replace(at, 2, account);
    }
    return prove_never_allows(statements(statement), PolicyKind::kResource, formula(question)).answer;
  };
  for (
      const std::string_view allowed :
      {R"({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::<own.account_id>:root"}, "Action": "*", "Resource": "*"})",
       R"({"Effect": "Allow", "Principal": {"AWS": "<own.account_id>"}, "Action": "*", "Resource": "*"})",
       R"({"Effect": "Allow", "Principal": {"AWS": "<role.arn>"}, "Action": "*", "Resource": "*"})",
       R"({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
            "Condition": {"StringEquals": {"team:Account": "<own.account_id>"}}})",
       R"({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
            "Condition": {"StringLike": {"team:Account": ["<own.account_id>"]}}})",
       R"({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
            "Condition": {"ArnLike": {"team:Arn": "arn:aws:sns:*:<own.account_id>:*"}}})"}) {
    EXPECT_EQ(answer(allowed, kNoAccount), Truth::kYes) << allowed;
    EXPECT_EQ(answer(allowed, "012345678901"), Truth::kUnknown) << allowed;
    EXPECT_EQ(answer(allowed, "000000000001"), Truth::kUnknown) << allowed;
  }
  for (const std::string_view open :
       {R"({"Effect": "Allow", "Principal": {"AWS": "<var.account>"}, "Action": "*", "Resource": "*"})",
        R"({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*",
            "Condition": {"StringLike": {"team:Account": "<var.account>"}}})"}) {
    EXPECT_EQ(answer(open, kNoAccount), Truth::kUnknown) << open;
  }
}

// A Region has no colon, so what stands behind it is the account.
TEST(ProveHoles, AnUnknownRegionIsOneField) {
  const auto answer = [](std::string_view arn) {
    return prove_never_allows(
               statements(R"({"Effect": "Allow", "Action": "*", "Resource": ")" + std::string(arn) + "\"}"),
               PolicyKind::kIdentity, formula(R"({"resource": "arn:aws:ecr:*:000000000000:repository/*"})"))
        .answer;
  };
  EXPECT_EQ(answer("arn:aws:ecr:<own.region>:<own.account_id>:repository/a"), Truth::kYes);
  EXPECT_EQ(answer("arn:<own.region>:ecr:<other.region>:111122223333:repository/a"), Truth::kYes);
  EXPECT_EQ(answer("arn:aws:ecr:<var.region>:<own.account_id>:repository/a"), Truth::kUnknown);
  EXPECT_EQ(answer("arn:aws:ecr:<own.region>:*:repository/a"), Truth::kNo);
  EXPECT_EQ(answer("arn:aws:ecr:<own.region>:<var.account>:repository/a"), Truth::kUnknown);
}

TEST(ProveHoles, AWrongValueIsWrongForEveryBucket) {
  const Proof proof = prove_denies(statements(R"({"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
      "Resource": "<other.arn>/*", "Condition": {"StringEquals": {"s3:x-amz-server-side-encryption": "AES256"}}})"),
                                   PolicyKind::kResource, formula(kUnencryptedPut));
  EXPECT_EQ(proof.answer, Truth::kNo) << proof.because;
}

TEST(ProveHoles, AStarCoversUnknownBuckets) {
  for (const char* resource : {"*", "arn:aws:s3:::*"}) {
    const Proof proof = prove_denies(
        statements(R"({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ")" + std::string(resource) +
                   R"(", "Condition": {"Bool": {"aws:SecureTransport": "false"}}})"),
        PolicyKind::kResource,
        formula(R"({"all": [{"action": "s3:*"}, {"resource": ["arn:aws:s3:::<b.id>", "arn:aws:s3:::<b.id>/*"]},
                                         {"eq": ["aws:SecureTransport", "false"]}]})"));
    EXPECT_EQ(proof.answer, Truth::kYes) << resource << ": " << proof.because;
  }
}

TEST(ProveHoles, AMissingResourceIsFoundForUnknownBuckets) {
  const Proof proof = prove_denies(
      statements(R"({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "<b.arn>/*",
                                  "Condition": {"Bool": {"aws:SecureTransport": "false"}}})"),
      PolicyKind::kResource, formula(R"({"all": [{"action": "s3:*"}, {"resource": ["<b.arn>", "<b.arn>/*"]},
                                       {"eq": ["aws:SecureTransport", "false"]}]})"));
  EXPECT_EQ(proof.answer, Truth::kNo) << proof.because;
  ASSERT_TRUE(proof.witness.has_value());
  EXPECT_EQ(proof.witness->resource, "{b.arn}");
}

TEST(ProveHoles, AnUnknownActionMayBeAnything) {
  const Formula scope = formula(R"({"action": "iam:PassRole"})");
  const Proof proof = prove_never_allows(
      statements(R"({"Effect": "Allow", "Action": "<var.action>", "Resource": "*"})"), PolicyKind::kIdentity, scope);
  EXPECT_EQ(proof.answer, Truth::kUnknown) << proof.because;
  EXPECT_THAT(names(proof.holes), Contains("var.action"));
  EXPECT_EQ(
      prove_never_allows(statements(R"({"Effect": "Allow", "Action": ["<var.action>", "iam:*"], "Resource": "*"})"),
                         PolicyKind::kIdentity, scope)
          .answer,
      Truth::kNo);
  EXPECT_EQ(prove_never_allows(statements(R"({"Effect": "Allow", "Action": "s3:<var.action>", "Resource": "*"})"),
                               PolicyKind::kIdentity, scope)
                .answer,
            Truth::kYes);
}

TEST(ProveHoles, AnUnknownPrincipalMayBeEverybody) {
  const Formula anonymous = formula(R"({"principal": {"type": "anonymous"}})");
  const auto with = [](const std::string& principal) {
    return statements(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Principal": )" + principal +
                      "}");
  };
  EXPECT_EQ(prove_never_allows(with(R"({"AWS": "<var.principal>"})"), PolicyKind::kResource, anonymous).answer,
            Truth::kUnknown);
  EXPECT_EQ(prove_never_allows(with(R"({"AWS": "<aws_iam_role.r.arn>"})"), PolicyKind::kResource, anonymous).answer,
            Truth::kYes);
  EXPECT_EQ(prove_never_allows(with(R"({"AWS": "arn:aws:iam::<data.aws_caller_identity.c.account_id>:root"})"),
                               PolicyKind::kResource, anonymous)
                .answer,
            Truth::kYes);
}

TEST(ProveHoles, TheOwnAccountIsNotAnother) {
  // Everybody outside of the account is kept out, whatever its number is.
  const Formula outside = formula(
      R"({"all": [{"principal": {"type": ["root", "user", "role", "session"]}},
                  {"not": {"principal": {"account": "<own.account_id>"}}}]})");
  const auto with = [](const std::string& principal) {
    return statements(R"({"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": )" + principal + "}");
  };
  EXPECT_EQ(prove_never_allows(with(R"({"AWS": "arn:aws:iam::<own.account_id>:root"})"), PolicyKind::kResource, outside)
                .answer,
            Truth::kYes);
  EXPECT_EQ(prove_never_allows(with(R"("*")"), PolicyKind::kResource, outside).answer, Truth::kNo);
  EXPECT_EQ(
      prove_never_allows(with(R"({"AWS": "arn:aws:iam::444455556666:root"})"), PolicyKind::kResource, outside).answer,
      Truth::kUnknown)
      << "the own account may be 444455556666";
}

TEST(ProveHoles, ARoleThatIsNamedIsARole) {
  const Formula user = formula(R"({"all": [{"action": "sts:AssumeRole"}, {"principal": {"type": "user"}}]})");
  const PolicyDocument trust =
      statements(R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "<aws_iam_role.ci.arn>"}})");
  EXPECT_EQ(prove_never_allows(trust, PolicyKind::kTrust, user).answer, Truth::kYes);
  const Formula role = formula(R"({"all": [{"action": "sts:AssumeRole"}, {"principal": {"type": "role"}}]})");
  const Proof proof = prove_never_allows(trust, PolicyKind::kTrust, role);
  EXPECT_EQ(proof.answer, Truth::kNo) << proof.because;
  ASSERT_TRUE(proof.witness.has_value());
  EXPECT_EQ(proof.witness->principal, "{aws_iam_role.ci.arn}");
}

TEST(ProveHoles, AConditionOnAnUnknownOrganisationStillKeepsAnonymousCallersOut) {
  const Proof proof =
      prove_never_allows(statements(R"({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*",
                     "Condition": {"StringEquals": {"aws:PrincipalOrgID": "<var.organisation>"}}})"),
                         PolicyKind::kResource, formula(R"({"principal": {"type": "anonymous"}})"));
  EXPECT_EQ(proof.answer, Truth::kYes) << proof.because;
  EXPECT_THAT(proof.assumed, Contains(HasSubstr("aws:principalorgid")));
}

TEST(ProveHoles, AnUnknownEffectIsOpen) {
  const Formula all = formula(R"({"true": 1})");
  const PolicyDocument document = statements(R"({"Effect": "<var.effect>", "Action": "s3:*", "Resource": "*"})");
  EXPECT_EQ(prove_never_allows(document, PolicyKind::kIdentity, all).answer, Truth::kUnknown);
  EXPECT_EQ(prove_never_allows(document, PolicyKind::kIdentity, formula(R"({"action": "ec2:*"})")).answer, Truth::kYes);
}

TEST(ProveHoles, UnknownStatementsAreOpen) {
  const PolicyDocument document = testing::document(
      R"({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}, <var.more>]})");
  ASSERT_TRUE(document.open.has_value());
  EXPECT_EQ(prove_never_allows(document, PolicyKind::kIdentity, formula(R"({"action": "iam:*"})")).answer, Truth::kYes);
  EXPECT_EQ(prove_never_allows(document, PolicyKind::kIdentity, formula(R"({"action": "s3:*"})")).answer,
            Truth::kUnknown);
  EXPECT_EQ(prove_denies(document, PolicyKind::kIdentity, formula(R"({"action": "s3:*"})")).answer, Truth::kUnknown);
}

TEST(ProveHoles, AnUnknownWildcardIsNotTheTextItself) {
  // The value of the variable may have wildcards: what it matches is more than what equals it.
  const PolicyDocument document = statements(R"({"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*",
                     "Condition": {"StringLike": {"s3:prefix": "<var.prefix>"}}},
                    {"Effect": "Deny", "Action": "*", "Resource": "*",
                     "Condition": {"StringEquals": {"s3:prefix": "<var.prefix>"}}})");
  EXPECT_EQ(prove_never_allows(document, PolicyKind::kIdentity, formula(R"({"true": 1})")).answer, Truth::kUnknown);
}

// ---- Facts about AWS. ----

TEST(ProveFacts, TheAccountKeyIsTheAccountOfTheCaller) {
  const PolicyDocument document =
      statements(R"({"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*",
                     "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}})");
  const Formula outside = formula(R"({"not": {"principal": {"account": "111122223333"}}})");
  const Proof proof = prove_never_allows(document, PolicyKind::kResource, outside);
  EXPECT_EQ(proof.answer, Truth::kNo) << "services carry no account of their own: " << proof.because;
  const Formula people =
      formula(R"({"all": [{"principal": {"type": ["root", "user", "role", "session", "federated-user", "anonymous"]}},
                          {"not": {"principal": {"account": "111122223333"}}}]})");
  const Proof of_people = prove_never_allows(document, PolicyKind::kResource, people);
  EXPECT_EQ(of_people.answer, Truth::kYes) << of_people.because;
  EXPECT_THAT(of_people.assumed, Contains(HasSubstr("caller's account")));
}

TEST(ProveFacts, ThePrincipalKeyIsTheCaller) {
  const PolicyDocument document = statements(R"({"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*",
                     "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/admin-*"}}})");
  EXPECT_EQ(prove_never_allows(document, PolicyKind::kResource, formula(R"({"principal": {"type": "user"}})")).answer,
            Truth::kYes);
  const Proof proof =
      prove_never_allows(document, PolicyKind::kResource, formula(R"({"principal": {"type": "session"}})"));
  ASSERT_EQ(proof.answer, Truth::kNo) << proof.because;
  EXPECT_THAT(proof.witness->principal, HasSubstr("assumed-role/admin-"));
}

TEST(ProveWitness, OfAMissingDenialIsSomebodyThePolicyNames) {
  const Formula put = formula(R"({"action": "s3:PutObject"})");
  const auto witness = [&](const std::string& text) {
    const Proof proof = prove_denies(statements(text), PolicyKind::kResource, put);
    EXPECT_EQ(proof.answer, Truth::kNo) << text;
    return proof.witness ? proof.witness->principal : std::string();
  };
  const std::string writer = R"({"AWS": "arn:aws:iam::111122223333:role/writer"})";
  // Denied without TLS: with it, the role that is named is no more denied than anybody else.
  EXPECT_EQ(witness(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": )" + writer +
                    R"(, "Condition": {"Bool": {"aws:SecureTransport": "false"}}})"),
            "arn:aws:iam::111122223333:role/writer");
  EXPECT_EQ(witness(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Principal": )" + writer + "}"),
            "arn:aws:iam::111122223333:role/writer");
  // The one who is named is denied: others are not.
  EXPECT_THAT(witness(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": )" + writer + "}"),
              ::testing::Not(HasSubstr("role/writer")));
}

// What was granted until a day that is over grants nothing; what ends on a later day was granted on some.
TEST(ProveFacts, TimeThatIsOverDoesNotComeBack) {
  const auto allowed = [](std::string_view condition, const Assumptions& assumptions) {
    return prove_never_allows(statements(R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": )" +
                                         std::string(condition) + "}"),
                              PolicyKind::kIdentity, formula(R"({"action": "s3:GetObject"})"), assumptions);
  };
  for (const std::string_view over : {R"({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}})",
                                      R"({"DateLessThanEquals": {"aws:EpochTime": "1577836800"}})",
                                      R"({"DateGreaterThan": {"aws:CurrentTime": "2019-01-01T00:00:00Z"},
                                          "DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}})"}) {
    const Proof proof = allowed(over, {});
    EXPECT_EQ(proof.answer, Truth::kYes) << over << ": " << proof.because;
    Assumptions without;
    for (const std::string& fact : proof.assumed) {
      if (fact.ends_with("is not before 2026")) {
        without.without.push_back(fact);
      }
    }
    EXPECT_EQ(without.without.size(), 1U) << over;
    EXPECT_EQ(allowed(over, without).answer, Truth::kNo) << over;
  }
  for (const std::string_view open : {R"({"DateLessThan": {"aws:CurrentTime": "2026-01-02T00:00:00Z"}})",
                                      R"({"DateGreaterThan": {"aws:CurrentTime": "2019-01-01T00:00:00Z"}})",
                                      R"({"DateLessThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}})"}) {
    EXPECT_EQ(allowed(open, {}).answer, Truth::kNo) << open;
  }
  // A denial that ended denies nothing, one that began denies everything.
  const auto denied = [](std::string_view condition) {
    return prove_denies(statements(R"({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": )" +
                                   std::string(condition) + "}"),
                        PolicyKind::kIdentity, formula(R"({"action": "s3:GetObject"})"))
        .answer;
  };
  EXPECT_EQ(denied(R"({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}})"), Truth::kNo);
  EXPECT_EQ(denied(R"({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}})"), Truth::kYes);
}

TEST(ProveFacts, CanBeSwitchedOff) {
  const PolicyDocument document = statements(R"({"Effect": "Deny", "Action": "*", "Resource": "*",
                     "Condition": {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}})");
  const Formula elsewhere = formula(R"({"all": [{"present": "aws:RequestedRegion"},
                                                {"not": {"eq": ["aws:RequestedRegion", "eu-west-1"]}}]})");
  Assumptions none;
  none.aws = false;
  EXPECT_EQ(prove_denies(document, PolicyKind::kIdentity, elsewhere, none).answer, Truth::kYes);
  const PolicyDocument bool_only = statements(
      R"({"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}})");
  const Formula insecure = formula(R"({"not": {"eq": ["aws:SecureTransport", "true"]}})");
  EXPECT_EQ(prove_denies(bool_only, PolicyKind::kResource, insecure, none).answer, Truth::kNo);
  const PolicyDocument everyone = statements(
      R"({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}})");
  const Proof proof = prove_denies(everyone, PolicyKind::kResource, insecure);
  EXPECT_EQ(proof.answer, Truth::kYes) << proof.because;
  EXPECT_THAT(proof.assumed, Contains(HasSubstr("aws:SecureTransport")));
}

// ---- Open points. ----

TEST(ProveOpenPoints, AreNamedWhenTheAnswerHangsOnThem) {
  const PolicyDocument document = statements(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*",
                     "Condition": {"ForAnyValue:StringEqualsIfExists": {"aws:TagKeys": "env"}}})");
  const Proof proof = prove_never_allows(document, PolicyKind::kIdentity, formula(R"({"absent": "aws:TagKeys"})"));
  EXPECT_EQ(proof.answer, Truth::kUnknown);
  EXPECT_TRUE(proof.open_points.has(OpenPoint::kAnyIfExists));
  EXPECT_THAT(proof.because, HasSubstr("IfExists"));
}

TEST(ProveOpenPoints, DoNotMatterWhenThereIsAnotherWitness) {
  const PolicyDocument document = statements(
      R"({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "NotResource": "arn:aws:s3:::b/*"},
         {"Effect": "Deny", "NotPrincipal": {"AWS": "arn:aws:iam::111122223333:user/bob"}, "Action": "s3:Get*", "Resource": "*"})");
  const Proof proof = prove_denies(document, PolicyKind::kResource, formula(R"({"action": "s3:*"})"));
  EXPECT_EQ(proof.answer, Truth::kNo) << proof.because;
}

// ---- Budgets. ----

TEST(ProveBudget, RunningOutIsSaid) {
  Assumptions few;
  few.steps = 1;
  const Proof proof =
      prove_never_allows(statements(R"({"Effect": "Allow", "Action": ["s3:*Object*", "s3:?et*"], "Resource": "*"},
                    {"Effect": "Deny", "Action": ["s3:G*", "s3:P*"], "Resource": "*"})"),
                         PolicyKind::kIdentity, formula(R"({"action": "s3:*"})"), few);
  EXPECT_EQ(proof.answer, Truth::kUnknown);
  EXPECT_THAT(proof.because, HasSubstr("steps"));
}

TEST(ProveWitness, IsARequestThatCanBeMade) {
  const Formula plain = formula(R"({"all": [{"action": "s3:*"}, {"eq": ["aws:SecureTransport", "false"]},
                                            {"resource": ["arn:aws:s3:::shop", "arn:aws:s3:::shop/*"]}]})");
  const auto witness = [&](const std::string& denied) {
    const Proof proof = prove_denies(statements(R"({"Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": "arn:aws:s3:::shop/*"}, {"Effect": "Deny", "Principal": "*", "Action": ")" +
                                                denied + R"(", "Resource": "arn:aws:s3:::shop"})"),
                                     PolicyKind::kResource, plain);
    EXPECT_EQ(proof.answer, Truth::kNo) << denied;
    return proof.witness ? proof.witness->action : std::string();
  };
  // Nobody gets an object from a bucket's own ARN.
  EXPECT_EQ(witness("s3:PutObject"), "s3:ListBucket");
  EXPECT_EQ(witness("s3:List*"), "s3:PutBucketPolicy");
}

// ---- Several documents. ----

TEST(ProveTogether, ADenyInOneCountsForAll) {
  const std::vector<PolicyDocument> documents{statements(R"({"Effect": "Allow", "Action": "*", "Resource": "*"})"),
                                              statements(R"({"Effect": "Deny", "Action": "iam:*", "Resource": "*"})")};
  const std::vector<const PolicyDocument*> together{&documents[0], &documents[1]};
  EXPECT_EQ(prove_never_allows(together, PolicyKind::kIdentity, formula(R"({"action": "iam:*"})")).answer, Truth::kYes);
  EXPECT_EQ(prove_never_allows(together, PolicyKind::kIdentity, formula(R"({"action": "s3:*"})")).answer, Truth::kNo);
}

TEST(Compare, EscalatingUnionsAreSeen) {
  const PolicyDocument old = statements(R"({"Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::b/*"})");
  const PolicyDocument changed =
      statements(R"({"Effect": "Allow", "Action": ["s3:Get*", "s3:Put*"], "Resource": "arn:aws:s3:::b/*"})");
  EXPECT_EQ(compare(changed, old, PolicyKind::kIdentity).answer, Truth::kYes);
  const Proof proof = compare(old, changed, PolicyKind::kIdentity);
  ASSERT_EQ(proof.answer, Truth::kNo);
  EXPECT_THAT(proof.witness->action, HasSubstr("s3:Put"));
}

TEST(Compare, ADocumentAllowsNothingNewAgainstItselfWithHoles) {
  const PolicyDocument document = statements(
      R"({"Effect": "Allow", "Action": "s3:*", "Resource": ["<b.arn>", "<b.arn>/*"],
          "Condition": {"StringEquals": {"aws:PrincipalOrgID": "<var.organisation>"}}})");
  const Proof proof = compare(document, document, PolicyKind::kIdentity);
  EXPECT_EQ(proof.answer, Truth::kYes) << proof.because;
}

// ---- Keys whose names are not known. ----

constexpr std::string_view kWithoutMfa =
    R"({"all": [{"action": "sts:AssumeRoleWithWebIdentity"}, {"not": {"eq": ["aws:MultiFactorAuthPresent", "true"]}}]})";

TEST(ProveKeys, AnUnknownKeyOfAnotherEndIsAKeyOfItsOwn) {
  const Proof proof = prove_never_allows(
      statements(R"({"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/x.com"},
          "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"<var.issuer>:sub": "x"}}})"),
      PolicyKind::kTrust, formula(kWithoutMfa));
  EXPECT_EQ(proof.answer, Truth::kNo) << proof.because;
  ASSERT_TRUE(proof.witness.has_value());
  EXPECT_EQ(proof.witness->context.at("{var.issuer}:sub").values.front(), "x");
}

TEST(ProveKeys, AnUnknownKeyMayBeTheOneAskedAbout) {
  const Proof proof = prove_never_allows(
      statements(R"({"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/x.com"},
          "Action": "sts:AssumeRoleWithWebIdentity", "Condition": {"StringEquals": {"<var.key>": "true"}}})"),
      PolicyKind::kTrust, formula(kWithoutMfa));
  EXPECT_EQ(proof.answer, Truth::kUnknown) << proof.because;
}

TEST(ProveKeys, TwoUnknownKeysMayBeTheSame) {
  constexpr std::string_view kQuestion = R"({"action": "s3:GetObject"})";
  const auto ask = [&](std::string_view other) {
    return prove_never_allows(statements(R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition":
                   {"StringEquals": {"<var.a>:sub": "x"}, "StringLike": {")" +
                                         std::string(other) + R"(": "y"}}})"),
                              PolicyKind::kIdentity, formula(kQuestion))
        .answer;
  };
  EXPECT_EQ(ask("<var.b>:sub"), Truth::kUnknown);
  EXPECT_EQ(ask("<var.a>:sub"), Truth::kYes) << "one key cannot be both x and y";
  EXPECT_EQ(ask("<var.b>:aud"), Truth::kNo);
}

TEST(ProveKeys, WhatAWSDocumentsMayConcernAnUnknownKey) {
  const Proof proof = prove_never_allows(statements(R"({"Effect": "Allow", "Action": "*", "Resource": "*",
          "Condition": {"StringEquals": {"<var.prefix>:SourceVpc": "x"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}})"),
                                         PolicyKind::kIdentity, formula(R"({"action": "s3:GetObject"})"));
  EXPECT_EQ(proof.answer, Truth::kUnknown) << proof.because;
}

// ---- How users and accounts are spelled. ----

constexpr std::string_view kUsers = R"({"all": [{"action": "sts:AssumeRole"}, {"principal": {"type": "user"}}]})";

PolicyDocument roles_by_name(std::string_view pattern) {
  return statements(R"({"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole",
      "Condition": {"StringLike": {"aws:PrincipalArn": ")" +
                    std::string(pattern) + R"("}}})");
}

TEST(ProveSpelling, NoUserHasAColonInItsPath) {
  const Proof proof =
      prove_never_allows(roles_by_name("arn:aws:iam::*:role/github-actions"), PolicyKind::kTrust, formula(kUsers));
  EXPECT_EQ(proof.answer, Truth::kYes) << proof.because;
  EXPECT_THAT(proof.assumed, Contains(std::string(kSpellingFact)));
}

TEST(ProveSpelling, CanBeSwitchedOff) {
  Assumptions assumptions;
  assumptions.without.emplace_back(kSpellingFact);
  const Proof proof = prove_never_allows(roles_by_name("arn:aws:iam::*:role/github-actions"), PolicyKind::kTrust,
                                         formula(kUsers), assumptions);
  ASSERT_EQ(proof.answer, Truth::kNo) << proof.because;
  EXPECT_THAT(proof.witness->principal, HasSubstr(":user/"));
}

TEST(ProveSpelling, HidesNoUserThatIsNamed) {
  const Proof proof = prove_never_allows(roles_by_name("arn:aws:iam::*:user/*"), PolicyKind::kTrust, formula(kUsers));
  ASSERT_EQ(proof.answer, Truth::kNo) << proof.because;
  const std::string& arn = proof.witness->context.at("aws:PrincipalArn").values.front();
  EXPECT_THAT(arn, ::testing::MatchesRegex("arn:aws:iam::[0-9]+:user/.+"));
}

TEST(ProveSpelling, AccountsHaveTwelveDigits) {
  const PolicyDocument document = statements(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*",
      "Condition": {"StringLike": {"aws:PrincipalAccount": "1111*x*"}}})");
  EXPECT_EQ(prove_never_allows(document, PolicyKind::kIdentity, formula(R"({"true": true})")).answer, Truth::kYes);
}

TEST(ProveSpelling, UnknownAccountsStayAccounts) {
  // Nothing becomes unknown by the assumption: an account root with a hole lets users in.
  const Proof proof = prove_never_allows(
      statements(
          R"({"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::<var.account>:root"}, "Action": "sts:AssumeRole"})"),
      PolicyKind::kTrust, formula(kUsers));
  EXPECT_EQ(proof.answer, Truth::kNo) << proof.because;
  const Proof known = prove_never_allows(roles_by_name("arn:aws:iam::<var.account>:role/github-actions"),
                                         PolicyKind::kTrust, formula(kUsers));
  EXPECT_NE(known.answer, Truth::kNo) << known.because;
}

TEST(ProveFacts, EachCanBeSwitchedOff) {
  const PolicyDocument document = statements(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "*",
      "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
      {"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}})");
  const Formula everything = formula(R"({"action": "s3:*"})");
  const Proof yes = prove_denies(document, PolicyKind::kIdentity, everything);
  EXPECT_EQ(yes.answer, Truth::kYes);
  ASSERT_THAT(yes.assumed, ::testing::ElementsAre("every request carries aws:SecureTransport"));
  Assumptions without;
  without.without = yes.assumed;
  EXPECT_EQ(prove_denies(document, PolicyKind::kIdentity, everything, without).answer, Truth::kNo);
  Assumptions none;
  none.aws = false;
  EXPECT_EQ(prove_denies(document, PolicyKind::kIdentity, everything, none).answer, Truth::kNo);
}

// A Deny of one odd text is none of the texts that it looks like.
TEST(ProveTexts, NoCharacterEndsAText) {
  const Formula get = formula(R"({"action": ["s3:GetObject", "s3:PutObject"]})");
  const auto allows = [&](std::string_view deny, std::string_view allow) {
    const PolicyDocument document = statements(R"({"Effect": "Deny", )" + std::string(deny) +
                                               R"(}, {"Effect": "Allow", )" + std::string(allow) + "}");
    return prove_never_allows(document, PolicyKind::kResource, get).answer;
  };
  constexpr std::string_view kRest = R"(, "Principal": "*", "Resource": "*")";
  EXPECT_EQ(allows(R"("Action": "s3:getobject\u0003\u0002s3:x")" + std::string(kRest),
                   R"("Action": ["s3:GetObject", "s3:X"])" + std::string(kRest)),
            Truth::kNo);
  constexpr std::string_view kAll = R"("Principal": "*", "Action": "*", )";
  EXPECT_EQ(allows(std::string(kAll) + R"("Resource": "arn:aws:s3:::a\u0003\u0002arn:aws:s3:::b")",
                   std::string(kAll) + R"("Resource": ["arn:aws:s3:::a", "arn:aws:s3:::b"])"),
            Truth::kNo);
  EXPECT_EQ(
      allows(
          std::string(kAll) + R"("Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpc": "a\u0003\u0002b"}})",
          std::string(kAll) + R"("Resource": "*", "Condition": {"StringEquals": {"aws:SourceVpc": ["a", "b"]}})"),
      Truth::kNo);
  EXPECT_EQ(allows(std::string(kAll) + R"("Resource": "*",
                       "Condition": {"StringLike": {"aws:SourceVpc": "x${aws:username}"}})",
                   std::string(kAll) + R"("Resource": "*",
                       "Condition": {"StringLike": {"aws:SourceVpc": "x${aws:username, '\u0002'}"}})"),
            Truth::kNo);
  constexpr std::string_view kEverything = R"("Action": "*", "Resource": "*", )";
  EXPECT_EQ(allows(std::string(kEverything) + R"("Principal": {"AWS": "arn:aws:iam::111122223333:role/a\u0002AWS\u0001)"
                                              R"(arn:aws:iam::111122223333:role/b"})",
                   std::string(kEverything) + R"("Principal": {"AWS": ["arn:aws:iam::111122223333:role/a",
                                                                       "arn:aws:iam::111122223333:role/b"]})"),
            Truth::kNo);
}

// In a field of an ARN a variable stands for no colon.
TEST(ProveTexts, APatternOfAnArnIsAnotherOneThanThatOfAText) {
  const auto statement = [](std::string_view effect, std::string_view op) {
    return R"({"Effect": ")" + std::string(effect) + R"(", "Action": "*", "Resource": "*", "Condition": {")" +
           std::string(op) + R"(": {"aws:SourceArn": "arn:aws:s3:${aws:PrincipalTag/t}:1:x"}}})";
  };
  const Formula get = formula(R"({"action": "s3:GetObject"})");
  const auto answer = [&](const std::string& one, const std::string& other) {
    return prove_never_allows(statements(one + ", " + other), PolicyKind::kIdentity, get).answer;
  };
  EXPECT_EQ(answer(statement("Allow", "StringLike"), statement("Deny", "ArnLike")), Truth::kNo);
  EXPECT_NE(answer(statement("Allow", "ArnLike"), statement("Deny", "StringLike")), Truth::kNo);
}

TEST(ProveHoles, TheAccountOfAProviderMayBeTheUnknownOne) {
  const Formula of_others = formula(
      R"({"all": [{"action": "sts:AssumeRoleWithSAML"}, {"not": {"principal": {"account": "<own.account_id>"}}}]})");
  for (const std::string_view account : {"444455556666", "111122223333", "777788889999"}) {
    const PolicyDocument document =
        statements(R"({"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::)" + std::string(account) +
                   R"(:saml-provider/p"}, "Action": "sts:AssumeRoleWithSAML"})");
    EXPECT_EQ(prove_never_allows(document, PolicyKind::kTrust, of_others).answer, Truth::kUnknown) << account;
  }
}

// Whom a test of the caller's own key names may be of an account that is not known.
TEST(ProveHoles, AnAccountThatATestNamesMayBeTheUnknownOne) {
  const Formula get = formula(R"({"all": [{"action": "s3:GetObject"}, {"principal": {"type": "user"}}]})");
  const Formula of_account = formula(R"({"all": [{"action": "s3:GetObject"}, {"principal": {"type": "user"}},
      {"arnlike": ["aws:PrincipalArn", "arn:*:*:*:111122223333:*"]}]})");
  constexpr std::string_view kDeny = R"({"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::<own.account_id>:root"},
      "Action": "s3:*", "Resource": "*"})";
  const auto answer = [&](std::string_view condition, const Formula& asked) {
    return prove_never_allows(statements(std::string(kDeny) + R"(, {"Effect": "Allow", "Principal": "*",
        "Action": "s3:*", "Resource": "*")" +
                                         std::string(condition) + "}"),
                              PolicyKind::kResource, asked)
        .answer;
  };
  EXPECT_EQ(answer("", get), Truth::kNo);
  EXPECT_EQ(answer("", of_account), Truth::kUnknown);
  EXPECT_EQ(answer(R"(, "Condition": {"StringEquals": {"aws:PrincipalAccount": "111122223333"}})", get),
            Truth::kUnknown);
  EXPECT_EQ(answer(R"(, "Condition": {"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}})", get), Truth::kNo);
}

}  // namespace
}  // namespace gabion::iam
