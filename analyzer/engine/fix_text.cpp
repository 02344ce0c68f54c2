#include "engine/fix_text.h"

#include <algorithm>

namespace gabion::engine {

std::size_t line_begin(std::string_view text, std::size_t offset) {
  const std::size_t newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
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
    newline = text.rfind('\n', offset);
  }
  return newline != std::string_view::npos && newline > 0 && text[newline - 1] == '\r' ? "\r\n" : "\n";
}

std::string indentation_step(std::string_view text) {
  for (std::size_t brace = text.find('{'); brace != std::string_view::npos; brace = text.find('{', brace + 1)) {
    const std::size_t end = line_end(text, brace);
    if (end == text.size() || !only_blank(text.substr(brace + 1, end - brace - 1))) {
      continue;
    }
    const std::string_view outer = indentation_at(text, brace);
    const std::string_view inner = indentation_at(text, next_line(text, brace));
    if (inner.size() > outer.size() && inner.starts_with(outer)) {
      return std::string(inner.substr(outer.size()));
    }
  }
  return "  ";
}

bool only_blank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
}

}  // namespace gabion::engine
