#include "terraform/policy_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "fixture.h"
#include "secrets/redactor.h"

namespace gabion::terraform {
namespace {

using ::testing::IsEmpty;
using ::testing::StrEq;

std::string document(std::string_view statement) {
  return R"({"Version": "2012-10-17", "Statement": [)" + std::string(statement) + "]}";
}

/// "type attribute" of the resource that a document in a file is taken for; empty for none.
std::string kind(std::string_view text, std::string_view path = "policies/one.json") {
  const testing::LooseFile file(path, text);
  if (file.configuration().policy_files().empty()) {
    EXPECT_THAT(file.configuration().resources(), IsEmpty()) << text;
    return "";
  }
  EXPECT_EQ(file.configuration().policy_files().size(), 1U);
  const model::Resource& resource = file.configuration().resources().front();
  EXPECT_EQ(resource.address, path);
  return std::string(resource.type) + " " + std::string(resource.body->attributes.front().name());
}

std::string of(std::string_view statement, std::string_view path = "policies/one.json") {
  return kind(document(statement), path);
}

class ReadPolicyFiles : public testing::Terraform {};

TEST(PolicyFiles, IdentityPoliciesHaveNoPrincipal) {
  EXPECT_THAT(of(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})"),
              StrEq("aws_iam_role_policy policy"));
  EXPECT_THAT(of(R"({"Effect": "Deny", "NotAction": "iam:*", "NotResource": "*"})"),
              StrEq("aws_iam_role_policy policy"));
  // One statement need not be in a list.
  EXPECT_THAT(kind(R"({"Statement": {"Effect": "Allow", "Action": ["ec2:*"], "Resource": ["*"]}})"),
              StrEq("aws_iam_role_policy policy"));
}

TEST(PolicyFiles, TrustPoliciesHaveNoResource) {
  const std::string_view trust = R"({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"},
                                     "Action": ["sts:AssumeRole", "sts:TagSession"]})";
  EXPECT_THAT(of(trust), StrEq("aws_iam_role assume_role_policy"));
  EXPECT_THAT(of(R"({"Effect": "Allow", "Principal": {"Federated": "cognito-identity.amazonaws.com"},
                     "Action": "STS:AssumeRoleWithWebIdentity"})"),
              StrEq("aws_iam_role assume_role_policy"));
  EXPECT_THAT(of(R"({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*"})"), StrEq(""));
}

/// How many parts of the policy with the statement are open.
std::ptrdiff_t holes_of(const std::string& statement) {
  const testing::LooseFile file("policy.json", document(statement));
  const eval::Value text = file.configuration().resources().front().body->attributes.front().value;
  return text.is_unknown()
             ? std::ranges::count_if(text.detail()->parts, [](const eval::Part& part) { return part.value != nullptr; })
             : 0;
}

TEST(PolicyFiles, AccountsOfExamplesAreOpen) {
  const auto holes = [](std::string_view principal) {
    return holes_of(R"({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ")" +
                    std::string(principal) + R"("}})");
  };
  EXPECT_EQ(holes("arn:aws:iam::123456789012:root"), 1);
  EXPECT_EQ(holes("111122223333"), 1);
  EXPECT_EQ(holes("arn:aws:iam::000000000000:role/app"), 1);
  EXPECT_EQ(holes("arn:aws:iam::418273645091:root"), 0) << "somebody's";
  EXPECT_EQ(holes("arn:aws:iam::418273645091:user/123456789012"), 0) << "no account";
}

TEST(PolicyFiles, PoliciesOfResourcesAreKnownByTheirActions) {
  struct Case {
    std::string_view action;
    std::string_view kind;
  };
  for (const Case& one :
       {Case{"s3:GetObject", "aws_s3_bucket_policy policy"}, Case{"kms:Decrypt", "aws_kms_key_policy policy"},
        Case{"sqs:SendMessage", "aws_sqs_queue_policy policy"}, Case{"sns:Publish", "aws_sns_topic_policy policy"},
        Case{"ecr:BatchGetImage", "aws_ecr_repository_policy policy"},
        Case{"secretsmanager:GetSecretValue", "aws_secretsmanager_secret_policy policy"},
        // Nothing says what policies of other services mean.
        Case{"execute-api:Invoke", ""}}) {
    EXPECT_THAT(
        of(R"({"Effect": "Allow", "Principal": "*", "Action": ")" + std::string(one.action) + R"(", "Resource": "*"})"),
        StrEq(std::string(one.kind)))
        << one.action;
  }
  // A policy has one owner.
  EXPECT_THAT(of(R"({"Effect": "Allow", "Principal": "*", "Action": ["s3:GetObject", "sqs:SendMessage"],
                     "Resource": "*"})"),
              StrEq(""));
  EXPECT_THAT(of(R"({"Effect": "Deny", "Principal": "*", "NotAction": "s3:GetObject", "Resource": "*"})"),
              StrEq("aws_s3_bucket_policy policy"));
}

