// Patterns in the syntax of .gitignore files: one file's patterns, and the stack of files that speak about a place.
// Discovery asks for every entry of a directory; matching takes time proportional to pattern and path, whatever the
// pattern. The rule that nothing below an ignored directory can be included again is the walk's: it does not go in.
#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gabion::source {

/// What the patterns say about a path.
enum class IgnoreVerdict : std::uint8_t {
  kUndecided,  ///< no pattern matches: ask the next file
  kIgnored,    ///< the last pattern that matches excludes it
  kIncluded,   ///< the last pattern that matches starts with '!'
};

/// A verdict and the line that gave it.
struct IgnoreMatch {
  IgnoreVerdict verdict = IgnoreVerdict::kUndecided;
  std::uint32_t line = 0;    ///< 1-based
  std::string_view pattern;  ///< the line as written, without its end; lives as long as the patterns
};

/// One pattern of a path, without '!', anchoring and trailing '/': `*`, `?`, `[a-z]`, `**` and backslashes.
class Glob {
 public:
  explicit Glob(std::string_view pattern);
  [[nodiscard]] bool matches(std::string_view path) const;

 private:
  enum class Kind : std::uint8_t { kChar, kAnyChar, kSet, kStar, kDirectories, kEverything, kNever };
  struct Token {
    Kind kind = Kind::kChar;
    char character = 0;
    std::uint32_t set = 0;
  };
  enum class Shape : std::uint8_t { kLiteral, kSuffix, kStars, kGeneral };

  std::size_t add_set(std::string_view pattern, std::size_t at);
  /// Of a pattern that has stars alone, over what has no directory.
  [[nodiscard]] bool matches_name(std::string_view name) const;
  [[nodiscard]] bool simulate(std::string_view path) const;

  std::vector<Token> tokens_;
  std::vector<std::bitset<256>> sets_;
  std::string literal_;            ///< the whole pattern (kLiteral) or what follows its only star (kSuffix)
  Shape shape_ = Shape::kGeneral;  ///< most patterns are names, "*.ext" or "*.ext.*": compared, not simulated
};

/// The patterns of one file, for paths relative to the directory of that file.
class IgnorePatterns {
 public:
  IgnorePatterns() = default;
  explicit IgnorePatterns(std::string_view text);

  /// The last matching pattern decides. `path` has no leading or trailing '/'.
  [[nodiscard]] IgnoreMatch match(std::string_view path, bool is_directory) const;
  [[nodiscard]] bool empty() const { return patterns_.empty(); }

 private:
  struct Pattern {
    Glob glob;
    std::string written;
    std::uint32_t line = 0;
    bool negated = false;
    bool directories_only = false;
    bool anchored = false;  ///< has a '/' that is not the last character: matched against the whole path
  };
  std::vector<Pattern> patterns_;
};

}  // namespace gabion::source
