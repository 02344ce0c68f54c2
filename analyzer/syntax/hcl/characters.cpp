#include "syntax/hcl/characters.h"

#include <utf8proc.h>

#include <algorithm>

namespace gabion::syntax::hcl {

namespace {

constexpr bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// The White_Space property.
constexpr bool is_space(std::uint32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

CodePoint decode_utf8(const char* p, const char* end) {
  const auto byte = [p](std::size_t index) { return std::uint32_t{static_cast<unsigned char>(p[index])}; };
  const auto available = static_cast<std::size_t>(end - p);
  const std::uint32_t first = byte(0);
  if (first < 0x80) {
    return {first, 1};
  }
  if (first >= 0xC2 && first <= 0xDF && available >= 2 && is_continuation(p[1])) {
    return {(first & 0x1FU) << 6U | (byte(1) & 0x3FU), 2};
  }
  if (first >= 0xE0 && first <= 0xEF && available >= 3 && is_continuation(p[1]) && is_continuation(p[2])) {
    const std::uint32_t value = (first & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    if (value >= 0x800 && (value < 0xD800 || value > 0xDFFF)) {
      return {value, 3};
    }
  }
  if (first >= 0xF0 && first <= 0xF4 && available >= 4 && is_continuation(p[1]) && is_continuation(p[2]) &&
      is_continuation(p[3])) {
    const std::uint32_t value =
        (first & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U | (byte(3) & 0x3FU);
    if (value >= 0x10000 && value <= 0x10FFFF) {
      return {value, 4};
    }
  }
  return {};
}

void append_utf8(std::string& text, std::uint32_t code_point) {
  const auto push = [&text](std::uint32_t byte) {
    text.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (code_point < 0x80) {
    push(code_point);
  } else if (code_point < 0x800) {
    push(0xC0U | code_point >> 6U);
    push(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    push(0xE0U | code_point >> 12U);
    push(0x80U | (code_point >> 6U & 0x3FU));
    push(0x80U | (code_point & 0x3FU));
  } else {
    push(0xF0U | code_point >> 18U);
    push(0x80U | (code_point >> 12U & 0x3FU));
    push(0x80U | (code_point >> 6U & 0x3FU));
    push(0x80U | (code_point & 0x3FU));
  }
}

bool is_id_start(std::uint32_t code_point) {
  switch (code_point) {
    case 0x2E2F:  // a letter by category, but Pattern_Syntax
      return false;
    case 0x1885:  // Other_ID_Start
    case 0x1886:
    case 0x2118:
    case 0x212E:
    case 0x309B:
    case 0x309C:
      return true;
    default:
      break;
  }
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
      return true;
    default:
      return false;
  }
}

bool is_id_continue(std::uint32_t code_point) {
  if (is_id_start(code_point) || code_point == 0xB7 || code_point == 0x387 || code_point == 0x19DA ||
      (code_point >= 0x1369 && code_point <= 0x1371)) {  // Other_ID_Continue
    return true;
  }
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return false;
  }
}

std::string_view trim_left(std::string_view text) {
  const char* p = text.data();
  const char* const end = p + text.size();
  while (p < end) {
    const CodePoint c = decode_utf8(p, end);
    if (c.length == 0 || !is_space(c.value)) {
      break;
    }
    p += c.length;
  }
  return {p, static_cast<std::size_t>(end - p)};
}

std::string_view trim_right(std::string_view text) {
  const char* const begin = text.data();
  const char* end = begin + text.size();
  while (end > begin) {
    const char* last = end - 1;
    while (last > begin && end - last < 4 && is_continuation(*last)) {
      --last;
    }
    const CodePoint c = decode_utf8(last, end);
    if (c.length == 0 || last + c.length != end || !is_space(c.value)) {
      break;
    }
    end = last;
  }
  return {begin, static_cast<std::size_t>(end - begin)};
}

std::size_t count_graphemes(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t done = 0; done < text.size(); ++count) {
    done += bytes_of_graphemes(text.substr(done), 1);
  }
  return count;
}

std::size_t bytes_of_graphemes(std::string_view text, std::size_t count) {
  const char* p = text.data();
  const char* const end = p + text.size();
  for (; count > 0 && p < end; --count) {
    CodePoint current = decode_utf8(p, end);
    utf8proc_int32_t state = 0;
    p += std::max<std::uint8_t>(current.length, 1);
    while (p < end) {
      const CodePoint next = decode_utf8(p, end);
      if (next.length == 0 || utf8proc_grapheme_break_stateful(static_cast<utf8proc_int32_t>(current.value),
                                                               static_cast<utf8proc_int32_t>(next.value), &state)) {
        break;
      }
      p += next.length;
      current = next;
    }
  }
  return static_cast<std::size_t>(p - text.data());
}

}  // namespace gabion::syntax::hcl
