#include "syntax/suricata/problems.h"

#include "syntax/suricata/parser.h"

namespace gabion::syntax::suricata {

Place Problems::place(std::size_t begin, std::size_t end) {
  if (begin < line_begin_) {
    line_begin_ = 0;
    line_ = 1;
  }
  for (;;) {
    const std::size_t next = text_.find('\n', line_begin_);
    if (next == std::string_view::npos || next >= begin) {
      break;
    }
    line_begin_ = next + 1;
    ++line_;
  }
  return {begin, end, line_, static_cast<std::uint32_t>(begin - line_begin_ + 1)};
}

void Problems::add(const Place& place, std::string_view message) {
  if (list_.size() < kMaxProblems) {
    list_.push_back({message, place});
  }
}

}  // namespace gabion::syntax::suricata
