#include "eval/functions/text_encoding.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "eval/functions/unicode.h"

namespace gabion::eval::functions {
namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Code points of the bytes 0x80 to 0x9F in Windows-1252; 0 where there is none.
constexpr std::array<std::uint16_t, 32> kWindowsExtras = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

void append_unit(std::string& out, std::uint32_t unit, bool little) {
  const auto high = static_cast<char>((unit >> 8U) & 0xFFU);
  const auto low = static_cast<char>(unit & 0xFFU);
  out.push_back(little ? low : high);
  out.push_back(little ? high : low);
}

/// The byte of a code point in a one-byte encoding.
std::optional<std::uint8_t> byte_of(TextEncoding encoding, std::uint32_t c) {
  if (c < 0x80) {
    return static_cast<std::uint8_t>(c);
  }
  if (encoding == TextEncoding::kWindows1252) {
    const auto* found = std::find(kWindowsExtras.begin(), kWindowsExtras.end(), c);
    if (found != kWindowsExtras.end()) {
      return static_cast<std::uint8_t>(0x80 + (found - kWindowsExtras.begin()));
    }
  }
  const std::uint32_t first = encoding == TextEncoding::kLatin1 ? 0x80 : 0xA0;
  if (encoding == TextEncoding::kAscii || c < first || c > 0xFF) {
    return std::nullopt;
  }
  return static_cast<std::uint8_t>(c);
}

std::optional<std::string> decode_utf16(std::string_view bytes, bool little) {
  if (bytes.size() % 2 != 0) {
    return std::nullopt;
  }
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]);
    const auto second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint32_t>(little ? first | (second << 8U) : (first << 8U) | second);
  };
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    std::uint32_t c = unit(at);
    if (c >= 0xD800 && c <= 0xDFFF) {
      const std::uint32_t next = at + 2 < bytes.size() ? unit(at + 2) : 0;
      if (c >= 0xDC00 || next < 0xDC00 || next > 0xDFFF) {
        return std::nullopt;
      }
      c = 0x10000 + ((c - 0xD800) << 10U) + (next - 0xDC00);
      at += 2;
    }
    if (c == 0xFFFD) {
      return std::nullopt;
    }
    append_utf8(out, c);
  }
  return out;
}

}  // namespace

TextEncoding find_encoding(std::string_view given) {
  std::string name(given);
  for (char& c : name) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (is_one_of(name, {"utf-8", "csutf8"})) {
    return TextEncoding::kUtf8;
  }
  if (is_one_of(name, {"utf-16", "csutf16"})) {
    return TextEncoding::kUtf16;
  }
  if (is_one_of(name, {"utf-16be", "csutf16be"})) {
    return TextEncoding::kUtf16Be;
  }
  if (is_one_of(name, {"utf-16le", "csutf16le"})) {
    return TextEncoding::kUtf16Le;
  }
  if (is_one_of(name, {"us-ascii", "iso-ir-6", "ansi_x3.4-1968", "ansi_x3.4-1986", "iso_646.irv:1991", "iso646-us",
                       "us", "ibm367", "cp367", "csascii"})) {
    return TextEncoding::kAscii;
  }
  if (is_one_of(name, {"iso-8859-1", "iso_8859-1", "iso_8859-1:1987", "iso-ir-100", "latin1", "l1", "ibm819", "cp819",
                       "csisolatin1"})) {
    return TextEncoding::kLatin1;
  }
  if (is_one_of(name, {"windows-1252", "cswindows1252"})) {
    return TextEncoding::kWindows1252;
  }
  const auto starts_with_one_of = [&](std::initializer_list<std::string_view> starts) {
    return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) { return name.starts_with(start); });
  };
  // EBCDIC, and encodings that switch between sets of characters by escapes in ASCII.
  if (starts_with_one_of({"ibm037", "cp037", "ibm1047", "ibm01140", "iso-2022", "csiso2022", "hz-gb-2312", "shift_jis",
                          "ms_kanji", "csshiftjis"})) {
    return TextEncoding::kOther;
  }
  const bool other =
      starts_with_one_of({"iso-8859-", "iso_8859-", "iso-ir-", "windows-", "ibm", "latin", "koi8-", "cskoi8", "cp",
                          "mac", "euc-", "cseuc", "gbk", "csgbk", "gb18030", "big5", "csbig5"});
  return other && name != "cp1252" ? TextEncoding::kOtherWithAscii : TextEncoding::kNone;
}

bool is_computed(TextEncoding encoding, std::string_view content) {
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  switch (encoding) {
    case TextEncoding::kNone:
    case TextEncoding::kOther:
      return false;
    case TextEncoding::kOtherWithAscii:
      return std::all_of(content.begin(), content.end(), is_ascii);
    default:
      return true;
  }
}

std::optional<std::string> encode_text(TextEncoding encoding, std::string_view text) {
  std::string out;
  switch (encoding) {
    case TextEncoding::kUtf8:
      return std::string(text);
    case TextEncoding::kUtf16:
      append_unit(out, 0xFEFF, false);
      break;
    default:
      break;
  }
  const bool wide =
      encoding == TextEncoding::kUtf16 || encoding == TextEncoding::kUtf16Be || encoding == TextEncoding::kUtf16Le;
  const bool little = encoding == TextEncoding::kUtf16Le;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode(text, at);
    at += c.size;
    if (!wide) {
      const auto byte = byte_of(encoding, c.value);
      if (!byte) {
        return std::nullopt;
      }
      out.push_back(static_cast<char>(*byte));
    } else if (c.value >= 0x10000) {
      append_unit(out, 0xD800 + ((c.value - 0x10000) >> 10U), little);
      append_unit(out, 0xDC00 + ((c.value - 0x10000) & 0x3FFU), little);
    } else {
      append_unit(out, c.value, little);
    }
  }
  return out;
}

std::optional<std::string> decode_text(TextEncoding encoding, std::string_view bytes) {
  switch (encoding) {
    case TextEncoding::kUtf8:
      if (!is_valid_utf8(bytes) || bytes.find("\xEF\xBF\xBD") != std::string_view::npos) {
        return std::nullopt;
      }
      return std::string(bytes);
    case TextEncoding::kUtf16: {
      const bool little = bytes.starts_with("\xFF\xFE");
      if (little || bytes.starts_with("\xFE\xFF")) {
        bytes.remove_prefix(2);
      }
      return decode_utf16(bytes, little);
    }
    case TextEncoding::kUtf16Be:
    case TextEncoding::kUtf16Le:
      return decode_utf16(bytes, encoding == TextEncoding::kUtf16Le);
    default:
      break;
  }
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    std::uint32_t value = byte;
    if (byte >= 0x80 && encoding == TextEncoding::kAscii) {
      return std::nullopt;
    }
    if (byte >= 0x80 && byte < 0xA0 && encoding == TextEncoding::kWindows1252) {
      value = kWindowsExtras[byte - 0x80U];
      if (value == 0) {
        return std::nullopt;
      }
    }
    append_utf8(out, value);
  }
  return out;
}

}  // namespace gabion::eval::functions
