#include "iam/text_search.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <string>
#include <unordered_set>
#include <utility>

namespace gabion::iam {

namespace {

/// Fields of an ARN that people recognise.
std::string_view field_filler(std::size_t field) {
  constexpr std::array<std::string_view, 5> kFields{"arn", "aws", "s3", "us-east-1", "111122223333"};
  return kFields[field];
}

struct Member {
  const Automaton* automaton = nullptr;
  bool inside = true;
  std::size_t offset = 0;  ///< of its words in a state of the product
};

/// Breadth-first search over the product of the automata: the shortest text, in the order of the letters.
class Product {
 public:
  explicit Product(std::vector<Member> members) : members_(std::move(members)) {
    for (Member& member : members_) {
      member.offset = words_;
      words_ += member.automaton->words();
    }
  }

  template <class Letters>
  [[nodiscard]] bool accepts(const Letters& text) const {
    return std::ranges::all_of(members_,
                               [&](const Member& member) { return member.automaton->accepts(text) == member.inside; });
  }

  Found search(std::span<const Letter> letters, std::uint64_t& steps, Word& out) {
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
      for (const Letter letter : letters) {
        const std::uint64_t cost = 1 + words_ / 8;
        if (steps < cost) {
          steps = 0;
          return Found::kGaveUp;
        }
        steps -= cost;
        // Adding a state may move the array, so the source is looked up again for every letter.
        const Automaton::State* from = states_.data() + at * words_;
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

  void add(const Automaton::State* state, std::size_t from, Letter letter) {
    std::string key(words_ * sizeof(Automaton::State), '\0');
    std::memcpy(key.data(), state, key.size());
    if (!seen_.insert(std::move(key)).second) {
      return;
    }
    states_.insert(states_.end(), state, state + words_);
    parents_.push_back(Parent{.from = from, .letter = letter});
  }

  std::vector<Member> members_;
  std::size_t words_ = 0;
  std::vector<Automaton::State> states_;
  std::vector<Parent> parents_;
  std::unordered_set<std::string> seen_;
};

/// A character that none of the patterns mentions, easy to read.
Letter other_letter(const std::map<Letter, bool>& used) {
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

/// Is every pattern of some positive set covered by a negative one? Then there is nothing to look for.
bool covered(const std::vector<TextLiteral>& positives, const std::vector<Member>& members) {
  return std::ranges::any_of(positives, [&](const TextLiteral& literal) {
    return std::ranges::all_of(literal.set->patterns(), [&](const Pattern& pattern) {
      return std::ranges::any_of(
          members, [&](const Member& member) { return !member.inside && member.automaton->covers(pattern); });
    });
  });
}

}  // namespace

Found find_text(const TextQuestion& question, std::uint64_t& steps, Word& out) {
  const bool possible = question.search == Search::kPossible;
  std::vector<Member> members;
  std::vector<TextLiteral> exact;  // positive sets whose patterns are all that they hold
  members.push_back(Member{.automaton = &question.domain->automaton(Reading::kMust), .inside = true});
  exact.push_back(TextLiteral{question.domain, true});
  // One set inside fixes how a text is spelled with holes; to all others its holes may be any text.
  const TextSet* spelling = nullptr;
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
    members.push_back(Member{.automaton = &literal.set->automaton(reading), .inside = literal.inside});
  }
  Product product(members);
  const auto try_patterns = [&](std::string_view filler, bool plain_only) {
    constexpr std::size_t kPatternsTried = 12;
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
        Word word = instantiate(pattern, filler);
        if (product.accepts(word)) {
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
  if (covered(exact, members)) {
    return Found::kNo;
  }
  for (const std::string_view sample : question.samples) {
    if (steps == 0) {
      return Found::kGaveUp;
    }
    --steps;
    if (product.accepts(sample)) {
      out.assign(sample.begin(), sample.end());
      return Found::kYes;
    }
  }
  for (const std::string_view filler : {"example", "x", ""}) {
    if (try_patterns(filler, false)) {
      return Found::kYes;
    }
  }
  // Without holes inside no text has hole letters, and sets outside cannot tell them apart.
  std::map<Letter, bool> inside;
  std::map<Letter, bool> all;
  for (const Member& member : members) {
    member.automaton->collect_letters(all);
    if (member.inside) {
      member.automaton->collect_letters(inside);
    }
  }
  std::vector<Letter> alphabet{other_letter(all)};
  for (const auto& [letter, unused] : all) {
    if ((!is_hole(letter) || inside.contains(letter)) && (!question.fold || !is_upper(letter))) {
      alphabet.push_back(letter);
    }
  }
  return product.search(alphabet, steps, out);
}

Word instantiate(const Pattern& pattern, std::string_view filler) {
  Word word;
  if (pattern.everything || pattern.malformed) {
    return to_word(filler);
  }
  std::size_t field = 0;
  const auto fill = [&](std::string_view text) { word += to_word(text); };
  bool field_has_text = false;
  for (std::size_t i = 0; i < pattern.tokens.size(); ++i) {
    const Token& token = pattern.tokens[i];
    switch (token.kind) {
      case TokenKind::kChar: {
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
