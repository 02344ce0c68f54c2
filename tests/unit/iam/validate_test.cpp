#include "iam/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using findings::DiagnosticSeverity;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// "E code" for errors, "W code" for warnings, in order.
std::vector<std::string> codes(std::string_view text, PolicyUse use) {
  std::vector<std::string> out;
  for (const PolicyProblem& problem : validate(testing::reading(text), use)) {
    out.push_back((problem.what.severity == DiagnosticSeverity::kError ? "E " : "W ") + problem.what.code);
  }
  return out;
}

/// Of one statement in a document of the current version.
std::vector<std::string> statement(std::string_view text, PolicyUse use = PolicyUse::kIdentity) {
  return codes(R"({"Version": "2012-10-17", "Statement": [)" + std::string(text) + "]}", use);
}

/// Of an Allow on everything with that condition.
std::vector<std::string> condition(std::string_view text) {
  return statement(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": )" +
                   std::string(text) + "}");
}

std::vector<std::string> action(std::string_view text) {
  return statement(R"({"Effect": "Allow", "Action": )" + std::string(text) + R"(, "Resource": "*"})");
}

std::vector<std::string> resource(std::string_view text) {
  return statement(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": )" + std::string(text) + "}");
}

std::vector<std::string> principal(std::string_view text, PolicyUse use = PolicyUse::kBucket) {
  return statement(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Principal": )" +
                       std::string(text) + "}",
                   use);
}

// ---- Documents. ----

TEST(Validate, AGoodPolicyHasNoProblems) {
  EXPECT_THAT(statement(R"({"Sid": "One1", "Effect": "Allow", "Action": ["s3:Get*", "s3:List?ucket"],
      "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/${aws:username}/*"],
      "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"]}, "Bool": {"aws:SecureTransport": true},
                    "ForAnyValue:StringLike": {"aws:TagKeys": "team-*"}, "Null": {"aws:SourceVpce": "false"},
                    "DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"},
                    "NumericLessThan": {"s3:TlsVersion": 1.2}}})"),
              IsEmpty());
}

TEST(Validate, NoStatement) {
  EXPECT_THAT(codes(R"({"Version": "2012-10-17", "Statement": []})", PolicyUse::kIdentity),
              ElementsAre("E policy-no-statement"));
  EXPECT_THAT(codes(R"({"Version": "2012-10-17"})", PolicyUse::kIdentity), ElementsAre("E policy-no-statement"));
}

TEST(Validate, StatementsThatDependOnSomethingAreNoMissingOnes) {
  PolicyReading one_of = testing::reading(
      R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}})");
  const PolicyReading none = testing::reading(R"({"Version": "2012-10-17", "Statement": []})");
  one_of.documents.push_back(none.documents.at(0));
  EXPECT_THAT(validate(one_of, PolicyUse::kIdentity), IsEmpty());
  EXPECT_EQ(validate(none, PolicyUse::kIdentity).size(), 1U);
}

TEST(Validate, ListsThatAreFilledInAnotherDocumentAreNotEmpty) {
  const auto trust = [](std::string_view identifiers) {
    return testing::reading(R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                                "Principal": {"AWS": )" +
                            std::string(identifiers) + "}}}");
  };
  const PolicyReading nobody = trust("[              ]");
  PolicyReading one_of = nobody;
  one_of.documents.push_back(trust(R"(["111122223333"])").documents.at(0));
  EXPECT_THAT(validate(one_of, PolicyUse::kTrust), IsEmpty());
  EXPECT_EQ(validate(nobody, PolicyUse::kTrust).size(), 1U);
}

TEST(Validate, ElementsThatDependOnSomethingAreNoMissingOnes) {
  // The spaces keep the places equal.
  const auto policy = [](std::string_view version, std::string_view principal) {
    return testing::reading("{" + std::string(version) + R"("Statement": {)" + std::string(principal) +
                            R"("Effect": "Deny", "Action": "s3:*", "Resource": "*"}})");
  };
  constexpr std::string_view kVersion = R"("Version": "2012-10-17", )";
  constexpr std::string_view kWrong = R"("Version": "2012-10-18", )";
  constexpr std::string_view kNoVersion = "                         ";
  constexpr std::string_view kPrincipal = R"("Principal": "*", )";
  constexpr std::string_view kNobody = "                  ";
  const auto either = [](PolicyReading one, const PolicyReading& other) {
    one.documents.push_back(other.documents.at(0));
    return one;
  };
  EXPECT_THAT(validate(either(policy(kNoVersion, kPrincipal), policy(kVersion, kPrincipal)), PolicyUse::kRcp),
              IsEmpty());
  EXPECT_THAT(validate(either(policy(kVersion, kNobody), policy(kVersion, kPrincipal)), PolicyUse::kRcp), IsEmpty());
  // What is there and wrong stays wrong, and so does what is never there.
  EXPECT_EQ(validate(either(policy(kWrong, kPrincipal), policy(kVersion, kPrincipal)), PolicyUse::kRcp).size(), 1U);
  EXPECT_EQ(validate(either(policy(kNoVersion, kNobody), policy(kVersion, kNobody)), PolicyUse::kRcp).size(), 1U);
}

