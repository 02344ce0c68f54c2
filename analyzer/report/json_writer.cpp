#include "report/json_writer.h"

#include <string>

#include "report/unicode.h"

namespace gabion::report {

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

void JsonWriter::boolean(bool value) {
  separate();
  out_ << (value ? "true" : "false");
}

void JsonWriter::null() {
  separate();
  out_ << "null";
}

void JsonWriter::quoted(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
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
    } else if (value < 0x20 || value == 0x7F) {
      const auto byte = static_cast<std::uint8_t>(value);
      result += "\\u00";
      result += kDigits[byte >> 4U];
      result += kDigits[byte & 0xFU];
    } else {
      result += text.substr(offset, code_point.size);
    }
    offset += code_point.size;
  }
  out_ << result << '"';
}

}  // namespace gabion::report
