#include "iam/signature.h"

#include <algorithm>
#include <cstdint>

namespace gabion::iam {

std::string signature(const Hole& hole) {
  return hole.name + '\4' + std::to_string(reinterpret_cast<std::uintptr_t>(hole.symbol));
}

std::string signature(const Text& text) {
  std::string out;
  for (const Segment& segment : text.segments()) {
    out += segment.is_hole ? '\1' : '\2';
    out += segment.is_hole ? signature(*segment.hole) : segment.text;
  }
  return out + '\3';
}

std::string signature(const std::vector<Text>& list) {
  std::vector<std::string> parts;
  parts.reserve(list.size());
  for (const Text& text : list) {
    parts.push_back(signature(text));
  }
  std::ranges::sort(parts);
  std::string out;
  for (const std::string& part : parts) {
    out += part;
  }
  return out;
}

std::string signature(const Pattern& pattern) {
  std::string out;
  for (const Token& one : pattern.tokens) {
    out += static_cast<char>('a' + static_cast<int>(one.kind));
    if (one.kind == TokenKind::kVariable) {
      const PolicyVariable& variable = pattern.variables[one.index];
      out += fold_case(variable.key) + '\1' + variable.fallback.value_or("\2") + '\3';
    } else if (one.kind == TokenKind::kHole) {
      out += std::to_string(one.index) + '\3';
    } else {
      out += one.byte;
    }
  }
  return out + (pattern.fold ? 'F' : 'f');
}

}  // namespace gabion::iam
