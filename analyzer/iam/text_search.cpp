#include "iam/text_search.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "iam/common_text.h"
#include "iam/word_match.h"
#include "source/hash.h"

namespace gabion::iam {

namespace {

/// Fields of an ARN that people recognise.
std::string_view field_filler(std::size_t field) {
  constexpr std::array<std::string_view, 5> kFields{"arn", "aws", "s3", "us-east-1", "111122223333"};
  return kFields[field];
}

/// A set of texts, how its holes are taken, and on which side of it a text must be.
struct Member {
  const TextSet* set = nullptr;
  Reading reading = Reading::kMust;
  bool inside = true;
  const Automaton* automaton = nullptr;  ///< once a search needs it
  std::size_t offset = 0;                ///< of its words in a state of the product
};

/// Is the text in the set? Answered pattern by pattern: for the few texts that are tried, automata cost more to make.
bool contains(const Member& member, std::string_view ascii) {
  const TextSet& set = *member.set;
  const bool plain = !set.has_variables() && !(set.has_holes() && member.reading == Reading::kMay);
  return plain ? std::ranges::any_of(set.patterns(), [&](const Pattern& pattern) { return match(pattern, ascii); })
               : set.automaton(member.reading).accepts(ascii);
}
bool contains(const Member& member, const Word& word) {
  const TextSet& set = *member.set;
  if (member.reading != Reading::kMay) {
    return std::ranges::any_of(
        set.patterns(), [&](const Pattern& pattern) { return match_word(pattern, word, member.reading, set.holes()); });
  }
  eval::Truth any = eval::Truth::kNo;
  for (const Pattern& pattern : set.patterns()) {
    any = any | may_match_word(pattern, word, set.holes());
    if (any == eval::Truth::kYes) {
      break;
    }
  }
  return any == eval::Truth::kUnknown ? set.automaton(member.reading).accepts(word) : any == eval::Truth::kYes;
}
/// The word in ASCII, or nothing.
std::optional<std::string> to_ascii(const Word& word) {
  if (std::ranges::any_of(word, [](Letter letter) { return letter >= 0x80; })) {
    return std::nullopt;
  }
  return std::string(word.begin(), word.end());
}

/// Breadth-first search over the product of the automata: the shortest text, in the order of the letters.
class Product {
 public:
  explicit Product(const std::vector<Member>& members) : members_(members) {
    for (Member& member : members_) {
      member.automaton = &member.set->automaton(member.reading);
      member.offset = words_;
      words_ += member.automaton->words();
    }
  }

  /// `letters`: what stands for all others, then those that count in ascending order.
  Found search(std::span<const Letter> letters, std::uint64_t& steps, Word& out) {
    const auto first_hole = std::ranges::find_if(letters, is_hole);
    const std::span<const Letter> holes(first_hole, letters.end());
    std::vector<Letter> few;
    std::vector<Automaton::State> next(words_);
    for (const Member& member : members_) {
      member.automaton->start(next.data() + member.offset);
    }
    if (!alive(next.data())) {
      return Found::kNo;
    }
    add(next.data(), 0, 0);
    for (std::size_t at = 0; at < parents_.size(); ++at) {
      if (accepting(states_.data() + at * words_)) {
        out.clear();
        for (std::size_t back = at; back != 0; back = parents_[back].from) {
          out.insert(out.begin(), parents_[back].letter);
        }
        return Found::kYes;
      }
      std::array<bool, 4> tried{};  // letters that mean nothing of their own here, by class
      const bool narrow = spelled(states_.data() + at * words_, letters, few);
      LetterSet own;
      if (narrow) {
        few.insert(few.end(), holes.begin(), holes.end());
      } else {
        for (const Member& member : members_) {
          member.automaton->collect_own(states_.data() + at * words_ + member.offset, own);
        }
      }
      for (const Letter letter : narrow ? std::span<const Letter>(few) : letters) {
        const std::uint64_t cost = 1 + words_ / 8;
        if (steps < cost) {
          steps = 0;
          return Found::kGaveUp;
        }
        steps -= cost;
        // Adding a state may move the array, so the source is looked up again for every letter.
        const Automaton::State* from = states_.data() + at * words_;
        const bool plain = !narrow && !is_hole(letter) && !own.contains(letter);
        if (plain && std::exchange(tried[static_cast<std::size_t>(Automaton::class_of(letter))], true)) {
          continue;
        }
        bool possible = true;
        for (const Member& member : members_) {
          Automaton::State* to = next.data() + member.offset;
          member.automaton->step(from + member.offset, letter, to);
          if (member.inside ? member.automaton->dead(to) : member.automaton->universal(to)) {
            possible = false;
            break;
          }
        }
        if (possible) {
          add(next.data(), at, letter);
        }
      }
    }
    return Found::kNo;
  }

