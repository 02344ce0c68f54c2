// Hashes, identifiers and decryption. What is random (bcrypt, uuid) is unknown to an analysis.
#include <optional>
#include <string>

#include "eval/functions/base64.h"
#include "eval/functions/digest.h"
#include "eval/functions/rsa.h"
#include "eval/functions/support.h"
#include "source/ascii.h"

namespace gabion::eval {

namespace functions {
namespace {

template <Digest kKind>
Value hex_hash(const Call& call, Context& context) {
  return text_result(call, to_hex(digest(kKind, call.arguments[0].text())), context);
}

template <Digest kKind>
Value base64_hash(const Call& call, Context& context) {
  return text_result(call, base64_encode(digest(kKind, call.arguments[0].text())), context);
}

int hex_value(char c) {
  if (source::is_digit(c)) {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// The 16 bytes of a UUID in one of the usual forms: plain, urn:uuid:, in braces, without dashes.
std::optional<std::string> parse_uuid(std::string_view text) {
  constexpr std::size_t kDashed = 36;
  constexpr std::size_t kPlain = 32;
  if (text.size() == kDashed + 9) {
    if (source::to_lower(text.substr(0, 9)) != "urn:uuid:") {
      return std::nullopt;
    }
    text.remove_prefix(9);
  } else if (text.size() == kDashed + 2) {
    text = text.substr(1, kDashed);
  }
  if (text.size() != kDashed && text.size() != kPlain) {
    return std::nullopt;
  }
  std::string digits;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = text.size() == kDashed && (i == 8 || i == 13 || i == 18 || i == 23);
    if (dash != (text[i] == '-')) {
      return std::nullopt;
    }
    if (!dash) {
      digits.push_back(text[i]);
    }
  }
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = hex_value(digits[i]);
    const int low = hex_value(digits[i + 1]);
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return bytes;
}

Value uuidv5(const Call& call, Context& context) {
  const std::string_view name_space = call.arguments[0].text();
  // The name spaces of RFC 4122 differ in their first group only.
  std::string text(name_space);
  if (name_space == "dns") {
    text = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
  } else if (name_space == "url") {
    text = "6ba7b811-9dad-11d1-80b4-00c04fd430c8";
  } else if (name_space == "oid") {
    text = "6ba7b812-9dad-11d1-80b4-00c04fd430c8";
  } else if (name_space == "x500") {
    text = "6ba7b814-9dad-11d1-80b4-00c04fd430c8";
  }
  const auto bytes = parse_uuid(text);
  if (!bytes) {
    return argument_error(call, 0, "no such namespace: " + describe(call.arguments[0]), context);
  }
  std::string hash = digest(Digest::kSha1, *bytes + std::string(call.arguments[1].text())).substr(0, 16);
  hash[6] = static_cast<char>((static_cast<unsigned char>(hash[6]) & 0x0FU) | 0x50U);
  hash[8] = static_cast<char>((static_cast<unsigned char>(hash[8]) & 0x3FU) | 0x80U);
  std::string out = to_hex(hash);
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
    out.insert(dash, 1, '-');
  }
  return text_result(call, out, context);
}

Value rsadecrypt(const Call& call, Context& context) {
  const auto cipher = base64_decode(call.arguments[0].text());
  if (!cipher) {
    return argument_error(call, 0, "failed to decode input: cipher text must be base64-encoded", context);
  }
  const RsaResult result = rsa_decrypt(call.arguments[1].text(), *cipher);
  switch (result.outcome) {
    case RsaOutcome::kDone:
      return text_result(call, result.message, context);
    case RsaOutcome::kBadKey:
      return argument_error(call, 1, "invalid private key", context);
    case RsaOutcome::kBadMessage:
      return call_error(call, "failed to decrypt", context);
    case RsaOutcome::kUnsupportedKey:
      break;
  }
  return unsupported_result(call, kStringType, context);
}

constexpr Parameter kText[] = {{.name = "str", .type = &kStringType}};
constexpr Parameter kCost{.name = "cost", .type = &kNumberType};
constexpr Parameter kDecrypt[] = {{.name = "ciphertext", .type = &kStringType},
                                  {.name = "privatekey", .type = &kStringType}};
constexpr Parameter kUuid[] = {{.name = "namespace", .type = &kStringType}, {.name = "name", .type = &kStringType}};

constexpr Builtin kTable[] = {
    {.name = "base64sha256", .parameters = kText, .result = &kStringType, .call = &base64_hash<Digest::kSha256>},
    {.name = "base64sha512", .parameters = kText, .result = &kStringType, .call = &base64_hash<Digest::kSha512>},
    {.name = "bcrypt", .parameters = kText, .variadic = &kCost, .result = &kStringType, .pure = false},
    {.name = "md5", .parameters = kText, .result = &kStringType, .call = &hex_hash<Digest::kMd5>},
    {.name = "rsadecrypt", .parameters = kDecrypt, .result = &kStringType, .call = &rsadecrypt},
    {.name = "sha1", .parameters = kText, .result = &kStringType, .call = &hex_hash<Digest::kSha1>},
    {.name = "sha256", .parameters = kText, .result = &kStringType, .call = &hex_hash<Digest::kSha256>},
    {.name = "sha512", .parameters = kText, .result = &kStringType, .call = &hex_hash<Digest::kSha512>},
    {.name = "uuid", .parameters = {}, .result = &kStringType, .pure = false},
    {.name = "uuidv5", .parameters = kUuid, .result = &kStringType, .call = &uuidv5},
};

}  // namespace
}  // namespace functions

std::span<const Builtin> hash_functions() {
  return functions::kTable;
}

}  // namespace gabion::eval
