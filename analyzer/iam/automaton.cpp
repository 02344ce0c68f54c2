#include "iam/automaton.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>

namespace gabion::iam {

namespace {

/// Wildcards of a covered pattern, read as letters.
constexpr Letter kStarLetter = 0x300000;
constexpr Letter kAnyLetter = 0x300001;
constexpr Letter kFieldStarLetter = 0x300002;
constexpr Letter kFieldAnyLetter = 0x300003;
/// A letter of a covered pattern in either case: kFoldLetters + lower case.
constexpr Letter kFoldLetters = 0x310000;

}  // namespace

// ---- Automaton. ----

Automaton::Automaton(std::span<const Pattern> patterns, Reading reading, const HoleTable& holes)
    : reading_(reading), holes_(holes) {
  std::uint32_t index = 0;
  std::vector<std::size_t> starts;
  std::size_t size = 0;
  for (const Pattern& pattern : patterns) {
    size += pattern.tokens.size() + 2;
  }
  positions_.reserve(size);
  starts.reserve(patterns.size());
  for (const Pattern& pattern : patterns) {
    // The id of an account is not all zeros: there is one way to read it for each place of its first other digit.
    const bool account = std::ranges::any_of(pattern.tokens, [&](const Token& token) { return is_account(token); });
    for (std::size_t zeros = 0; zeros < (account ? kNoAccount.size() : 1); ++zeros) {
      starts.push_back(positions_.size());
      add(pattern, index++, zeros);
    }
  }
  words_ = std::max<std::size_t>(1, (positions_.size() + 63) / 64);
  start_.assign(words_, 0);
  accept_.assign(words_, 0);
  skip_.assign(words_, 0);
  final_star_.assign(words_, 0);
  const auto set = [](std::vector<State>& mask, std::size_t at) { mask[at / 64] |= State{1} << (at % 64); };
  for (const std::size_t at : starts) {
    set(start_, at);
  }
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    switch (positions_[i].kind) {
      case Kind::kEnd:
        set(accept_, i);
        break;
      case Kind::kStar:
        set(skip_, i);
        if (positions_[i + 1].kind == Kind::kEnd) {
          set(final_star_, i);
        }
        break;
      case Kind::kFieldStar:
      case Kind::kLowerStar:
      case Kind::kHoleLoop:
        set(skip_, i);
        break;
      case Kind::kHoleEntry:
        set(skip_, i);  // through the loop behind it
        break;
      default:
        break;
    }
  }
  has_skips_ = std::ranges::any_of(skip_, [](State word) { return word != 0; });
  close(start_.data());
  make_masks();
}

bool Automaton::is_account(std::uint16_t hole) const {
  const HoleTable::Entry& entry = holes_.entries[hole];
  return entry.hole.account && !entry.hole.many && !entry.pattern;
}

bool Automaton::is_account(const Token& token) const {
  return reading_ == Reading::kMay && token.kind == TokenKind::kHole && is_account(token.index);
}

