// Character encodings by their IANA names, for textencodebase64 and textdecodebase64. Those of Unicode and all of one
// byte for each character are computed; of the East Asian ones only ASCII is, other results stay unknown.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "eval/functions/code_pages.h"

namespace gabion::eval::functions {

enum class EncodingKind : std::uint8_t {
  kNone,       ///< no such name
  kEastAsian,  ///< of several bytes, known to Terraform and not to us; ASCII stands for itself
  kSwitching,  ///< the same, but sequences of ASCII characters switch between sets of characters
  kUtf8,
  kUtf16,  ///< big endian with a byte order mark
  kUtf16Be,
  kUtf16Le,
  kCodePage,
};

struct TextEncoding {
  EncodingKind kind = EncodingKind::kNone;
  const CodePage* page = nullptr;  ///< of kCodePage
};

[[nodiscard]] TextEncoding find_encoding(std::string_view name);
/// Whether the functions below know what to do with the text or bytes.
[[nodiscard]] bool is_computed(const TextEncoding& encoding, std::string_view content);
/// The bytes of the text, or nothing when a character has none.
[[nodiscard]] std::optional<std::string> encode_text(const TextEncoding& encoding, std::string_view text);
/// The text of the bytes, or nothing when some stand for no character.
[[nodiscard]] std::optional<std::string> decode_text(const TextEncoding& encoding, std::string_view bytes);

}  // namespace gabion::eval::functions
