// Where in a text one of many words begins: a quick pass that looks at three letters at a time, so that slower searches
// are made at few places. Used by the detector alone.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
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

 private:
  struct Word {
    std::string_view text;
    bool exact = false;
    std::uint16_t next = 0;  ///< another word that begins alike, from 1 on
  };
  static constexpr std::uint32_t kLetters = 32;
  static constexpr std::uint32_t kKeys = kLetters * kLetters * kLetters;

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
  std::vector<Word> words_;
};

}  // namespace gabion::secrets
