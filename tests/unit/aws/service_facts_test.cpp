#include "aws/service_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace gabion::aws {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Not;

ActionId action(std::string_view name) {
  const auto found = find_action(name);
  EXPECT_TRUE(found.has_value()) << name;
  return found.value_or(ActionId{});
}

std::vector<std::string> types_of(std::string_view name) {
  std::vector<std::string> out;
  for (const ActionResource& resource : resources_of(action(name))) {
    out.push_back(name_of(resource.type));
  }
  return out;
}

std::vector<std::string> names(const std::vector<ConditionKey>& keys) {
  std::vector<std::string> out;
  std::ranges::transform(keys, std::back_inserter(out), &ConditionKey::name);
  return out;
}

TEST(ServiceFacts, EveryActionIsFoundByItsNameInAnyCase) {
  EXPECT_GT(service_count(), 400U);
  EXPECT_GT(action_count(), 20'000U);
  std::size_t seen = 0;
  for (std::size_t i = 0; i < service_count(); ++i) {
    const auto service = static_cast<ServiceId>(i);
    ASSERT_EQ(find_service(prefix_of(service)), service);
    for (const ActionId one : actions_of(service)) {
      std::string name = name_of(one);
      ASSERT_EQ(find_action(name), one) << name;
      ASSERT_EQ(service_of(one), service) << name;
      std::ranges::transform(name, name.begin(),
                             [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
      ASSERT_EQ(find_action(name), one) << name;
      ++seen;
    }
  }
  EXPECT_EQ(seen, action_count());
}

TEST(ServiceFacts, NamesThatDoNotExistAreNotFound) {
  for (const char* name : {"", ":", "s3", "s3:", ":GetObject", "s3:GetObjec", "s3:GetObjects", "s3:zzz", "s4:GetObject",
                           "GetObject", "s3:GetObject ", "zzz:A", "a:A"}) {
    EXPECT_FALSE(find_action(name).has_value()) << name;
  }
  EXPECT_FALSE(find_service("").has_value());
  EXPECT_FALSE(find_service("s").has_value());
  EXPECT_FALSE(find_service("s3x").has_value());
}

TEST(ServiceFacts, ActionsHaveLevels) {
  EXPECT_EQ(access_level(action("s3:GetObject")), AccessLevel::kRead);
  EXPECT_EQ(access_level(action("s3:ListBucket")), AccessLevel::kList);
  EXPECT_EQ(access_level(action("s3:PutObject")), AccessLevel::kWrite);
  EXPECT_EQ(access_level(action("s3:PutBucketPolicy")), AccessLevel::kPermissions);
  EXPECT_EQ(access_level(action("ec2:CreateTags")), AccessLevel::kTagging);
  EXPECT_EQ(name(AccessLevel::kPermissions), "permissions-management");
}

TEST(ServiceFacts, ActionsHaveResourceTypes) {
  EXPECT_THAT(types_of("iam:PassRole"), ElementsAre("role"));
  EXPECT_TRUE(resources_of(action("iam:PassRole"))[0].required);
  EXPECT_THAT(types_of("s3:GetObject"), Contains("object"));
  EXPECT_THAT(types_of("s3:GetObject"), Not(Contains("bucket")));
  EXPECT_THAT(types_of("s3:ListAllMyBuckets"), IsEmpty());
  EXPECT_TRUE(supports_resource_level(action("s3:GetObject")));
  EXPECT_FALSE(supports_resource_level(action("ecr:GetAuthorizationToken")));
  EXPECT_EQ(arn_format(resources_of(action("iam:PassRole"))[0].type),
            "arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}");
}

TEST(ServiceFacts, ActionsHaveConditionKeys) {
  EXPECT_THAT(names(condition_keys_of(action("iam:PassRole"))), Contains("iam:PassedToService"));
  // Of the service as a whole, of the action, of its resource type.
  EXPECT_TRUE(accepts_key(action("s3:GetObject"), "s3:TlsVersion"));
  EXPECT_TRUE(accepts_key(action("s3:ListBucket"), "S3:PREFIX"));
  EXPECT_FALSE(accepts_key(action("s3:GetObject"), "s3:prefix"));
  EXPECT_TRUE(accepts_key(action("ec2:RunInstances"), "ec2:ResourceTag/team"));
  EXPECT_TRUE(accepts_key(action("s3:GetObject"), "s3:ExistingObjectTag/team"));
  EXPECT_FALSE(accepts_key(action("s3:GetObject"), "s3:ExistingObjectTag/"));
  EXPECT_TRUE(accepts_key(action("s3:GetObject"), "aws:sourceip"));
  EXPECT_FALSE(accepts_key(action("s3:GetObject"), "aws:SourceAddress"));
  EXPECT_THAT(condition_keys_of(*find_service("kms")),
              Contains(testing::AllOf(Field(&ConditionKey::name, "kms:GrantIsForAWSResource"),
                                      Field(&ConditionKey::type, ValueType::kBool))));
  EXPECT_EQ(find_global_key("aws:principaltag/team")->name, "aws:PrincipalTag/${TagKey}");
}

TEST(ServiceFacts, ActionsHaveDependentActions) {
  std::vector<std::string> found;
  for (const ActionId one : dependent_actions(action("access-analyzer:StartPolicyGeneration"))) {
    found.push_back(name_of(one));
  }
  EXPECT_THAT(found, ElementsAre("iam:PassRole"));
  EXPECT_THAT(dependent_actions(action("s3:GetObject")), IsEmpty());
}

TEST(ServiceFacts, KeysMayHavePlaceholders) {
  EXPECT_TRUE(is_key("a:b", "A:B"));
  EXPECT_TRUE(is_key("x:${A}/y/${B}", "x:1/2/y/3"));
  EXPECT_FALSE(is_key("x:${A}/y/${B}", "x:1/y/"));
  EXPECT_FALSE(is_key("x:${A}.value", "x:.value"));
  EXPECT_TRUE(is_key("x:${A}.value", "x:n.value"));
}

TEST(ServiceFacts, EveryFactCanBeRead) {
  // Whatever the tables hold: nothing reads beyond them, and references stay inside.
  for (std::size_t i = 0; i < service_count(); ++i) {
    const auto service = static_cast<ServiceId>(i);
    ASSERT_FALSE(title_of(service).empty());
    static_cast<void>(condition_keys_of(service));
    for (const ResourceTypeId type : resource_types_of(service)) {
      ASSERT_EQ(arn_format(type).substr(0, 4), "arn:") << name_of(type);
      static_cast<void>(condition_keys_of(type));
    }
    for (const ActionId one : actions_of(service)) {
      ASSERT_LE(static_cast<int>(access_level(one)), 4);
      for (const ConditionKey& key : condition_keys_of(one)) {
        ASSERT_FALSE(key.name.empty());
        ASSERT_LE(static_cast<int>(key.type), static_cast<int>(ValueType::kIp));
      }
      for (const ActionId other : dependent_actions(one)) {
        ASSERT_LT(static_cast<std::size_t>(other), action_count());
      }
    }
  }
}

}  // namespace
}  // namespace gabion::aws
