// tests: iam
// Words matched against single patterns, with holes among their letters: as automata of the same patterns say.
#include "iam/word_match.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iam/automaton.h"
#include "iam/pattern.h"
#include "random.h"

namespace gabion::iam {
namespace {

using eval::Truth;
using property::Random;

/// Two holes of fields, one of them also as a pattern, one with colons, and one of many texts.
HoleTable some_holes() {
  HoleTable holes;
  (void)holes.number(Hole{.name = "field", .field = true}, false);
  (void)holes.number(Hole{.name = "field", .field = true}, true);
  (void)holes.number(Hole{.name = "wide"}, false);
  (void)holes.number(Hole{.name = "many", .many = true}, false);
  (void)holes.number(Hole{.name = "account", .account = true}, false);
  holes.entries[2].wide = true;
  return holes;
}

Pattern random_pattern(Random& random, const HoleTable& holes) {
  const std::vector<std::string> characters{"a", "A", "b", ":", "0", "\xC3\xA9"};
  Pattern pattern;
  pattern.fold = random.chance(30);
  pattern.fold_fields = random.chance(20);
  pattern.everything = random.chance(3);
  pattern.malformed = random.chance(3);
  for (std::size_t length = random.below(6); length > 0; --length) {
    const auto kind = static_cast<TokenKind>(random.below(static_cast<std::size_t>(TokenKind::kNever) + 1));
    Token token{.kind = kind, .field = random.chance(50)};
    if (kind == TokenKind::kNever && random.chance(80)) {
      continue;
    }
    if (kind == TokenKind::kHole) {
      token.index = static_cast<std::uint16_t>(random.below(holes.entries.size()));
    }
    if (kind != TokenKind::kChar && random.chance(60)) {
      pattern.tokens.push_back(token);
      continue;
    }
    token = Token{.kind = TokenKind::kChar, .field = token.field};
    for (const char c : random.pick(characters)) {
      token.byte = c;
      pattern.tokens.push_back(token);
    }
  }
  return pattern;
}

Word random_word(Random& random, const HoleTable& holes) {
  Word word;
  for (std::size_t length = random.below(6); length > 0; --length) {
    const std::u32string_view letters = U"aAb:0\u00E9x";
    word.push_back(random.chance(25) ? kHoleLetters + static_cast<Letter>(random.below(holes.entries.size()))
                                     : letters[random.below(letters.size())]);
  }
  return word;
}

TEST(WordMatchProperty, AgreesWithAutomata) {
  const HoleTable holes = some_holes();
  std::size_t yes = 0;
  for (std::uint32_t seed = 0; seed < 4000; ++seed) {
    Random random(seed);
    const Pattern pattern = random_pattern(random, holes);
    for (const Reading reading : {Reading::kMust, Reading::kGenerate}) {
      const Automaton automaton(std::span(&pattern, 1), reading, holes);
      for (int i = 0; i < 30; ++i) {
        const Word word = random_word(random, holes);
        const bool expected = automaton.accepts(word);
        yes += expected ? 1 : 0;
        EXPECT_EQ(match_word(pattern, word, reading, holes), expected)
            << "seed " << seed << ", reading " << static_cast<int>(reading) << ": " << to_text(word, holes);
      }
    }
  }
  EXPECT_GT(yes, 5000U);
}

TEST(WordMatchProperty, SaysNothingElseThanAutomataWhereHolesAreTexts) {
  const HoleTable holes = some_holes();
  std::size_t yes = 0;
  std::size_t no = 0;
  for (std::uint32_t seed = 0; seed < 4000; ++seed) {
    Random random(seed);
    Pattern pattern = random_pattern(random, holes);
    // In domains only, which are never read so.
    std::erase_if(pattern.tokens, [](const Token& token) { return token.kind == TokenKind::kAnyHole; });
    const Automaton automaton(std::span(&pattern, 1), Reading::kMay, holes);
    for (int i = 0; i < 30; ++i) {
      Word word = random_word(random, holes);
      for (const std::u32string_view id : {U"000000000000", U"012345678901"}) {
        if (random.chance(20)) {
          word.insert(random.below(word.size() + 1), id);
        }
      }
      const Truth matches = may_match_word(pattern, word, holes);
      if (matches != Truth::kUnknown) {
        ++(matches == Truth::kYes ? yes : no);
        EXPECT_EQ(matches == Truth::kYes, automaton.accepts(word)) << "seed " << seed << ": " << to_text(word, holes);
      }
    }
  }
  EXPECT_GT(yes, 5000U);
  EXPECT_GT(no, 5000U);
}

}  // namespace
}  // namespace gabion::iam
