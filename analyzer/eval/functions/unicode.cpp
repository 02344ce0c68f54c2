#include "eval/functions/unicode.h"

#include <utf8proc.h>

#include <optional>
#include <utility>

#include "eval/value.h"

namespace gabion::eval::functions {

CodePoint decode(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first < 0x80) {
    return {first, 1};
  }
  utf8proc_int32_t value = -1;
  const utf8proc_ssize_t size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                                 static_cast<utf8proc_ssize_t>(text.size() - at), &value);
  if (size <= 0) {
    return {0xFFFD, 1};
  }
  return {static_cast<std::uint32_t>(value), static_cast<std::size_t>(size)};
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
    return;
  }
  if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF)) {
    code_point = 0xFFFD;
  }
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool is_valid_utf8(std::string_view text) {
  if (is_ascii(text)) {
    return true;
  }
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    utf8proc_int32_t value = -1;
    const utf8proc_ssize_t size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                                                   static_cast<utf8proc_ssize_t>(text.size() - at), &value);
    if (size <= 0) {
      return false;
    }
    at += static_cast<std::size_t>(size);
  }
  return true;
}

std::size_t cluster_size(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  CodePoint previous = decode(text, 0);
  std::size_t at = previous.size;
  utf8proc_int32_t state = 0;
  while (at < text.size()) {
    // Two ASCII characters belong together only as CR LF.
    const auto next_byte = static_cast<unsigned char>(text[at]);
    if (previous.value < 0x80 && next_byte < 0x80) {
      if (previous.value == '\r' && next_byte == '\n') {
        ++at;
      }
      break;
    }
    const CodePoint next = decode(text, at);
    if (utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(previous.value),
                                         static_cast<utf8proc_int32_t>(next.value), &state)) {
      break;
    }
    at += next.size;
    previous = next;
  }
  return at;
}

std::size_t cluster_count(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    text.remove_prefix(cluster_size(text));
    ++count;
  }
  return count;
}

namespace {

using Mapping = utf8proc_int32_t (*)(utf8proc_int32_t);

std::uint32_t map_one(std::uint32_t code_point, Mapping mapping) {
  // Go has no simple upper-case mapping for the sharp s; utf8proc maps it to the capital one.
  if (code_point == 0xDF) {
    return code_point;
  }
  return static_cast<std::uint32_t>(mapping(static_cast<utf8proc_int32_t>(code_point)));
}

/// A text of ASCII alone with its letters from `first` on in the other case; nothing for any other text.
std::optional<std::string> other_case(std::string_view text, char first) {
  constexpr unsigned kLetters = 26;
  constexpr unsigned kOther = 0x20;
  std::string out(text);
  unsigned all = 0;
  for (char& c : out) {
    const unsigned byte = static_cast<unsigned char>(c);
    all |= byte;
    c = static_cast<char>(byte ^ (byte - static_cast<unsigned char>(first) < kLetters ? kOther : 0));
  }
  return all < 0x80 ? std::optional(std::move(out)) : std::nullopt;
}

std::string map_all(std::string_view text, Mapping mapping) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint code_point = decode(text, at);
    append_utf8(out, map_one(code_point.value, mapping));
    at += code_point.size;
  }
  return out;
}

/// What separates words for title case: ASCII other than letters, digits and underscore, and white space.
bool is_separator(std::uint32_t code_point) {
  if (code_point < 0x80) {
    const bool word = (code_point >= '0' && code_point <= '9') || (code_point >= 'a' && code_point <= 'z') ||
                      (code_point >= 'A' && code_point <= 'Z') || code_point == '_';
    return !word;
  }
  return is_space(code_point);
}

}  // namespace

std::string to_upper(std::string_view text) {
  auto ascii = other_case(text, 'a');
  return ascii ? *std::move(ascii) : map_all(text, &utf8proc_toupper);
}

std::string to_lower(std::string_view text) {
  auto ascii = other_case(text, 'A');
  return ascii ? *std::move(ascii) : map_all(text, &utf8proc_tolower);
}

std::string to_title(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::uint32_t previous = ' ';
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint code_point = decode(text, at);
    append_utf8(out, is_separator(previous) ? map_one(code_point.value, &utf8proc_totitle) : code_point.value);
    previous = code_point.value;
    at += code_point.size;
  }
  return out;
}

bool is_space(std::uint32_t code_point) {
  switch (code_point) {
    case '\t':
    case '\n':
    case '\v':
    case '\f':
    case '\r':
    case ' ':
    case 0x85:
    case 0xA0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202F:
    case 0x205F:
    case 0x3000:
      return true;
    default:
      return code_point >= 0x2000 && code_point <= 0x200A;
  }
}

std::string_view trim_space(std::string_view text) {
  while (!text.empty()) {
    const CodePoint first = decode(text, 0);
    if (!is_space(first.value)) {
      break;
    }
    text.remove_prefix(first.size);
  }
  while (!text.empty()) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
      --at;
    }
    if (!is_space(decode(text, at).value)) {
      break;
    }
    text.remove_suffix(text.size() - at);
  }
  return text;
}

}  // namespace gabion::eval::functions
