#include "iam/signature.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

namespace gabion::iam {

namespace {

void add(std::uintptr_t number, std::string& out) {
  std::array<char, std::numeric_limits<std::uintptr_t>::digits10 + 1> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out.append(digits.data(), end.ptr);
}

void add(std::string_view text, std::string& out) {
  add(text.size(), out);
  out += ':';
  out += text;
}

void add(const Hole& hole, std::string& out) {
  add(hole.name, out);
  add(reinterpret_cast<std::uintptr_t>(hole.symbol), out);
  out += '\4';
}

void add(const Text& text, std::string& out) {
  for (const Segment& segment : text.segments()) {
    if (segment.is_hole) {
      out += '\1';
      add(*segment.hole, out);
    } else {
      out += '\2';
      add(segment.text, out);
    }
  }
  out += '\3';
}

}  // namespace

std::string signature(std::string_view text) {
  std::string out;
  add(text, out);
  return out;
}

std::string signature(const Hole& hole) {
  std::string out;
  add(hole, out);
  return out;
}

std::string signature(const std::vector<Text>& list) {
  std::vector<std::string> parts;
  parts.reserve(list.size());
  for (const Text& text : list) {
    add(text, parts.emplace_back());
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
