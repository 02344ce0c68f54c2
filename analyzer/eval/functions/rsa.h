// RSA decryption with PKCS #1 v1.5 padding and the private keys it needs, for rsadecrypt.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gabion::eval::functions {

/// How a decryption went.
enum class RsaOutcome : std::uint8_t {
  kDone,
  kBadKey,          ///< no private key of RSA
  kUnsupportedKey,  ///< a form of key that is not read here (OpenSSH's own)
  kBadMessage,      ///< the cipher text does not fit the key
};

struct RsaResult {
  RsaOutcome outcome = RsaOutcome::kBadKey;
  std::string message;
};

/// `key` is PEM text (PKCS #1 or PKCS #8, not encrypted), `cipher` the bytes to decrypt.
[[nodiscard]] RsaResult rsa_decrypt(std::string_view key, std::string_view cipher);

}  // namespace gabion::eval::functions
