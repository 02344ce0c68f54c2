#include "source/text.h"

#include <cstring>

namespace gabion::source {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::uint64_t kHighBits = 0x8080808080808080U;

/// Number of bytes of the valid sequence that starts at `at`, or 0.
std::size_t sequence_size(std::string_view bytes, std::size_t at) {
  const auto byte = [&](std::size_t offset) -> unsigned {
    return at + offset < bytes.size() ? static_cast<unsigned char>(bytes[at + offset]) : 0U;
  };
  const auto continues = [&](std::size_t offset) { return (byte(offset) & 0xC0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80U) {
    return 1;
  }
  if (lead >= 0xC2U && lead <= 0xDFU) {
    return continues(1) ? 2 : 0;
  }
  if (lead >= 0xE0U && lead <= 0xEFU) {
    const unsigned second = byte(1);
    const bool overlong = lead == 0xE0U && second < 0xA0U;
    const bool surrogate = lead == 0xEDU && second >= 0xA0U;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xF0U && lead <= 0xF4U) {
    const unsigned second = byte(1);
    const bool overlong = lead == 0xF0U && second < 0x90U;
    const bool too_large = lead == 0xF4U && second >= 0x90U;
    return continues(1) && continues(2) && continues(3) && !overlong && !too_large ? 4 : 0;
  }
  return 0;
}

LineEnds line_ends_of(std::string_view bytes) {
  bool lf = false;
  bool crlf = false;
  std::size_t at = bytes.find('\n');
  while (at != std::string_view::npos && !(lf && crlf)) {
    (at > 0 && bytes[at - 1] == '\r' ? crlf : lf) = true;
    at = bytes.find('\n', at + 1);
  }
  if (lf && crlf) {
    return LineEnds::kMixed;
  }
  if (crlf) {
    return LineEnds::kCrLf;
  }
  return lf ? LineEnds::kLf : LineEnds::kNone;
}

}  // namespace

std::optional<std::uint64_t> find_invalid_utf8(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    // Configuration is ASCII nearly everywhere: eight bytes a step.
    while (at + sizeof(std::uint64_t) <= bytes.size()) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + at, sizeof(word));
      if ((word & kHighBits) != 0) {
        break;
      }
      at += sizeof(word);
    }
    if (at >= bytes.size()) {
      break;
    }
    const std::size_t size = sequence_size(bytes, at);
    if (size == 0) {
      return at;
    }
    at += size;
  }
  return std::nullopt;
}

std::size_t utf8_mark_size(std::string_view bytes) {
  return bytes.starts_with(kUtf8Mark) ? kUtf8Mark.size() : 0;
}

TextFacts inspect_text(std::string_view bytes) {
  TextFacts facts;
  if (utf8_mark_size(bytes) != 0) {
    facts.mark = ByteOrderMark::kUtf8;
  } else if (bytes.starts_with("\xFF\xFE")) {
    facts.mark = ByteOrderMark::kUtf16LittleEndian;
  } else if (bytes.starts_with("\xFE\xFF")) {
    facts.mark = ByteOrderMark::kUtf16BigEndian;
  }
  facts.line_ends = line_ends_of(bytes);
  facts.ends_with_newline = bytes.ends_with('\n');
  facts.invalid_utf8 = find_invalid_utf8(bytes);
  if (const std::size_t nul = bytes.find('\0'); nul != std::string_view::npos) {
    facts.nul = nul;
  }
  return facts;
}

}  // namespace gabion::source
