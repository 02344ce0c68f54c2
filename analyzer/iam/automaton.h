// Patterns as automata over an alphabet of characters and holes, and the question whether some text lies in several
// languages and outside of others. The part of the prover that knows about texts.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iam/pattern.h"

namespace gabion::iam {

/// A character (code point), or a hole.
using Letter = char32_t;
inline constexpr Letter kHoleLetters = 0x200000;  ///< hole number i is the letter kHoleLetters + i

/// A text whose unknown parts are holes.
using Word = std::u32string;

/// What is known about holes, by number.
struct HoleTable {
  struct Entry {
    Hole hole;
    bool pattern = false;    ///< the unknown text is a pattern of its own; the letter is a text that it matches
    bool wide = false;       ///< may contain the colons of an ARN
    std::uint16_t text = 0;  ///< number of the entry of the same hole that is no pattern
    std::string ground;      ///< text that stands for it where a text is needed
  };
  std::vector<Entry> entries;

  /// Number of a hole; added when it is new.
  [[nodiscard]] std::uint16_t number(const Hole& hole, bool pattern);
};

/// How a pattern with holes is taken.
enum class Reading : std::uint8_t {
  kMust,      ///< matches whatever the holes are; a hole matches itself
  kMay,       ///< matches for some texts of the holes
  kGenerate,  ///< as kMust, but wildcards stand for characters only: how a text is spelled with holes
};

/// A nondeterministic automaton for "one of these patterns", run on sets of positions as bits.
class Automaton {
 public:
  Automaton(std::span<const Pattern> patterns, Reading reading, const HoleTable& holes);

  using State = std::uint64_t;  ///< one word of a state; states are arrays of words()
  [[nodiscard]] std::size_t words() const { return words_; }
  void start(State* state) const;
  void step(const State* from, Letter letter, State* to) const;
  [[nodiscard]] bool accepts(const State* state) const;
  /// No text leads to acceptance any more.
  [[nodiscard]] bool dead(const State* state) const;
  /// Every further text is accepted.
  [[nodiscard]] bool universal(const State* state) const;
  [[nodiscard]] bool accepts(const Word& word) const;
  /// Of ASCII text.
  [[nodiscard]] bool accepts(std::string_view text) const;
  /// Adds the letters that the patterns tell apart.
  void collect_letters(std::map<Letter, bool>& out) const;

  /// Wildcards of another pattern read as letters: acceptance means that this one covers all of it.
  [[nodiscard]] bool covers(const Pattern& pattern) const;

 private:
  enum class Kind : std::uint8_t {
    kChar,
    kAny,
    kStar,
    kFieldAny,
    kFieldStar,
    kLowerAny,
    kLowerStar,
    kHole,
    kHoleEntry,
    kAnyHole,
    kHoleLoop,
    kNever,
    kEnd
  };
  struct Position {
    Kind kind = Kind::kEnd;
    bool fold = false;
    Letter letter = 0;  ///< kChar; hole letter for holes
    std::uint32_t pattern = 0;
  };
  /// Which positions a letter moves on, and which it stays at.
  struct Masks {
    std::vector<State> advance;
    std::vector<State> loop;
  };
  /// Letters that wildcards treat alike.
  enum class Class : std::uint8_t { kPlain, kColon, kCapital };

  void add(const Pattern& pattern, std::uint32_t index);
  void make_masks();
  [[nodiscard]] const Masks& special_masks(Letter letter) const;
  [[nodiscard]] bool takes(const Position& position, Letter letter) const;
  void close(State* state) const;
  void step_hole(const State* from, Letter letter, State* to) const;
  [[nodiscard]] static bool bit(const std::vector<State>& set, std::size_t at) {
    return (set[at / 64] >> (at % 64) & 1U) != 0;
  }

  Reading reading_;
  const HoleTable& holes_;
  std::vector<Position> positions_;
  std::size_t words_ = 0;
  std::vector<State> start_;
  std::vector<State> accept_;
  std::vector<State> skip_;        ///< positions that may be skipped without reading
  std::vector<State> final_star_;  ///< a star is all that is left
  bool has_skips_ = false;
  std::array<Masks, 3> wildcards_;                                 ///< by Class
  std::vector<std::pair<Letter, std::vector<State>>> characters_;  ///< positions of a character, sorted
  std::array<std::uint8_t, 128> ascii_{};                          ///< 1 + index into characters_, 0 for none
  mutable std::map<Letter, Masks> special_;                        ///< holes, and wildcards of covered patterns
};

/// A set of texts: those that one of the patterns matches. Automata are made when they are first needed.
class TextSet {
 public:
  TextSet(std::vector<Pattern> patterns, const HoleTable& holes);
  [[nodiscard]] const std::vector<Pattern>& patterns() const { return patterns_; }
  [[nodiscard]] bool has_holes() const { return has_holes_; }
  [[nodiscard]] const Automaton& automaton(Reading reading) const;

 private:
  std::vector<Pattern> patterns_;
  const HoleTable& holes_;
  bool has_holes_ = false;
  mutable std::array<std::unique_ptr<Automaton>, 3> automata_;
};

/// Inside or outside of a set.
struct TextLiteral {
  const TextSet* set = nullptr;
  bool inside = true;
};

enum class Search : std::uint8_t {
  kPossible,  ///< for some texts of the holes; what is not found does not exist
  kSure,      ///< whatever the holes are; what is found exists
};

enum class Found : std::uint8_t { kYes, kNo, kGaveUp };

struct TextQuestion {
  const TextSet* domain = nullptr;  ///< texts that can occur at all
  std::vector<TextLiteral> literals;
  std::span<const std::string_view> samples{};  ///< ASCII texts to try first, for witnesses that people can read
  Search search = Search::kPossible;
  bool fold = false;  ///< case does not count in any of the sets: lower case is enough
};

/// Looks for a text of the domain with all literals. `steps` is taken from the budget that is left.
[[nodiscard]] Found find_text(const TextQuestion& question, std::uint64_t& steps, Word& out);

/// A readable text that a pattern matches: wildcards filled in, by field in ARNs. Nothing for patterns without any.
[[nodiscard]] Word instantiate(const Pattern& pattern, std::string_view filler);

[[nodiscard]] Word to_word(std::string_view text);
/// Holes become their ground texts.
[[nodiscard]] std::string to_text(const Word& word, const HoleTable& holes);

}  // namespace gabion::iam
