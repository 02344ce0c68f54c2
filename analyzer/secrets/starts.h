// Where in a text one of many words begins: a quick pass that looks at three letters at every other place, so that
// slower searches are made at few places. Used by the detector alone.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace gabion::secrets {

class Starts {
 public:
  /// Words of two letters or more that outlive the object; case counts in the exact ones only.
  Starts(const std::vector<std::string_view>& exact, const std::vector<std::string_view>& folded) {
    for (const std::string_view word : exact) {
      add(word, true);
    }
    for (const std::string_view word : folded) {
      add(word, false);
    }
  }

  /// The first place from `from` on where a word begins; the size of the text when there is none. Bytes that differ
  /// only in the bits that tell case, and others from letters, may be taken for each other in folded words.
  [[nodiscard]] std::size_t find(std::string_view text, std::size_t from) const {
    if (text.size() < 2 || from > text.size() - 2) {
      return text.size();
    }
    // A word that begins anywhere in these bytes has its first three letters, or those from its second one on, at one
    // of the three places that are looked at.
    for (; from + kTogether <= text.size(); from += kStride) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, text.data() + from + 1, sizeof bytes);
      std::uint64_t letters = triples(bytes);
      if ((near_[letters & kTriple] | near_[letters >> 16U & kTriple] | near_[letters >> 32U & kTriple]) == 0) {
        continue;
      }
      for (std::size_t at = from; at < from + kStride; at += 2) {
        const std::uint8_t which = near_[letters & kTriple];
        if ((which & kFromSecond) != 0 && begins_at(text, at)) {
          return at;
        }
        if ((which & kFromFirst) != 0 && begins_at(text, at + 1)) {
          return at + 1;
        }
        letters >>= 16U;
      }
    }
    return find_slowly(text, from);
  }

 private:
  struct Word {
    std::string_view text;
    bool exact = false;
    std::uint16_t next = 0;  ///< another word that begins alike, from 1 on
  };
  static constexpr std::uint32_t kLetters = 32;
  static constexpr std::uint32_t kKeys = kLetters * kLetters * kLetters;
  static constexpr std::size_t kStride = 6;    ///< places at which a word may begin, of each step
  static constexpr std::size_t kTogether = 9;  ///< bytes that a step reads
  static constexpr std::uint64_t kTriple = 0xffffU;

  static constexpr std::uint8_t kFromFirst = 1;   ///< a word begins with these letters
  static constexpr std::uint8_t kFromSecond = 2;  ///< they follow its first one

  /// Of eight bytes, the five lowest bits of three letters in 16 bits each: of those that begin with the first byte in
  /// the lowest, of those that begin with the third one behind them, and so on.
  [[nodiscard]] static std::uint64_t triples(std::uint64_t bytes) {
    constexpr std::uint64_t kFirst = 0x001f001f001f001fU;
    return (bytes & kFirst) | (bytes >> 3U & kFirst << 5U) | (bytes >> 6U & kFirst << 10U);
  }

  [[nodiscard]] bool begins_at(std::string_view text, std::size_t at) const {
    const std::uint16_t first = first_[key(key(key(0, text[at]), text[at + 1]), text[at + 2])];
    return first != 0 && begins(first, text.substr(at));
  }

  /// Place by place.
  [[nodiscard]] std::size_t find_slowly(std::string_view text, std::size_t from) const {
    if (from > text.size() - 2) {
      return text.size();
    }
    std::uint32_t three = key(key(0, text[from]), text[from + 1]);
    for (std::size_t at = from + 2; at < text.size(); ++at) {
      three = key(three, text[at]);
      if (first_[three] != 0 && begins(first_[three], text.substr(at - 2))) {
        return at - 2;
      }
    }
    // Two letters may stand at the end: a third one is made up.
    const std::size_t last = text.size() - 2;
    three = key(three, '\0');
    return first_[three] != 0 && begins(first_[three], text.substr(last)) ? last : text.size();
  }

  /// Three letters by their five lowest bits, in which those that differ in case alone are equal.
  [[nodiscard]] static std::uint32_t key(std::uint32_t before, char c) {
    return (before * kLetters + static_cast<unsigned char>(c) % kLetters) % kKeys;
  }
  void add(std::string_view word, bool exact) {
    const std::uint32_t two = key(key(0, word[0]), word[1]);
    for (std::uint32_t letter = 0; letter < kLetters; ++letter) {
      if (word.size() == 2 || letter == key(0, word[2])) {
        std::uint16_t& first = first_[(two * kLetters + letter) % kKeys];
        words_.push_back({word, exact, first});
        first = static_cast<std::uint16_t>(words_.size());
      }
    }
    mark(word, kFromFirst);
    mark(word.substr(1), kFromSecond);
  }
  /// That three letters which begin so are at the beginning of a word.
  void mark(std::string_view letters, std::uint8_t which) {
    const auto each = [&](std::size_t index, const auto& visit) {
      if (index < letters.size()) {
        visit(key(0, letters[index]));
        return;
      }
      for (std::uint32_t letter = 0; letter < kLetters; ++letter) {
        visit(letter);
      }
    };
    each(1, [&](std::uint32_t second) {
      each(2, [&](std::uint32_t third) { near_[key(0, letters[0]) | second << 5U | third << 10U] |= which; });
    });
  }
  [[nodiscard]] bool begins(std::uint16_t number, std::string_view text) const {
    for (; number != 0; number = words_[number - 1U].next) {
      const Word& word = words_[number - 1U];
      const bool same = word.exact ? text.starts_with(word.text)
                                   : text.size() >= word.text.size() &&
                                         std::equal(word.text.begin(), word.text.end(), text.begin(),
                                                    [](char a, char b) { return key(0, a) == key(0, b); });
      if (same) {
        return true;
      }
    }
    return false;
  }

  std::array<std::uint16_t, kKeys> first_{};  ///< by three letters: a word, from 1 on
  std::array<std::uint8_t, kKeys> near_{};    ///< by what triples() gives of three letters
  std::vector<Word> words_;
};

}  // namespace gabion::secrets