void Automaton::add(const Pattern& pattern, std::uint32_t index, std::size_t zeros) {
  const auto push = [&](Kind kind, Letter letter = 0, bool fold = false) {
    positions_.push_back(Position{.kind = kind, .fold = fold, .letter = letter, .pattern = index, .length = 2});
  };
  if (pattern.malformed) {
    push(Kind::kNever);
    push(Kind::kEnd);
    return;
  }
  if (pattern.everything) {
    push(Kind::kStar);
    push(Kind::kEnd);
    return;
  }
  bool anchored = true;  // only characters so far
  const Token* account = nullptr;
  for (std::size_t i = 0; i < pattern.tokens.size();) {
    const Token& token = pattern.tokens[i];
    switch (token.kind) {
      case TokenKind::kChar: {
        // A character of more than one byte takes as many tokens.
        std::array<char, 4> bytes{};
        std::size_t count = 0;
        while (count < bytes.size() && i + count < pattern.tokens.size() &&
               pattern.tokens[i + count].kind == TokenKind::kChar) {
          bytes[count] = pattern.tokens[i + count].byte;
          ++count;
        }
        const auto [letter, length] = decode(std::string_view(bytes.data(), count));
        const bool fold = pattern.fold || (pattern.fold_fields && token.field);
        push(Kind::kChar, fold ? fold_letter(letter) : letter, fold);
        i += length;
        continue;
      }
      case TokenKind::kAny:
        push(Kind::kAny);
        break;
      case TokenKind::kStar:
        push(Kind::kStar);
        break;
      case TokenKind::kFieldAny:
        push(Kind::kFieldAny);
        break;
      case TokenKind::kFieldStar:
        push(Kind::kFieldStar);
        break;
      case TokenKind::kLowerAny:
        push(Kind::kLowerAny);
        break;
      case TokenKind::kLowerStar:
        push(Kind::kLowerStar);
        break;
      case TokenKind::kDigit:
        push(Kind::kDigit);
        break;
      case TokenKind::kHole: {
        const Letter letter = kHoleLetters + token.index;
        const HoleTable::Entry& entry = holes_.entries[token.index];
        if (entry.hole.many) {
          push(reading_ == Reading::kMust ? Kind::kNever : Kind::kHoleLoop, letter);
        } else if (reading_ != Reading::kMay) {
          push(Kind::kHole, letter);
        } else if (is_account(token)) {
          if (anchored) {
            push(Kind::kHoleEntry, letter);
            positions_.back().length = static_cast<std::uint32_t>(1 + kNoAccount.size());
          }
          // The same account all through the pattern, another one has any digits.
          const bool same = account == nullptr || account->index == token.index;
          account = same ? &token : account;
          for (std::size_t digit = 0; digit < kNoAccount.size(); ++digit) {
            push(!same || digit > zeros ? Kind::kDigit
                 : digit == zeros       ? Kind::kNonZero
                                        : Kind::kChar,
                 same && digit < zeros ? U'0' : 0);
          }
        } else if (!entry.pattern) {
          if (anchored) {
            push(Kind::kHoleEntry, letter);
          }
          push(entry.hole.field ? Kind::kFieldStar : Kind::kHoleLoop, letter);
        } else {
          push(Kind::kHoleLoop, letter);
        }
        break;
      }
      case TokenKind::kVariable:
        push(Kind::kStar);  // variables that are left stand for any text
        break;
      case TokenKind::kAnyHole:
        push(Kind::kAnyHole);
        break;
      case TokenKind::kNever:
        push(Kind::kNever);
        break;
    }
    anchored = false;
    ++i;
  }
  push(Kind::kEnd);
}

bool Automaton::takes(const Position& position, Letter letter) const {
  if (letter >= kFoldLetters) {
    switch (position.kind) {
      case Kind::kChar:
        return position.fold && position.letter == letter - kFoldLetters;
      case Kind::kAny:
      case Kind::kFieldAny:
      case Kind::kStar:
      case Kind::kFieldStar:
      case Kind::kHoleLoop:
        return true;
      default:
        return false;
    }
  }
  if (letter >= kStarLetter) {
    switch (position.kind) {
      case Kind::kAny:
        return letter == kAnyLetter || letter == kFieldAnyLetter;
      case Kind::kFieldAny:
        return letter == kFieldAnyLetter;
      case Kind::kStar:
      case Kind::kHoleLoop:
        return true;
      case Kind::kFieldStar:
        return letter == kFieldStarLetter || letter == kFieldAnyLetter;
      default:
        return false;
    }
  }
  if (is_hole(letter)) {
    const bool colons = holes_.entries[letter - kHoleLetters].wide;
    switch (position.kind) {
      case Kind::kHole:
        return position.letter == letter ||
               (reading_ == Reading::kMust &&
                kHoleLetters + holes_.entries[position.letter - kHoleLetters].text == letter);
      case Kind::kAnyHole:
        return true;
      case Kind::kStar:
        return reading_ != Reading::kGenerate;
      case Kind::kFieldStar:
      case Kind::kLowerStar:
        return reading_ != Reading::kGenerate && !colons;
      default:
        return false;
    }
  }
  switch (position.kind) {
    case Kind::kChar:
      return position.letter == (position.fold ? fold_letter(letter) : letter);
    case Kind::kAny:
    case Kind::kStar:
    case Kind::kHoleLoop:
      return true;
    case Kind::kHoleEntry: {
      const auto hole = static_cast<std::uint16_t>(position.letter - kHoleLetters);
      return !is_account(hole) && (letter != U':' || !holes_.entries[hole].hole.field);
    }
    case Kind::kFieldAny:
    case Kind::kFieldStar:
      return letter != U':';
    case Kind::kLowerAny:
    case Kind::kLowerStar:
      return letter != U':' && !is_upper(letter);
    case Kind::kDigit:
      return letter >= U'0' && letter <= U'9';
    case Kind::kNonZero:
      return letter >= U'1' && letter <= U'9';
    default:
      return false;
  }
}

