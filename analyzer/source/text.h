// What the bytes of a file say about its encoding and line ends. Parsers and the fixer ask once per file: a
// byte order mark and the style of the line ends must survive a fix, and a text that is not UTF-8 is reported
// instead of guessed at.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gabion::source {

/// A mark at the start of a text. Only UTF-8 can be analysed; the others are named to make a clear message.
enum class ByteOrderMark : std::uint8_t { kNone, kUtf8, kUtf16LittleEndian, kUtf16BigEndian };

/// How lines end.
enum class LineEnds : std::uint8_t {
  kNone,   ///< one line without an end
  kLf,     ///< "\n" everywhere
  kCrLf,   ///< "\r\n" everywhere
  kMixed,  ///< both
};

/// Facts about one text. Offsets are bytes from the start, the byte order mark included.
struct TextFacts {
  ByteOrderMark mark = ByteOrderMark::kNone;
  LineEnds line_ends = LineEnds::kNone;
  bool ends_with_newline = false;
  std::optional<std::uint64_t> invalid_utf8;  ///< first byte that starts no valid UTF-8 sequence
  std::optional<std::uint64_t> nul;           ///< first NUL byte

  /// True when the text can be parsed: UTF-8 (with or without a mark) and no NUL byte.
  [[nodiscard]] bool is_text() const {
    return !invalid_utf8 && !nul && (mark == ByteOrderMark::kNone || mark == ByteOrderMark::kUtf8);
  }
};

/// Looks at every byte once.
[[nodiscard]] TextFacts inspect_text(std::string_view bytes);

/// Offset of the first byte that is not part of valid UTF-8 (overlong forms, surrogates and values above U+10FFFF
/// are invalid), or nothing.
[[nodiscard]] std::optional<std::uint64_t> find_invalid_utf8(std::string_view bytes);

/// Bytes of the UTF-8 byte order mark at the start: 3 or 0.
[[nodiscard]] std::size_t utf8_mark_size(std::string_view bytes);

}  // namespace gabion::source
