// The hashes that Terraform offers, over nettle.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gabion::eval::functions {

enum class Digest : std::uint8_t { kMd5, kSha1, kSha256, kSha512 };

/// The raw bytes of the hash.
[[nodiscard]] std::string digest(Digest kind, std::string_view bytes);
/// Lower-case hexadecimal.
[[nodiscard]] std::string to_hex(std::string_view bytes);

}  // namespace gabion::eval::functions
