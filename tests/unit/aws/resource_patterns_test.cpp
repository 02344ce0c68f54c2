#include "aws/resource_patterns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

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

TEST(ResourcePatterns, NamesThatAreNotKnownHoldNoSlash) {
  const std::string bucket = std::string("arn:aws:s3:::") + kUnknownName;
  EXPECT_TRUE(overlaps(kBucket, bucket));
  EXPECT_FALSE(overlaps(kObject, bucket));
  EXPECT_FALSE(overlaps(kBucket, bucket + "/*"));
  EXPECT_TRUE(overlaps(kObject, bucket + "/*"));
  EXPECT_TRUE(overlaps(kBucket, bucket + "-logs"));
  // An access point is of a Region and an account, so no bucket is called like one.
  constexpr std::string_view kPoint = "arn:${Partition}:s3:${Region}:${Account}:accesspoint/${AccessPointName}";
  EXPECT_FALSE(overlaps(kPoint, bucket + "/*"));
  EXPECT_FALSE(overlaps(kPoint, "arn:aws:s3:::accesspoint/*"));
  EXPECT_TRUE(overlaps(kPoint, "arn:aws:s3:*:*:accesspoint/*"));
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
  EXPECT_TRUE(fits("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:app"));
  EXPECT_TRUE(fits("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:app:*"));
  EXPECT_TRUE(fits("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:app:live"));
  EXPECT_FALSE(fits("lambda:InvokeFunction", "arn:aws:lambda:*:*:function/app"));
  EXPECT_FALSE(fits("lambda:InvokeFunction", "arn:aws:lambda:*:*:layer:app:1"));
  EXPECT_FALSE(fits("lambda:InvokeFunction", "arn:aws:lambda:*:*:function:app:live:1"));
  EXPECT_FALSE(fits_some(*find_action("s3:GetObject"), {}));
}

TEST(ResourcePatterns, AnswersForManyActionsAreThoseForEach) {
  constexpr std::array<std::string_view, 2> kResources = {"arn:aws:s3:::logs/*", "arn:aws:lambda:*:*:function:app:*"};
  ResourcePatterns patterns(kResources);
  std::size_t fitting = 0;
  for (const std::string_view prefix : {"s3", "lambda", "sqs", "s3"}) {
    for (const ActionId action : actions_of(*find_service(prefix))) {
      EXPECT_EQ(patterns.fit(action), fits_some(action, kResources)) << name_of(action);
      fitting += patterns.fit(action) ? 1 : 0;
    }
  }
  EXPECT_GT(fitting, 50U);
  constexpr std::array<std::string_view, 2> kAll = {"arn:aws:s3:::logs", "*"};
  EXPECT_TRUE(ResourcePatterns(kAll).fit(*find_action("s3:ListAllMyBuckets")));
  EXPECT_FALSE(ResourcePatterns({}).fit(*find_action("s3:GetObject")));
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

// A pattern that begins with "?" instead of the "a" of "arn" has no start to go by, and says the same.
TEST(ResourcePatterns, StartsThatCanBeToldChangeNothing) {
  std::vector<std::string> formats;
  std::vector<std::string> patterns = {"arn::s3:::logs",     "arn:aws:s3",           "arn:aws",
                                       "arn:*:s3:::logs",    "arn:aws:s?:::*",       "arn:a/b:iam::1:role/x",
                                       "arn:${a}:sqs:*:1:q", "arn:aws:s3:::${a}/b:c"};
  for (std::size_t i = 0; i < service_count(); ++i) {
    for (const ResourceTypeId type : resource_types_of(static_cast<ServiceId>(i))) {
      formats.push_back(arn_format(type));
      if (formats.size() % 40 != 0) {
        continue;
      }
      for (const std::string_view name : {"x", "", "a/b", "*", "x?"}) {
        std::string& pattern = patterns.emplace_back();
        for (std::size_t at = 0; at < formats.back().size(); ++at) {
          if (formats.back().compare(at, 2, "${") == 0) {
            pattern += name;
            at = formats.back().find('}', at);
          } else {
            pattern += formats.back()[at];
          }
        }
      }
    }
  }
  std::size_t overlapping = 0;
  for (const std::string& pattern : patterns) {
    for (const std::string& format : formats) {
      const bool overlap = overlaps(format, pattern);
      EXPECT_EQ(overlap, overlaps(format, "?" + pattern.substr(1))) << format << ' ' << pattern;
      overlapping += overlap ? 1 : 0;
    }
  }
  EXPECT_GT(overlapping, patterns.size() / 2);
}

}  // namespace
}  // namespace gabion::aws