template <class Visit>
void Automaton::for_each_character(const Position& position, const Visit& visit) {
  if (position.kind == Kind::kChar) {
    visit(position.letter);
    if (position.fold && position.letter >= U'a' && position.letter <= U'z') {
      visit(position.letter - U'a' + U'A');
    }
  } else if (position.kind == Kind::kNonZero) {
    for (Letter digit = U'1'; digit <= U'9'; ++digit) {
      visit(digit);
    }
  }
}

Automaton::Class Automaton::class_of(Letter letter) {
  if (letter == U':') {
    return Class::kColon;
  }
  if (letter >= U'0' && letter <= U'9') {
    return Class::kDigit;
  }
  return is_upper(letter) ? Class::kCapital : Class::kPlain;
}

void Automaton::make_masks() {
  for (Masks& one : wildcards_) {
    one.advance.assign(words_, 0);
    one.loop.assign(words_, 0);
  }
  constexpr std::array<Letter, 4> kOneOfEach{0x110000, U':', U'A', U'0'};  // by Class; the first is no character
  std::array<std::uint16_t, 128> seen{};                                   // 1 + index of a letter of ASCII
  const auto index_of = [&](Letter letter) -> std::size_t {
    if (letter < seen.size()) {
      if (seen[letter] == 0) {
        characters_.emplace_back(letter, std::vector<State>(words_, 0));
        seen[letter] = static_cast<std::uint16_t>(characters_.size());
      }
      return seen[letter] - std::size_t{1};
    }
    const auto known = std::ranges::find(characters_, letter, &std::pair<Letter, std::vector<State>>::first);
    if (known != characters_.end()) {
      return static_cast<std::size_t>(known - characters_.begin());
    }
    characters_.emplace_back(letter, std::vector<State>(words_, 0));
    return characters_.size() - 1;
  };
  const auto add_character = [&](Letter letter, std::size_t at) {
    characters_[index_of(letter)].second[at / 64] |= State{1} << (at % 64);
  };
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    const Position& position = positions_[i];
    const Kind kind = position.kind;
    if (kind == Kind::kChar || kind == Kind::kNonZero) {
      for_each_character(position, [&](Letter letter) { add_character(letter, i); });
      continue;
    }
    const bool loops =
        kind == Kind::kStar || kind == Kind::kFieldStar || kind == Kind::kLowerStar || kind == Kind::kHoleLoop;
    for (std::size_t c = 0; c < kOneOfEach.size(); ++c) {
      if (takes(position, kOneOfEach[c])) {
        (loops ? wildcards_[c].loop : wildcards_[c].advance)[i / 64] |= State{1} << (i % 64);
      }
    }
  }
  wild_.assign(words_, 0);
  for (const Masks& one : wildcards_) {
    for (std::size_t w = 0; w < words_; ++w) {
      wild_[w] |= one.advance[w] | one.loop[w];
    }
  }
  std::ranges::sort(characters_, {}, &std::pair<Letter, std::vector<State>>::first);
  for (std::size_t i = 0; i < characters_.size() && i < 255; ++i) {
    if (characters_[i].first < ascii_.size()) {
      ascii_[characters_[i].first] = static_cast<std::uint8_t>(i + 1);
    }
  }
}

