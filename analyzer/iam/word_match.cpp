#include "iam/word_match.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
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

  [[nodiscard]] std::size_t at() const { return at_; }

  [[nodiscard]] bool at_last() const { return at_ + length_ == pattern_.tokens.size(); }

  /// Reads characters of ASCII that the pattern spells next; false where the word has others.
  bool read_characters(const Word& word, std::size_t& place) {
    for (; !at_end(); ++at_, ++place) {
      const Token& token = pattern_.tokens[at_];
      const auto byte = static_cast<unsigned char>(token.byte);
      if (token.kind != TokenKind::kChar || byte >= 0x80 || pattern_.fold || (pattern_.fold_fields && token.field)) {
        break;
      }
      if (place == word.size() || word[place] != Letter{byte}) {
        return false;
      }
    }
    return true;
  }

  /// Whether the star that is next takes all that follows a place.
  [[nodiscard]] bool takes_rest(const Word& word, std::size_t place) const {
    return std::all_of(word.begin() + static_cast<std::ptrdiff_t>(place), word.end(),
                       [&](Letter letter) { return takes(letter); });
  }

  /// Looks at the token that is next.
  void look() {
    const Token& token = pattern_.tokens[at_];
    length_ = 1;
    star_ = false;
    stands_for_text_ = false;
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
        stands_for_text_ = reading_ == Reading::kMay;
        // One that stands there twice is the same in both places.
        single_account_ =
            stands_for_text_ && is_account() && std::ranges::count_if(pattern_.tokens, [&](const Token& one) {
                                                  return one.kind == token.kind && one.index == token.index;
                                                }) == 1;
        break;
      default:
        break;
    }
  }

  /// Whether the token takes as many letters as there are, or none.
  [[nodiscard]] bool star() const { return star_; }
  /// Whether it is a hole that may stand for letters of the word.
  [[nodiscard]] bool stands_for_text() const { return stands_for_text_; }

  /// Whether the letter is the hole itself, and stands for one text in both.
  [[nodiscard]] bool is_same_text(Letter letter) const { return letter == letter_ && is_text(); }
  /// Where a hole that begins there ends, as far as there is one place for it: behind itself, where the word has it, or
  /// behind the id of an account. Nothing where it has another end, or none.
  [[nodiscard]] std::optional<std::size_t> only_end(const Word& word, std::size_t begin) const {
    if (begin < word.size() && is_same_text(word[begin])) {
      return begin + 1;
    }
    return single_account_ && has_account(word, begin) ? std::optional(begin + kNoAccount.size()) : std::nullopt;
  }
  /// Whether such a hole may be any text of the letters that it may stand for.
  [[nodiscard]] bool has_any_end(const Word& word, std::size_t begin) const {
    return !is_account() && !(begin < word.size() && is_same_text(word[begin]));
  }
  [[nodiscard]] bool may_stand_for(Letter letter) const {
    return !is_hole(letter) && !(is_text() && entry().hole.field && letter == U':');
  }

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
  /// Of the hole that is next.
  [[nodiscard]] const HoleTable::Entry& entry() const { return holes_.entries[pattern_.tokens[at_].index]; }
  /// Whether that is one text, the same wherever it stands.
  [[nodiscard]] bool is_text() const { return !entry().hole.many && !entry().pattern; }
  [[nodiscard]] bool is_account() const { return is_text() && entry().hole.account; }

  [[nodiscard]] static bool has_account(const Word& word, std::size_t begin) {
    const std::u32string_view id = std::u32string_view(word).substr(begin, kNoAccount.size());
    return id.size() == kNoAccount.size() && id.find_first_not_of(U'0') != std::u32string_view::npos &&
           std::ranges::all_of(id, [](Letter letter) { return letter >= U'0' && letter <= U'9'; });
  }

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
  bool stands_for_text_ = false;
  bool single_account_ = false;  ///< a hole that stands for the id of an account, and for nothing else in the pattern
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
  std::size_t begin = 0;
  if (!reader.read_characters(word, begin)) {
    return false;
  }
  // The places of the word where the tokens so far may end, in ascending order: one up to the first star.
  std::vector<std::size_t> places{begin};
  std::vector<std::size_t> reached;
  for (; !reader.at_end(); reader.next()) {
    if (places.size() == 1 && !reader.read_characters(word, places.front())) {
      return false;
    }
    if (reader.at_end()) {
      break;
    }
    reader.look();
    if (reader.star() && reader.at_last()) {
      return reader.takes_rest(word, places.back());
    }
    reached.clear();
    std::optional<std::size_t> read;  // how far stars, and holes of any text, read
    // What is taken from an earlier place on is taken from here as well.
    const auto take_all = [&](std::size_t at, const auto& takes) {
      if (read && at <= *read) {
        return;
      }
      read = at;
      reached.push_back(at);
      for (; *read < word.size() && takes(word[*read]); reached.push_back(*read)) {
        ++*read;
      }
    };
    for (const std::size_t at : places) {
      if (reader.stands_for_text()) {
        if (reader.has_any_end(word, at)) {
          take_all(at, [&](Letter letter) { return reader.may_stand_for(letter); });
        } else if (const std::optional<std::size_t> end = reader.only_end(word, at)) {
          reached.push_back(*end);
        }
      } else if (reader.star()) {
        take_all(at, [&](Letter letter) { return reader.takes(letter); });
      } else if (at < word.size() && reader.takes(word[at])) {
        reached.push_back(at + 1);
      }
    }
    if (reached.empty()) {
      return false;
    }
    if (reader.stands_for_text() && places.size() > 1) {
      std::ranges::sort(reached);
      reached.erase(std::unique(reached.begin(), reached.end()), reached.end());
    }
    std::swap(places, reached);
  }
  return places.back() == word.size();
}

namespace {

/// Whether no text of the holes can make the pattern match a word that match_word() says it does not match: holes of
/// the word were taken for themselves, which is all there is where the pattern has the same hole behind the same
/// characters.
bool surely_differs(const Pattern& pattern, const Word& word, const HoleTable& holes) {
  if (pattern.malformed) {
    return std::ranges::none_of(word, is_hole);
  }
  Reader reader(pattern, Reading::kMay, holes);
  std::size_t place = 0;
  for (bool anchored = true; !reader.at_end() && place < word.size(); reader.next(), ++place) {
    reader.look();
    const Token& token = pattern.tokens[reader.at()];
    if (token.kind == TokenKind::kHole && anchored && reader.is_same_text(word[place])) {
      anchored = false;
      continue;
    }
    if (token.kind != TokenKind::kChar || is_hole(word[place])) {
      break;
    }
    if (!reader.takes(word[place])) {
      return true;
    }
  }
  const auto is_account = [&](const Token& token) {
    return token.kind == TokenKind::kHole && holes.entries[token.index].hole.account;
  };
  return std::none_of(word.begin() + static_cast<std::ptrdiff_t>(place), word.end(), is_hole) &&
         std::ranges::count_if(pattern.tokens, is_account) < 2;
}

}  // namespace

eval::Truth may_match_word(const Pattern& pattern, const Word& word, const HoleTable& holes) {
  if (match_word(pattern, word, Reading::kMay, holes)) {
    return eval::Truth::kYes;
  }
  return surely_differs(pattern, word, holes) ? eval::Truth::kNo : eval::Truth::kUnknown;
}

}  // namespace gabion::iam
