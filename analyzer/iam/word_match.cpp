#include "iam/word_match.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace gabion::iam {

namespace {

/// The tokens of a pattern one by one, as a reading takes them.
class Reader {
 public:
  Reader(const Pattern& pattern, Reading reading, const HoleTable& holes)
      : pattern_(pattern), reading_(reading), holes_(holes) {}

  [[nodiscard]] bool at_end() const { return at_ == pattern_.tokens.size(); }
  void next() { at_ += length_; }

  /// Looks at the token that is next.
  void look() {
    const Token& token = pattern_.tokens[at_];
    length_ = 1;
    star_ = false;
    switch (token.kind) {
      case TokenKind::kChar: {
        const auto [letter, length] = letter_at(pattern_, at_);
        length_ = length;
        fold_ = pattern_.fold || (pattern_.fold_fields && token.field);
        letter_ = fold_ ? fold_letter(letter) : letter;
        break;
      }
      case TokenKind::kStar:
      case TokenKind::kVariable:
      case TokenKind::kFieldStar:
      case TokenKind::kLowerStar:
        star_ = true;
        break;
      case TokenKind::kHole:
        letter_ = kHoleLetters + token.index;
        star_ = holes_.entries[token.index].hole.many && reading_ == Reading::kGenerate;
        break;
      default:
        break;
    }
  }

  /// Whether the token takes as many letters as there are, or none.
  [[nodiscard]] bool star() const { return star_; }

  [[nodiscard]] bool takes(Letter letter) const {
    const Token& token = pattern_.tokens[at_];
    const bool hole = is_hole(letter);
    switch (token.kind) {
      case TokenKind::kChar:
        return letter_ == (fold_ ? fold_letter(letter) : letter);
      case TokenKind::kAny:
        return !hole;
      case TokenKind::kFieldAny:
        return !hole && letter != U':';
      case TokenKind::kLowerAny:
        return !hole && letter != U':' && !is_upper(letter);
      case TokenKind::kDigit:
        return letter >= U'0' && letter <= U'9';
      case TokenKind::kStar:
      case TokenKind::kVariable:
        return !hole || reading_ != Reading::kGenerate;
      case TokenKind::kFieldStar:
        return hole ? takes_hole_in_field(letter) : letter != U':';
      case TokenKind::kLowerStar:
        return hole ? takes_hole_in_field(letter) : letter != U':' && !is_upper(letter);
      case TokenKind::kHole:
        if (holes_.entries[token.index].hole.many) {
          return star_ && !hole;
        }
        return letter == letter_ ||
               (reading_ == Reading::kMust && kHoleLetters + holes_.entries[token.index].text == letter);
      case TokenKind::kAnyHole:
        return hole;
      case TokenKind::kNever:
        return false;
    }
    return false;
  }

 private:
  [[nodiscard]] bool takes_hole_in_field(Letter hole) const {
    return reading_ != Reading::kGenerate && !holes_.entries[hole - kHoleLetters].wide;
  }

  const Pattern& pattern_;
  Reading reading_;
  const HoleTable& holes_;
  std::size_t at_ = 0;
  std::size_t length_ = 1;
  Letter letter_ = 0;
  bool fold_ = false;
  bool star_ = false;
};

}  // namespace

bool match_word(const Pattern& pattern, const Word& word, Reading reading, const HoleTable& holes) {
  if (pattern.malformed) {
    return false;
  }
  if (pattern.everything) {
    return reading != Reading::kGenerate || std::ranges::none_of(word, is_hole);
  }
  Reader reader(pattern, reading, holes);
  // Up to the first star there is one way.
  std::size_t place = 0;
  for (; !reader.at_end(); reader.next()) {
    reader.look();
    if (reader.star()) {
      break;
    }
    if (place == word.size() || !reader.takes(word[place])) {
      return false;
    }
    ++place;
  }
  if (reader.at_end()) {
    return place == word.size();
  }
  // Then several: the places of the word where the tokens so far may end, in ascending order.
  std::vector<std::size_t> places{place};
  std::vector<std::size_t> reached;
  for (; !reader.at_end(); reader.next()) {
    reader.look();
    reached.clear();
    for (const std::size_t at : places) {
      if (!reader.star()) {
        if (at < word.size() && reader.takes(word[at])) {
          reached.push_back(at + 1);
        }
        continue;
      }
      // What the star takes from an earlier place on it takes from here as well.
      if (!reached.empty() && reached.back() >= at) {
        continue;
      }
      reached.push_back(at);
      for (std::size_t end = at; end < word.size() && reader.takes(word[end]); ++end) {
        reached.push_back(end + 1);
      }
    }
    if (reached.empty()) {
      return false;
    }
    std::swap(places, reached);
  }
  return places.back() == word.size();
}

}  // namespace gabion::iam