TEST(PolicyFiles, ResourcesTellWhereEveryActionIsMeant) {
  EXPECT_THAT(of(R"({"Effect": "Allow", "Principal": "*", "Action": "*",
                     "Resource": ["arn:aws:s3:::example", "arn:aws-cn:s3:::example/*"]})"),
              StrEq("aws_s3_bucket_policy policy"));
  EXPECT_THAT(of(R"({"Effect": "Allow", "Principal": "*", "Action": "*:*",
                     "Resource": "arn:aws:sqs:eu-west-1:111122223333:jobs"})"),
              StrEq("aws_sqs_queue_policy policy"));
  for (const std::string_view resource :
       {"*", "arn:aws:lambda:eu-west-1:111122223333:function:f", "arn:aws", "example"}) {
    EXPECT_THAT(
        of(R"({"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": ")" + std::string(resource) + "\"}"),
        StrEq(""))
        << resource;
  }
}

TEST(PolicyFiles, ServiceControlPoliciesAreKnownByTheirNames) {
  const std::string_view statement = R"({"Effect": "Deny", "Action": "*", "Resource": "*"})";
  for (const std::string_view path :
       {"scp/deny.json", "policies/SCP-regions.json", "scps/a.json", "service-control-policies/a.json"}) {
    EXPECT_THAT(of(statement, path), StrEq("aws_organizations_policy content")) << path;
  }
  for (const std::string_view path : {"policies/a.json", "scpx/a.json", "describe-scpa.json"}) {
    EXPECT_THAT(of(statement, path), StrEq("aws_iam_role_policy policy")) << path;
  }
}

TEST(PolicyFiles, ResourceControlPoliciesOnlyDeny) {
  const auto denied = [](std::string_view actions, std::string_view resource = "*",
                         std::string_view path = "policies/one.json") {
    return of(R"({"Effect": "Deny", "Principal": "*", "Action": )" + std::string(actions) + R"(, "Resource": ")" +
                  std::string(resource) + "\"}",
              path);
  };
  // The policy of a bucket names the bucket, and with that of a key somebody can use the key.
  for (const std::string_view actions :
       {R"("s3:*")", R"("kms:PutKeyPolicy")", R"("sts:AssumeRole")", R"(["sqs:*", "secretsmanager:*"])"}) {
    EXPECT_THAT(denied(actions), StrEq("aws_organizations_policy content")) << actions;
  }
  EXPECT_THAT(denied(R"("s3:*")", "arn:aws:s3:::example/*"), StrEq("aws_s3_bucket_policy policy"));
  EXPECT_THAT(denied(R"("s3:*")", "arn:aws:s3:::*", "policies/rcp/perimeter.json"),
              StrEq("aws_organizations_policy content"));
  EXPECT_THAT(denied(R"("sqs:*")", "*", "resource-control-policies/queues.json"),
              StrEq("aws_organizations_policy content"));
  // These may be policies of one queue, secret or vault.
  EXPECT_THAT(denied(R"("sqs:*")"), StrEq("aws_sqs_queue_policy policy"));
  EXPECT_THAT(denied(R"("secretsmanager:*")"), StrEq("aws_secretsmanager_secret_policy policy"));
  EXPECT_THAT(denied(R"("backup:DeleteRecoveryPoint")"), StrEq(""));
  EXPECT_THAT(denied(R"("*")"), StrEq(""));
  const testing::LooseFile file("one.json", document(R"({"Effect": "Deny", "Principal": "*", "Action": "kms:*",
                                                         "Resource": "*"})"));
  const model::Attribute* type = file.configuration().resources().front().body->attribute("type");
  ASSERT_NE(type, nullptr);
  EXPECT_EQ(type->value.text(), "RESOURCE_CONTROL_POLICY");
}

