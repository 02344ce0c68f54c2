#include "eval/functions/text_encoding.h"

#include <algorithm>
#include <array>

#include "eval/functions/unicode.h"

namespace gabion::eval::functions {
namespace {

constexpr std::size_t kAsciiSize = 0x80;
constexpr char16_t kUndefined = 0xFFFD;

struct NamedKind {
  std::string_view name;
  EncodingKind kind;
};

constexpr auto kKinds = std::to_array<NamedKind>({
    {"utf-8", EncodingKind::kUtf8},
    {"csutf8", EncodingKind::kUtf8},
    {"utf-16", EncodingKind::kUtf16},
    {"csutf16", EncodingKind::kUtf16},
    {"utf-16be", EncodingKind::kUtf16Be},
    {"csutf16be", EncodingKind::kUtf16Be},
    {"utf-16le", EncodingKind::kUtf16Le},
    {"csutf16le", EncodingKind::kUtf16Le},
    {"big5", EncodingKind::kEastAsian},
    {"csbig5", EncodingKind::kEastAsian},
    {"euc-jp", EncodingKind::kEastAsian},
    {"extended_unix_code_packed_format_for_japanese", EncodingKind::kEastAsian},
    {"cseucpkdfmtjapanese", EncodingKind::kEastAsian},
    {"euc-kr", EncodingKind::kEastAsian},
    {"cseuckr", EncodingKind::kEastAsian},
    {"gb18030", EncodingKind::kEastAsian},
    {"csgb18030", EncodingKind::kEastAsian},
    {"gbk", EncodingKind::kEastAsian},
    {"cp936", EncodingKind::kEastAsian},
    {"ms936", EncodingKind::kEastAsian},
    {"windows-936", EncodingKind::kEastAsian},
    {"csgbk", EncodingKind::kEastAsian},
    {"shift_jis", EncodingKind::kEastAsian},
    {"ms_kanji", EncodingKind::kEastAsian},
    {"csshiftjis", EncodingKind::kEastAsian},
    {"hz-gb-2312", EncodingKind::kSwitching},
    {"iso-2022-jp", EncodingKind::kSwitching},
    {"csiso2022jp", EncodingKind::kSwitching},
});

bool is_name_of(std::string_view name, const CodePage& page) {
  std::string_view rest = page.names;
  while (!rest.empty()) {
    const std::string_view one = rest.substr(0, rest.find(' '));
    if (one == name) {
      return true;
    }
    rest.remove_prefix(std::min(one.size() + 1, rest.size()));
  }
  return false;
}

/// The first byte that the characters of the page are of.
std::size_t first_byte(const CodePage& page) {
  return page.characters.size() == kAsciiSize ? kAsciiSize : 0;
}

std::optional<std::uint8_t> byte_of(const CodePage& page, std::uint32_t c) {
  const std::size_t first = first_byte(page);
  if (c < first) {
    return static_cast<std::uint8_t>(c);
  }
  const std::size_t at = c < kUndefined ? page.characters.find(static_cast<char16_t>(c)) : std::u16string_view::npos;
  if (at == std::u16string_view::npos) {
    return std::nullopt;
  }
  return static_cast<std::uint8_t>(first + at);
}

std::optional<std::string> decode_page(const CodePage& page, std::string_view bytes) {
  const std::size_t first = first_byte(page);
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    const char16_t character = byte < first ? byte : page.characters[byte - first];
    if (character == kUndefined) {
      return std::nullopt;
    }
    append_utf8(out, character);
  }
  return out;
}

void append_unit(std::string& out, std::uint32_t unit, bool little) {
  const auto high = static_cast<char>((unit >> 8U) & 0xFFU);
  const auto low = static_cast<char>(unit & 0xFFU);
  out.push_back(little ? low : high);
  out.push_back(little ? high : low);
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
  const std::string name = to_lower(trim_space(given));
  const auto* kind = std::ranges::find(kKinds, name, &NamedKind::name);
  if (kind != kKinds.end()) {
    return {.kind = kind->kind};
  }
  for (const CodePage& page : code_pages()) {
    if (is_name_of(name, page)) {
      return {.kind = EncodingKind::kCodePage, .page = &page};
    }
  }
  return {};
}

bool is_computed(const TextEncoding& encoding, std::string_view content) {
  switch (encoding.kind) {
    case EncodingKind::kNone:
      return false;
    case EncodingKind::kEastAsian:
      return std::ranges::all_of(content, [](char c) { return static_cast<unsigned char>(c) < kAsciiSize; });
    case EncodingKind::kSwitching:
      // Tilde and escape begin the sequences that switch.
      return std::ranges::all_of(content, [](char c) { return c >= ' ' && c < '~'; });
    default:
      return true;
  }
}

std::optional<std::string> encode_text(const TextEncoding& encoding, std::string_view text) {
  std::string out;
  if (encoding.kind == EncodingKind::kUtf16) {
    append_unit(out, 0xFEFF, false);
  }
  const bool wide = encoding.kind == EncodingKind::kUtf16 || encoding.kind == EncodingKind::kUtf16Be ||
                    encoding.kind == EncodingKind::kUtf16Le;
  if (!wide && encoding.page == nullptr) {
    return std::string(text);
  }
  const bool little = encoding.kind == EncodingKind::kUtf16Le;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = decode(text, at);
    at += c.size;
    if (!wide) {
      const auto byte = byte_of(*encoding.page, c.value);
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

std::optional<std::string> decode_text(const TextEncoding& encoding, std::string_view bytes) {
  switch (encoding.kind) {
    case EncodingKind::kUtf16: {
      const bool little = bytes.starts_with("\xFF\xFE");
      if (little || bytes.starts_with("\xFE\xFF")) {
        bytes.remove_prefix(2);
      }
      return decode_utf16(bytes, little);
    }
    case EncodingKind::kUtf16Be:
    case EncodingKind::kUtf16Le:
      return decode_utf16(bytes, encoding.kind == EncodingKind::kUtf16Le);
    case EncodingKind::kCodePage:
      return decode_page(*encoding.page, bytes);
    default:
      break;
  }
  if (!is_valid_utf8(bytes) || bytes.find("\xEF\xBF\xBD") != std::string_view::npos) {
    return std::nullopt;
  }
  return std::string(bytes);
}

}  // namespace gabion::eval::functions