 private:
  struct Parent {
    std::size_t from = 0;
    Letter letter = 0;
  };

  [[nodiscard]] bool alive(const Automaton::State* state) const {
    return std::ranges::none_of(members_, [&](const Member& member) {
      return member.inside ? member.automaton->dead(state + member.offset)
                           : member.automaton->universal(state + member.offset);
    });
  }

  [[nodiscard]] bool accepting(const Automaton::State* state) const {
    return std::ranges::all_of(members_, [&](const Member& member) {
      return member.automaton->accepts(state + member.offset) == member.inside;
    });
  }

  /// Whether one of the sets spells which characters may follow; these are in `out` then, as far as they are letters.
  [[nodiscard]] bool spelled(const Automaton::State* state, std::span<const Letter> letters,
                             std::vector<Letter>& out) const {
    for (const Member& member : members_) {
      out.clear();
      if (member.inside && member.automaton->is_spelled(state + member.offset, out)) {
        std::ranges::sort(out);
        out.erase(std::unique(out.begin(), out.end()), out.end());
        std::erase_if(out, [&](Letter letter) { return !std::ranges::binary_search(letters.subspan(1), letter); });
        return true;
      }
    }
    return false;
  }

  void add(const Automaton::State* state, std::size_t from, Letter letter) {
    if (parents_.size() * 2 >= places_.size()) {
      grow();
    }
    std::uint32_t& place = place_of(state);
    if (place == 0) {
      states_.insert(states_.end(), state, state + words_);
      parents_.push_back(Parent{.from = from, .letter = letter});
      place = static_cast<std::uint32_t>(parents_.size());
    }
  }

  /// Where the number of an equal state is, or where it would be.
  [[nodiscard]] std::uint32_t& place_of(const Automaton::State* state) {
    const std::string_view bytes(reinterpret_cast<const char*>(state), words_ * sizeof(Automaton::State));
    std::size_t at = source::hash_of(bytes) & (places_.size() - 1);
    while (places_[at] != 0 && !std::equal(state, state + words_, states_.data() + (places_[at] - 1) * words_)) {
      at = (at + 1) & (places_.size() - 1);
    }
    return places_[at];
  }

  void grow() {
    places_.assign(places_.empty() ? 64 : places_.size() * 4, 0);
    for (std::size_t i = 0; i < parents_.size(); ++i) {
      place_of(states_.data() + i * words_) = static_cast<std::uint32_t>(i + 1);
    }
  }

