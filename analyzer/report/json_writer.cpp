#include "report/json_writer.h"

#include <algorithm>
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

/// Stands for itself within quotes.
bool is_plain(char c) {
  return c >= ' ' && c < '\x7f' && c != '"' && c != '\\';
}

}  // namespace

void JsonWriter::flush() {
  out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
}

void JsonWriter::line(std::string_view before) {
  buffer_ += before;
  buffer_.append(has_items_.size() * 2, ' ');
}

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_items_.empty()) {
    return;
  }
  line(has_items_.back() ? ",\n" : "\n");
  has_items_.back() = true;
}

void JsonWriter::begin(char bracket) {
  separate();
  buffer_ += bracket;
  has_items_.push_back(false);
}

void JsonWriter::end(char bracket) {
  const bool had_items = has_items_.back();
  has_items_.pop_back();
  if (had_items) {
    line("\n");
  }
  buffer_ += bracket;
  if (has_items_.empty()) {
    buffer_ += '\n';
    flush();
  }
}

void JsonWriter::key(std::string_view name) {
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
  buffer_ += std::to_string(number);
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
  if (buffer_.size() > kLong) {
    flush();
  }
  std::string& result = buffer_;
  result += '"';
  for (std::size_t offset = 0; offset < text.size();) {
    std::size_t end = offset;
    while (end < text.size() && is_plain(text[end])) {
      ++end;
    }
    result += text.substr(offset, end - offset);
    offset = end;
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
