#include "source/gitignore.h"

#include <algorithm>
#include <array>
#include <utility>

namespace gabion::source {
namespace {

unsigned char byte_of(char character) {
  return static_cast<unsigned char>(character);
}

bool in_range(unsigned byte, char first, char last) {
  return byte >= byte_of(first) && byte <= byte_of(last);
}
bool is_lower(unsigned byte) {
  return in_range(byte, 'a', 'z');
}
bool is_upper(unsigned byte) {
  return in_range(byte, 'A', 'Z');
}
bool is_digit(unsigned byte) {
  return in_range(byte, '0', '9');
}
bool is_alpha(unsigned byte) {
  return is_lower(byte) || is_upper(byte);
}
bool is_alnum(unsigned byte) {
  return is_alpha(byte) || is_digit(byte);
}
bool is_graph(unsigned byte) {
  return byte > 0x20U && byte < 0x7FU;
}

using ByteTest = bool (*)(unsigned);

/// The character classes of "[[:name:]]", for ASCII as git has them.
constexpr std::array<std::pair<std::string_view, ByteTest>, 12> kClasses = {{
    {"alnum", is_alnum},
    {"alpha", is_alpha},
    {"blank", [](unsigned byte) { return byte == ' ' || byte == '\t'; }},
    {"cntrl", [](unsigned byte) { return byte < 0x20U || byte == 0x7FU; }},
    {"digit", is_digit},
    {"graph", is_graph},
    {"lower", is_lower},
    {"print", [](unsigned byte) { return is_graph(byte) || byte == ' '; }},
    {"punct", [](unsigned byte) { return is_graph(byte) && !is_alnum(byte); }},
    {"space", [](unsigned byte) { return byte == ' ' || (byte >= 0x09U && byte <= 0x0DU); }},
    {"upper", is_upper},
    {"xdigit", [](unsigned byte) { return is_digit(byte) || in_range(byte, 'a', 'f') || in_range(byte, 'A', 'F'); }},
}};

/// Spaces at the end do not count unless a backslash protects them.
std::string_view without_trailing_spaces(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\\' && at + 1 < line.size()) {
      ++at;
      end = at + 1;
    } else if (line[at] != ' ') {
      end = at + 1;
    }
  }
  return line.substr(0, end);
}

}  // namespace

Glob::Glob(std::string_view pattern) {
  const std::size_t first_special = pattern.find_first_of("*?[\\");
  std::size_t stars = 0;
  bool plain = true;
  std::size_t at = 0;
  while (at < pattern.size()) {
    const char character = pattern[at];
    if (character == '*') {
      const std::size_t first = at;
      at = std::min(pattern.find_first_not_of('*', at), pattern.size());
      // git compares what comes before the first special character by itself and sees the rest as a pattern of its
      // own, so that "a**/b" has two stars at a start as well.
      const bool starts_segment = first == first_special || pattern[first - 1] == '/';
      if (at - first > 1 && starts_segment && at == pattern.size()) {
        tokens_.push_back({.kind = Kind::kEverything});
        plain = false;
      } else if (at - first > 1 && starts_segment && pattern[at] == '/') {
        tokens_.push_back({.kind = Kind::kDirectories});
        plain = false;
        ++at;
      } else {
        tokens_.push_back({.kind = Kind::kStar});
        ++stars;
      }
    } else if (character == '?') {
      tokens_.push_back({.kind = Kind::kAnyChar});
      plain = false;
      ++at;
    } else if (character == '[') {
      at = add_set(pattern, at);
      plain = false;
    } else if (character == '\\' && at + 1 == pattern.size()) {
      tokens_.push_back({.kind = Kind::kNever});
      plain = false;
      ++at;
    } else {
      at += character == '\\' ? 1U : 0U;
      tokens_.push_back({.kind = Kind::kChar, .character = pattern[at]});
      ++at;
    }
  }
  if (plain) {
    shape_ = Shape::kStars;
  }
  if (plain && stars <= 1) {
    const bool star_first = !tokens_.empty() && tokens_.front().kind == Kind::kStar;
    if (stars == 0 || star_first) {
      shape_ = stars == 0 ? Shape::kLiteral : Shape::kSuffix;
      for (const Token& token : tokens_) {
        if (token.kind == Kind::kChar) {
          literal_ += token.character;
        }
      }
    }
  }
}

