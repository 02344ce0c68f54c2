// Policy texts compiled for matching: wildcards, policy variables, fields of ARNs and holes as tokens. decide() matches
// them against strings, the prover turns them into automata.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iam/open_point.h"
#include "iam/text.h"

namespace gabion::iam {

enum class TokenKind : std::uint8_t {
  kChar,       ///< that byte
  kAny,        ///< one character
  kStar,       ///< any text
  kFieldAny,   ///< one character but ':'
  kFieldStar,  ///< any text without ':'
  kLowerAny,   ///< one character but ':' and capital letters
  kLowerStar,  ///< any text without ':' and capital letters
  kDigit,      ///< one of 0 to 9
  kHole,       ///< holes[index]
  kAnyHole,    ///< any one hole (in domains only)
  kVariable,   ///< variables[index]
  kNever,      ///< nothing: the pattern matches no text
};

struct Token {
  TokenKind kind = TokenKind::kChar;
  char byte = 0;
  bool field = false;  ///< inside the first five fields of an ARN
  std::uint16_t index = 0;
};

/// ${key} or ${key, 'fallback'}.
struct PolicyVariable {
  std::string key;
  std::optional<std::string> fallback;
  friend bool operator==(const PolicyVariable&, const PolicyVariable&) = default;
};

/// How a text is read as a pattern.
struct PatternSyntax {
  bool wildcards = false;
  bool variables = false;
  enum class Arn : std::uint8_t {
    kNone,       ///< whole text
    kCondition,  ///< six fields, colons inside ${} do not separate; variables anywhere
    kResource,   ///< six fields, variables in the sixth only, short forms with a final '*'
  } arn = Arn::kNone;
  bool fold = false;  ///< ASCII case does not count (for kResource with resCase: in the first five fields)
  OpenPoints alternatives{};
};

struct Pattern {
  std::vector<Token> tokens;
  std::vector<Hole> holes;
  std::vector<PolicyVariable> variables;
  std::vector<std::uint16_t> wide;  ///< holes that must contain colons of the ARN
  bool everything = false;          ///< a Resource or Action of stars only: matches what is no ARN too
  bool malformed = false;           ///< fewer than six fields where an ARN is needed: matches nothing
  bool fold = false;
  bool fold_fields = false;  ///< case does not count in the first five fields
  OpenPoints touched{};      ///< open points whose alternative would read this text in another way

  [[nodiscard]] bool has_holes() const { return !holes.empty(); }
  [[nodiscard]] bool has_variables() const { return !variables.empty(); }
};

[[nodiscard]] Pattern compile_pattern(const Text& text, const PatternSyntax& syntax);

/// Puts the value in the place of every variable; without a value (and fallback) the pattern matches nothing.
/// `lookup(key)` gives the value or nothing.
template <class Lookup>
[[nodiscard]] Pattern substitute(const Pattern& pattern, Lookup&& lookup);

/// Does the pattern (without variables left) match the whole text? Holes match nothing.
[[nodiscard]] bool match(const Pattern& pattern, std::string_view text);

/// Does no text match both? Told by the characters at the ends of the texts and of their ARN's fields, and by a name in
/// the last field; false where these do not say.
[[nodiscard]] bool surely_apart(const Pattern& a, const Pattern& b);

/// Wildcard match of plain text: `*` any text, `?` one character.
[[nodiscard]] bool glob(std::string_view pattern, std::string_view text, bool fold);

/// Number of fields that the first five colons cut a text into: at most six.
[[nodiscard]] std::size_t arn_fields(std::string_view text);

/// Replaces the variables that `values` has an entry for (index by variable); used by substitute.
[[nodiscard]] Pattern with_values(const Pattern& pattern, const std::vector<std::optional<std::string>>& values);

template <class Lookup>
Pattern substitute(const Pattern& pattern, Lookup&& lookup) {
  std::vector<std::optional<std::string>> values;
  values.reserve(pattern.variables.size());
  for (const PolicyVariable& variable : pattern.variables) {
    std::optional<std::string> value = lookup(variable.key);
    values.push_back(value ? std::move(value) : variable.fallback);
  }
  return with_values(pattern, values);
}

}  // namespace gabion::iam
