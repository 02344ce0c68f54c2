// SHA-256, by which the cache tells contents apart. What is hashed comes from scanned repositories, so that a hash must
// not be one that somebody can make collide.
#pragma once

#include <nettle/sha2.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace gabion::cache {

using Digest = std::array<std::uint8_t, SHA256_DIGEST_SIZE>;

/// Hashes a sequence of fields: each with its length, so that "ab", "c" differs from "a", "bc".
class Hasher {
 public:
  Hasher();
  Hasher& text(std::string_view bytes);
  Hasher& number(std::uint64_t value);
  [[nodiscard]] Digest finish();

 private:
  sha256_ctx state_{};
};

/// Of the bytes themselves.
[[nodiscard]] Digest digest_of(std::string_view bytes);
/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string hexadecimal(const Digest& digest);

}  // namespace gabion::cache
