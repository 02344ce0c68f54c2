#include "iam/pattern.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace gabion::iam {

namespace {

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Offset of the next character in UTF-8 text.
std::size_t next_character(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && continues(text[at])) {
    ++at;
  }
  return at;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) {
    text.remove_prefix(1);
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

/// Builds the tokens of one text, segment by segment.
class Compiler {
 public:
  Compiler(const PatternSyntax& syntax, Pattern& out) : syntax_(syntax), out_(out) {}

  void run(const Text& text) {
    std::size_t size = 0;
    for (const Segment& segment : text.segments()) {
      size += segment.is_hole ? 1 : segment.text.size();
    }
    out_.tokens.reserve(size);
    for (const Segment& segment : text.segments()) {
      literal_colons_ += text.known() ? 0 : static_cast<std::size_t>(std::ranges::count(segment.text, ':'));
    }
    for (const Segment& segment : text.segments()) {
      if (segment.is_hole) {
        hole(*segment.hole);
      } else {
        literal(segment.text);
      }
    }
  }

  [[nodiscard]] std::size_t colons() const { return colons_; }
  /// There are capital letters before the fifth colon.
  [[nodiscard]] bool capitals() const { return capitals_; }
  /// A hole stood before the fifth colon, so how many fields there are is not known.
  [[nodiscard]] bool hole_in_fields() const { return hole_in_fields_; }

 private:
  [[nodiscard]] bool in_fields() const { return syntax_.arn != PatternSyntax::Arn::kNone && colons_ < 5; }

  [[nodiscard]] bool variables_here() {
    if (!syntax_.variables) {
      return false;
    }
    if (syntax_.arn != PatternSyntax::Arn::kResource || colons_ >= 5) {
      return true;
    }
    out_.touched.add(OpenPoint::kVarAnywhere);
    return syntax_.alternatives.has(OpenPoint::kVarAnywhere);
  }

  void push(TokenKind kind, char byte = 0, std::size_t index = 0) {
    out_.tokens.push_back(
        Token{.kind = kind, .byte = byte, .field = in_fields(), .index = static_cast<std::uint16_t>(index)});
  }

  /// How many characters at the beginning mean nothing of their own.
  static std::size_t plain(std::string_view text) {
    static constexpr std::array<bool, 256> kSpecial = [] {
      std::array<bool, 256> out{};
      for (const char c : {':', '*', '$', '?'}) {
        out[static_cast<unsigned char>(c)] = true;
      }
      return out;
    }();
    std::size_t count = 0;
    while (count < text.size() && !kSpecial[static_cast<unsigned char>(text[count])]) {
      ++count;
    }
    return count;
  }

  void characters(std::string_view text) {
    capitals_ = capitals_ || (in_fields() && std::ranges::any_of(text, is_capital));
    const std::size_t begin = out_.tokens.size();
    out_.tokens.resize(begin + text.size(), Token{.kind = TokenKind::kChar, .field = in_fields()});
    for (std::size_t i = 0; i < text.size(); ++i) {
      out_.tokens[begin + i].byte = text[i];
    }
  }

  void hole(const Hole& hole) {
    const auto known = std::ranges::find(out_.holes, hole);
    const auto index = static_cast<std::size_t>(known - out_.holes.begin());
    if (known == out_.holes.end()) {
      out_.holes.push_back(hole);
    }
    const bool wide = in_fields() && literal_colons_ < 5;
    push(TokenKind::kHole, 0, index);
    if (wide) {
      // The colons that the text lacks are in the hole: it ends in the sixth field.
      out_.wide.push_back(static_cast<std::uint16_t>(index));
      hole_in_fields_ = true;
      colons_ = 5;
    }
  }

  void literal(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
      if (const std::size_t count = plain(text.substr(i)); count > 0) {
        characters(text.substr(i, count));
        i += count;
        continue;
      }
      const char c = text[i];
      if (c == '$' && i + 1 < text.size() && text[i + 1] == '{') {
        const std::size_t end = text.find('}', i + 2);
        if (end != std::string_view::npos && variables_here()) {
          variable(text.substr(i + 2, end - i - 2));
          i = end + 1;
          continue;
        }
      }
      if (syntax_.wildcards && (c == '*' || c == '?')) {
        const bool star = c == '*';
        if (in_fields()) {
          const bool cross =
              syntax_.arn == PatternSyntax::Arn::kResource && syntax_.alternatives.has(OpenPoint::kResColon);
          if (syntax_.arn == PatternSyntax::Arn::kResource) {
            out_.touched.add(OpenPoint::kResColon);
          }
          push(cross ? (star ? TokenKind::kStar : TokenKind::kAny)
                     : (star ? TokenKind::kFieldStar : TokenKind::kFieldAny));
        } else {
          push(star ? TokenKind::kStar : TokenKind::kAny);
        }
      } else {
        push(TokenKind::kChar, c);
        if (c == ':') {
          ++colons_;
        }
      }
      ++i;
    }
  }

  void variable(std::string_view inside) {
    if (inside.size() == 1 && (inside == "*" || inside == "?" || inside == "$")) {
      push(TokenKind::kChar, inside[0]);
      return;
    }
    PolicyVariable found;
    if (const std::size_t comma = inside.find(','); comma != std::string_view::npos) {
      std::string_view fallback = trim(inside.substr(comma + 1));
      if (fallback.size() >= 2 && fallback.front() == '\'' && fallback.back() == '\'') {
        fallback.remove_prefix(1);
        fallback.remove_suffix(1);
      }
      found.fallback = std::string(fallback);
      inside = inside.substr(0, comma);
    }
    found.key = std::string(trim(inside));
    const auto known = std::ranges::find(out_.variables, found);
    const auto index = static_cast<std::size_t>(known - out_.variables.begin());
    if (known == out_.variables.end()) {
      out_.variables.push_back(std::move(found));
    }
    push(TokenKind::kVariable, 0, index);
  }

  const PatternSyntax& syntax_;
  Pattern& out_;
  std::size_t colons_ = 0;
  std::size_t literal_colons_ = 0;  ///< of texts with holes
  bool capitals_ = false;
  bool hole_in_fields_ = false;
};

