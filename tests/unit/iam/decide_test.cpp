#include "iam/decide.h"

#include <gtest/gtest.h>

#include "unit/iam/support.h"

namespace gabion::iam {
namespace {

using testing::statements;

Request request(std::string action = "s3:GetObject", std::string resource = "arn:aws:s3:::b/k") {
  Request out;
  out.principal = "arn:aws:iam::111122223333:user/bob";
  out.action = std::move(action);
  out.resource = std::move(resource);
  return out;
}

Request with(const std::string& key, ContextValue value) {
  Request out = request();
  out.context.emplace(key, std::move(value));
  return out;
}

Decision decide_one(std::string_view statement, const Request& asked = request(),
                    PolicyKind kind = PolicyKind::kIdentity, OpenPoints alternatives = {}) {
  return decide(statements(statement), kind, asked, alternatives);
}

std::string allow_if(const std::string& condition) {
  return R"({"Effect": "Allow", "Action": "s3:*", "Resource": "*", "Condition": {)" + condition + "}}";
}

TEST(Decide, DenyWinsInAnyOrder) {
  const std::string allow = R"({"Effect": "Allow", "Action": "*", "Resource": "*"})";
  const std::string deny = R"({"Effect": "Deny", "Action": "s3:Get*", "Resource": "*"})";
  EXPECT_EQ(decide_one(allow + "," + deny), Decision::kExplicitlyDenied);
  EXPECT_EQ(decide_one(deny + "," + allow), Decision::kExplicitlyDenied);
  EXPECT_EQ(decide_one(deny + "," + allow, request("s3:PutObject")), Decision::kAllowed);
  EXPECT_EQ(decide_one(deny, request("ec2:RunInstances")), Decision::kImplicitlyDenied);
}

TEST(Decide, WildcardsStayInTheFieldsOfAnArn) {
  const auto covers = [](const std::string& pattern, const std::string& resource) {
    return decide_one(R"({"Effect": "Allow", "Action": "*", "Resource": ")" + pattern + R"("})",
                      request("x:Y", resource)) == Decision::kAllowed;
  };
  EXPECT_TRUE(covers("arn:aws:s3:::b*", "arn:aws:s3:::b/1/2"));
  EXPECT_FALSE(covers("arn:aws:*:b", "arn:aws:s3:::b"));
  EXPECT_TRUE(covers("arn:aws:rds:*", "arn:aws:rds:us-east-1:111122223333:db:x"));
  EXPECT_FALSE(covers("arn:aws:logs:*:log-group:g", "arn:aws:logs:us-east-1:111122223333:log-group:g"));
  EXPECT_TRUE(covers("arn:*:kms:*:*:key/?", "arn:aws:kms:us-east-1:111122223333:key/k"));
  EXPECT_FALSE(covers("arn:aws:s3:::b/*", "*"));
  EXPECT_TRUE(covers("*", "*"));
  EXPECT_FALSE(covers("arn:aws:s3", "arn:aws:s3:::b"));
}

TEST(Decide, QuestionMarkIsOneCharacterOfAnyLength) {
  EXPECT_EQ(decide_one(R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/?"})",
                       request("s3:GetObject", "arn:aws:s3:::b/\xC3\xA4")),
            Decision::kAllowed);
}

TEST(Decide, AbsentKeys) {
  EXPECT_EQ(decide_one(allow_if(R"("StringEquals": {"k:a": "x"})")), Decision::kImplicitlyDenied);
  EXPECT_EQ(decide_one(allow_if(R"("StringNotEquals": {"k:a": "x"})")), Decision::kAllowed);
  EXPECT_EQ(decide_one(allow_if(R"("BoolIfExists": {"k:a": "true"})")), Decision::kAllowed);
  EXPECT_EQ(decide_one(allow_if(R"("ForAllValues:StringEquals": {"k:a": "x"})")), Decision::kAllowed);
  EXPECT_EQ(decide_one(allow_if(R"("ForAnyValue:StringNotEquals": {"k:a": "x"})")), Decision::kImplicitlyDenied);
  EXPECT_EQ(decide_one(allow_if(R"("Null": {"k:a": "true"})")), Decision::kAllowed);
}

TEST(Decide, KeysIgnoreCaseAndValuesDoNot) {
  EXPECT_EQ(decide_one(allow_if(R"("StringEquals": {"AWS:sourceVPCE": "v"})"),
                       with("aws:SourceVpce", ContextValue(std::string("v")))),
            Decision::kAllowed);
  EXPECT_EQ(decide_one(allow_if(R"("StringEquals": {"aws:SourceVpce": "V"})"),
                       with("aws:SourceVpce", ContextValue(std::string("v")))),
            Decision::kImplicitlyDenied);
}

TEST(Decide, ListsNeedSetOperators) {
  const Request two = with("k:a", ContextValue(std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(decide_one(allow_if(R"("StringEquals": {"k:a": ["x", "y"]})"), two), Decision::kImplicitlyDenied);
  EXPECT_EQ(decide_one(allow_if(R"("ForAllValues:StringEquals": {"k:a": ["x", "y"]})"), two), Decision::kAllowed);
  EXPECT_EQ(decide_one(allow_if(R"("ForAnyValue:StringEquals": {"k:a": "y"})"), two), Decision::kAllowed);
  const Judgement judgement =
      judge(statements(allow_if(R"("StringEquals": {"k:a": ["x", "y"]})")), PolicyKind::kIdentity, two);
  EXPECT_TRUE(judgement.open_points.has(OpenPoint::kArrayPlainAny));
  EXPECT_FALSE(judgement.open_points.has(OpenPoint::kArrayPlainNever));
}

TEST(Decide, VariablesAreTextOnceTheyHaveAValue) {
  const std::string home = R"({"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::b/${aws:username}/*"})";
  const auto as = [](const std::string& name) {
    Request out = request("s3:GetObject", "arn:aws:s3:::b/bob/x");
    out.context.emplace("aws:username", ContextValue(name));
    return out;
  };
  EXPECT_EQ(decide_one(home, as("bob")), Decision::kAllowed);
  EXPECT_EQ(decide_one(home, as("*")), Decision::kImplicitlyDenied);
  EXPECT_EQ(decide_one(home, request("s3:GetObject", "arn:aws:s3:::b/bob/x")), Decision::kImplicitlyDenied);
  EXPECT_EQ(decide(testing::document(R"({"Statement": )" + home + "}"), PolicyKind::kIdentity, as("bob")),
            Decision::kImplicitlyDenied)
      << "before 2012-10-17 there are no variables";
}

TEST(Decide, Principals) {
  const auto trusts = [](const std::string& principal, const std::string& caller) {
    Request asked = request("sts:AssumeRole", "arn:aws:iam::111122223333:role/x");
    asked.principal = caller;
    return decide_one(R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": )" + principal + "}", asked,
                      PolicyKind::kTrust) == Decision::kAllowed;
  };
  const std::string session = "arn:aws:sts::111122223333:assumed-role/app/s";
  EXPECT_TRUE(trusts(R"({"AWS": "arn:aws:iam::111122223333:role/svc/app"})", session));
  EXPECT_FALSE(trusts(R"({"AWS": "arn:aws:iam::444455556666:role/app"})", session));
  EXPECT_TRUE(trusts(R"({"AWS": "111122223333"})", session));
  EXPECT_TRUE(trusts(R"("*")", "anonymous"));
  EXPECT_TRUE(trusts(R"({"Service": "ec2.amazonaws.com"})", "ec2.amazonaws.com"));
  EXPECT_FALSE(trusts(R"({"AWS": "ec2.amazonaws.com"})", "ec2.amazonaws.com"));
  EXPECT_FALSE(trusts(R"({"AWS": "arn:aws:iam::111122223333:user/*"})", "arn:aws:iam::111122223333:user/bob"));
  EXPECT_TRUE(trusts(R"({"Federated": "cognito-identity.amazonaws.com"})", "cognito-identity.amazonaws.com"));
}

TEST(Decide, AStatementWithoutPrincipalMatchesNobodyInAResourcePolicy) {
  EXPECT_EQ(decide_one(R"({"Effect": "Allow", "Action": "*", "Resource": "*"})", request(), PolicyKind::kResource),
            Decision::kImplicitlyDenied);
}

TEST(Decide, NamesTheStatementAndTheOpenPoints) {
  const Judgement judgement = judge(statements(R"({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"},
                    {"Effect": "Allow", "Action": "*:*", "Resource": "*"})"),
                                    PolicyKind::kIdentity, request());
  EXPECT_EQ(judgement.decision, Decision::kAllowed);
  EXPECT_EQ(judgement.by, 1U);
  EXPECT_TRUE(judgement.open_points.has(OpenPoint::kActStarColon));
}

TEST(Decide, SeveralDocuments) {
  const PolicyDocument all = statements(R"({"Effect": "Allow", "Action": "*", "Resource": "*"})");
  const PolicyDocument other = statements(R"({"Effect": "Allow", "Action": "ec2:*", "Resource": "*"})");
  const PolicyDocument deny = statements(R"({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})");
  PolicySet set;
  set.identity = {&all};
  set.resource_account = "111122223333";
  EXPECT_EQ(decide(set, request()), Decision::kAllowed);
  set.boundaries = {&other};
  EXPECT_EQ(decide(set, request()), Decision::kImplicitlyDenied);
  set.boundaries = {};
  set.scps = {{&all}, {&all, &deny}};
  EXPECT_EQ(decide(set, request()), Decision::kExplicitlyDenied);
}

}  // namespace
}  // namespace gabion::iam