TEST(Validate, UnknownStatementsAreNoMissingOnes) {
  EXPECT_THAT(codes(R"({"Version": "2012-10-17", "Statement": <var.statements>})", PolicyUse::kIdentity), IsEmpty());
}

TEST(Validate, Versions) {
  constexpr std::string_view kRest = R"("Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})";
  const auto with = [&](std::string_view version, PolicyUse use) {
    return codes("{" + std::string(version) + std::string(kRest), use);
  };
  EXPECT_THAT(with(R"("Version": "2012-10-18", )", PolicyUse::kIdentity), ElementsAre("E policy-version"));
  EXPECT_THAT(with(R"("Version": "2008-10-17", )", PolicyUse::kIdentity), IsEmpty());
  EXPECT_THAT(with("", PolicyUse::kIdentity), IsEmpty());
  EXPECT_THAT(with("", PolicyUse::kScp), ElementsAre("E policy-version"));
  EXPECT_THAT(with(R"("Version": "2008-10-17", )", PolicyUse::kScp), ElementsAre("E policy-version"));
  EXPECT_THAT(with(R"("Version": "<var.version>", )", PolicyUse::kScp), IsEmpty());
}

TEST(Validate, VariablesNeedTheCurrentVersion) {
  EXPECT_THAT(
      codes(R"({"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b/${aws:username}"}})",
            PolicyUse::kIdentity),
      ElementsAre("W policy-version-variables"));
}

TEST(Validate, ElementsOfOtherNames) {
  const std::vector<PolicyProblem> problems =
      validate(testing::reading(
                   R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Actions": "*", "Resource": "*"}})"),
               PolicyUse::kIdentity);
  ASSERT_EQ(problems.size(), 2U);
  std::vector<std::string> hints;
  for (const PolicyProblem& problem : problems) {
    hints.push_back(problem.what.code + ": " + problem.what.hint);
  }
  EXPECT_THAT(hints, ::testing::UnorderedElementsAre("policy-unknown-element: nearest is \"Action\"",
                                                     "policy-action-missing: "));
}

TEST(Validate, ElementsTwice) {
  EXPECT_THAT(statement(R"({"Effect": "Allow", "Effect": "Deny", "Action": "*", "Resource": "*"})"),
              ElementsAre("E policy-duplicate-element"));
}

TEST(Validate, Sids) {
  constexpr std::string_view kRest = R"("Effect": "Allow", "Action": "*", "Resource": "*")";
  const std::string twice = R"({"Sid": "A", )" + std::string(kRest) + R"(}, {"Sid": "A", )" + std::string(kRest) + "}";
  EXPECT_THAT(statement(twice), ElementsAre("E policy-sid-duplicate"));
  EXPECT_THAT(statement(R"({"Sid": "read objects", )" + std::string(kRest) + "}"),
              ElementsAre("E policy-sid-characters"));
  // Two statements without a name are not of the same name.
  const std::string empty = R"({"Sid": "", )" + std::string(kRest) + R"(}, {"Sid": "", )" + std::string(kRest) + "}";
  EXPECT_THAT(statement(empty), IsEmpty());
}

TEST(Validate, SidsOfKeyPoliciesMayHaveSpaces) {
  EXPECT_THAT(statement(R"({"Sid": "Enable IAM policies", "Effect": "Allow", "Action": "kms:*", "Resource": "*",
                            "Principal": {"AWS": "111122223333"}})",
                        PolicyUse::kKey),
              IsEmpty());
}

