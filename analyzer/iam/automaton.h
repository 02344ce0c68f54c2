// Patterns as automata over an alphabet of characters and holes. Searches for texts run them side by side.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "iam/pattern.h"
#include "iam/word.h"

namespace gabion::iam {

/// A set of letters, quick for ASCII.
class LetterSet {
 public:
  void add(Letter letter) {
    if (letter < 128) {
      ascii_[letter / 64] |= std::uint64_t{1} << (letter % 64);
    } else {
      others_.insert(letter);
    }
  }
  [[nodiscard]] bool contains(Letter letter) const {
    return letter < 128 ? (ascii_[letter / 64] >> (letter % 64) & 1U) != 0 : others_.contains(letter);
  }
  /// In ascending order.
  template <class Visit>
  void for_each(const Visit& visit) const {
    for (Letter letter = 0; letter < 128; ++letter) {
      if (contains(letter)) {
        visit(letter);
      }
    }
    std::for_each(others_.begin(), others_.end(), visit);
  }

 private:
  std::array<std::uint64_t, 2> ascii_{};
  std::set<Letter> others_;
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
  /// Letters that wildcards treat alike.
  enum class Class : std::uint8_t { kPlain, kColon, kCapital, kDigit };
  [[nodiscard]] static Class class_of(Letter letter);
  /// Adds the characters that mean something of their own in the state: all others of a class lead to the same one.
  void collect_own(const State* state, LetterSet& out) const;
  [[nodiscard]] bool accepts(const State* state) const;
  /// No text leads to acceptance any more.
  [[nodiscard]] bool dead(const State* state) const;
  /// Every further text is accepted.
  [[nodiscard]] bool universal(const State* state) const;
  [[nodiscard]] bool accepts(const Word& word) const;
  /// Of ASCII text.
  [[nodiscard]] bool accepts(std::string_view text) const;
  /// Adds the letters that the patterns tell apart.
  void collect_letters(LetterSet& out) const;
  /// Whether from the state a character leads somewhere only where a position spells it; these are appended to `out`,
  /// some perhaps twice. Says nothing about holes.
  [[nodiscard]] bool is_spelled(const State* state, std::vector<Letter>& out) const;

  /// Wildcards of another pattern read as letters: acceptance means that this one covers all of it.
  [[nodiscard]] bool covers(const Pattern& pattern) const;

 private:
  /// Positions of a character; null where there are none.
  [[nodiscard]] const State* positions_of(Letter letter) const;
  enum class Kind : std::uint8_t {
    kChar,
    kAny,
    kStar,
    kFieldAny,
    kFieldStar,
    kLowerAny,
    kLowerStar,
    kDigit,
    kNonZero,
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
    std::uint32_t length = 0;  ///< kHoleEntry: positions that the hole takes, this one included
  };
  /// Which positions a letter moves on, and which it stays at.
  struct Masks {
    std::vector<State> advance;
    std::vector<State> loop;
  };
  /// The characters that a position spells, where it does.
  template <class Visit>
  static void for_each_character(const Position& position, const Visit& visit);
  /// `zeros`: how many leading zeros the id of an account has, where a hole stands for one.
  void add(const Pattern& pattern, std::uint32_t index, std::size_t zeros = 0);
  /// The token is a hole that stands for the id of an account, and is read as one.
  [[nodiscard]] bool is_account(const Token& token) const;
  void make_masks();
  [[nodiscard]] const Masks& special_masks(Letter letter) const;
  [[nodiscard]] bool takes(const Position& position, Letter letter) const;
  void close(State* state) const;
  void step_hole(const State* from, Letter letter, State* to) const;
  /// Reads the id of an account, whichever it is.
  void step_account(const State* from, State* to) const;
  [[nodiscard]] bool is_account(std::uint16_t hole) const;
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
  std::vector<State> wild_;        ///< positions that take characters which they do not spell
  bool has_skips_ = false;
  std::array<Masks, 4> wildcards_;                                     ///< by Class
  std::vector<std::pair<Letter, std::vector<State>>> characters_;      ///< positions of a character, sorted
  std::array<std::uint8_t, 128> ascii_{};                              ///< 1 + index into characters_, 0 for none
  mutable std::map<Letter, Masks> special_;                            ///< holes, and wildcards of covered patterns
  mutable std::map<std::vector<State>, std::vector<State>> accounts_;  ///< where the id of an account leads
};

/// A set of texts: those that one of the patterns matches. Automata are made when they are first needed.
class TextSet {
 public:
  TextSet(std::vector<Pattern> patterns, const HoleTable& holes);
  [[nodiscard]] const std::vector<Pattern>& patterns() const { return patterns_; }
  [[nodiscard]] const HoleTable& holes() const { return holes_; }
  [[nodiscard]] bool has_holes() const { return has_holes_; }
  [[nodiscard]] bool has_variables() const { return has_variables_; }
  [[nodiscard]] const Automaton& automaton(Reading reading) const;

 private:
  std::vector<Pattern> patterns_;
  const HoleTable& holes_;
  bool has_holes_ = false;
  bool has_variables_ = false;
  mutable std::array<std::unique_ptr<Automaton>, 3> automata_;
};

/// The character that the plain tokens of a pattern spell from `index` on, and how many of them.
[[nodiscard]] std::pair<Letter, std::size_t> letter_at(const Pattern& pattern, std::size_t index);

}  // namespace gabion::iam
