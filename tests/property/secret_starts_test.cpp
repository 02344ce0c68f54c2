// tests: secrets
// Where words begin, compared with looking at each place.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "random.h"
#include "secrets/starts.h"

namespace gabion::secrets {
namespace {

using property::Random;

const std::vector<std::string_view> kExact{"AKIA", "gh", "-----B"};
const std::vector<std::string_view> kFolded{"key", "pw", "abab", "zz"};

/// The first place at or behind `from` where a word is read; bytes of folded words count by their five lowest bits.
std::size_t naive(std::string_view text, std::size_t from) {
  const auto is_folded = [&](std::size_t at, std::string_view word) {
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (at + i >= text.size() || (text[at + i] & 0x1f) != (word[i] & 0x1f)) {
        return false;
      }
    }
    return true;
  };
  for (std::size_t at = from; at < text.size(); ++at) {
    for (const std::string_view word : kExact) {
      if (text.substr(at).starts_with(word)) {
        return at;
      }
    }
    for (const std::string_view word : kFolded) {
      if (is_folded(at, word)) {
        return at;
      }
    }
  }
  return text.size();
}

TEST(Starts, AreAllPlacesWhereWordsBegin) {
  const Starts starts(kExact, kFolded);
  constexpr std::string_view kLetters = "AKIaghbkeypwzBZ-- \n\x9a";
  std::size_t found = 0;
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    std::string text;
    for (std::size_t length = random.below(40); text.size() < length;) {
      text += random.chance(20)   ? std::string(random.pick(kExact))
              : random.chance(20) ? std::string(random.pick(kFolded))
                                  : std::string(1, kLetters[random.below(kLetters.size())]);
    }
    for (std::size_t from = 0; from <= text.size() + 1; ++from) {
      const std::size_t place = starts.find(text, from);
      ASSERT_EQ(place, naive(text, from)) << "seed " << seed << ", from " << from << ": " << text;
      found += place < text.size() ? 1 : 0;
    }
  }
  EXPECT_GT(found, 3000U);
}

TEST(Starts, NeedNoText) {
  const Starts starts(kExact, kFolded);
  for (const std::string_view text : {"", "k", "gh", "xgh", "p", "-----"}) {
    for (std::size_t from = 0; from <= text.size() + 2; ++from) {
      EXPECT_EQ(starts.find(text, from), naive(text, from)) << text << ", " << from;
    }
  }
}

}  // namespace
}  // namespace gabion::secrets
