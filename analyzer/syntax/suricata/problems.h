// Collects what is wrong with rules and finds lines and columns. Internal to the Suricata parser.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "syntax/suricata/ast.h"

namespace gabion::syntax::suricata {

/// Places are asked for in rising order mostly, so that counting lines stays linear.
class Problems {
 public:
  Problems(std::string_view text, std::vector<Problem>& list) : text_(text), list_(list) {}

  [[nodiscard]] Place place(std::size_t begin, std::size_t end);
  /// Messages must outlive the list: literals, or text in the arena.
  void add(std::size_t begin, std::size_t end, std::string_view message) { add(place(begin, end), message); }
  void add(const Place& place, std::string_view message);

 private:
  std::string_view text_;
  std::vector<Problem>& list_;
  std::size_t line_begin_ = 0;  ///< of the line that was asked for last
  std::uint32_t line_ = 1;
};

}  // namespace gabion::syntax::suricata
