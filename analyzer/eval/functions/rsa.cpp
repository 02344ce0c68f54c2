#include "eval/functions/rsa.h"

#include <optional>

#include "eval/functions/base64.h"
#include "eval/functions/big_integer.h"

namespace gabion::eval::functions {
namespace {

constexpr unsigned char kInteger = 0x02;
constexpr unsigned char kOctets = 0x04;
constexpr unsigned char kSequence = 0x30;

/// Reads the elements of DER one after the other.
class DerReader {
 public:
  explicit DerReader(std::string_view bytes) : rest_(bytes) {}

  /// Contents of the next element if it has that tag.
  std::optional<std::string_view> next(unsigned char tag) {
    if (rest_.size() < 2 || static_cast<unsigned char>(rest_[0]) != tag) {
      return std::nullopt;
    }
    std::size_t length = static_cast<unsigned char>(rest_[1]);
    std::size_t header = 2;
    if (length >= 0x80) {
      // The length of the length; four bytes are more than any key needs.
      const std::size_t count = length & 0x7FU;
      if (count == 0 || count > 4 || rest_.size() < 2 + count) {
        return std::nullopt;
      }
      length = 0;
      for (std::size_t i = 0; i < count; ++i) {
        length = (length << 8U) | static_cast<unsigned char>(rest_[2 + i]);
      }
      header += count;
    }
    if (rest_.size() - header < length) {
      return std::nullopt;
    }
    const std::string_view contents = rest_.substr(header, length);
    rest_.remove_prefix(header + length);
    return contents;
  }

 private:
  std::string_view rest_;
};

BigInteger from_bytes(std::string_view bytes) {
  BigInteger result;
  mpz_import(result.get(), bytes.size(), 1, 1, 1, 0, bytes.data());
  return result;
}

struct Key {
  BigInteger modulus;
  BigInteger exponent;
};

std::optional<Key> read_pkcs1(std::string_view der) {
  const auto sequence = DerReader(der).next(kSequence);
  if (!sequence) {
    return std::nullopt;
  }
  DerReader reader(*sequence);
  const auto version = reader.next(kInteger);
  const auto modulus = reader.next(kInteger);
  const auto public_exponent = reader.next(kInteger);
  const auto private_exponent = reader.next(kInteger);
  if (!version || !modulus || !public_exponent || !private_exponent) {
    return std::nullopt;
  }
  return Key{from_bytes(*modulus), from_bytes(*private_exponent)};
}

std::optional<Key> read_pkcs8(std::string_view der) {
  const auto sequence = DerReader(der).next(kSequence);
  if (!sequence) {
    return std::nullopt;
  }
  DerReader reader(*sequence);
  const auto version = reader.next(kInteger);
  const auto algorithm = reader.next(kSequence);
  const auto key = reader.next(kOctets);
  return version && algorithm && key ? read_pkcs1(*key) : std::nullopt;
}

/// Kind and bytes of the first PEM block.
struct Pem {
  std::string_view kind;
  std::string der;
};

std::optional<Pem> read_pem(std::string_view text) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  constexpr std::string_view kDashes = "-----";
  const std::size_t begin = text.find(kBegin);
  if (begin == std::string_view::npos) {
    return std::nullopt;
  }
  text.remove_prefix(begin + kBegin.size());
  const std::size_t kind_end = text.find(kDashes);
  if (kind_end == std::string_view::npos) {
    return std::nullopt;
  }
  Pem pem;
  pem.kind = text.substr(0, kind_end);
  text.remove_prefix(kind_end + kDashes.size());
  const std::size_t end = text.find("-----END ");
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string body;
  for (const char c : text.substr(0, end)) {
    if (c != ' ' && c != '\t') {
      body.push_back(c);
    }
  }
  const auto der = base64_decode(body);
  if (!der) {
    return std::nullopt;
  }
  pem.der = *der;
  return pem;
}

}  // namespace

RsaResult rsa_decrypt(std::string_view key_text, std::string_view cipher) {
  constexpr std::size_t kLargestKey = 2048;  // bytes; larger ones only cost time
  constexpr std::size_t kLeastPadding = 8;
  const auto pem = read_pem(key_text);
  if (!pem) {
    return {};
  }
  if (pem->kind == "OPENSSH PRIVATE KEY") {
    return {RsaOutcome::kUnsupportedKey, {}};
  }
  const auto key = pem->kind == "RSA PRIVATE KEY" ? read_pkcs1(pem->der)
                   : pem->kind == "PRIVATE KEY"   ? read_pkcs8(pem->der)
                                                  : std::nullopt;
  if (!key || key->modulus.sign() <= 0) {
    return {};
  }
  const std::size_t size = (mpz_sizeinbase(key->modulus.get(), 2) + 7) / 8;
  BigInteger number = from_bytes(cipher);
  if (size > kLargestKey) {
    return {RsaOutcome::kUnsupportedKey, {}};
  }
  if (size < kLeastPadding + 3 || mpz_cmp(number.get(), key->modulus.get()) >= 0) {
    return {RsaOutcome::kBadMessage, {}};
  }
  mpz_powm(number.get(), number.get(), key->exponent.get(), key->modulus.get());
  // 00 02, at least eight bytes other than zero, 00, the message. The zero in front is no digit of the number.
  std::string padded(size, '\0');
  std::size_t count = 0;
  mpz_export(padded.data(), &count, 1, 1, 1, 0, number.get());
  padded.resize(count);
  const std::size_t zero = padded.find('\0');
  if (count != size - 1 || padded.front() != 2 || zero == std::string::npos || zero < 1 + kLeastPadding) {
    return {RsaOutcome::kBadMessage, {}};
  }
  return {RsaOutcome::kDone, padded.substr(zero + 1)};
}

}  // namespace gabion::eval::functions
