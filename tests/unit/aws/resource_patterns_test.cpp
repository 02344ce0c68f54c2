#include "aws/resource_patterns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace gabion::aws {
namespace {

using ::testing::Contains;

constexpr std::string_view kBucket = "arn:${Partition}:s3:::${BucketName}";
constexpr std::string_view kObject = "arn:${Partition}:s3:::${BucketName}/${ObjectName}";

TEST(ResourcePatterns, OverlapWithFormats) {
  EXPECT_TRUE(overlaps(kBucket, "arn:aws:s3:::logs"));
  EXPECT_FALSE(overlaps(kObject, "arn:aws:s3:::logs"));
  EXPECT_TRUE(overlaps(kObject, "arn:aws:s3:::logs/*"));
  EXPECT_FALSE(overlaps(kBucket, "arn:aws:s3:::logs/*"));
  EXPECT_TRUE(overlaps(kBucket, "arn:aws:s3:::logs*"));
  EXPECT_TRUE(overlaps(kObject, "arn:aws:s3:::logs*"));
  EXPECT_TRUE(overlaps(kObject, "*"));
  EXPECT_TRUE(overlaps(kObject, "arn:aws:s3:::${aws:username}/home/?"));
  EXPECT_FALSE(overlaps(kBucket, "arn:aws:sqs:*:*:*"));
  EXPECT_TRUE(overlaps("arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}",
                       "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/*"));
  EXPECT_FALSE(overlaps("arn:${Partition}:sqs:${Region}:${Account}:${QueueName}", "arn:aws:sqs:eu-west-1:queue"));
  EXPECT_TRUE(overlaps("arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}",
                       "arn:aws:iam::111122223333:role/service/app"));
  EXPECT_FALSE(
      overlaps("arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}", "arn:aws:iam::111122223333:user/app"));
}

TEST(ResourcePatterns, ActionsThatCanNeverWork) {
  const auto fits = [](std::string_view action, std::string_view pattern) {
    const std::array<std::string_view, 1> patterns = {pattern};
    return fits_some(*find_action(action), patterns);
  };
  EXPECT_FALSE(fits("s3:ListBucket", "arn:aws:s3:::logs/*"));
  EXPECT_TRUE(fits("s3:ListBucket", "arn:aws:s3:::logs"));
  EXPECT_FALSE(fits("s3:GetObject", "arn:aws:s3:::logs"));
  EXPECT_TRUE(fits("s3:GetObject", "arn:aws:s3:::logs/*"));
  EXPECT_FALSE(fits("s3:ListAllMyBuckets", "arn:aws:s3:::*"));
  EXPECT_TRUE(fits("s3:ListAllMyBuckets", "*"));
  EXPECT_TRUE(fits("dynamodb:Query", "arn:aws:dynamodb:*:*:table/t/index/*"));
  EXPECT_FALSE(fits("dynamodb:PutItem", "arn:aws:dynamodb:*:*:table/t/index/*"));
  EXPECT_FALSE(fits_some(*find_action("s3:GetObject"), {}));
}

TEST(ResourcePatterns, TypesOfAnArn) {
  std::vector<std::string> names;
  for (const ResourceTypeId type : types_of_arn("arn:aws:lambda:eu-west-1:111122223333:function:app")) {
    names.push_back(name_of(type));
  }
  EXPECT_THAT(names, Contains("function"));
  EXPECT_LE(names.size(), 4U);
}

TEST(ResourcePatterns, EveryFormatOverlapsItselfWithNamesFilledIn) {
  for (std::size_t i = 0; i < service_count(); ++i) {
    for (const ResourceTypeId type : resource_types_of(static_cast<ServiceId>(i))) {
      const std::string format = arn_format(type);
      std::string arn;
      for (std::size_t at = 0; at < format.size(); ++at) {
        if (format.compare(at, 2, "${") == 0) {
          arn += "name";
          at = format.find('}', at);
        } else {
          arn += format[at];
        }
      }
      EXPECT_TRUE(overlaps(format, arn)) << format;
    }
  }
}

}  // namespace
}  // namespace gabion::aws