TEST(Validate, EffectsAreSpelledExactly) {
  const std::vector<PolicyProblem> problems =
      validate(testing::reading(
                   R"({"Version": "2012-10-17", "Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}})"),
               PolicyUse::kIdentity);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].what.code, "policy-effect");
  ASSERT_TRUE(problems[0].fix.has_value());
  EXPECT_EQ(problems[0].fix->to, "Allow");
  EXPECT_THAT(statement(R"({"Action": "*", "Resource": "*"})"), ElementsAre("E policy-effect"));
}

TEST(Validate, SizesByUse) {
  std::string resources;
  for (int i = 0; i < 100; ++i) {
    resources += (i == 0 ? "\"" : ", \"") + std::string("arn:aws:s3:::bucket-of-a-name-that-is-long/") +
                 std::to_string(1000 + i) + "/*\"";
  }
  const std::string identity = R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": [)" + resources + "]}";
  EXPECT_THAT(statement(identity, PolicyUse::kIdentity), IsEmpty());
  EXPECT_THAT(statement(identity, PolicyUse::kRoleInline), IsEmpty());
  EXPECT_THAT(statement(identity, PolicyUse::kUserInline), ElementsAre("E policy-size"));
  EXPECT_THAT(statement(identity, PolicyUse::kGroupInline), ElementsAre("E policy-size"));
  EXPECT_THAT(statement(identity, PolicyUse::kSession), ElementsAre("E policy-size"));
  EXPECT_THAT(statement(identity, PolicyUse::kScp), IsEmpty());
  EXPECT_THAT(statement(identity, PolicyUse::kPermissionSet), IsEmpty());
  EXPECT_EQ(size_quota(PolicyUse::kPermissionSet), 32768U);
  EXPECT_EQ(size_quota(PolicyUse::kResource), 0U);
}

TEST(Validate, TrustPoliciesBeyondTheirDefaultQuota) {
  std::string accounts;
  for (int i = 0; i < 100; ++i) {
    accounts += (i == 0 ? "\"" : ", \"") + std::string("arn:aws:iam::") + std::to_string(111122220000 + i) + ":root\"";
  }
  const auto trusting = [&](const std::string& more) {
    return statement(
        R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": [)" + accounts + more + "]}}",
        PolicyUse::kTrust);
  };
  EXPECT_THAT(trusting(""), ElementsAre("W policy-size"));
  EXPECT_THAT(trusting(", " + accounts), ElementsAre("E policy-size"));
}

TEST(Validate, QueuesHaveQuotasOfTheirOwn) {
  constexpr std::string_view kRest = R"("Effect": "Allow", "Principal": "*", "Resource": "arn:aws:sqs:*:*:q")";
  EXPECT_THAT(statement(R"({"Action": ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:PurgeQueue",
                            "sqs:GetQueueUrl", "sqs:ListQueueTags", "sqs:TagQueue", "sqs:UntagQueue"], )" +
                            std::string(kRest) + "}",
                        PolicyUse::kQueue),
              ElementsAre("W policy-quota"));
  std::string many;
  for (int i = 0; i < 21; ++i) {
    many += std::string(i == 0 ? "" : ", ") + R"({"Action": "sqs:*", )" + std::string(kRest) + "}";
  }
  EXPECT_THAT(statement(many, PolicyUse::kQueue), ElementsAre("W policy-quota"));
  EXPECT_THAT(statement(many, PolicyUse::kResource), IsEmpty());
}

TEST(Validate, WhiteSpaceDoesNotCountForIam) {
  const PolicyReading reading =
      testing::reading("{ \"Version\" :\n \"2012-10-17\" ,\t\"Statement\": [ ] , \"Id\": \"a b\" }");
  ASSERT_EQ(reading.documents.size(), 1U);
  const std::string compact = R"({"Version":"2012-10-17","Statement":[],"Id":"a b"})";
  EXPECT_EQ(reading.documents[0].compact_size, compact.size());
  EXPECT_EQ(reading.documents[0].visible_size, compact.size() - 1);
}

TEST(Validate, CharactersBeyondLatin) {
  EXPECT_THAT(resource(R"("arn:aws:s3:::b/\u017e")"), ElementsAre("E policy-characters"));
  EXPECT_THAT(resource(R"("arn:aws:s3:::b/\u00e9")"), IsEmpty());
}

// ---- Actions. ----

