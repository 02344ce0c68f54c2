#include "source/glob.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace gabion::source {
namespace {

/// What a glob means, by its definition.
bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) {
    return text.empty();
  }
  const std::string_view rest = pattern.substr(1);
  if (pattern.front() == '*') {
    return matches(rest, text) || (!text.empty() && matches(pattern, text.substr(1)));
  }
  return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) && matches(rest, text.substr(1));
}

/// All texts of up to so many letters.
std::vector<std::string> texts_of(std::string_view letters, std::size_t longest) {
  std::vector<std::string> texts{""};
  for (std::size_t begin = 0, size = 0; size < longest; ++size) {
    const std::size_t end = texts.size();
    for (; begin < end; ++begin) {
      for (const char letter : letters) {
        texts.push_back(texts[begin] + letter);
      }
    }
  }
  return texts;
}

TEST(Glob, MatchesWhatItsDefinitionSays) {
  const std::vector<std::string> texts = texts_of("ab", 6);
  for (const std::string& pattern : texts_of("ab*?", 5)) {
    for (const std::string& text : texts) {
      ASSERT_EQ(glob_matches(pattern, text, std::equal_to<>()), matches(pattern, text)) << pattern << " on " << text;
    }
  }
}

TEST(Glob, TakesCharactersForEqualThatItIsToldTo) {
  const auto folded = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
  EXPECT_TRUE(glob_matches("*volume*", "DescribeVolumeStatus", folded));
  EXPECT_FALSE(glob_matches("*volumes", "DescribeVolumeStatus", folded));
}

}  // namespace
}  // namespace gabion::source