/// Reads the "[...]" at `at`; returns where it ends. A set that is never closed matches nothing, as in git.
std::size_t Glob::add_set(std::string_view pattern, std::size_t at) {
  const std::size_t none = pattern.size();
  const auto never = [&] {
    tokens_.push_back({.kind = Kind::kNever});
    return none;
  };
  std::bitset<256> set;
  ++at;
  const bool inverted = at < none && (pattern[at] == '!' || pattern[at] == '^');
  at += inverted ? 1U : 0U;
  bool first = true;
  unsigned previous = 0;  // start of a range, 0 when the last item cannot start one
  while (true) {
    if (at >= none) {
      return never();
    }
    const char character = pattern[at];
    if (character == ']' && !first) {
      ++at;
      break;
    }
    first = false;
    if (character == '[' && at + 1 < none && pattern[at + 1] == ':') {
      const std::size_t name_begin = at + 2;
      const std::size_t close = pattern.find(']', name_begin);
      if (close == std::string_view::npos) {
        return never();
      }
      if (close > name_begin && pattern[close - 1] == ':') {
        const std::string_view name = pattern.substr(name_begin, close - 1 - name_begin);
        const auto* const known =
            std::find_if(kClasses.begin(), kClasses.end(), [&](const auto& item) { return item.first == name; });
        if (known == kClasses.end()) {
          return never();
        }
        for (unsigned byte = 0; byte < 256; ++byte) {
          if (known->second(byte)) {
            set.set(byte);
          }
        }
        previous = 0;
        at = close + 1;
        continue;
      }
    }
    if (character == '-' && previous != 0 && at + 1 < none && pattern[at + 1] != ']') {
      ++at;
      at += pattern[at] == '\\' ? 1U : 0U;
      if (at >= none) {
        return never();
      }
      for (unsigned byte = previous; byte <= byte_of(pattern[at]); ++byte) {
        set.set(byte);
      }
      previous = 0;
      ++at;
      continue;
    }
    at += character == '\\' ? 1U : 0U;
    if (at >= none) {
      return never();
    }
    previous = byte_of(pattern[at]);
    set.set(previous);
    ++at;
  }
  if (inverted) {
    set.flip();
  }
  set.reset(byte_of('/'));  // no set crosses a directory
  tokens_.push_back({.kind = Kind::kSet, .set = static_cast<std::uint32_t>(sets_.size())});
  sets_.push_back(set);
  return at;
}

bool Glob::matches(std::string_view path) const {
  // Most patterns say how a path begins or ends, and most paths do not.
  if (!tokens_.empty() && !path.empty()) {
    const auto differs = [](const Token& token, char c) { return token.kind == Kind::kChar && token.character != c; };
    if (differs(tokens_.front(), path.front()) || differs(tokens_.back(), path.back())) {
      return false;
    }
  }
  switch (shape_) {
    case Shape::kLiteral:
      return path == literal_;
    case Shape::kSuffix:
      return path.ends_with(literal_) &&
             path.substr(0, path.size() - literal_.size()).find('/') == std::string_view::npos;
    case Shape::kStars:
      if (path.find('/') == std::string_view::npos) {
        return matches_name(path);
      }
      break;
    case Shape::kGeneral:
      break;
  }
  return simulate(path);
}

bool Glob::matches_name(std::string_view name) const {
  std::size_t token = 0;
  std::size_t at = 0;
  std::size_t star = tokens_.size();  // the last one that was met, which takes what comes before `retry`
  std::size_t retry = 0;
  while (at < name.size()) {
    if (token < tokens_.size() && tokens_[token].kind == Kind::kStar) {
      star = token++;
      retry = at;
    } else if (token < tokens_.size() && tokens_[token].character == name[at]) {
      ++token;
      ++at;
    } else if (star < tokens_.size()) {
      token = star + 1;
      at = ++retry;
    } else {
      return false;
    }
  }
  return std::all_of(tokens_.begin() + static_cast<std::ptrdiff_t>(token), tokens_.end(),
                     [](const Token& rest) { return rest.kind == Kind::kStar; });
}

