// The inside of JSON string literals: finding their end fast, and decoding escapes and UTF-8. Used by the parser
// alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "source/arena.h"

namespace gabion::syntax::json {

/// Where a scan stopped, and what it passed.
struct Scan {
  std::size_t offset = 0;  ///< of a quote, a backslash, a control character, or the end of the text
  bool non_ascii = false;  ///< bytes of 0x80 and above were passed
};

/// Runs over the plain characters of a string literal from `offset` on.
[[nodiscard]] Scan scan_plain(std::string_view text, std::size_t offset, char quote);

[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Appends a code point to memory as UTF-8; returns the number of bytes (1 to 4).
std::size_t encode_utf8(std::uint32_t code_point, char* memory);

/// A place in a literal that is not as the grammar wants it. Offsets count from the literal's first byte.
struct LiteralProblem {
  enum class Kind : std::uint8_t {
    kUnknownEscape,     ///< a backslash before a character that needs none
    kIncompleteEscape,  ///< the literal ends, or no four digits follow a \u
    kInvalidUtf8,
  };
  Kind kind = Kind::kUnknownEscape;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// Contents of a literal without its quotes: escapes decoded, surrogates paired. A lone surrogate and a byte that
/// is no UTF-8 become U+FFFD, an unknown escape the escaped character; problems are appended.
[[nodiscard]] std::string_view decode(std::string_view literal, source::Arena& arena,
                                      std::vector<LiteralProblem>& problems);

}  // namespace gabion::syntax::json
