#include "engine/fix_text.h"

#include <algorithm>
#include <cstring>

#include "eval/json_text.h"

namespace gabion::engine {
namespace {

/// Offset behind white space and comments of HCL, from `at` on but not beyond `end`; `lines`: over line ends too.
std::size_t skip_blank(std::string_view text, std::size_t at, std::size_t end, bool lines) {
  while (at < end) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
      ++at;
    } else if (lines && (c == '#' || text.substr(at, 2) == "//")) {
      at = std::min(end, line_end(text, at));
    } else if (text.substr(at, 2) == "/*") {
      const std::size_t close = text.find("*/", at + 2);
      at = close == std::string_view::npos ? end : std::min(end, close + 2);
    } else {
      break;
    }
  }
  return at;
}

/// The last line end before the offset. Lines may be very long: a file of JSON is often one line.
std::size_t newline_before(std::string_view text, std::size_t offset) {
  const void* const found = offset == 0 ? nullptr : memrchr(text.data(), '\n', std::min(offset, text.size()));
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

}  // namespace

std::size_t line_begin(std::string_view text, std::size_t offset) {
  const std::size_t newline = newline_before(text, offset);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

std::size_t line_end(std::string_view text, std::size_t offset) {
  const std::size_t newline = text.find('\n', offset);
  if (newline == std::string_view::npos) {
    return text.size();
  }
  return newline > offset && text[newline - 1] == '\r' ? newline - 1 : newline;
}

std::size_t next_line(std::string_view text, std::size_t offset) {
  const std::size_t newline = text.find('\n', offset);
  return newline == std::string_view::npos ? text.size() : newline + 1;
}

std::string_view indentation_at(std::string_view text, std::size_t offset) {
  const std::size_t begin = line_begin(text, offset);
  std::size_t end = begin;
  while (end < text.size() && (text[end] == ' ' || text[end] == '\t')) {
    ++end;
  }
  return text.substr(begin, end - begin);
}

std::string_view newline_near(std::string_view text, std::size_t offset) {
  std::size_t newline = text.find('\n', offset);
  if (newline == std::string_view::npos) {
    newline = newline_before(text, offset);
  }
  return newline != std::string_view::npos && newline > 0 && text[newline - 1] == '\r' ? "\r\n" : "\n";
}

std::string indentation_step(std::string_view text) {
  for (std::size_t line = next_line(text, 0); line < text.size(); line = next_line(text, line)) {
    const std::string_view before = text.substr(0, line - 1);
    const std::size_t brace = before.find_last_not_of(" \t\r");
    if (brace == std::string_view::npos || before[brace] != '{') {
      continue;
    }
    const std::string_view outer = indentation_at(text, brace);
    const std::string_view inner = indentation_at(text, line);
    if (inner.size() > outer.size() && inner.starts_with(outer)) {
      return std::string(inner.substr(outer.size()));
    }
  }
  return "  ";
}

std::size_t comma_behind(std::string_view text, std::size_t at, std::size_t end) {
  at = skip_blank(text, at, end, true);
  return at < end && text[at] == ',' ? at : std::string_view::npos;
}

bool only_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

bool only_comment(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r"), text.size());
  text.remove_prefix(begin);
  if (!text.starts_with("/*")) {
    return text.empty() || text.starts_with('#') || text.starts_with("//");
  }
  const std::size_t end = text.find("*/");
  return end != std::string_view::npos && only_blank(text.substr(end + 2));
}

void append_escaped(std::string_view text, bool templated, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '$':
      case '%':
        out += c;
        if (templated && i + 1 < text.size() && text[i + 1] == '{') {
          out += c;
        }
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20U) {
          eval::append_escape(out, static_cast<unsigned char>(c));
        } else {
          out += c;
        }
    }
  }
}

}  // namespace gabion::engine
