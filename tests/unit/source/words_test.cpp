#include "source/words.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "source/hash.h"

namespace gabion::source {
namespace {

constexpr std::size_t kLongest = 40;

/// A text of which no two bytes are the same.
std::string text_of(std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text += static_cast<char>('0' + i);
  }
  return text;
}

TEST(Words, SameTextLooksAtEveryByte) {
  for (std::size_t size = 0; size <= kLongest; ++size) {
    const std::string text = text_of(size);
    EXPECT_TRUE(same_text(text, std::string(text))) << size;
    EXPECT_FALSE(same_text(text, text + 'x')) << size;
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = '\xff';
      EXPECT_FALSE(same_text(text, other)) << size << ' ' << at;
      EXPECT_NE(hash_of(text), hash_of(other)) << size << ' ' << at;
    }
  }
}

TEST(Words, NothingOutsideOfTheTextCounts) {
  for (std::size_t size = 0; size <= kLongest; ++size) {
    const std::string one = "a" + text_of(size) + "bcdefghi";
    const std::string other = "r" + text_of(size) + "stuvwxyz";
    const auto inside = [&](const std::string& text) { return std::string_view(text).substr(1, size); };
    EXPECT_TRUE(same_text(inside(one), inside(other))) << size;
    EXPECT_EQ(hash_of(inside(one)), hash_of(inside(other))) << size;
  }
}

TEST(Words, WordsHaveAllBytes) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  for (std::size_t size = 0; size <= kLongest; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text = text_of(size);
      text[at] = '\xff';
      std::uint64_t seen = 0;
      for_each_word(text, [&](std::uint64_t word) { seen |= word; });
      EXPECT_NE(seen & kHighBits, 0U) << size << ' ' << at;
    }
  }
}

}  // namespace
}  // namespace gabion::source