  std::vector<Member> members_;
  std::size_t words_ = 0;
  std::vector<Automaton::State> states_;
  std::vector<Parent> parents_;
  std::vector<std::uint32_t> places_;  ///< of a state by its hash: 1 + its number, 0 for none
};

/// A character that none of the patterns mentions, easy to read.
Letter other_letter(const LetterSet& used) {
  for (const Letter letter : std::u32string_view(U"xqzkwjvyubgfhpldmcotnirsea0123456789_-~")) {
    if (!used.contains(letter) && !used.contains(letter - U'a' + U'A')) {
      return letter;
    }
  }
  Letter letter = 0x00E0;
  while (used.contains(letter)) {
    ++letter;
  }
  return letter;
}

bool has_wildcards(const Pattern& pattern) {
  return pattern.everything || pattern.malformed || std::ranges::any_of(pattern.tokens, [](const Token& token) {
           return token.kind != TokenKind::kChar && token.kind != TokenKind::kHole;
         });
}

/// Does the first pattern match whatever the second one does, as a look at their tokens tells? It does when it is the
/// same, or the same up to a star that ends it.
bool covers_plainly(const Pattern& pattern, const Pattern& other, const HoleTable& holes) {
  if (pattern.everything || pattern.malformed || other.everything || other.malformed) {
    return (pattern.everything && !pattern.malformed) || other.malformed;
  }
  if (pattern.fold != other.fold || pattern.fold_fields != other.fold_fields) {
    return false;
  }
  const bool open = !pattern.tokens.empty() && pattern.tokens.back().kind == TokenKind::kStar;
  const std::size_t size = pattern.tokens.size() - (open ? 1 : 0);
  if (open ? size > other.tokens.size() : size != other.tokens.size()) {
    return false;
  }
  return std::equal(other.tokens.begin(), other.tokens.begin() + static_cast<std::ptrdiff_t>(size),
                    pattern.tokens.begin(), [&](const Token& one, const Token& own) {
                      const bool fold = pattern.fold || (pattern.fold_fields && own.field && one.field);
                      const bool many = one.kind == TokenKind::kHole && holes.entries[one.index].hole.many;
                      return one.kind == own.kind && one.index == own.index && !many &&
                             (one.byte == own.byte || (fold && fold_byte(one.byte) == fold_byte(own.byte)));
                    });
}

/// Is every pattern of some positive set covered by a negative one? Then there is nothing to look for.
template <class Covers>
bool covered(const std::vector<TextLiteral>& positives, const std::vector<Member>& members, const Covers& covers) {
  return std::ranges::any_of(positives, [&](const TextLiteral& literal) {
    return std::ranges::all_of(literal.set->patterns(), [&](const Pattern& pattern) {
      return std::ranges::any_of(members,
                                 [&](const Member& member) { return !member.inside && covers(member, pattern); });
    });
  });
}
bool covered_plainly(const std::vector<TextLiteral>& positives, const std::vector<Member>& members) {
  return covered(positives, members, [](const Member& member, const Pattern& pattern) {
    return std::ranges::any_of(member.set->patterns(),
                               [&](const Pattern& one) { return covers_plainly(one, pattern, member.set->holes()); });
  });
}
bool covered(const std::vector<TextLiteral>& positives, const std::vector<Member>& members) {
  return covered(positives, members, [](const Member& member, const Pattern& pattern) {
    return member.set->automaton(member.reading).covers(pattern);
  });
}

/// Has every pattern of one set other ends than every pattern of another one, and are texts wanted in both?
bool surely_apart(const std::vector<Member>& members) {
  constexpr std::size_t kMaxPairs = 4096;
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (std::size_t j = i + 1; j < members.size(); ++j) {
      if (!members[i].inside || !members[j].inside) {
        continue;
      }
      const std::vector<Pattern>& some = members[i].set->patterns();
      const std::vector<Pattern>& others = members[j].set->patterns();
      if (some.size() * others.size() <= kMaxPairs && std::ranges::all_of(some, [&](const Pattern& one) {
            return std::ranges::all_of(others, [&](const Pattern& other) { return surely_apart(one, other); });
          })) {
        return true;
      }
    }
  }
  return false;
}

/// Is the text that the pattern spells the only one that it matches, but for case?
bool is_spelled(const Pattern& pattern) {
  return !pattern.everything &&
         std::ranges::all_of(pattern.tokens, [](const Token& token) { return token.kind == TokenKind::kChar; });
}

/// The sets of a question as a search reads them.
struct Posed {
  std::vector<Member> members;
  std::vector<TextLiteral> exact;  ///< positive sets whose patterns are all that they hold
  /// One set inside fixes how a text is spelled with holes; to all others its holes may be any text.
  const TextSet* spelling = nullptr;

  explicit Posed(const TextQuestion& question) {
    const bool possible = question.search == Search::kPossible;
    members.reserve(question.literals.size() + 1);
    members.push_back(Member{.set = question.domain, .reading = Reading::kMust, .inside = true});
    exact.push_back(TextLiteral{question.domain, true});
    for (const TextLiteral& literal : question.literals) {
      if (possible && literal.inside && literal.set->has_holes() && spelling == nullptr) {
        spelling = literal.set;
      }
    }
    for (const TextLiteral& literal : question.literals) {
      Reading reading = Reading::kMust;
      if (literal.inside && spelling != nullptr) {
        reading = literal.set == spelling ? Reading::kGenerate : Reading::kMay;
      }
      if (!literal.inside && !possible) {
        reading = Reading::kMay;
      }
      if (literal.inside && reading != Reading::kMay) {
        exact.push_back(literal);
      }
      members.push_back(Member{.set = literal.set, .reading = reading, .inside = literal.inside});
    }
  }