bool all_stars(const Pattern& pattern) {
  return !pattern.tokens.empty() && std::ranges::all_of(pattern.tokens, [](const Token& token) {
    return token.kind == TokenKind::kStar || token.kind == TokenKind::kFieldStar;
  });
}

/// A Resource of fewer than six fields: a final star runs over what is missing, otherwise it matches nothing.
void finish_short_resource(Pattern& pattern, std::size_t colons, OpenPoints alternatives) {
  Token* last = pattern.tokens.empty() ? nullptr : &pattern.tokens.back();
  if (last != nullptr && (last->kind == TokenKind::kFieldStar || last->kind == TokenKind::kStar)) {
    last->kind = TokenKind::kStar;
    return;
  }
  pattern.touched.add(OpenPoint::kShortArn);
  if (!alternatives.has(OpenPoint::kShortArn)) {
    pattern.malformed = true;
    return;
  }
  for (; colons < 5; ++colons) {
    pattern.tokens.push_back(Token{.kind = TokenKind::kChar, .byte = ':', .field = true});
    pattern.tokens.push_back(Token{.kind = colons == 4 ? TokenKind::kStar : TokenKind::kFieldStar});
  }
}

}  // namespace

Pattern compile_pattern(const Text& text, const PatternSyntax& syntax) {
  Pattern out;
  out.fold = syntax.fold;
  Compiler compiler(syntax, out);
  compiler.run(text);
  if (syntax.arn == PatternSyntax::Arn::kNone) {
    out.everything = syntax.wildcards && all_stars(out);
    return out;
  }
  if (syntax.arn == PatternSyntax::Arn::kResource) {
    if (all_stars(out)) {
      out.everything = true;
      out.touched = {};
      return out;
    }
    if (compiler.capitals()) {
      out.touched.add(OpenPoint::kResCase);
    }
    out.fold_fields = syntax.alternatives.has(OpenPoint::kResCase);
  }
  if (compiler.colons() < 5 && !compiler.hole_in_fields()) {
    if (syntax.arn == PatternSyntax::Arn::kResource) {
      finish_short_resource(out, compiler.colons(), syntax.alternatives);
    } else {
      out.malformed = true;
    }
  }
  return out;
}