const Automaton::Masks& Automaton::special_masks(Letter letter) const {
  const auto known = special_.find(letter);
  if (known != special_.end()) {
    return known->second;
  }
  Masks made{.advance = std::vector<State>(words_, 0), .loop = std::vector<State>(words_, 0)};
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    if (!takes(positions_[i], letter)) {
      continue;
    }
    const Kind kind = positions_[i].kind;
    const bool loops =
        kind == Kind::kStar || kind == Kind::kFieldStar || kind == Kind::kLowerStar || kind == Kind::kHoleLoop;
    (loops ? made.loop : made.advance)[i / 64] |= State{1} << (i % 64);
  }
  return special_.emplace(letter, std::move(made)).first->second;
}

void Automaton::close(State* state) const {
  if (!has_skips_) {
    return;
  }
  // Skipping leads forward only, so that one pass is enough.
  State carry = 0;
  for (std::size_t w = 0; w < words_; ++w) {
    State reached = state[w] | carry;
    for (State more = (reached & skip_[w]) << 1U & ~reached; more != 0; more = (reached & skip_[w]) << 1U & ~reached) {
      reached |= more;
    }
    carry = (reached & skip_[w]) >> 63U;
    state[w] = reached;
  }
}

void Automaton::start(State* state) const {
  std::ranges::copy(start_, state);
}

const Automaton::State* Automaton::positions_of(Letter letter) const {
  if (letter < ascii_.size()) {
    return ascii_[letter] == 0 ? nullptr : characters_[ascii_[letter] - 1U].second.data();
  }
  const auto known = std::ranges::lower_bound(characters_, letter, {}, &std::pair<Letter, std::vector<State>>::first);
  return known != characters_.end() && known->first == letter ? known->second.data() : nullptr;
}

void Automaton::collect_own(const State* state, LetterSet& out) const {
  for (std::size_t w = 0; w < words_; ++w) {
    for (State left = state[w] & ~wild_[w]; left != 0; left &= left - 1) {
      const Position& position = positions_[w * 64 + static_cast<std::size_t>(std::countr_zero(left))];
      for_each_character(position, [&](Letter letter) { out.add(letter); });
    }
  }
}

void Automaton::step(const State* from, Letter letter, State* to) const {
  if (reading_ == Reading::kMay && is_hole(letter)) {
    step_hole(from, letter, to);
    return;
  }
  const State* advance = nullptr;
  const State* loop = nullptr;
  const State* characters = nullptr;
  if (letter >= kHoleLetters) {
    const Masks& mask = special_masks(letter);
    advance = mask.advance.data();
    loop = mask.loop.data();
  } else {
    const Masks& mask = wildcards_[static_cast<std::size_t>(class_of(letter))];
    advance = mask.advance.data();
    loop = mask.loop.data();
    characters = positions_of(letter);
  }
  State carry = 0;
  for (std::size_t w = 0; w < words_; ++w) {
    const State moving = from[w] & (characters == nullptr ? advance[w] : advance[w] | characters[w]);
    to[w] = (moving << 1U | carry) | (from[w] & loop[w]);
    carry = moving >> 63U;
  }
  close(to);
}

void Automaton::step_account(const State* from, State* to) const {
  const auto [remembered, added] = accounts_.try_emplace(std::vector<State>(from, from + words_));
  if (!added) {
    std::ranges::copy(remembered->second, to);
    return;
  }
  // Of digits that the same positions ask for, one does for all.
  const auto alike = [&](Letter one, Letter other) {
    const State* const some = positions_of(one);
    const State* const others = positions_of(other);
    return some == nullptr || others == nullptr ? some == others : std::equal(some, some + words_, others);
  };
  std::array<Letter, 9> digits{};
  std::size_t count = 0;
  for (Letter digit = U'1'; digit <= U'9'; ++digit) {
    const auto known = std::span(digits).first(count);
    if (std::ranges::none_of(known, [&](Letter one) { return alike(one, digit); })) {
      digits[count++] = digit;
    }
  }
  // Zeros so far, and a text with another digit.
  std::vector<State> zeros(from, from + words_);
  std::vector<State> others(words_, 0);
  std::vector<State> together(words_);
  std::vector<State> next(words_);
  std::vector<State> read(words_);
  const auto add = [&](const std::vector<State>& states, Letter digit, std::vector<State>& out) {
    step(states.data(), digit, read.data());
    for (std::size_t w = 0; w < words_; ++w) {
      out[w] |= read[w];
    }
  };
  for (std::size_t i = 0; i < kNoAccount.size(); ++i) {
    // What the other digits lead to, they lead to together.
    std::ranges::transform(zeros, others, together.begin(), std::bit_or<>());
    std::ranges::fill(next, State{0});
    for (const Letter digit : std::span(digits).first(count)) {
      add(together, digit, next);
    }
    add(others, U'0', next);
    std::swap(others, next);
    step(zeros.data(), U'0', read.data());
    zeros = read;
  }
  std::ranges::copy(others, to);
  remembered->second = std::move(others);
}

