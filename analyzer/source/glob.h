// Globs over names: the one matcher behind patterns of rule ids, of actions, and of whatever else has * and ?.
#pragma once

#include <cstddef>
#include <string_view>

namespace gabion::source {

/// Does the whole text match? `*` is any run of characters, `?` any one; `same(pattern character, text character)` says
/// whether two others are equal. Never slower than the product of the two lengths.
template <class Same>
[[nodiscard]] constexpr bool glob_matches(std::string_view pattern, std::string_view text, Same same) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t retry = 0;
  // Behind a star no place matters but those where the text has what the pattern goes on with.
  const auto next_place = [&](std::size_t from) {
    p = star + 1;
    while (from < text.size() && pattern[p] != '*' && pattern[p] != '?' && !same(pattern[p], text[from])) {
      ++from;
    }
    return from;
  };
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p;
      if (star + 1 == pattern.size()) {
        return true;
      }
      t = retry = next_place(t);
    } else if (p < pattern.size() && (pattern[p] == '?' || same(pattern[p], text[t]))) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      t = retry = next_place(retry + 1);
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace gabion::source