  /// The domain, which nearly all texts that are tried are in, comes last.
  template <class Text>
  [[nodiscard]] bool accepts_text(const Text& text) const {
    return std::all_of(members.rbegin(), members.rend(),
                       [&](const Member& member) { return contains(member, text) == member.inside; });
  }
  [[nodiscard]] bool accepts(std::string_view text) const { return accepts_text(text); }
  [[nodiscard]] bool accepts(const Word& word) const {
    const std::optional<std::string> ascii = to_ascii(word);
    return ascii ? accepts_text(std::string_view(*ascii)) : accepts_text(word);
  }
};

/// Tries texts that the patterns of all sets inside may have in common.
std::optional<Word> try_common_texts(const Posed& posed) {
  std::vector<const TextSet*> inside;
  if (posed.spelling != nullptr) {
    inside.push_back(posed.spelling);
  }
  for (const Member& member : std::span(posed.members).subspan(1)) {
    if (member.inside && member.set != posed.spelling) {
      inside.push_back(member.set);
    }
  }
  if (inside.size() < 2) {
    return std::nullopt;
  }
  constexpr std::size_t kPatternsTried = 4;
  std::vector<const Pattern*> patterns;
  for (const Pattern& first :
       std::span(inside.front()->patterns()).first(std::min(kPatternsTried, inside.front()->patterns().size()))) {
    patterns.assign(1, &first);
    for (const TextSet* const set : std::span(inside).subspan(1)) {
      const auto other =
          std::ranges::find_if(set->patterns(), [&](const Pattern& pattern) { return !surely_apart(first, pattern); });
      if (other == set->patterns().end()) {
        break;
      }
      patterns.push_back(&*other);
    }
    if (patterns.size() < inside.size()) {
      continue;
    }
    std::optional<Word> word = common_text(patterns, inside.front()->holes());
    if (word && posed.accepts(*word)) {
      return word;
    }
  }
  return std::nullopt;
}

Found search(const TextQuestion& question, const Posed& posed, std::uint64_t& steps, Word& out) {
  const std::vector<Member>& members = posed.members;
  const std::vector<TextLiteral>& exact = posed.exact;
  constexpr std::size_t kPatternsTried = 12;
  const auto try_patterns = [&](std::string_view filler, bool plain_only) {
    for (const TextLiteral& literal : exact) {
      if (literal.set == question.domain && exact.size() > 1) {
        continue;
      }
      std::size_t tried = 0;
      for (const Pattern& pattern : literal.set->patterns()) {
        if (plain_only && has_wildcards(pattern)) {
          continue;
        }
        if (tried++ == kPatternsTried) {
          break;
        }
        steps -= std::min<std::uint64_t>(steps, 1);
        if (!plain_only && !has_wildcards(pattern)) {
          continue;  // tried before, whatever wildcards are filled with
        }
        Word word = instantiate(pattern, filler);
        if (posed.accepts(word)) {
          out = std::move(word);
          return true;
        }
      }
    }
    return false;
  };
  if (try_patterns({}, true)) {
    return Found::kYes;
  }
  const bool all_tried = std::ranges::any_of(exact, [&](const TextLiteral& literal) {
    const std::vector<Pattern>& patterns = literal.set->patterns();
    return literal.set != question.domain && patterns.size() <= kPatternsTried &&
           std::ranges::all_of(patterns, [&](const Pattern& pattern) {
             if (pattern.malformed || !is_spelled(pattern)) {
               return pattern.malformed;
             }
             if (!question.fold) {
               return !pattern.fold && !pattern.fold_fields;
             }
             Word lower = instantiate(pattern, {});
             std::ranges::transform(lower, lower.begin(), fold_letter);
             return !posed.accepts(lower);
           });
  });
  if (all_tried || surely_apart(members) || covered_plainly(exact, members)) {
    return Found::kNo;
  }
  if (question.known != nullptr) {
    if (std::optional<Word> common = try_common_texts(posed)) {
      out = *std::move(common);
      return Found::kYes;
    }
  }
  for (const std::string_view sample : question.samples) {
    if (steps == 0) {
      return Found::kGaveUp;
    }
    --steps;
    if (posed.accepts(sample)) {
      out.assign(sample.begin(), sample.end());
      return Found::kYes;
    }
  }
  for (const std::string_view filler : {"example", "x", ""}) {
    if (try_patterns(filler, false)) {
      return Found::kYes;
    }
  }
  if (covered(exact, members)) {
    return Found::kNo;
  }
  Product product(members);
  // Without holes inside no text has hole letters, and sets outside cannot tell them apart.
  LetterSet inside;
  LetterSet all;
  for (const Member& member : members) {
    const Automaton& automaton = member.set->automaton(member.reading);
    automaton.collect_letters(all);
    if (member.inside) {
      automaton.collect_letters(inside);
    }
  }
  std::vector<Letter> alphabet{other_letter(all)};
  all.for_each([&](Letter letter) {
    if ((!is_hole(letter) || inside.contains(letter)) && (!question.fold || !is_upper(letter))) {
      alphabet.push_back(letter);
    }
  });
  return product.search(alphabet, steps, out);
}

}  // namespace

