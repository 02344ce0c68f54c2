#include "syntax/json/string_literal.h"

#include <cstring>

#include "source/ascii.h"

namespace gabion::syntax::json {
namespace {

constexpr std::uint64_t kOnes = 0x0101010101010101U;
constexpr std::uint64_t kHighs = 0x8080808080808080U;
constexpr std::uint32_t kReplacement = 0xFFFD;

/// High bit set in (at least) the lowest byte that is zero; none when no byte is zero.
constexpr std::uint64_t zero_bytes(std::uint64_t word) {
  return (word - kOnes) & ~word & kHighs;
}

std::uint8_t byte_at(std::string_view text, std::size_t offset) {
  return static_cast<std::uint8_t>(text[offset]);
}

/// Length of the valid UTF-8 sequence that starts at `offset`, 0 when there is none.
std::size_t sequence_length(std::string_view text, std::size_t offset) {
  const std::uint8_t lead = byte_at(text, offset);
  if (lead < 0x80) {
    return 1;
  }
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() - offset < length) {
    return 0;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, offset + i) & 0xC0) != 0x80) {
      return 0;
    }
  }
  const std::uint8_t second = byte_at(text, offset + 1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool outside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || outside ? 0 : length;
}

int hex_digit(char c) {
  if (source::is_digit(c)) {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/// Value of "\uXXXX" at `offset`, or -1; the text there need not be an escape at all.
std::int32_t unicode_escape(std::string_view text, std::size_t offset) {
  if (text.size() - offset < 6 || text[offset] != '\\' || text[offset + 1] != 'u') {
    return -1;
  }
  std::int32_t value = 0;
  for (std::size_t i = offset + 2; i < offset + 6; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) {
      return -1;
    }
    value = value * 16 + digit;
  }
  return value;
}

/// The character that a one-letter escape stands for, or -1.
int simple_escape(char c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return -1;
  }
}

}  // namespace

Scan scan_plain(std::string_view text, std::size_t offset, char quote) {
  const std::uint64_t quotes = kOnes * static_cast<std::uint8_t>(quote);
  constexpr std::uint64_t kBackslashes = kOnes * static_cast<std::uint8_t>('\\');
  constexpr std::uint64_t kControlMask = kOnes * 0xE0U;
  std::uint64_t seen = 0;
  while (text.size() - offset >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + offset, sizeof word);
    if ((zero_bytes(word ^ quotes) | zero_bytes(word ^ kBackslashes) | zero_bytes(word & kControlMask)) != 0) {
      break;
    }
    seen |= word;
    offset += sizeof word;
  }
  bool non_ascii = (seen & kHighs) != 0;
  while (offset < text.size()) {
    const char c = text[offset];
    if (c == quote || c == '\\' || static_cast<std::uint8_t>(c) < 0x20) {
      break;
    }
    non_ascii = non_ascii || static_cast<std::uint8_t>(c) >= 0x80;
    ++offset;
  }
  return {offset, non_ascii};
}

bool is_valid_utf8(std::string_view text) {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const std::size_t length = sequence_length(text, offset);
    if (length == 0) {
      return false;
    }
    offset += length;
  }
  return true;
}

std::size_t encode_utf8(std::uint32_t code_point, char* memory) {
  if (code_point < 0x80) {
    memory[0] = static_cast<char>(code_point);
    return 1;
  }
  const std::size_t length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
  for (std::size_t i = length - 1; i > 0; --i) {
    memory[i] = static_cast<char>(0x80U | (code_point & 0x3FU));
    code_point >>= 6U;
  }
  const std::uint32_t lead = length == 2 ? 0xC0U : length == 3 ? 0xE0U : 0xF0U;
  memory[0] = static_cast<char>(lead | code_point);
  return length;
}

std::string_view decode(std::string_view literal, source::Arena& arena, std::vector<LiteralProblem>& problems) {
  // No escape is longer decoded than written; only a byte that is no UTF-8 grows, from one byte to three.
  const std::size_t capacity = is_valid_utf8(literal) ? literal.size() : literal.size() * 3;
  auto* memory = static_cast<char*>(arena.allocate(capacity, 1));
  std::size_t size = 0;
  std::size_t at = 0;
  using Kind = LiteralProblem::Kind;
  while (at < literal.size()) {
    if (literal[at] != '\\') {
      const std::size_t length = sequence_length(literal, at);
      if (length == 0) {
        problems.push_back({Kind::kInvalidUtf8, at, at + 1});
        size += encode_utf8(kReplacement, memory + size);
        ++at;
      } else {
        std::memcpy(memory + size, literal.data() + at, length);
        size += length;
        at += length;
      }
      continue;
    }
    if (at + 1 == literal.size()) {
      problems.push_back({Kind::kIncompleteEscape, at, at + 1});
      ++at;
      continue;
    }
    if (literal[at + 1] != 'u') {
      const int simple = simple_escape(literal[at + 1]);
      if (simple >= 0) {
        memory[size++] = static_cast<char>(simple);
        at += 2;
      } else {
        const std::size_t length = sequence_length(literal, at + 1);
        problems.push_back({Kind::kUnknownEscape, at, at + 1 + (length == 0 ? 1 : length)});
        ++at;  // the character itself is taken as it is
      }
      continue;
    }
    const std::int32_t unit = unicode_escape(literal, at);
    if (unit < 0) {
      std::size_t end = at + 2;
      while (end < literal.size() && end < at + 6 && hex_digit(literal[end]) >= 0) {
        ++end;
      }
      problems.push_back({Kind::kIncompleteEscape, at, end});
      at = end;
      continue;
    }
    at += 6;
    auto code_point = static_cast<std::uint32_t>(unit);
    if (code_point >= 0xD800 && code_point < 0xE000) {
      const std::int32_t low = code_point < 0xDC00 ? unicode_escape(literal, at) : -1;
      if (low >= 0xDC00 && low < 0xE000) {
        code_point = 0x10000 + ((code_point - 0xD800) << 10U) + (static_cast<std::uint32_t>(low) - 0xDC00);
        at += 6;
      } else {
        code_point = kReplacement;
      }
    }
    size += encode_utf8(code_point, memory + size);
  }
  return {memory, size};
}

}  // namespace gabion::syntax::json
