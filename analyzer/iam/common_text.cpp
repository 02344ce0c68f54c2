#include "iam/common_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "iam/text_search.h"

namespace gabion::iam {

namespace {

constexpr std::size_t kArnFields = 6;

/// What the colons of a pattern cut it into; the last field of an ARN has its own.
struct Fields {
  explicit Fields(const Pattern& pattern) {
    const std::span<const Token> tokens = pattern.tokens;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < tokens.size() && count + 1 < kArnFields; ++i) {
      if (tokens[i].kind == TokenKind::kChar && tokens[i].byte == ':') {
        parts[count++] = tokens.subspan(begin, i - begin);
        begin = i + 1;
      }
    }
    parts[count++] = tokens.subspan(begin);
  }
  std::array<std::span<const Token>, kArnFields> parts;
  std::size_t count = 0;
};

std::size_t spelled_out(std::span<const Token> field) {
  return static_cast<std::size_t>(std::ranges::count_if(
      field, [](const Token& token) { return token.kind == TokenKind::kChar || token.kind == TokenKind::kHole; }));
}

bool has_hole(std::span<const Token> field) {
  return std::ranges::find(field, TokenKind::kHole, &Token::kind) != field.end();
}

void spell(std::string_view text, bool field, Pattern& out) {
  for (const char c : text) {
    out.tokens.push_back(Token{.kind = TokenKind::kChar, .byte = c, .field = field});
  }
}

}  // namespace

std::optional<Word> common_text(std::span<const Pattern* const> patterns, const HoleTable& holes) {
  const auto spells_nothing = [](const Pattern* pattern) { return pattern->everything || pattern->malformed; };
  if (patterns.empty() || std::ranges::any_of(patterns, spells_nothing)) {
    return std::nullopt;
  }
  const Pattern& first = *patterns.front();
  const Fields own(first);
  Fields chosen = own;
  Pattern common;
  for (const Pattern* const pattern : patterns) {
    common.fold = common.fold || pattern->fold;
    const Fields others(*pattern);
    if (others.count != own.count) {
      return std::nullopt;
    }
    for (std::size_t i = 0; i < own.count; ++i) {
      // A hole of the first pattern can only be itself, so where nothing else is open there it stays.
      const bool fixed = has_hole(own.parts[i]) && spelled_out(own.parts[i]) == own.parts[i].size();
      if (!fixed && spelled_out(others.parts[i]) > spelled_out(chosen.parts[i])) {
        chosen.parts[i] = others.parts[i];
      }
    }
  }
  constexpr std::string_view kAccount = "111122223333";
  constexpr std::string_view kFiller = "example";
  for (std::size_t i = 0; i < chosen.count; ++i) {
    if (i > 0) {
      spell(":", i < kArnFields, common);
    }
    for (const Token& token : chosen.parts[i]) {
      const auto is_same = [&](const Token& one) { return one.kind == token.kind && one.index == token.index; };
      if (token.kind == TokenKind::kHole && std::ranges::none_of(first.tokens, is_same)) {
        spell(holes.entries[token.index].hole.account ? kAccount : kFiller, token.field, common);
      } else {
        common.tokens.push_back(token);
      }
    }
  }
  return instantiate(common, kFiller);
}

}  // namespace gabion::iam
