#include "aws/action_patterns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace gabion::aws {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> names(const std::vector<ActionId>& actions) {
  std::vector<std::string> out;
  std::ranges::transform(actions, std::back_inserter(out), [](ActionId action) { return name_of(action); });
  return out;
}

std::vector<ActionId> expand_all(std::initializer_list<const char*> patterns) {
  std::vector<ActionId> out;
  for (const char* pattern : patterns) {
    const std::vector<ActionId> found = expand_action(pattern);
    out.insert(out.end(), found.begin(), found.end());
  }
  return out;
}

TEST(ActionPatterns, ExpandToWhatMatchesOneByOne) {
  for (std::size_t i = 0; i < service_count(); ++i) {
    const auto service = static_cast<ServiceId>(i);
    const std::vector<ActionId> all = actions_of(service);
    const std::string middle = short_name_of(all[all.size() / 2]);
    const std::string prefix = prefix_of(service) + ":";
    const std::vector<std::string> patterns = {
        "*", middle.substr(0, 3) + "*", middle.substr(0, 1) + "?*", "*" + middle.substr(2), "?*s", middle + "*", "zz*",
        "a*"};
    for (const std::string& pattern : patterns) {
      std::vector<ActionId> expected;
      std::ranges::copy_if(all, std::back_inserter(expected),
                           [&](ActionId action) { return matches_folded(prefix + pattern, name_of(action)); });
      EXPECT_EQ(names(expand_action(prefix + pattern)), names(expected)) << prefix << pattern;
      EXPECT_EQ(covers_some_action(prefix + pattern), !expected.empty()) << prefix << pattern;
    }
  }
}

TEST(ActionPatterns, Expand) {
  EXPECT_THAT(names(expand_action("s3:getobjectacl")), ElementsAre("s3:GetObjectAcl"));
  EXPECT_THAT(names(expand_action("s3:Get*ectAcl")), ElementsAre("s3:GetObjectAcl"));
  EXPECT_THAT(names(expand_action("S3:GetObjec?")), ElementsAre("s3:GetObject"));
  EXPECT_THAT(names(expand_action("*:PassRole")), Contains("iam:PassRole"));
  EXPECT_THAT(names(expand_action("iam:*Role")), Contains("iam:PassRole"));
  EXPECT_THAT(expand_action("s3:Nothing*"), IsEmpty());
  EXPECT_THAT(expand_action("nothing:*"), IsEmpty());
  EXPECT_EQ(expand_action("*").size(), action_count());
  EXPECT_EQ(expand_action("*:*").size(), action_count());
  EXPECT_EQ(expand_action("sqs:*"), actions_of(*find_service("sqs")));
  // A wildcard in the prefix reaches other services.
  EXPECT_GT(expand_action("s3*:*").size(), expand_action("s3:*").size());
  EXPECT_TRUE(covers_some_action("ec2:Describe*"));
  EXPECT_FALSE(covers_some_action("ec2:Describezz*"));
}

TEST(ActionPatterns, ShortestPatternsCoverTheSameActions) {
  EXPECT_THAT(shortest_patterns(expand_action("sqs:*")), ElementsAre("sqs:*"));
  EXPECT_THAT(shortest_patterns(expand_action("s3:Get*")), ElementsAre("s3:Get*"));
  EXPECT_THAT(shortest_patterns(expand_all({"sqs:SendMessage", "sns:Publish"})),
              ElementsAre("sns:Publish", "sqs:SendMessage"));
  EXPECT_THAT(shortest_patterns({}), IsEmpty());
  for (const char* pattern : {"s3:*Object*", "ec2:*Vpc*", "iam:*Role*", "kms:*", "dynamodb:B*", "*:List*"}) {
    const std::vector<ActionId> actions = expand_action(pattern);
    std::vector<ActionId> again;
    for (const std::string& shorter : shortest_patterns(actions)) {
      const std::vector<ActionId> found = expand_action(shorter);
      again.insert(again.end(), found.begin(), found.end());
    }
    std::ranges::sort(again);
    EXPECT_EQ(again, actions) << pattern;
    EXPECT_LE(shortest_patterns(actions).size(), actions.size());
  }
}

TEST(ActionPatterns, NearestNames) {
  EXPECT_EQ(nearest_action("s3:GetObjcet"), "s3:GetObject");
  EXPECT_EQ(nearest_action("s3:ListBuckets"), "s3:ListBucket");
  EXPECT_EQ(nearest_action("ec:RunInstances"), "ec2:RunInstances");
  EXPECT_EQ(nearest_action("lamda:InvokeFuncton"), "lambda:InvokeFunction");
  EXPECT_EQ(nearest_action("s3:GetObject"), std::nullopt);
  EXPECT_EQ(nearest_action("s3:SomethingElseAltogether"), std::nullopt);
  EXPECT_EQ(nearest_action("s3:Get*"), std::nullopt);
  EXPECT_EQ(nearest_action("nosuchservice:GetObject"), std::nullopt);
  EXPECT_EQ(nearest_service("dynamdb"), "dynamodb");
  EXPECT_EQ(nearest_service("dynamodb"), std::nullopt);
}

TEST(ActionPatterns, NearestConditionKeys) {
  EXPECT_EQ(nearest_condition_key("aws:SourceIpp"), "aws:SourceIp");
  EXPECT_EQ(nearest_condition_key("aws:RequestTags/team"), "aws:RequestTag/team");
  EXPECT_EQ(nearest_condition_key("iam:PassedToServices"), "iam:PassedToService");
  EXPECT_EQ(nearest_condition_key("iam:passedtoservice"), std::nullopt);
  EXPECT_EQ(nearest_condition_key("aws:SomethingElse"), std::nullopt);
  EXPECT_EQ(nearest_condition_key("accounts.google.com:audd"), std::nullopt);
  EXPECT_EQ(nearest_condition_key("SourceIp"), std::nullopt);
}

TEST(ActionPatterns, EditDistanceCountsSwapsOnce) {
  EXPECT_EQ(edit_distance("", "", 3), 0U);
  EXPECT_EQ(edit_distance("abc", "ABC", 3), 0U);
  EXPECT_EQ(edit_distance("abcd", "abdc", 3), 1U);
  EXPECT_EQ(edit_distance("abcd", "acd", 3), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting", 3), 3U);
  EXPECT_EQ(edit_distance("abc", "xyz", 2), 3U);
  EXPECT_EQ(edit_distance("a", "abcdefgh", 2), 3U);
}

TEST(ActionPatterns, WildcardsIgnoreCase) {
  EXPECT_TRUE(matches_folded("*", ""));
  EXPECT_TRUE(matches_folded("a*C?e", "AbbbcdE"));
  EXPECT_FALSE(matches_folded("a*c?", "abc"));
  EXPECT_TRUE(matches_folded("*a*b*", "xxAyyBzz"));
  EXPECT_FALSE(matches_folded("", "a"));
}

}  // namespace
}  // namespace gabion::aws