TEST(Validate, Actions) {
  EXPECT_THAT(action(R"("*")"), IsEmpty());
  EXPECT_THAT(action(R"("*:*")"), IsEmpty());
  EXPECT_THAT(action(R"("S3:get*")"), IsEmpty());
  EXPECT_THAT(action(R"("<var.service>:Get")"), IsEmpty());
  EXPECT_THAT(action(R"("")"), ElementsAre("E policy-empty-text"));
  EXPECT_THAT(action(R"("GetObject")"), ElementsAre("E policy-action"));
  EXPECT_THAT(action(R"("s3:")"), ElementsAre("E policy-action"));
  EXPECT_THAT(action(R"("s*:GetObject")"), ElementsAre("E policy-action"));
  EXPECT_THAT(action(R"("s3: GetObject")"), ElementsAre("E policy-action"));
  EXPECT_THAT(action(R"("s3:${aws:username}")"), ElementsAre("E policy-action"));
  EXPECT_THAT(action("[]"), ElementsAre("W policy-empty-list"));
  EXPECT_THAT(action("7"), ElementsAre("E policy-action"));
  EXPECT_THAT(action("{}"), ElementsAre("E policy-type", "W policy-empty-list"));
}

TEST(Validate, PlainAndNotElementsTogether) {
  EXPECT_THAT(statement(R"({"Effect": "Allow", "Action": "*", "NotAction": "iam:*", "Resource": "*"})"),
              ElementsAre("E policy-both"));
  EXPECT_THAT(statement(R"({"Effect": "Allow", "Action": "*", "Resource": "*", "NotResource": "arn:aws:s3:::b"})"),
              ElementsAre("E policy-both"));
  EXPECT_THAT(statement(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b", "Principal": "*",
                            "NotPrincipal": {"AWS": "111122223333"}})",
                        PolicyUse::kBucket),
              ElementsAre("E policy-both"));
}

TEST(Validate, TrustPoliciesAreAboutAssuming) {
  constexpr std::string_view kService = R"("Principal": {"Service": "ec2.amazonaws.com"})";
  EXPECT_THAT(
      statement(R"({"Effect": "Allow", "Action": "sts:AssumeRole", )" + std::string(kService) + "}", PolicyUse::kTrust),
      IsEmpty());
  EXPECT_THAT(
      statement(R"({"Effect": "Allow", "Action": "s3:GetObject", )" + std::string(kService) + "}", PolicyUse::kTrust),
      ElementsAre("E policy-trust-action"));
  EXPECT_THAT(
      statement(R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", )" + std::string(kService) + "}",
                PolicyUse::kTrust),
      ElementsAre("E policy-trust-resource"));
  EXPECT_THAT(statement(R"({"Effect": "Allow", "Action": "sts:AssumeRole"})", PolicyUse::kTrust),
              ElementsAre("E policy-principal-missing"));
}

// ---- Resources. ----