Pattern with_values(const Pattern& pattern, const std::vector<std::optional<std::string>>& values) {
  Pattern out;
  out.holes = pattern.holes;
  out.everything = pattern.everything;
  out.malformed = pattern.malformed;
  out.fold = pattern.fold;
  out.fold_fields = pattern.fold_fields;
  out.touched = pattern.touched;
  out.wide = pattern.wide;
  for (const Token& token : pattern.tokens) {
    if (token.kind != TokenKind::kVariable) {
      out.tokens.push_back(token);
      continue;
    }
    const std::optional<std::string>& value = values[token.index];
    if (!value) {
      out.tokens.assign(1, Token{.kind = TokenKind::kNever});
      return out;
    }
    for (const char c : *value) {
      const bool breaks = token.field && c == ':';
      out.tokens.push_back(
          Token{.kind = breaks ? TokenKind::kNever : TokenKind::kChar, .byte = c, .field = token.field});
    }
  }
  return out;
}

namespace {

/// The tokens of a pattern, or those of one of its fields.
struct Stretch {
  const Pattern& pattern;
  std::span<const Token> tokens;
};

/// Is the stretch the id of an account and nothing else? Where all holes of a pattern are such ids it is.
bool is_account(const Stretch& stretch) {
  return stretch.tokens.size() == 1 && stretch.tokens.front().kind == TokenKind::kHole &&
         std::ranges::all_of(stretch.pattern.holes,
                             [](const Hole& hole) { return hole.account && hole.literal && !hole.many; });
}

bool is_no_account(const Stretch& stretch) {
  return std::ranges::equal(stretch.tokens, kNoAccount, [](const Token& token, char c) {
    return token.kind == TokenKind::kChar && token.byte == c;
  });
}

/// Do the characters at the ends differ, or has one stretch ended where the other needs more? Or is one of them the id
/// of an account, and the other one that of none?
bool ends_apart(const Stretch& a, const Stretch& b) {
  if ((is_account(a) && is_no_account(b)) || (is_account(b) && is_no_account(a))) {
    return true;
  }
  const auto folds = [](const Pattern& pattern, const Token& token) {
    return pattern.fold || (pattern.fold_fields && token.field);
  };
  const auto differ = [&](const Token& one, const Token& other) {
    if (one.byte == other.byte) {
      return false;
    }
    return (!folds(a.pattern, one) && !folds(b.pattern, other)) || fold_byte(one.byte) != fold_byte(other.byte);
  };
  const auto takes_one = [](const Token& token) {
    return token.kind == TokenKind::kChar || token.kind == TokenKind::kAny || token.kind == TokenKind::kFieldAny ||
           token.kind == TokenKind::kLowerAny || token.kind == TokenKind::kDigit;
  };
  for (const bool front : {true, false}) {
    const auto at = [&](std::span<const Token> tokens, std::size_t i) -> const Token& {
      return tokens[front ? i : tokens.size() - 1 - i];
    };
    for (std::size_t i = 0;; ++i) {
      const bool first = i < a.tokens.size();
      const bool second = i < b.tokens.size();
      if (!first || !second) {
        // All of one was read, and the other one needs more.
        if ((first && takes_one(at(a.tokens, i))) || (second && takes_one(at(b.tokens, i)))) {
          return true;
        }
        break;
      }
      if (at(a.tokens, i).kind != TokenKind::kChar || at(b.tokens, i).kind != TokenKind::kChar) {
        break;
      }
      if (differ(at(a.tokens, i), at(b.tokens, i))) {
        return true;
      }
    }
  }
  return false;
}

/// Is a stretch spelled out, and can the other one not be that text, whatever its wildcards, variables and holes are?
bool spelled_apart(std::span<const Token> spelled, std::span<const Token> other) {
  const auto is_char = [](const Token& token) { return token.kind == TokenKind::kChar; };
  // A wildcard alone, and what ends with the only one, may be anything that has no other ends.
  if (other.size() < 2 || std::ranges::all_of(other.first(other.size() - 1), is_char) ||
      !std::ranges::all_of(spelled, is_char)) {
    return false;
  }
  const auto takes = [](const Token& token, char c) {
    return token.kind == TokenKind::kDigit ? c >= '0' && c <= '9' : fold_byte(token.byte) == fold_byte(c);
  };
  const auto is_one = [](const Token& token) {
    return token.kind == TokenKind::kChar || token.kind == TokenKind::kDigit;
  };
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t resume = 0;
  std::optional<std::size_t> star;
  while (t < spelled.size()) {
    if (p < other.size() && !is_one(other[p])) {
      // What takes one character as well: that it may be of several bytes need not be told.
      star = ++p;
      resume = t;
    } else if (p < other.size() && takes(other[p], spelled[t].byte)) {
      ++p;
      ++t;
    } else if (star) {
      p = *star;
      t = ++resume;
    } else {
      return true;
    }
  }
  return std::any_of(other.begin() + static_cast<std::ptrdiff_t>(p), other.end(), is_one);
}

/// The six fields of an ARN's pattern; nothing where something before the last one may contain a ':'.
std::optional<std::array<std::span<const Token>, 6>> fields_of(const Pattern& pattern) {
  const std::span<const Token> tokens = pattern.tokens;
  std::array<std::span<const Token>, 6> fields;
  std::size_t field = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < tokens.size() && field < 5; ++i) {
    const Token& token = tokens[i];
    switch (token.kind) {
      case TokenKind::kChar:
        if (token.byte == ':') {
          fields[field++] = tokens.subspan(begin, i - begin);
          begin = i + 1;
        }
        break;
      case TokenKind::kFieldAny:
      case TokenKind::kFieldStar:
      case TokenKind::kLowerAny:
      case TokenKind::kLowerStar:
      case TokenKind::kDigit:
        break;
      case TokenKind::kHole:
        if (!token.field || std::ranges::find(pattern.wide, token.index) != pattern.wide.end()) {
          return std::nullopt;
        }
        break;
      default:
        return std::nullopt;
    }
  }
  if (field < 5) {
    return std::nullopt;
  }
  fields[5] = tokens.subspan(begin);
  return fields;
}

}  // namespace

