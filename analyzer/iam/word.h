// Texts as sequences of letters, where a letter is a character or a hole. What automata read and searches find.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "iam/text.h"

namespace gabion::iam {

/// A character (code point), or a hole.
using Letter = char32_t;
inline constexpr Letter kHoleLetters = 0x200000;  ///< hole number i is the letter kHoleLetters + i

/// A text whose unknown parts are holes.
using Word = std::u32string;

/// What is known about holes, by number.
struct HoleTable {
  struct Entry {
    Hole hole;
    bool pattern = false;    ///< the unknown text is a pattern of its own; the letter is a text that it matches
    bool wide = false;       ///< may contain the colons of an ARN
    std::uint16_t text = 0;  ///< number of the entry of the same hole that is no pattern
    std::string ground;      ///< text that stands for it where a text is needed
  };
  std::vector<Entry> entries;

  /// Number of a hole; added when it is new.
  [[nodiscard]] std::uint16_t number(const Hole& hole, bool pattern);
};

[[nodiscard]] constexpr bool is_hole(Letter letter) {
  return letter >= kHoleLetters && letter < kHoleLetters + 0x10000;
}
[[nodiscard]] constexpr bool is_upper(Letter letter) {
  return letter >= U'A' && letter <= U'Z';
}
[[nodiscard]] constexpr Letter fold_letter(Letter letter) {
  return is_upper(letter) ? letter - U'A' + U'a' : letter;
}

/// Code point at the beginning of UTF-8 text, and its length. Bytes that are no UTF-8 stand for themselves.
[[nodiscard]] std::pair<Letter, std::size_t> decode(std::string_view text);

[[nodiscard]] Word to_word(std::string_view text);
/// Holes become their ground texts.
[[nodiscard]] std::string to_text(const Word& word, const HoleTable& holes);

}  // namespace gabion::iam
