// tests: iam
// Patterns that are said to have no text in common, against trying all short texts.
#include "iam/pattern.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "random.h"

namespace gabion::iam {
namespace {

using property::Random;

constexpr std::string_view kStart = "arn:aws:s3:::";

Pattern resource(std::string_view name) {
  return compile_pattern(Text(std::string(kStart) + std::string(name)),
                         {.wildcards = true, .variables = true, .arn = PatternSyntax::Arn::kResource});
}

std::string random_text(Random& random, std::string_view letters) {
  std::string text;
  for (std::size_t length = random.below(6); length > 0; --length) {
    text += letters[random.below(letters.size())];
  }
  return text;
}

/// All texts of at most six letters.
std::vector<std::string> short_texts() {
  std::vector<std::string> texts{""};
  for (std::size_t begin = 0, length = 0; length < 6; ++length) {
    for (const std::size_t end = texts.size(); begin < end; ++begin) {
      for (const char c : {'a', 'b', '/'}) {
        texts.push_back(texts[begin] + c);
      }
    }
  }
  return texts;
}

TEST(PatternProperty, WhatIsSurelyApartHasNoTextInCommon) {
  std::vector<std::string> texts = short_texts();
  for (std::string& text : texts) {
    text.insert(0, kStart);
  }
  std::size_t apart = 0;
  for (std::uint32_t seed = 0; seed < 1500; ++seed) {
    Random random(seed);
    const std::string names[] = {random_text(random, "ab/"), random_text(random, "ab/*?*")};
    const Pattern one = resource(names[0]);
    const Pattern other = resource(names[1]);
    EXPECT_EQ(surely_apart(one, other), surely_apart(other, one)) << names[0] << " and " << names[1];
    // One of them is spelled out, so that all is known of the two.
    const bool common = match(other, std::string(kStart) + names[0]);
    EXPECT_TRUE(!surely_apart(one, other) || !common) << names[0] << " and " << names[1];
    apart += surely_apart(one, other) ? 1 : 0;
    const std::string wild = random_text(random, "ab/*?*");
    if (surely_apart(resource(wild), other)) {
      for (const std::string& text : texts) {
        EXPECT_FALSE(match(resource(wild), text) && match(other, text)) << wild << " and " << names[1] << ": " << text;
      }
    }
  }
  EXPECT_GT(apart, 500U);
}

TEST(PatternProperty, NamesAreToldFromPatternsWithHolesAndVariables) {
  Text hole(std::string(kStart) + "user/");
  hole.append(Hole{.name = "team"});
  hole.append("-bot");
  const Pattern of_team = compile_pattern(hole, {.wildcards = true, .arn = PatternSyntax::Arn::kResource});
  EXPECT_TRUE(surely_apart(resource("user/somebody"), of_team));
  EXPECT_FALSE(surely_apart(resource("user/some-bot"), of_team));
  EXPECT_TRUE(surely_apart(resource("user/somebody"), resource("user/*/${aws:username}")));
  EXPECT_FALSE(surely_apart(resource("user/some/body"), resource("user/*/${aws:username}")));
  EXPECT_TRUE(surely_apart(resource("user/some/body"), resource("user/*/any?here")));
}

TEST(PatternProperty, UnknownAccountsAreToldFromNobodys) {
  const auto in_account = [](const Hole& account, std::string_view end) {
    Text text("arn:aws:sns:*:");
    text.append(account);
    text.append(end);
    return compile_pattern(text, {.wildcards = true, .arn = PatternSyntax::Arn::kResource});
  };
  const auto topic = [](std::string_view account) {
    return compile_pattern(Text("arn:aws:sns:*:" + std::string(account) + ":topic"),
                           {.wildcards = true, .arn = PatternSyntax::Arn::kResource});
  };
  const Hole account{.name = "data.aws_caller_identity.current.account_id", .literal = true, .account = true};
  EXPECT_TRUE(surely_apart(in_account(account, ":topic"), topic("000000000000")));
  EXPECT_FALSE(surely_apart(in_account(account, ":topic"), topic("111122223333")));
  EXPECT_FALSE(surely_apart(in_account(account, ":topic"), topic("*")));
  EXPECT_FALSE(surely_apart(in_account(account, ":topic"), topic("00000000000?")));
  EXPECT_FALSE(surely_apart(in_account(Hole{.name = "var.account"}, ":topic"), topic("000000000000")));
}

}  // namespace
}  // namespace gabion::iam
