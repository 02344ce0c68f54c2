#include "findings/fingerprint.h"

#include <cstdint>

namespace gabion::findings {
namespace {

/// FNV-1a with 128 bits: simple enough to be written again in any language by who must compare fingerprints, and the
/// same on every machine. Nobody gains by a collision here, so it need not resist one made on purpose.
class Fnv128 {
 public:
  void add(std::string_view bytes) {
    for (const char byte : bytes) {
      add_byte(static_cast<std::uint8_t>(byte));
    }
  }

  /// The length goes first (8 bytes, little end first), so that ("ab", "c") and ("a", "bc") differ.
  void add_part(std::string_view part) {
    std::uint64_t size = part.size();
    for (int i = 0; i < 8; ++i) {
      add_byte(static_cast<std::uint8_t>(size & 0xFFU));
      size >>= 8U;
    }
    add(part);
  }

  [[nodiscard]] std::string hex() const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(32);
    for (const std::uint64_t half : {high_, low_}) {
      for (int shift = 60; shift >= 0; shift -= 4) {
        text += kDigits[(half >> static_cast<unsigned>(shift)) & 0xFU];
      }
    }
    return text;
  }

 private:
  /// hash = (hash ^ byte) * (2^88 + 0x13B), modulo 2^128.
  void add_byte(std::uint8_t byte) {
    __extension__ using Product = unsigned __int128;
    constexpr std::uint64_t kFactor = 0x13B;
    low_ ^= byte;
    const Product product = static_cast<Product>(low_) * kFactor;
    high_ = high_ * kFactor + static_cast<std::uint64_t>(product >> 64U) + (low_ << 24U);
    low_ = static_cast<std::uint64_t>(product);
  }

  std::uint64_t high_ = 0x6C62272E07BB0142U;
  std::uint64_t low_ = 0x62B821756295C58DU;
};

}  // namespace

std::string fingerprint(std::string_view rule_id, std::string_view resource, std::string_view evidence) {
  Fnv128 hash;
  hash.add_part(rule_id);
  hash.add_part(resource);
  hash.add_part(evidence);
  return hash.hex();
}

}  // namespace gabion::findings