/// A hole of the text against a pattern that may match: the hole may be any text, so every later position can be
/// reached, or any within a field of an ARN; only when the pattern has the same hole at the same place, after the same
/// characters, nothing else can be.
void Automaton::step_hole(const State* from, Letter letter, State* to) const {
  const bool account = is_account(static_cast<std::uint16_t>(letter - kHoleLetters));
  const HoleTable::Entry& entry = holes_.entries[letter - kHoleLetters];
  const bool one_field = entry.hole.field && !entry.hole.many && !entry.pattern;
  std::fill_n(to, words_, State{0});
  if (account) {
    step_account(from, to);
  }
  const auto only = [&](std::size_t begin, std::size_t end, std::size_t at) {
    for (std::size_t position = begin; account && position < end; ++position) {
      to[position / 64] &= ~(State{1} << (position % 64));
    }
    to[at / 64] |= State{1} << (at % 64);
  };
  std::size_t i = 0;
  while (i < positions_.size()) {
    const std::uint32_t pattern = positions_[i].pattern;
    std::size_t end = i;
    std::size_t first = positions_.size();
    bool aligned = false;
    for (; end < positions_.size() && positions_[end].pattern == pattern; ++end) {
      if ((from[end / 64] >> (end % 64) & 1U) == 0) {
        continue;
      }
      if (first == positions_.size()) {
        first = end;
        aligned = positions_[end].kind == Kind::kHoleEntry && positions_[end].letter == letter;
      }
    }
    if (aligned) {
      only(i, end, first + positions_[first].length);
    } else if (!account) {
      bool reached = false;
      for (std::size_t at = first; at < end; ++at) {
        reached = reached || (from[at / 64] >> (at % 64) & 1U) != 0;
        if (reached) {
          to[at / 64] |= State{1} << (at % 64);
        }
        // What has no colons leads up to the next one.
        reached = reached && !(one_field && positions_[at].kind == Kind::kChar && positions_[at].letter == U':');
      }
    }
    i = end;
  }
  close(to);
}

bool Automaton::accepts(const State* state) const {
  for (std::size_t w = 0; w < words_; ++w) {
    if ((state[w] & accept_[w]) != 0) {
      return true;
    }
  }
  return false;
}

bool Automaton::dead(const State* state) const {
  return std::all_of(state, state + words_, [](State word) { return word == 0; });
}

bool Automaton::universal(const State* state) const {
  for (std::size_t w = 0; w < words_; ++w) {
    if ((state[w] & final_star_[w]) != 0) {
      return true;
    }
  }
  return false;
}

namespace {

/// Runs an automaton over the letters of a text. Small states live on the stack.
template <class Letters>
bool run(const Automaton& automaton, const Letters& letters) {
  constexpr std::size_t kSmall = 8;
  std::array<Automaton::State, kSmall * 2> small{};
  std::vector<Automaton::State> large;
  const std::size_t words = automaton.words();
  Automaton::State* state = small.data();
  if (words > kSmall) {
    large.resize(words * 2);
    state = large.data();
  }
  Automaton::State* next = state + words;
  automaton.start(state);
  for (const auto letter : letters) {
    automaton.step(state, static_cast<Letter>(letter), next);
    std::swap(state, next);
    if (automaton.dead(state)) {
      return false;
    }
  }
  return automaton.accepts(state);
}

}  // namespace

bool Automaton::accepts(const Word& word) const {
  return run(*this, word);
}
bool Automaton::accepts(std::string_view text) const {
  return run(*this, text);
}