TEST(Validate, Resources) {
  EXPECT_THAT(resource(R"("*")"), IsEmpty());
  EXPECT_THAT(resource(R"("arn:aws:rds:*")"), IsEmpty());
  EXPECT_THAT(resource(R"("arn:*:kms:*:111122223333:key/*")"), IsEmpty());
  EXPECT_THAT(resource(R"("arn:aws:iam::aws:policy/ReadOnlyAccess")"), IsEmpty());
  EXPECT_THAT(resource(R"("<aws_s3_bucket.b.arn>/*")"), IsEmpty());
  EXPECT_THAT(resource(R"("arn:<var.partition>:s3:::b")"), IsEmpty());
  EXPECT_THAT(resource(R"("b/*")"), ElementsAre("E policy-resource"));
  EXPECT_THAT(resource(R"("")"), ElementsAre("E policy-empty-text"));
  EXPECT_THAT(resource(R"("/*")"), ElementsAre("E policy-empty-text"));
  EXPECT_THAT(resource(R"("arn:aws:s3:b")"), ElementsAre("E policy-resource"));
  EXPECT_THAT(resource(R"("arn:amazon:s3:::b")"), ElementsAre("E policy-resource"));
  EXPECT_THAT(resource(R"("arn:aws::::b")"), ElementsAre("E policy-resource"));
  EXPECT_THAT(resource(R"("arn:aws:sqs:us-east-1:11112222333:q")"), ElementsAre("E policy-resource"));
  EXPECT_THAT(resource(R"("arn:aws:sqs:us-east-1:ACCOUNT:q")"), ElementsAre("W policy-resource"));
  EXPECT_THAT(resource(R"("arn:aws:s3:::")"), ElementsAre("W policy-resource"));
  EXPECT_THAT(resource(R"("arn:aws:iam::*:user/*}")"), ElementsAre("W policy-resource"));
  EXPECT_THAT(resource(R"("arn:aws:iam::*:role/app-{var.name}")"), ElementsAre("W policy-resource"));
  EXPECT_THAT(resource(R"("arn:aws:iam::*:user/{team}/${aws:PrincipalTag/name}-*")"), IsEmpty());
  EXPECT_THAT(resource(R"("arn:aws:s3:::b/{name}")"), IsEmpty());
  EXPECT_THAT(resource(R"("arn:aws:s3:::b/${aws:username")"), ElementsAre("E policy-variable"));
  EXPECT_THAT(resource(R"("arn:aws:s3:::b/&{aws:username}")"), ElementsAre("W policy-variable"));
  EXPECT_THAT(statement(R"({"Effect": "Allow", "Action": "s3:*"})"), ElementsAre("E policy-resource-missing"));
}

// ---- Principals. ----

TEST(Validate, Principals) {
  EXPECT_THAT(principal(R"("*")"), IsEmpty());
  EXPECT_THAT(principal(R"({"AWS": ["*", "111122223333", "arn:aws:iam::111122223333:root", "AIDAABCDEFGHIJKLMNOPQ",
      "arn:aws:iam::111122223333:role/path/r", "arn:aws:sts::111122223333:assumed-role/r/s", "<var.role>",
      "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"]})"),
              IsEmpty());
  EXPECT_THAT(principal(R"({"Service": ["ec2.amazonaws.com", "logs.eu-west-1.amazonaws.com"]})"), IsEmpty());
  EXPECT_THAT(principal(R"({"Federated": ["arn:aws:iam::111122223333:saml-provider/x", "accounts.google.com"]})"),
              IsEmpty());
  EXPECT_THAT(principal(R"({"AWS": "arn:aws:iam::111122223333:user/*"})"), ElementsAre("E policy-principal"));
  EXPECT_THAT(principal(R"({"AWS": "arn:aws:iam::<var.account>:user/*"})"), ElementsAre("E policy-principal"));
  EXPECT_THAT(principal(R"({"AWS": "arn:aws:iam::111122223333:group/admins"})"), ElementsAre("E policy-principal"));
  EXPECT_THAT(principal(R"({"AWS": "arn:aws:iam::11112222333:root"})"), ElementsAre("E policy-principal"));
  EXPECT_THAT(principal(R"({"AWS": "ec2.amazonaws.com"})"), ElementsAre("E policy-principal"));
  EXPECT_THAT(principal(R"({"AWS": ""})"), ElementsAre("E policy-empty-text"));
  EXPECT_THAT(principal(R"({"Service": "ec2"})"), ElementsAre("E policy-principal"));
  EXPECT_THAT(principal(R"({"Service": "*"})"), ElementsAre("W policy-principal"));
  EXPECT_THAT(principal(R"({"Federated": "okta"})"), ElementsAre("E policy-principal"));
  EXPECT_THAT(principal(R"({"CanonicalUser": "abc"})"), ElementsAre("E policy-principal"));
  EXPECT_THAT(principal(R"({"Users": "bob"})"), ElementsAre("E policy-principal"));
  EXPECT_THAT(principal(R"("arn:aws:iam::111122223333:root")"), ElementsAre("E policy-principal"));
  EXPECT_THAT(principal("{}"), ElementsAre("W policy-empty-list"));
}

TEST(Validate, PrincipalsByUse) {
  EXPECT_THAT(principal(R"("*")", PolicyUse::kIdentity), ElementsAre("E policy-principal-here"));
  EXPECT_THAT(principal(R"("*")", PolicyUse::kScp), ElementsAre("E policy-principal-here"));
  EXPECT_THAT(principal(R"("*")", PolicyUse::kSession), ElementsAre("E policy-principal-here"));
  EXPECT_THAT(principal("{}", PolicyUse::kIdentity), ElementsAre("E policy-principal-here"));
  EXPECT_THAT(principal(R"({"AWS": "<var.role>"})", PolicyUse::kIdentity), ElementsAre("E policy-principal-here"));
  EXPECT_THAT(statement(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b"})", PolicyUse::kBucket),
              ElementsAre("E policy-principal-missing"));
  EXPECT_THAT(statement(R"({"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::b",
                            "NotPrincipal": {"AWS": "111122223333"}})",
                        PolicyUse::kBucket),
              ElementsAre("W policy-not-principal-allow"));
}

TEST(Validate, ResourceControlPolicies) {
  EXPECT_THAT(statement(R"({"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"})", PolicyUse::kRcp),
              IsEmpty());
  EXPECT_THAT(statement(R"({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"})", PolicyUse::kRcp),
              IsEmpty());
  EXPECT_THAT(statement(R"({"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"})", PolicyUse::kRcp),
              ElementsAre("E policy-rcp"));
  EXPECT_THAT(
      statement(R"({"Effect": "Deny", "Principal": {"AWS": "111122223333"}, "Action": "s3:*", "Resource": "*"})",
                PolicyUse::kRcp),
      ElementsAre("E policy-rcp"));
  EXPECT_THAT(
      statement(R"({"Effect": "Deny", "Principal": "*", "NotAction": "s3:*", "Resource": "*"})", PolicyUse::kRcp),
      ElementsAre("E policy-rcp"));
}

// ---- Conditions. ----

TEST(Validate, Operators) {
  EXPECT_THAT(condition(R"({"StringEqual": {"s3:prefix": "a"}})"), ElementsAre("E policy-unknown-operator"));
  EXPECT_THAT(condition(R"({"NullIfExists": {"s3:prefix": "true"}})"), ElementsAre("E policy-unknown-operator"));
  EXPECT_THAT(condition(R"({"ForAllValues:Null": {"s3:prefix": "true"}})"), ElementsAre("E policy-unknown-operator"));
  EXPECT_THAT(condition(R"({"StringEquals": "a"})"), ElementsAre("E policy-type"));
}

TEST(Validate, OperatorsAreNamedWhenTheyAreNear) {
  const std::vector<PolicyProblem> problems =
      validate(testing::reading(R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*",
          "Resource": "*", "Condition": {"ForAllValues:StringEqualls": {"aws:TagKeys": "a"}}}})"),
               PolicyUse::kIdentity);
  ASSERT_EQ(problems.size(), 1U);
  ASSERT_TRUE(problems[0].fix.has_value());
  EXPECT_EQ(problems[0].fix->to, "ForAllValues:StringEquals");
}

TEST(Validate, ConditionKeys) {
  EXPECT_THAT(condition(R"({"StringEquals": {"SourceVpc": "vpc-1"}})"), ElementsAre("E policy-condition-key"));
  EXPECT_THAT(condition(R"({"StringEquals": {"aws:": "vpc-1"}})"), ElementsAre("E policy-condition-key"));
  EXPECT_THAT(condition(R"({"StringEquals": {"<var.issuer>:sub": "x"}})"), IsEmpty());
}

TEST(Validate, ConditionValues) {
  EXPECT_THAT(condition(R"({"Bool": {"aws:SecureTransport": "yes"}})"), ElementsAre("E policy-condition-value"));
  EXPECT_THAT(condition(R"({"Null": {"s3:prefix": "a"}})"), ElementsAre("E policy-condition-value"));
  EXPECT_THAT(condition(R"({"NumericLessThan": {"s3:max-keys": "ten"}})"), ElementsAre("E policy-condition-value"));
  EXPECT_THAT(condition(R"({"DateLessThan": {"aws:CurrentTime": "soon"}})"), ElementsAre("E policy-condition-value"));
  EXPECT_THAT(condition(R"({"IpAddress": {"aws:SourceIp": "10.0.0.0/33"}})"), ElementsAre("E policy-condition-value"));
  EXPECT_THAT(condition(R"({"ArnLike": {"aws:SourceArn": "arn:aws:s3"}})"), ElementsAre("W policy-condition-value"));
  EXPECT_THAT(condition(R"({"IpAddress": {"aws:SourceIp": "<var.range>"}})"), IsEmpty());
  EXPECT_THAT(condition(R"({"StringEquals": {"s3:prefix": []}})"), ElementsAre("W policy-empty-list"));
  EXPECT_THAT(condition(R"({"StringEquals": {"s3:prefix": "home/*"}})"), ElementsAre("W policy-wildcard-literal"));
  EXPECT_THAT(condition(R"({"StringEquals": {"s3:if-none-match": "*"}})"), IsEmpty());
  EXPECT_THAT(condition(R"({"StringEquals": {"lambda:Principal": "*"}})"), IsEmpty());
  EXPECT_THAT(condition(R"({"StringEquals": {"s3:if-none-match": "a*"}})"), ElementsAre("W policy-wildcard-literal"));
  EXPECT_THAT(condition(R"({"StringEquals": {"s3:prefix": "${aws:username"}})"), ElementsAre("E policy-variable"));
}

TEST(Validate, OperatorsThatDoNotFitTheKey) {
  EXPECT_THAT(condition(R"({"Bool": {"aws:SourceIp": "true"}})"), ElementsAre("W policy-condition-type"));
  EXPECT_THAT(condition(R"({"StringEquals": {"aws:SourceIp": "10.0.0.0/8"}})"), ElementsAre("W policy-condition-type"));
  EXPECT_THAT(condition(R"({"StringEquals": {"aws:TagKeys": "team"}})"), ElementsAre("W policy-condition-list"));
  EXPECT_THAT(condition(R"({"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/a"}})"), IsEmpty());
}

// ---- Fixes. ----

/// "code: from -> to" of every fix.
std::vector<std::string> fixes(std::string_view text, PolicyUse use = PolicyUse::kIdentity) {
  std::vector<std::string> out;
  for (const PolicyProblem& problem : validate(testing::reading(text), use)) {
    if (problem.fix) {
      out.push_back(std::string(problem.element) + ": " + problem.fix->from + " -> " + problem.fix->to);
    }
  }
  return out;
}

std::vector<std::string> statement_fixes(std::string_view text, PolicyUse use = PolicyUse::kIdentity) {
  return fixes(R"({"Version": "2012-10-17", "Statement": [)" + std::string(text) + "]}", use);
}

TEST(Validate, SuggestsTheNearestName) {
  EXPECT_THAT(statement_fixes(R"({"Effect": "Alow", "Action": "*", "Resource": "*"})"),
              ElementsAre("Effect: Alow -> Allow"));
  EXPECT_THAT(statement_fixes(R"({"Effect": "Perhaps", "Action": "*", "Resource": "*"})"), IsEmpty());
  EXPECT_THAT(statement_fixes(R"({"Effect": "Allow", "Action": ["s3:GetObjcet", "s3:GetObject"], "Resource": "*"})"),
              ElementsAre("Action: s3:GetObjcet -> s3:GetObject"));
  EXPECT_THAT(statement_fixes(R"({"Effect": "Deny", "NotAction": "dynamdb:PutItem", "Resource": "*"})"),
              ElementsAre("NotAction: dynamdb:PutItem -> dynamodb:PutItem"));
  EXPECT_THAT(statement_fixes(R"({"Effect": "Allow", "Acton": "s3:GetObject", "Resource": "*"})"),
              Contains(": Acton -> Action"));
  EXPECT_THAT(statement_fixes(R"({"effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})"),
              ElementsAre(": effect -> Effect"));
  EXPECT_THAT(fixes(R"({"version": "2012-10-17", "Statement": []})"), Contains(": version -> Version"));
}

TEST(Validate, SuggestsOperatorsAndKeys) {
  const auto of_condition = [](std::string_view text) {
    return statement_fixes(R"({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": )" + std::string(text) +
                           "}");
  };
  EXPECT_THAT(of_condition(R"({"StringEqualIfExists": {"aws:SourceVpc": "vpc-1"}})"),
              ElementsAre("Operator: StringEqualIfExists -> StringEqualsIfExists"));
  EXPECT_THAT(of_condition(R"({"ForAnyValues:StringLike": {"aws:TagKeys": "a"}})"),
              ElementsAre("Operator: ForAnyValues:StringLike -> ForAnyValue:StringLike"));
  EXPECT_THAT(of_condition(R"({"stringequals": {"aws:SourceVpc": "vpc-1"}})"),
              ElementsAre("Operator: stringequals -> StringEquals"));
  EXPECT_THAT(of_condition(R"({"StringEquals": {"aws:SourceVpcs": "vpc-1"}})"),
              ElementsAre("Key: aws:SourceVpcs -> aws:SourceVpc"));
  EXPECT_THAT(of_condition(R"({"StringEquals": {"aws:PrincipleTag/team": "red"}})"),
              ElementsAre("Key: aws:PrincipleTag/team -> aws:PrincipalTag/team"));
  EXPECT_THAT(of_condition(R"({"StringEquals": {"s3:x-amz-acls": "private"}})"),
              ElementsAre("Key: s3:x-amz-acls -> s3:x-amz-acl"));
  EXPECT_THAT(
      of_condition(R"({"StringEquals": {"AWS:sourcevpc": "vpc-1", "token.actions.githubusercontent.com:sub": "x",
                               "kms:EncryptionContext:app": "y", "ec2:ResourceTag/Team": "z"}})"),
      IsEmpty());
}

TEST(Validate, SuggestsPrincipalsWithTheirType) {
  const auto of_principal = [](std::string_view text) {
    return statement_fixes(
        R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*", "Principal": )" +
            std::string(text) + "}",
        PolicyUse::kBucket);
  };
  EXPECT_THAT(of_principal(R"("arn:aws:iam::111122223333:root")"),
              ElementsAre(R"(: arn:aws:iam::111122223333:root -> {"AWS": "arn:aws:iam::111122223333:root"})"));
  EXPECT_THAT(of_principal(R"("ec2.amazonaws.com")"),
              ElementsAre(R"(: ec2.amazonaws.com -> {"Service": "ec2.amazonaws.com"})"));
  EXPECT_THAT(of_principal(R"("somebody")"), IsEmpty());
  EXPECT_THAT(of_principal(R"({"aws": "111122223333"})"), ElementsAre(": aws -> AWS"));
  EXPECT_THAT(of_principal(R"({"Services": "ec2.amazonaws.com"})"), ElementsAre(": Services -> Service"));
}

TEST(Validate, SuggestsVersionsAndSids) {
  EXPECT_THAT(fixes(R"({"Version": "2012-10-18", "Statement": []})"), Contains("Version: 2012-10-18 -> 2012-10-17"));
  EXPECT_THAT(fixes(R"({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*"}})", PolicyUse::kScp),
              ElementsAre("Version:  -> 2012-10-17"));
  constexpr std::string_view kRest = R"("Effect": "Allow", "Action": "s3:*", "Resource": "*"})";
  const std::string one = R"({"Sid": "a", )" + std::string(kRest);
  EXPECT_THAT(statement_fixes(one + ", " + one + R"(, {"Sid": "a2", )" + std::string(kRest) + ", " + one),
              ElementsAre("Sid: a -> a3", "Sid: a -> a4"));
}

TEST(Validate, AMissingMemberIsLaidOutAsItsNeighbour) {
  const Replacement fix{.region = {source::ArtifactId{0}, 10, 40}, .from = {}, .to = "2012-10-17", .member = "Version"};
  const auto edit = edit_of(fix, "{\n  \"Statement\": []\n}");
  ASSERT_TRUE(edit.has_value());
  EXPECT_EQ(edit->region.begin, 11U);
  EXPECT_EQ(edit->region.end, 11U);
  EXPECT_EQ(edit->text, "\n  \"Version\": \"2012-10-17\",");
  EXPECT_EQ(edit_of(fix, R"({"Statement": []})")->text, R"("Version": "2012-10-17", )");
  EXPECT_FALSE(edit_of(fix, "{}").has_value());
  EXPECT_FALSE(edit_of(fix, "data.aws_iam_policy_document.x.json").has_value());
}

TEST(Validate, EditsOnlyWhatIsWrittenLiterally) {
  const Replacement fix{.region = {source::ArtifactId{0}, 4, 11}, .from = "allow", .to = "Allow"};
  ASSERT_TRUE(edit_of(fix, "\"allow\"").has_value());
  EXPECT_EQ(edit_of(fix, "\"allow\"")->text, "\"Allow\"");
  EXPECT_EQ(edit_of(fix, "allow")->text, "Allow");
  EXPECT_FALSE(edit_of(fix, "var.effect").has_value());
  EXPECT_FALSE(edit_of(Replacement{.region = {}, .from = "a", .to = "b"}, "a").has_value());
}

TEST(Validate, UsesByName) {
  for (const std::string_view text :
       {"identity", "role-inline", "boundary", "session", "trust", "scp", "rcp", "resource", "bucket", "key",
        "repository", "topic", "queue", "secret", "permission-set"}) {
    const auto use = policy_use_from_name(text);
    ASSERT_TRUE(use.has_value()) << text;
    EXPECT_EQ(name(*use), text);
    EXPECT_THAT(policy_use_names(), HasSubstr(std::string(text)));
  }
  EXPECT_FALSE(policy_use_from_name("policy").has_value());
}

}  // namespace
}  // namespace gabion::iam
