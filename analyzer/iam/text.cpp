#include "iam/text.h"

#include <algorithm>
#include <utility>

namespace gabion::iam {

Text::Text(std::string_view literal, Region where, const eval::Origin* from) : region(where), origin(from) {
  append(literal);
}

Text::Text(Hole hole, Region where, const eval::Origin* from) : region(where), origin(from) {
  append(std::move(hole));
}

void Text::add(Segment segment) {
  if (segments().empty()) {
    first_ = std::move(segment);
    return;
  }
  if (several_.empty()) {
    constexpr std::size_t kUsual = 8;  // of an ARN with holes
    several_.reserve(kUsual);
    several_.push_back(std::exchange(first_, {}));
  }
  several_.push_back(std::move(segment));
}

void Text::append(std::string_view literal) {
  if (literal.empty()) {
    return;
  }
  Segment& last = several_.empty() ? first_ : several_.back();
  if (last.hole == nullptr) {
    last.text += literal;
  } else {
    add(Segment{.text = std::string(literal)});
  }
}

void Text::append(Hole hole) {
  add(Segment{.text = {}, .is_hole = true, .hole = std::make_shared<const Hole>(std::move(hole))});
}

void Text::append(const Text& other) {
  for (const Segment& segment : other.segments()) {
    if (segment.is_hole) {
      add(segment);
    } else {
      append(segment.text);
    }
  }
}

std::string Text::str() const {
  if (known()) {
    return first_.text;
  }
  std::string out;
  for (const Segment& segment : segments()) {
    if (segment.is_hole) {
      out += '{';
      out += segment.hole->name;
      out += '}';
    } else {
      out += segment.text;
    }
  }
  return out;
}

std::string fold_case(std::string_view text) {
  return source::to_lower(text);
}

bool equal_folded(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return fold_byte(x) == fold_byte(y); });
}

std::string_view nearest(std::string_view text, std::span<const std::string_view> names) {
  const std::string folded = fold_case(text);
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, text.size() / 4) + 1;
  for (const std::string_view candidate : names) {
    const std::string other = fold_case(candidate);
    // Edit distance, one row at a time.
    std::vector<std::size_t> distance(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j) {
      distance[j] = j;
    }
    for (std::size_t i = 1; i <= folded.size(); ++i) {
      std::size_t diagonal = distance[0];
      distance[0] = i;
      for (std::size_t j = 1; j <= other.size(); ++j) {
        const std::size_t above = distance[j];
        distance[j] = std::min({above + 1, distance[j - 1] + 1, diagonal + (folded[i - 1] == other[j - 1] ? 0 : 1)});
        diagonal = above;
      }
    }
    if (distance.back() < best_distance) {
      best_distance = distance.back();
      best = candidate;
    }
  }
  return best;
}

}  // namespace gabion::iam
