// Classes of bytes and code points as HCL's scanner sees them. Used by the parser and the printer only; everything
// here is a pure function of its arguments.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gabion::syntax::hcl {

/// What a byte can be; a byte may be several.
enum CharacterClass : std::uint8_t {
  kIdentifierStart = 1,     ///< ASCII letter or underscore
  kIdentifierContinue = 2,  ///< the same, a digit or a dash
  kDigit = 4,
  kQuotedSpecial = 8,  ///< ends a run of ordinary bytes in a quoted template
  kLineSpecial = 16,   ///< ends a run of ordinary bytes in a heredoc or bare template
  kNonAscii = 32,
  kOperatorStart = 64,  ///< may begin a binary operator
  kHexDigit = 128,
};

namespace detail {
constexpr std::array<std::uint8_t, 256> make_character_classes() {
  std::array<std::uint8_t, 256> table{};
  const auto mark = [&table](std::string_view characters, std::uint8_t classes) {
    for (const char c : characters) {
      auto& entry = table[static_cast<unsigned char>(c)];
      entry = static_cast<std::uint8_t>(entry | classes);
    }
  };
  mark("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", kIdentifierStart | kIdentifierContinue);
  mark("0123456789", kIdentifierContinue | kDigit | kHexDigit);
  mark("abcdefABCDEF", kHexDigit);
  mark("-", kIdentifierContinue);
  mark("\"\\$%\r\n", kQuotedSpecial);
  mark("$%\r\n", kLineSpecial);
  mark("|&=!<>+-*/%", kOperatorStart);
  for (std::size_t byte = 0x80; byte < 0x100; ++byte) {
    table[byte] = kNonAscii | kQuotedSpecial | kLineSpecial;
  }
  return table;
}
inline constexpr std::array<std::uint8_t, 256> kCharacterClasses = make_character_classes();
}  // namespace detail

[[nodiscard]] constexpr bool is(char c, std::uint8_t classes) {
  return (detail::kCharacterClasses[static_cast<unsigned char>(c)] & classes) != 0;
}

/// A decoded code point and how many bytes it took; `length` 0 means the bytes are not valid UTF-8.
struct CodePoint {
  std::uint32_t value = 0;
  std::uint8_t length = 0;
};

/// The code point at `p`; overlong forms, surrogates and values over U+10FFFF are invalid. Needs p < end.
[[nodiscard]] CodePoint decode_utf8(const char* p, const char* end);
/// Appends a code point that is a Unicode scalar value.
void append_utf8(std::string& text, std::uint32_t code_point);

/// ID_Start and ID_Continue of UAX #31 (the dash is the caller's business).
[[nodiscard]] bool is_id_start(std::uint32_t code_point);
[[nodiscard]] bool is_id_continue(std::uint32_t code_point);

/// Without white space (the Unicode property) at its beginning or end.
[[nodiscard]] std::string_view trim_left(std::string_view text);
[[nodiscard]] std::string_view trim_right(std::string_view text);

/// Grapheme clusters in a run of white space.
[[nodiscard]] std::size_t count_graphemes(std::string_view text);
/// Bytes taken by the first `count` grapheme clusters.
[[nodiscard]] std::size_t bytes_of_graphemes(std::string_view text, std::size_t count);

}  // namespace gabion::syntax::hcl
