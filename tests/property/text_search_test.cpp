// tests: iam
// Searches for texts that lie in some sets and outside of others, against trying all short texts: what is found fits,
// what is said not to exist does not, and texts found before change no answer.
#include "iam/text_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iam/pattern.h"
#include "random.h"

namespace gabion::iam {
namespace {

using property::Random;

constexpr std::string_view kLetters = "abA:0";
constexpr std::size_t kLongest = 5;

/// All texts of at most kLongest characters, with one besides those that patterns mention.
std::vector<std::string> short_texts() {
  std::vector<std::string> texts{""};
  for (std::size_t begin = 0, length = 0; length < kLongest; ++length) {
    const std::size_t end = texts.size();
    for (; begin < end; ++begin) {
      for (const char c : std::string(kLetters) + "Bx") {
        texts.push_back(texts[begin] + c);
      }
    }
  }
  return texts;
}

std::vector<Pattern> random_patterns(Random& random, bool fold) {
  std::vector<Pattern> patterns;
  for (std::size_t count = 1 + random.below(2); count > 0; --count) {
    std::string text;
    for (std::size_t length = random.below(4); length > 0; --length) {
      text += random.chance(35) ? (random.chance(70) ? '*' : '?') : kLetters[random.below(kLetters.size())];
    }
    patterns.push_back(compile_pattern(Text(text), {.wildcards = true, .fold = fold}));
  }
  return patterns;
}

bool fits(const TextQuestion& question, std::string_view text) {
  const auto in = [&](const TextSet& set) {
    return std::ranges::any_of(set.patterns(), [&](const Pattern& pattern) { return match(pattern, text); });
  };
  return in(*question.domain) && std::ranges::all_of(question.literals, [&](const TextLiteral& literal) {
           return in(*literal.set) == literal.inside;
         });
}

TEST(TextSearchProperty, AgreesWithTryingAllShortTexts) {
  const std::vector<std::string> texts = short_texts();
  const HoleTable holes;
  std::size_t yes = 0;
  std::size_t no = 0;
  for (std::uint32_t seed = 0; seed < 1500; ++seed) {
    Random random(seed);
    const bool fold = random.chance(50);
    const TextSet everything({compile_pattern(Text("*"), {.wildcards = true, .fold = fold})}, holes);
    std::deque<TextSet> sets;
    std::vector<FoundText> known;
    TextQuestion question;
    question.domain = &everything;
    question.fold = fold;
    // One condition more each time, as a solver asks.
    for (std::size_t count = 1 + random.below(4); count > 0; --count) {
      sets.emplace_back(random_patterns(random, fold), holes);
      question.literals.push_back({&sets.back(), random.chance(65)});
      const auto shortest = std::ranges::find_if(texts, [&](const std::string& text) { return fits(question, text); });
      for (std::vector<FoundText>* before : {static_cast<std::vector<FoundText>*>(nullptr), &known}) {
        question.known = before;
        std::uint64_t steps = 1'000'000;
        Word word;
        const Found found = find_text(question, steps, word);
        ASSERT_NE(found, Found::kGaveUp) << "seed " << seed;
        if (found == Found::kYes) {
          ++yes;
          EXPECT_TRUE(fits(question, to_text(word, holes))) << "seed " << seed << ": " << to_text(word, holes);
        } else {
          ++no;
          EXPECT_EQ(shortest, texts.end()) << "seed " << seed << ": " << *shortest;
        }
      }
    }
  }
  EXPECT_GT(yes, 500U);
  EXPECT_GT(no, 500U);
}

/// Patterns of three fields or without any, with holes.
std::vector<Pattern> patterns_with_holes(Random& random, HoleTable& holes) {
  const std::vector<std::string> fields{"a", "b", "ab", "*", "a*", "*b", "a*b", ""};
  std::vector<Pattern> patterns;
  for (std::size_t count = 1 + random.below(2); count > 0; --count) {
    Text text;
    for (std::size_t field = random.chance(90) ? 3 : 1; field > 0; --field) {
      if (random.chance(35)) {
        const bool first = random.chance(60);
        text.append(Hole{.name = first ? "first" : "second", .account = !first, .field = true});
      }
      text.append(random.pick(fields) + (field > 1 ? ":" : ""));
    }
    Pattern pattern = compile_pattern(text, {.wildcards = true});
    for (Token& token : pattern.tokens) {
      if (token.kind == TokenKind::kHole) {
        token.index = holes.number(pattern.holes[token.index], false);
      }
    }
    patterns.push_back(std::move(pattern));
  }
  return patterns;
}

TEST(TextSearchProperty, WhichTextIsFoundDoesNotMatterForWhetherThereIsOne) {
  std::size_t yes = 0;
  std::size_t no = 0;
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    HoleTable holes;
    std::deque<TextSet> sets;
    Pattern all;
    all.tokens = {Token{.kind = TokenKind::kStar}};
    const TextSet everything({all}, holes);
    for (const Search search : {Search::kPossible, Search::kSure}) {
      TextQuestion question;
      question.domain = &everything;
      question.search = search;
      std::vector<FoundText> known;
      for (std::size_t count = 1 + random.below(4); count > 0; --count) {
        sets.emplace_back(patterns_with_holes(random, holes), holes);
        question.literals.push_back({&sets.back(), random.chance(75)});
        std::uint64_t steps = 200'000;
        Word word;
        question.known = nullptr;
        const Found found = find_text(question, steps, word);
        if (found == Found::kGaveUp) {
          break;
        }
        question.known = &known;
        steps = 200'000;
        EXPECT_EQ(find_text(question, steps, word), found) << "seed " << seed << ": " << to_text(word, holes);
        ++(found == Found::kYes ? yes : no);
      }
    }
  }
  EXPECT_GT(yes, 2000U);
  EXPECT_GT(no, 2000U);
}

TEST(TextSearchProperty, SamplesFitThatLieInTheSets) {
  const std::vector<std::string> texts = short_texts();
  const HoleTable holes;
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    const TextSet everything({compile_pattern(Text("*"), {.wildcards = true})}, holes);
    std::deque<TextSet> sets;
    TextQuestion question;
    question.domain = &everything;
    for (std::size_t count = random.below(4); count > 0; --count) {
      sets.emplace_back(random_patterns(random, random.chance(50)), holes);
      question.literals.push_back({&sets.back(), random.chance(65)});
    }
    std::vector<std::string_view> samples;
    for (int i = 0; i < 30; ++i) {
      samples.emplace_back(texts[random.below(texts.size())]);
    }
    question.samples = samples;
    std::vector<std::string_view> expected;
    std::ranges::copy_if(samples, std::back_inserter(expected),
                         [&](std::string_view sample) { return fits(question, sample); });
    EXPECT_EQ(fitting_samples(question), expected) << "seed " << seed;
  }
}

}  // namespace
}  // namespace gabion::iam
