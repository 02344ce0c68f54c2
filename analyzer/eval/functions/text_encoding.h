// Character encodings by their IANA names, for textencodebase64 and textdecodebase64. The Unicode and Latin ones are
// computed; for the other encodings that Terraform knows the result stays unknown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gabion::eval::functions {

enum class TextEncoding : std::uint8_t {
  kNone,            ///< no such name
  kOther,           ///< known to Terraform, not to us
  kOtherWithAscii,  ///< the same, but ASCII characters stand for themselves
  kUtf8,
  kUtf16,  ///< big endian with a byte order mark
  kUtf16Be,
  kUtf16Le,
  kAscii,
  kLatin1,
  kWindows1252,
};

[[nodiscard]] TextEncoding find_encoding(std::string_view name);
/// Whether the functions below know what to do with the text or bytes.
[[nodiscard]] bool is_computed(TextEncoding encoding, std::string_view content);
/// The bytes of the text, or nothing when a character has none.
[[nodiscard]] std::optional<std::string> encode_text(TextEncoding encoding, std::string_view text);
/// The text of the bytes, or nothing when some stand for no character.
[[nodiscard]] std::optional<std::string> decode_text(TextEncoding encoding, std::string_view bytes);

}  // namespace gabion::eval::functions
