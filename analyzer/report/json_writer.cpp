#include "report/json_writer.h"

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

}  // namespace

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_items_.empty()) {
    return;
  }
  out_ << (has_items_.back() ? ",\n" : "\n") << std::string(has_items_.size() * 2, ' ');
  has_items_.back() = true;
}

void JsonWriter::begin(char bracket) {
  separate();
  out_ << bracket;
  has_items_.push_back(false);
}

void JsonWriter::end(char bracket) {
  const bool had_items = has_items_.back();
  has_items_.pop_back();
  if (had_items) {
    out_ << '\n' << std::string(has_items_.size() * 2, ' ');
  }
  out_ << bracket;
  if (has_items_.empty()) {
    out_ << '\n';
  }
}

void JsonWriter::key(std::string_view name) {
  separate();
  quoted(name);
  out_ << ": ";
  after_key_ = true;
}

void JsonWriter::string(std::string_view text) {
  separate();
  quoted(text);
}

void JsonWriter::number(std::uint64_t number) {
  separate();
  out_ << std::to_string(number);  // a stream might group digits by its locale
}

void JsonWriter::tenths(std::uint64_t tenths) {
  separate();
  out_ << std::to_string(tenths / 10) << '.' << std::to_string(tenths % 10);
}

void JsonWriter::boolean(bool value) {
  separate();
  out_ << (value ? "true" : "false");
}

void JsonWriter::null() {
  separate();
  out_ << "null";
}

void JsonWriter::quoted(std::string_view text) {
  std::string result = "\"";
  for (std::size_t offset = 0; offset < text.size();) {
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
  out_ << result << '"';
}

}  // namespace gabion::report
