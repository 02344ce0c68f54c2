#include "iam/common_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iam/text_search.h"

namespace gabion::iam {
namespace {

/// `texts` with `{account}` and `{bucket}` for holes.
std::string common(const std::vector<std::string_view>& texts) {
  HoleTable holes;
  std::vector<Pattern> patterns;
  for (std::string_view rest : texts) {
    Text text;
    while (!rest.empty()) {
      const std::size_t hole = rest.find('{');
      text.append(rest.substr(0, hole));
      rest.remove_prefix(std::min(hole, rest.size()));
      if (!rest.empty()) {
        const std::string name(rest.substr(1, rest.find('}') - 1));
        text.append(Hole{.name = name, .account = name == "account", .field = true});
        rest.remove_prefix(name.size() + 2);
      }
    }
    Pattern pattern = compile_pattern(text, {.wildcards = true, .arn = PatternSyntax::Arn::kResource});
    for (Token& token : pattern.tokens) {
      if (token.kind == TokenKind::kHole) {
        token.index = holes.number(pattern.holes[token.index], false);
      }
    }
    patterns.push_back(std::move(pattern));
  }
  std::vector<const Pattern*> pointers;
  for (const Pattern& pattern : patterns) {
    pointers.push_back(&pattern);
  }
  const std::optional<Word> word = common_text(pointers, holes);
  return word ? to_text(*word, holes) : "nothing";
}

TEST(CommonText, TakesOfEachFieldWhatIsSpelledOut) {
  EXPECT_EQ(common({"arn:aws:iam::*:user/somebody", "arn:*:iam::123456789012:user/*"}),
            "arn:aws:iam::123456789012:user/somebody");
  EXPECT_EQ(common({"arn:aws:ec2:*:*:instance/*"}), "arn:aws:ec2:us-east-1:111122223333:instance/example");
}

TEST(CommonText, KeepsTheHolesOfTheFirst) {
  EXPECT_EQ(common({"arn:aws:iam::{account}:user/*", "arn:aws:iam::123456789012:user/somebody"}),
            "arn:aws:iam::{0}:user/somebody");
  EXPECT_EQ(common({"arn:aws:s3:::{bucket}/*", "arn:aws:s3:::{bucket}/logs/{account}/*"}),
            "arn:aws:s3:::{0}/logs/111122223333/example");
}

TEST(CommonText, IsNothingForOtherFields) {
  EXPECT_EQ(common({"arn:aws:iam::*:user/somebody", "*"}), "nothing");
  EXPECT_EQ(common({"arn:aws:iam::*:user/somebody", "s3"}), "nothing");
  EXPECT_EQ(common({}), "nothing");
}

}  // namespace
}  // namespace gabion::iam
