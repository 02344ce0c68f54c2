#include "report/unicode.h"

#include <utf8proc.h>

#include <algorithm>

namespace gabion::report {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::uint32_t kTabStop = 4;

std::string hex_byte(char byte) {
  const auto value = static_cast<std::uint8_t>(byte);
  return {'\\', 'x', kDigits[value >> 4U], kDigits[value & 0xFU]};
}

std::string hex_code_point(std::int32_t code_point) {
  std::string digits;
  for (auto rest = static_cast<std::uint32_t>(code_point); rest != 0; rest >>= 4U) {
    digits.insert(digits.begin(), kDigits[rest & 0xFU]);
  }
  return "\\u{" + digits + "}";
}

}  // namespace

std::size_t plain_length(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) {
    return static_cast<std::uint8_t>(c) < 0x20 || static_cast<std::uint8_t>(c) >= 0x7F;
  });
  return static_cast<std::size_t>(end - text.begin());
}

bool is_deceptive(std::int32_t code_point) {
  switch (utf8proc_category(code_point)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

CodePoint code_point_at(std::string_view text, std::size_t offset) {
  const auto byte = static_cast<std::uint8_t>(text[offset]);
  if (byte < 0x80) {
    return {byte, 1};
  }
  const std::string_view rest = text.substr(offset, 4);
  utf8proc_int32_t value = -1;
  const utf8proc_ssize_t size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(rest.data()),
                                                 static_cast<utf8proc_ssize_t>(rest.size()), &value);
  if (size <= 0) {
    return {-1, 1};
  }
  return {value, static_cast<std::uint32_t>(size)};
}

Glyph glyph(std::string_view text, std::size_t offset, CodePoint code_point, std::uint32_t column) {
  const std::int32_t value = code_point.code_point;
  if (value == '\t') {
    const std::uint32_t width = kTabStop - column % kTabStop;
    return {std::string(width, ' '), width};
  }
  if (value >= 0x20 && value < 0x7F) {
    return {std::string(1, text[offset]), 1};
  }
  std::string escaped;
  if (value < 0 || (value < 0x100 && is_deceptive(value))) {
    escaped = value < 0 ? hex_byte(text[offset]) : hex_byte(static_cast<char>(value));
  } else if (is_deceptive(value)) {
    escaped = hex_code_point(value);
  } else {
    const int width = utf8proc_charwidth(value);
    return {std::string(text.substr(offset, code_point.size)), static_cast<std::uint32_t>(width < 0 ? 0 : width)};
  }
  const auto width = static_cast<std::uint32_t>(escaped.size());
  return {std::move(escaped), width};
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t plain = plain_length(text.substr(offset));
    result += text.substr(offset, plain);
    offset += plain;
    if (offset == text.size()) {
      break;
    }
    const CodePoint code_point = code_point_at(text, offset);
    if (code_point.code_point == '\n') {
      result += "\\n";
    } else if (code_point.code_point == '\r') {
      result += "\\r";
    } else if (code_point.code_point == '\t') {
      result += "\\t";
    } else {
      result += glyph(text, offset, code_point, 0).text;
    }
    offset += code_point.size;
  }
  return result;
}

std::string printable_lines(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t plain = std::min(text.find_first_of("\n\t", offset), text.size());
    result += printable(text.substr(offset, plain - offset));
    result += text.substr(plain, 1);
    offset = plain + 1;
  }
  return result;
}

std::uint32_t width_of(std::string_view text) {
  std::uint32_t width = 0;
  for (std::size_t offset = 0; offset < text.size();) {
    const CodePoint code_point = code_point_at(text, offset);
    width += glyph(text, offset, code_point, width).width;
    offset += code_point.size;
  }
  return width;
}

std::string valid_utf8(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t offset = 0; offset < text.size();) {
    const CodePoint code_point = code_point_at(text, offset);
    if (code_point.code_point < 0) {
      result += "\uFFFD";
    } else {
      result += text.substr(offset, code_point.size);
    }
    offset += code_point.size;
  }
  return result;
}

}  // namespace gabion::report
