#include "iam/signature.h"

#include <algorithm>
#include <cstdint>

namespace gabion::iam {

std::string signature(std::string_view text) {
  return std::to_string(text.size()).append(1, ':').append(text);
}

std::string signature(const Hole& hole) {
  return signature(hole.name) + std::to_string(reinterpret_cast<std::uintptr_t>(hole.symbol)) + '\4';
}

std::string signature(const Text& text) {
  std::string out;
  for (const Segment& segment : text.segments()) {
    out += segment.is_hole ? '\1' : '\2';
    out += segment.is_hole ? signature(*segment.hole) : signature(segment.text);
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
  std::string out = std::to_string(parts.size()) + ':';
  for (const std::string& part : parts) {
    out += part;
  }
  return out;
}

std::string signature(const Pattern& pattern) {
  std::string out = std::to_string(pattern.tokens.size()) + ':';
  for (const Token& one : pattern.tokens) {
    out += static_cast<char>('a' + static_cast<int>(one.kind));
    if (one.kind == TokenKind::kVariable) {
      // In a field of an ARN its value has no colon.
      const PolicyVariable& variable = pattern.variables[one.index];
      out += one.field ? 'f' : 'a';
      out += signature(fold_case(variable.key));
      out += variable.fallback ? '+' + signature(*variable.fallback) : "-";
    } else if (one.kind == TokenKind::kHole) {
      out += std::to_string(one.index) + '\3';
    } else {
      out += one.byte;
    }
  }
  out += pattern.fold ? 'F' : 'f';
  return out + (pattern.fold_fields ? 'F' : 'f');
}

}  // namespace gabion::iam
