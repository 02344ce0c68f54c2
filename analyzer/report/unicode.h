// Text of others on a terminal: how wide it is, and how to show it without letting it move the cursor, hide or reorder
// what stands around it. Also replaces bytes that are no UTF-8, which no output format may contain.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gabion::report {

/// One code point of a text, or one byte that is no UTF-8 (then `code_point` is negative).
struct CodePoint {
  std::int32_t code_point = -1;
  std::uint32_t size = 1;  ///< bytes
};

/// The code point at `offset`, which is inside the text.
[[nodiscard]] CodePoint code_point_at(std::string_view text, std::size_t offset);

/// Characters that show nothing themselves but change how their neighbours look, or break the line.
[[nodiscard]] bool is_deceptive(std::int32_t code_point);

/// How one code point appears.
struct Glyph {
  std::string text;         ///< printable bytes, escaped where the original is not
  std::uint32_t width = 0;  ///< columns on a terminal
};

/// Control characters, bidirectional and other invisible format characters and bad bytes come out as \x1b, \u{202e};
/// a tab fills up to the next multiple of four columns.
[[nodiscard]] Glyph glyph(std::string_view text, std::size_t offset, CodePoint code_point, std::uint32_t column);

/// How many characters at the beginning are printed as they are, each one column wide: letters, digits, signs of ASCII.
[[nodiscard]] std::size_t plain_length(std::string_view text);

/// The text in one printable line (line ends as \n, tabs as \t).
[[nodiscard]] std::string printable(std::string_view text);

/// The text with all its lines printable; line ends and tabs stay.
[[nodiscard]] std::string printable_lines(std::string_view text);

/// Columns of a printable text.
[[nodiscard]] std::uint32_t width_of(std::string_view text);

/// The text with every byte that is no UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view text);

}  // namespace gabion::report