bool surely_apart(const Pattern& a, const Pattern& b) {
  if (a.malformed || b.malformed) {
    return true;
  }
  if (a.everything || b.everything) {
    return false;
  }
  if (ends_apart({a, a.tokens}, {b, b.tokens})) {
    return true;
  }
  const auto left = fields_of(a);
  const auto right = left ? fields_of(b) : std::nullopt;
  if (!right) {
    return false;
  }
  for (std::size_t i = 0; i < left->size(); ++i) {
    if (ends_apart({a, (*left)[i]}, {b, (*right)[i]})) {
      return true;
    }
  }
  // Names are in the last field.
  return spelled_apart(left->back(), right->back()) || spelled_apart(right->back(), left->back());
}

bool match(const Pattern& pattern, std::string_view text) {
  if (pattern.malformed) {
    return false;
  }
  if (pattern.everything) {
    return true;
  }
  const std::vector<Token>& tokens = pattern.tokens;
  std::size_t p = 0;
  std::size_t t = 0;
  // Where to go on after a mismatch: behind the last star that may take one more character. A star that stays in its
  // field cannot take a ':', then the star before it has its turn; stars across fields come after field stars only,
  // so one level of resumption for each kind is enough.
  struct Resume {
    bool set = false;
    std::size_t pattern = 0;
    std::size_t text = 0;
    bool lower = false;  ///< no capital letters either
  };
  Resume wide;
  Resume narrow;
  // Most texts differ in the last character, or in those that a pattern begins with.
  if (!tokens.empty() && tokens.back().kind == TokenKind::kChar &&
      (text.empty() || fold_byte(tokens.back().byte) != fold_byte(text.back()))) {
    return false;
  }
  for (; p < tokens.size() && tokens[p].kind == TokenKind::kChar; ++p, ++t) {
    const bool fold = pattern.fold || (pattern.fold_fields && tokens[p].field);
    if (t == text.size() || (tokens[p].byte != text[t] && !(fold && fold_byte(tokens[p].byte) == fold_byte(text[t])))) {
      return false;
    }
  }
  while (true) {
    if (p < tokens.size()) {
      const Token& token = tokens[p];
      if (token.kind == TokenKind::kStar) {
        wide = {true, p + 1, t, false};
        narrow.set = false;
        ++p;
        continue;
      }
      if (token.kind == TokenKind::kFieldStar || token.kind == TokenKind::kLowerStar) {
        narrow = {true, p + 1, t, token.kind == TokenKind::kLowerStar};
        ++p;
        continue;
      }
      if (t < text.size()) {
        const char c = text[t];
        bool fits = false;
        std::size_t next = t + 1;
        switch (token.kind) {
          case TokenKind::kChar: {
            const bool fold = pattern.fold || (pattern.fold_fields && token.field);
            fits = token.byte == c || (fold && fold_byte(token.byte) == fold_byte(c));
            break;
          }
          case TokenKind::kAny:
            fits = true;
            next = next_character(text, t);
            break;
          case TokenKind::kFieldAny:
            fits = c != ':';
            next = next_character(text, t);
            break;
          case TokenKind::kLowerAny:
            fits = c != ':' && !is_capital(c);
            next = next_character(text, t);
            break;
          case TokenKind::kDigit:
            fits = c >= '0' && c <= '9';
            break;
          default:
            break;
        }
        if (fits) {
          ++p;
          t = next;
          continue;
        }
      }
    } else if (t == text.size()) {
      return true;
    }
    if (narrow.set && narrow.text < text.size() && text[narrow.text] != ':' &&
        !(narrow.lower && is_capital(text[narrow.text]))) {
      narrow.text = next_character(text, narrow.text);
      p = narrow.pattern;
      t = narrow.text;
      continue;
    }
    narrow.set = false;
    if (wide.set && wide.text < text.size()) {
      wide.text = next_character(text, wide.text);
      p = wide.pattern;
      t = wide.text;
      continue;
    }
    return false;
  }
}

bool glob(std::string_view pattern, std::string_view text, bool fold) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
      continue;
    }
    if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t = next_character(text, t);
      continue;
    }
    if (p < pattern.size() && (pattern[p] == text[t] || (fold && fold_byte(pattern[p]) == fold_byte(text[t])))) {
      ++p;
      ++t;
      continue;
    }
    if (star == std::string_view::npos) {
      return false;
    }
    p = star + 1;
    resume = next_character(text, resume);
    t = resume;
  }
  while (p < pattern.size() && pattern[p] == '*') {
    ++p;
  }
  return p == pattern.size();
}

std::size_t arn_fields(std::string_view text) {
  const auto colons = static_cast<std::size_t>(std::ranges::count(text, ':'));
  return std::min<std::size_t>(colons, 5) + 1;
}

}  // namespace gabion::iam
