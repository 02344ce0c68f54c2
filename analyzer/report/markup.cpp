#include "report/markup.h"

#include <algorithm>
#include <cstdint>

#include "report/unicode.h"
#include "source/ascii.h"

namespace gabion::report {
namespace {

/// The character as markup.
void append(char c, std::string& result) {
  switch (c) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    case '"':
      result += "&quot;";
      break;
    case '\'':
      result += "&#39;";
      break;
    default:
      result += c;
  }
}

/// Mentions, references and addresses are found by services in the finished text, where escapes are gone; an element
/// between their parts is not. The empty text: nothing to part here.
std::string parted(std::string_view line, std::size_t at) {
  const char c = line[at];
  const bool mention = c == '@' || c == '#';
  const bool scheme = c == ':' && line.substr(at + 1).starts_with("//");
  const bool host = c == '.' && at >= 3 && line.substr(at - 3, 3) == "www";
  return mention || scheme || host ? std::string("<span>") + c + "</span>" : std::string();
}

/// A code span as HTML: the same in a table, in a list and in a block of HTML.
std::string html_code(std::string_view line) {
  std::string result = "<code>";
  for (const char c : line) {
    const bool plain = source::is_alphanumeric(c) || c == ' ' || (static_cast<std::uint8_t>(c) & 0x80U) != 0;
    result += plain ? std::string(1, c) : "&#" + std::to_string(static_cast<int>(c)) + ";";
  }
  return result + "</code>";
}

}  // namespace

std::string xml(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) {
    append(c, result);
  }
  return result;
}

std::string markdown(std::string_view text) {
  const std::string line = printable(text);
  std::string result;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (const std::string apart = parted(line, i); !apart.empty()) {
      result += apart;
    } else if (c == '&' || c == '<' || c == '>') {
      append(c, result);
    } else if (std::string_view("\\`*_{}[]()|~!$").find(c) != std::string_view::npos ||
               (i == 0 && std::string_view("-+=").find(c) != std::string_view::npos)) {
      result += '\\';
      result += c;
    } else {
      result += c;
    }
  }
  return result;
}

std::string markdown_html(std::string_view text) {
  const std::string line = printable(text);
  std::string result;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (const std::string apart = parted(line, i); !apart.empty()) {
      result += apart;
    } else {
      append(line[i], result);
    }
  }
  return result;
}

std::string markdown_code(std::string_view text) {
  const std::string line = printable(text);
  // A bar needs a backslash in a table and none elsewhere; "<" is what a careless reader takes for an element.
  if (line.find_first_of("|<") != std::string::npos) {
    return html_code(line);
  }
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : line) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const bool padded = line.empty() || std::string_view("` ").find(line.front()) != std::string_view::npos ||
                      std::string_view("` ").find(line.back()) != std::string_view::npos;
  const std::string_view space = padded ? " " : "";
  return fence + std::string(space) + line + std::string(space) + fence;
}

std::string csv(std::string_view text) {
  std::string result = "\"";
  const std::string line = printable(text);
  if (!line.empty() && std::string_view("=+-@|%").find(line.front()) != std::string_view::npos) {
    result += '\'';
  }
  for (const char c : line) {
    result += c == '"' ? std::string("\"\"") : std::string(1, c);
  }
  return result + '"';
}

std::string cut(std::string_view text, std::size_t size) {
  constexpr std::string_view kEllipsis = "...";
  if (text.size() <= size || size <= kEllipsis.size()) {
    return std::string(text.substr(0, size));
  }
  std::size_t end = size - kEllipsis.size();
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return std::string(text.substr(0, end)) + std::string(kEllipsis);
}

}  // namespace gabion::report
