// Unicode as Go and Terraform treat it: code points, grapheme clusters, simple case mappings, white space, NFC.
// Thin functions over utf8proc, used by the built-in functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gabion::eval::functions {

/// The code point at `at` and its length in bytes (1 and U+FFFD for what is no UTF-8).
struct CodePoint {
  std::uint32_t value = 0;
  std::size_t size = 1;
};
[[nodiscard]] CodePoint decode(std::string_view text, std::size_t at);
/// Appends the code point as UTF-8; one that does not exist as U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Bytes of the first grapheme cluster (zero only for an empty text).
[[nodiscard]] std::size_t cluster_size(std::string_view text);
[[nodiscard]] std::size_t cluster_count(std::string_view text);

[[nodiscard]] std::string to_upper(std::string_view text);
[[nodiscard]] std::string to_lower(std::string_view text);
/// The first letter of each word in title case.
[[nodiscard]] std::string to_title(std::string_view text);

[[nodiscard]] bool is_space(std::uint32_t code_point);
[[nodiscard]] std::string_view trim_space(std::string_view text);

}  // namespace gabion::eval::functions
