// Base64 in the standard alphabet with padding (RFC 4648), as strict as Go's encoding/base64.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gabion::eval::functions {

[[nodiscard]] std::string base64_encode(std::string_view bytes);
/// The bytes, or nothing when the text is no base64. Line breaks in it are skipped.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace gabion::eval::functions