/// Keeps the set of tokens that may come next while it reads the path once, so no pattern makes it go back.
bool Glob::simulate(std::string_view path) const {
  const std::size_t count = tokens_.size();
  std::vector<char> now(count + 1, 0);
  std::vector<char> next(count + 1, 0);
  // `now[count]` set means: matched up to here. A star may take nothing; directories may be none at all.
  const auto enter = [&](std::vector<char>& states, std::size_t state) {
    while (states[state] == 0) {
      states[state] = 1;
      if (state == count) {
        return;
      }
      const Kind kind = tokens_[state].kind;
      if (kind != Kind::kStar && kind != Kind::kDirectories && kind != Kind::kEverything) {
        return;
      }
      ++state;
    }
  };
  enter(now, 0);
  for (const char character : path) {
    std::fill(next.begin(), next.end(), char{0});
    for (std::size_t state = 0; state < count; ++state) {
      if (now[state] == 0) {
        continue;
      }
      const Token& token = tokens_[state];
      switch (token.kind) {
        case Kind::kChar:
          if (character == token.character) {
            enter(next, state + 1);
          }
          break;
        case Kind::kAnyChar:
          if (character != '/') {
            enter(next, state + 1);
          }
          break;
        case Kind::kSet:
          if (sets_[token.set].test(byte_of(character))) {
            enter(next, state + 1);
          }
          break;
        case Kind::kStar:
          if (character != '/') {
            enter(next, state);
          }
          break;
        case Kind::kDirectories:
          // In the middle of a directory's name only this token is alive; its end lets the next one in.
          if (character == '/') {
            enter(next, state);
          } else {
            next[state] = 2;
          }
          break;
        case Kind::kEverything:
          enter(next, state);
          break;
        case Kind::kNever:
          break;
      }
    }
    std::swap(now, next);
    if (std::all_of(now.begin(), now.end(), [](char state) { return state == 0; })) {
      return false;
    }
  }
  return now[count] != 0;
}

IgnorePatterns::IgnorePatterns(std::string_view text) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  if (text.starts_with(kMark)) {
    text.remove_prefix(kMark.size());
  }
  std::uint32_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    if (line.starts_with('#')) {
      continue;
    }
    line = without_trailing_spaces(line);
    std::string_view body = line;
    const bool negated = body.starts_with('!');
    body.remove_prefix(negated ? 1U : 0U);
    const bool directories_only = body.ends_with('/');
    body.remove_suffix(directories_only ? 1U : 0U);
    constexpr std::string_view kAnywhere = "**/";
    if (body.starts_with(kAnywhere) && body.find('/', kAnywhere.size()) == std::string_view::npos) {
      body.remove_prefix(kAnywhere.size());  // a name at any depth, which a pattern without '/' is anyway
    }
    const bool anchored = body.find('/') != std::string_view::npos;
    if (body.starts_with('/')) {
      body.remove_prefix(1);
    }
    if (body.empty()) {
      continue;
    }
    patterns_.push_back({Glob(body), std::string(line), number, negated, directories_only, anchored});
  }
}

IgnoreMatch IgnorePatterns::match(std::string_view path, bool is_directory) const {
  const std::string_view name = path.substr(path.rfind('/') + 1);  // npos + 1 is 0
  for (auto pattern = patterns_.rbegin(); pattern != patterns_.rend(); ++pattern) {
    if (pattern->directories_only && !is_directory) {
      continue;
    }
    if (pattern->glob.matches(pattern->anchored ? path : name)) {
      const IgnoreVerdict verdict = pattern->negated ? IgnoreVerdict::kIncluded : IgnoreVerdict::kIgnored;
      return {verdict, pattern->line, pattern->written};
    }
  }
  return {};
}

}  // namespace gabion::source
