// The character encodings of one byte for each character, by their IANA names. Facts; text_encoding.cpp uses them.
#pragma once

#include <span>
#include <string_view>

namespace gabion::eval::functions {

/// An encoding. U+FFFD stands for bytes without a character.
struct CodePage {
  std::string_view names;          ///< in lower case, with blanks between
  std::u16string_view characters;  ///< of the bytes from 0x80 on when there are 128 (the others are ASCII), else of all
};

/// All of them; no name occurs twice.
[[nodiscard]] std::span<const CodePage> code_pages();

}  // namespace gabion::eval::functions
