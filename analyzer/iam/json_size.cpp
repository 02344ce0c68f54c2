#include "iam/json_size.h"

#include <array>
#include <cstdint>
#include <cstring>

namespace gabion::iam {
namespace {

/// Of each byte the characters it is written with, and, from the 32nd bit on, those of them that count.
constexpr std::array<std::uint64_t, 256> kSizes = [] {
  std::array<std::uint64_t, 256> sizes{};
  for (std::size_t byte = 0; byte < sizes.size(); ++byte) {
    const bool escaped = byte == '"' || byte == '\\' || byte == '\n' || byte == '\t' || byte == '\r';
    const std::uint64_t size = escaped ? 2 : 1;
    const bool continues = (byte & 0xC0U) == 0x80U;
    sizes[byte] = size | (byte == ' ' || continues ? 0 : size) << 32U;
  }
  return sizes;
}();

constexpr std::uint64_t kOnes = 0x0101010101010101U;
constexpr std::uint64_t kHighs = 0x8080808080808080U;

/// Some high bit is set when one of eight bytes may be another size than one character that counts: what is beyond
/// ASCII, below '#', or a backslash.
std::uint64_t special_bytes(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word | (word - kOnes * '#') | ((word ^ kOnes * '\\') - kOnes);
}

/// Does each byte count as one character, both ways? Hardly any text has others; short ones are looked at in detail.
bool is_plain(std::string_view text) {
  constexpr std::size_t kWord = sizeof(std::uint64_t);
  if (text.size() < kWord) {
    return false;
  }
  std::uint64_t special = special_bytes(text.data() + text.size() - kWord);
  for (std::size_t at = 0; at + kWord < text.size(); at += kWord) {
    special |= special_bytes(text.data() + at);
  }
  return (special & kHighs) == 0;
}

}  // namespace

void JsonSize::text(std::string_view text) {
  if (is_plain(text)) {
    marks(text.size());
    return;
  }
  std::uint64_t sizes = 0;  // no text has as many bytes as would carry over
  for (const char c : text) {
    sizes += kSizes[static_cast<unsigned char>(c)];
  }
  compact_ += sizes & 0xFFFFFFFFU;
  visible_ += sizes >> 32U;
}

}  // namespace gabion::iam
