#include "eval/functions/digest.h"

#include <nettle/md5.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>

namespace gabion::eval::functions {
namespace {

template <class State, class Init, class Update, class Finish>
std::string run(std::string_view bytes, std::size_t size, Init init, Update update, Finish finish) {
  State state;
  init(&state);
  update(&state, bytes.size(), reinterpret_cast<const std::uint8_t*>(bytes.data()));
  std::string out(size, '\0');
  finish(&state, size, reinterpret_cast<std::uint8_t*>(out.data()));
  return out;
}

}  // namespace

std::string digest(Digest kind, std::string_view bytes) {
  switch (kind) {
    case Digest::kMd5:
      return run<md5_ctx>(bytes, MD5_DIGEST_SIZE, nettle_md5_init, nettle_md5_update, nettle_md5_digest);
    case Digest::kSha1:
      return run<sha1_ctx>(bytes, SHA1_DIGEST_SIZE, nettle_sha1_init, nettle_sha1_update, nettle_sha1_digest);
    case Digest::kSha256:
      return run<sha256_ctx>(bytes, SHA256_DIGEST_SIZE, nettle_sha256_init, nettle_sha256_update, nettle_sha256_digest);
    case Digest::kSha512:
      break;
  }
  return run<sha512_ctx>(bytes, SHA512_DIGEST_SIZE, nettle_sha512_init, nettle_sha512_update, nettle_sha512_digest);
}

std::string to_hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.push_back(kDigits[byte >> 4U]);
    out.push_back(kDigits[byte & 15U]);
  }
  return out;
}

}  // namespace gabion::eval::functions
