#include "report/wrap.h"

#include "report/unicode.h"

namespace gabion::report {

std::string wrap(std::string_view text, std::uint32_t width, std::uint32_t used, std::uint32_t indent) {
  std::string result;
  std::uint32_t column = used;
  bool at_begin = true;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    const std::uint32_t columns = width_of(word);
    if (!at_begin && column + 1 + columns > width) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!at_begin) {
      result += ' ';
      ++column;
    }
    result += word;
    column += columns;
    at_begin = false;
    if (text.empty()) {
      break;
    }
    text.remove_prefix(1);
  }
  return result;
}

}  // namespace gabion::report