void Automaton::collect_letters(LetterSet& out) const {
  for (const auto& [letter, unused] : characters_) {
    out.add(letter);
  }
  for (const Position& position : positions_) {
    switch (position.kind) {
      case Kind::kHole:
        out.add(position.letter);
        break;
      case Kind::kFieldAny:
      case Kind::kFieldStar:
      case Kind::kLowerAny:
      case Kind::kLowerStar:
        out.add(U':');
        break;
      case Kind::kDigit:
      case Kind::kNonZero:
        for (Letter digit = U'0'; digit <= U'9'; ++digit) {
          out.add(digit);
        }
        break;
      default:
        break;
    }
  }
}

bool Automaton::is_spelled(const State* state, std::vector<Letter>& out) const {
  for (std::size_t w = 0; w < words_; ++w) {
    if ((state[w] & wild_[w]) != 0) {
      return false;
    }
  }
  for (std::size_t w = 0; w < words_; ++w) {
    for (State left = state[w]; left != 0; left &= left - 1) {
      const Position& position = positions_[w * 64 + static_cast<std::size_t>(std::countr_zero(left))];
      for_each_character(position, [&](Letter letter) { out.push_back(letter); });
    }
  }
  return true;
}

std::pair<Letter, std::size_t> letter_at(const Pattern& pattern, std::size_t index) {
  if (const auto byte = static_cast<unsigned char>(pattern.tokens[index].byte); byte < 0x80) {
    return {Letter{byte}, 1};
  }
  std::string bytes;
  while (index + bytes.size() < pattern.tokens.size() && bytes.size() < 4 &&
         pattern.tokens[index + bytes.size()].kind == TokenKind::kChar) {
    bytes += pattern.tokens[index + bytes.size()].byte;
  }
  return decode(bytes);
}

bool Automaton::covers(const Pattern& pattern) const {
  if (pattern.malformed) {
    return true;
  }
  Word word;
  if (pattern.everything) {
    word.push_back(kStarLetter);
  } else {
    for (std::size_t i = 0; i < pattern.tokens.size(); ++i) {
      const Token& token = pattern.tokens[i];
      switch (token.kind) {
        case TokenKind::kChar: {
          const auto [letter, length] = letter_at(pattern, i);
          const bool either = pattern.fold && fold_letter(letter) >= U'a' && fold_letter(letter) <= U'z';
          word.push_back(either ? kFoldLetters + fold_letter(letter) : letter);
          i += length - 1;
          break;
        }
        case TokenKind::kAny:
          word.push_back(kAnyLetter);
          break;
        case TokenKind::kFieldAny:
        case TokenKind::kLowerAny:
        case TokenKind::kDigit:
          word.push_back(kFieldAnyLetter);
          break;
        case TokenKind::kFieldStar:
        case TokenKind::kLowerStar:
          word.push_back(kFieldStarLetter);
          break;
        case TokenKind::kHole:
          word.push_back(holes_.entries[token.index].hole.many ? kStarLetter : kHoleLetters + token.index);
          break;
        case TokenKind::kStar:
        case TokenKind::kVariable:
          word.push_back(kStarLetter);
          break;
        case TokenKind::kAnyHole:
          return false;
        case TokenKind::kNever:
          return true;
      }
    }
  }
  return accepts(word);
}

// ---- Sets. ----

TextSet::TextSet(std::vector<Pattern> patterns, const HoleTable& holes)
    : patterns_(std::move(patterns)), holes_(holes) {
  has_holes_ = std::ranges::any_of(patterns_, [](const Pattern& pattern) {
    return std::ranges::any_of(pattern.tokens, [](const Token& token) { return token.kind == TokenKind::kHole; });
  });
  has_variables_ = std::ranges::any_of(patterns_, &Pattern::has_variables);
}

const Automaton& TextSet::automaton(Reading reading) const {
  auto& slot = automata_[static_cast<std::size_t>(reading)];
  if (slot == nullptr) {
    slot = std::make_unique<Automaton>(patterns_, reading, holes_);
  }
  return *slot;
}

}  // namespace gabion::iam
