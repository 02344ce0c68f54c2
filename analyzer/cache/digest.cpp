#include "cache/digest.h"

namespace gabion::cache {
namespace {

void update(sha256_ctx& state, std::string_view bytes) {
  nettle_sha256_update(&state, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
}

Digest finish(sha256_ctx& state) {
  Digest digest{};
  nettle_sha256_digest(&state, digest.size(), digest.data());
  return digest;
}

}  // namespace

Hasher::Hasher() {
  nettle_sha256_init(&state_);
}

Hasher& Hasher::text(std::string_view bytes) {
  number(bytes.size());
  update(state_, bytes);
  return *this;
}

Hasher& Hasher::number(std::uint64_t value) {
  std::array<char, sizeof(value)> bytes{};
  for (char& byte : bytes) {
    byte = static_cast<char>(static_cast<unsigned char>(value & 0xffU));
    value >>= 8U;
  }
  update(state_, {bytes.data(), bytes.size()});
  return *this;
}

Digest Hasher::finish() {
  return cache::finish(state_);
}

Digest digest_of(std::string_view bytes) {
  sha256_ctx state{};
  nettle_sha256_init(&state);
  update(state, bytes);
  return finish(state);
}

std::string hexadecimal(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size());
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xfU];
  }
  return text;
}

}  // namespace gabion::cache