Found find_text(const TextQuestion& question, std::uint64_t& steps, Word& out) {
  const Posed posed(question);
  if (question.known == nullptr) {
    return search(question, posed, steps, out);
  }
  constexpr std::size_t kMostKnown = 8;
  std::vector<FoundText>& known = *question.known;
  for (const FoundText& text : known) {
    steps -= std::min<std::uint64_t>(steps, 1);
    if (text.spelling == posed.spelling && posed.accepts(text.word)) {
      // Its holes may be other texts for each of the sets, which have none in common.
      if (surely_apart(posed.members)) {
        return Found::kNo;
      }
      out = text.word;
      return Found::kYes;
    }
  }
  const Found found = search(question, posed, steps, out);
  if (found == Found::kYes) {
    if (known.size() == kMostKnown) {
      known.erase(known.begin());
    }
    known.push_back(FoundText{.word = out, .spelling = posed.spelling});
  }
  return found;
}

std::vector<std::string_view> fitting_samples(const TextQuestion& question) {
  const Posed posed(question);
  std::vector<std::string_view> out;
  std::ranges::copy_if(question.samples, std::back_inserter(out),
                       [&](std::string_view sample) { return posed.accepts(sample); });
  return out;
}

namespace {

/// How many tokens from this one on are characters of one byte.
std::size_t ascii_run(const Pattern& pattern, std::size_t begin) {
  std::size_t end = begin;
  while (end < pattern.tokens.size() && pattern.tokens[end].kind == TokenKind::kChar &&
         static_cast<unsigned char>(pattern.tokens[end].byte) < 0x80) {
    ++end;
  }
  return end - begin;
}

}  // namespace

Word instantiate(const Pattern& pattern, std::string_view filler) {
  Word word;
  if (pattern.everything || pattern.malformed) {
    return to_word(filler);
  }
  word.reserve(pattern.tokens.size() + filler.size());
  std::size_t field = 0;
  const auto fill = [&](std::string_view text) { word += to_word(text); };
  bool field_has_text = false;
  for (std::size_t i = 0; i < pattern.tokens.size(); ++i) {
    const Token& token = pattern.tokens[i];
    switch (token.kind) {
      case TokenKind::kChar: {
        if (const std::size_t run = ascii_run(pattern, i); run > 0) {
          const std::size_t begin = word.size();
          word.resize(begin + run);
          for (std::size_t k = 0; k < run; ++k) {
            const Letter letter{static_cast<unsigned char>(pattern.tokens[i + k].byte)};
            word[begin + k] = pattern.fold ? fold_letter(letter) : letter;
            field += letter == U':' ? 1 : 0;
          }
          i += run - 1;
          field_has_text = word.back() != U':';
          continue;
        }
        const auto [letter, length] = letter_at(pattern, i);
        word.push_back(pattern.fold ? fold_letter(letter) : letter);
        i += length - 1;
        if (letter == U':') {
          ++field;
        }
        field_has_text = letter != U':';
        continue;
      }
      case TokenKind::kAny:
      case TokenKind::kFieldAny:
      case TokenKind::kLowerAny:
        word.push_back(U'x');
        break;
      case TokenKind::kDigit:
        word.push_back(U'1');
        break;
      case TokenKind::kFieldStar:
      case TokenKind::kLowerStar:
        fill(!filler.empty() && !field_has_text && field < 5 ? field_filler(field) : filler == "example" ? "" : filler);
        break;
      case TokenKind::kStar:
      case TokenKind::kVariable:
        // A star that runs over the missing fields of a short ARN needs their colons.
        if (token.field && field < 5) {
          for (; field < 5; ++field) {
            word.push_back(U':');
          }
        }
        fill(filler);
        break;
      case TokenKind::kHole:
        word.push_back(kHoleLetters + token.index);
        break;
      case TokenKind::kAnyHole:
      case TokenKind::kNever:
        break;
    }
    field_has_text = true;
  }
  return word;
}

}  // namespace gabion::iam