TEST(PolicyFiles, BucketsAreNamedByResources) {
  const auto bucket = [](std::string_view resources) {
    const testing::LooseFile file("one.json", document(R"({"Effect": "Allow", "Principal": "*", "Action": "s3:*",
                                                           "Resource": )" +
                                                       std::string(resources) + "}"));
    const model::Attribute* name = file.configuration().resources().front().body->attribute("bucket");
    return name == nullptr ? std::string() : std::string(name->value.text());
  };
  EXPECT_EQ(bucket(R"(["arn:aws:s3:::example", "arn:aws-cn:s3:::example/logs/*"])"), "example");
  for (const std::string_view resources :
       {R"("*")", R"("arn:aws:s3:::example-*")", R"("arn:aws:s3:::%s/*")",
        R"(["arn:aws:s3:::one", "arn:aws:s3:::two"])", R"("arn:aws:s3:::${aws:username}")"}) {
    EXPECT_EQ(bucket(resources), "") << resources;
  }
}

TEST(PolicyFiles, OtherDocumentsAreNone) {
  EXPECT_THAT(kind(R"({"Statement": "once"})"), StrEq(""));
  EXPECT_THAT(kind(R"({"Statement": []})"), StrEq(""));
  EXPECT_THAT(kind(R"({"Statement": [{"Effect": "Maybe", "Action": "*"}]})"), StrEq(""));
  EXPECT_THAT(kind(R"({"Statement": [{"Effect": "Allow", "Resource": "*"}]})"), StrEq(""));
  EXPECT_THAT(kind(R"(["Statement"])"), StrEq(""));
  EXPECT_THAT(kind(R"({"Statement": [)"), StrEq(""));
  // Half of the statements have a principal: neither kind.
  EXPECT_THAT(of(R"({"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
                    {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})"),
              StrEq(""));
}

TEST(PolicyFiles, TemplatesAreNone) {
  for (const std::string_view hole : {"${account_id}", "{{account}}", "<%= account %>", "<my-account>", "<ACCOUNT ID>",
                                      "[BUCKET_NAME]", "$bucket", "logs-$STAGE/*", "$_b"}) {
    EXPECT_THAT(
        of(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::)" + std::string(hole) + "\"}"),
        StrEq(""))
        << hole;
  }
  for (const std::string_view variable : {"${aws:username}", "${*}", "${saml:sub}", "<>", "a<b", "[]", "[1]", "$LATEST",
                                          "$aws/things/a", "$", "$5", "a$/b"}) {
    EXPECT_THAT(of(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/)" +
                   std::string(variable) + "\"}"),
                StrEq("aws_iam_role_policy policy"))
        << variable;
  }
}

TEST(PolicyFiles, NamesInCapitalsAreOpenWhereArnsHaveNone) {
  const auto holes = [](std::string_view resource) {
    return holes_of(R"({"Effect": "Allow", "Action": "s3:GetObject", "Resource": ")" + std::string(resource) + "\"}");
  };
  for (const std::string_view hole : {"arn:aws:iam::ACCOUNT_ID:role/reader", "arn:aws:sqs:REGION:111122223333:orders",
                                      "arn:aws:s3:::BUCKET_NAME/*", "arn:aws:s3:::BUCKET"}) {
    EXPECT_EQ(holes(hole), hole.find("111122223333") == std::string_view::npos ? 1 : 2) << hole;
  }
  for (const std::string_view name : {"arn:aws:iam::418273645091:role/READER", "arn:aws:s3:::orders/ARCHIVE/*",
                                      "arn:aws:sqs:eu-west-1:418273645091:ORDERS", "ACCOUNT_ID",
                                      "arn:aws:iam::ab1:role/reader", "arn:aws:s3:::1-2", "arn:aws", "arn:"}) {
    EXPECT_EQ(holes(name), 0) << name;
  }
  EXPECT_THAT(of(R"({"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::BUCKET/*"})"),
              StrEq(""))
      << "nobody's bucket";
}

TEST_F(ReadPolicyFiles, AreJudgedWhereTheyAreRead) {
  write("main.tf", R"(resource "aws_sqs_queue_policy" "p" {
  queue_url = "q"
  policy    = file("${path.module}/queue.json")
})");
  write("queue.json", document(R"({"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"})"));
  load();
  secrets::Redactor redactor;
  EXPECT_THAT(workspace().files(redactor)->policy_files(), IsEmpty());
}

}  // namespace
}  // namespace gabion::terraform
