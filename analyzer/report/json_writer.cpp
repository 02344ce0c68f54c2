#include "report/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <string>

#include "report/unicode.h"

namespace gabion::report {
namespace {

/// "\u001b"; two of them for a code point that needs two units of UTF-16.
void append_escape(std::uint32_t code_point, std::string& result) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (code_point > 0xFFFF) {
    append_escape(0xD800 + ((code_point - 0x10000) >> 10U), result);
    append_escape(0xDC00 + ((code_point - 0x10000) & 0x3FFU), result);
    return;
  }
  result += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) {
    result += kDigits[(code_point >> shift) & 0xFU];
  }
}

constexpr std::string_view kLine = ",\n                                ";
constexpr std::size_t kMostIndent = kLine.size() - 2;

/// Where a line begins with that indentation, behind a comma or not.
std::string_view line_begin(bool comma, std::size_t indent) {
  return comma ? kLine.substr(0, 2 + indent) : kLine.substr(1, 1 + indent);
}

/// Stands for itself within quotes.
bool is_plain(char c) {
  return c >= ' ' && c < '\x7f' && c != '"' && c != '\\';
}

/// The highest bits of those characters of eight that are not plain. Above the first of these others may have it too.
std::uint64_t marks_of_others(std::uint64_t word) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kQuotes = kOnes * static_cast<std::uint8_t>('"');
  constexpr std::uint64_t kBackslashes = kOnes * static_cast<std::uint8_t>('\\');
  constexpr std::uint64_t kBlanks = kOnes * static_cast<std::uint8_t>(' ');
  // What is below zero then, the control character that is the last of ASCII, and what is behind that.
  return (((word ^ kQuotes) - kOnes) | ((word ^ kBackslashes) - kOnes) | (word - kBlanks) | (word + kOnes) | word) &
         (kOnes * 0x80U);
}

/// How many characters from the offset on are plain: eight at a time while all of them are.
std::size_t plain_size(std::string_view text, std::size_t offset) {
  std::size_t end = offset;
  while (text.size() - end >= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + end, sizeof word);
    if (marks_of_others(word) != 0) {
      break;
    }
    end += sizeof word;
  }
  if (end > offset && text.size() - end < sizeof(std::uint64_t)) {
    // The last eight, some of which are known.
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + text.size() - sizeof word, sizeof word);
    if (marks_of_others(word) == 0) {
      return text.size() - offset;
    }
  } else if (const std::size_t rest = text.size() - end;
             rest >= sizeof(std::uint32_t) && rest < sizeof(std::uint64_t)) {
    // The first four and the last four of them.
    std::array<std::uint32_t, 2> words{};
    std::memcpy(words.data(), text.data() + end, sizeof words[0]);
    std::memcpy(&words[1], text.data() + text.size() - sizeof words[1], sizeof words[1]);
    if (marks_of_others(std::uint64_t{words[1]} << 32U | words[0]) == 0) {
      return text.size() - offset;
    }
  }
  while (end < text.size() && is_plain(text[end])) {
    ++end;
  }
  return end - offset;
}

}  // namespace

void JsonWriter::flush() {
  out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
}

void JsonWriter::line(bool comma) {
  const std::size_t indent = has_items_.size() * 2;
  const std::string_view begin = line_begin(comma, std::min(indent, kMostIndent));
  buffer_ += begin;
  if (indent > kMostIndent) {
    buffer_.append(indent - kMostIndent, ' ');
  }
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_items_.empty()) {
    return;
  }
  line(has_items_.back() == kSome);
  has_items_.back() = kSome;
}

void JsonWriter::begin(char bracket) {
  separate();
  buffer_ += bracket;
  has_items_.push_back(kEmpty);
}

void JsonWriter::end(char bracket) {
  const bool had_items = has_items_.back() == kSome;
  has_items_.pop_back();
  if (had_items) {
    line(false);
  }
  buffer_ += bracket;
  if (has_items_.empty()) {
    buffer_ += '\n';
    flush();
  }
}

void JsonWriter::key(std::string_view name) {
  constexpr std::size_t kMostName = 32;
  constexpr std::string_view kBehind = "\": ";
  const std::size_t indent = has_items_.size() * 2;
  if (name.size() <= kMostName && indent <= kMostIndent && plain_size(name, 0) == name.size()) {
    // As nearly all are: written at once.
    std::array<char, kLine.size() + 1 + kMostName + kBehind.size()> text{};
    char* to = std::ranges::copy(line_begin(has_items_.back() == kSome, indent), text.data()).out;
    *to++ = '"';
    to = std::ranges::copy(name, to).out;
    to = std::ranges::copy(kBehind, to).out;
    buffer_.append(text.data(), static_cast<std::size_t>(to - text.data()));
    has_items_.back() = kSome;
    after_key_ = true;
    return;
  }
  separate();
  quoted(name);
  buffer_ += ": ";
  after_key_ = true;
}

void JsonWriter::string(std::string_view text) {
  separate();
  quoted(text);
}

void JsonWriter::number(std::uint64_t number) {
  separate();
  constexpr std::size_t kDigits = std::numeric_limits<std::uint64_t>::digits10 + 1;
  std::array<char, kDigits> digits{};
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  buffer_.append(digits.data(), static_cast<std::size_t>(end - digits.data()));
}

void JsonWriter::tenths(std::uint64_t tenths) {
  separate();
  buffer_ += std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
}

void JsonWriter::boolean(bool value) {
  separate();
  buffer_ += value ? "true" : "false";
}

void JsonWriter::null() {
  separate();
  buffer_ += "null";
}

void JsonWriter::quoted(std::string_view text) {
  constexpr std::size_t kLong = std::size_t{64} * 1024;
  if (buffer_.size() > kLong && !keeping_) {
    flush();
  }
  std::string& result = buffer_;
  result += '"';
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t plain = plain_size(text, offset);
    result += text.substr(offset, plain);
    offset += plain;
    if (offset == text.size()) {
      break;
    }
    const CodePoint code_point = code_point_at(text, offset);
    const std::int32_t value = code_point.code_point;
    if (value < 0) {
      result += "\uFFFD";
    } else if (value == '"' || value == '\\') {
      result += '\\';
      result += static_cast<char>(value);
    } else if (value == '\n') {
      result += "\\n";
    } else if (value == '\r') {
      result += "\\r";
    } else if (value == '\t') {
      result += "\\t";
    } else if (is_deceptive(value)) {
      append_escape(static_cast<std::uint32_t>(value), result);
    } else {
      result += text.substr(offset, code_point.size);
    }
    offset += code_point.size;
  }
  result += '"';
}

std::string printable_json(std::string_view document) {
  std::string result;
  result.reserve(document.size());
  for (std::size_t offset = 0; offset < document.size();) {
    const CodePoint code_point = code_point_at(document, offset);
    // Outside of texts JSON has none of these.
    if (code_point.code_point >= 0x7f && is_deceptive(code_point.code_point)) {
      append_escape(static_cast<std::uint32_t>(code_point.code_point), result);
    } else {
      result += document.substr(offset, code_point.size);
    }
    offset += code_point.size;
  }
  return result;
}

}  // namespace gabion::report
