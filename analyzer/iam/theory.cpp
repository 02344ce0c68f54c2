#include "iam/theory.h"

#include <algorithm>
#include <array>
#include <utility>

#include "iam/condition.h"
#include "iam/scalar.h"

namespace gabion::iam {

namespace {

/// fits[t][i]: tokens from t on match the text from i on; variables match any text.
std::vector<std::vector<bool>> alignment(const Pattern& pattern, const std::string& text) {
  const std::size_t tokens = pattern.tokens.size();
  const std::size_t length = text.size();
  std::vector<std::vector<bool>> fits(tokens + 1, std::vector<bool>(length + 1, false));
  fits[tokens][length] = true;
  for (std::size_t t = tokens; t-- > 0;) {
    for (std::size_t i = length + 1; i-- > 0;) {
      const Token& token = pattern.tokens[t];
      const char c = i < length ? text[i] : '\0';
      bool one = i < length;
      bool many = false;
      switch (token.kind) {
        case TokenKind::kChar:
          one = one && (token.byte == c || (pattern.fold && equal_folded({&token.byte, 1}, {&c, 1})));
          break;
        case TokenKind::kFieldAny:
          one = one && c != ':';
          break;
        case TokenKind::kStar:
        case TokenKind::kVariable:
          many = true;
          break;
        case TokenKind::kFieldStar:
          many = true;
          one = one && c != ':';
          break;
        case TokenKind::kAny:
          break;
        default:
          one = false;
          break;
      }
      fits[t][i] = many ? fits[t + 1][i] || (one && fits[t][i + 1]) : one && fits[t + 1][i + 1];
    }
  }
  return fits;
}

/// Copies the case of a pattern's characters to a text that it matches without regard to case.
std::string recase(const Pattern& pattern, const std::string& text) {
  const auto fits = alignment(pattern, text);
  if (!fits[0][0]) {
    return text;
  }
  std::string out = text;
  std::size_t i = 0;
  for (std::size_t t = 0; t < pattern.tokens.size();) {
    const Token& token = pattern.tokens[t];
    if (token.kind == TokenKind::kStar) {
      if (fits[t + 1][i]) {
        ++t;
      } else {
        ++i;
      }
      continue;
    }
    if (token.kind == TokenKind::kChar) {
      out[i] = token.byte;
    }
    ++i;
    ++t;
  }
  return out;
}

void add_once(std::vector<std::string>& list, std::string text) {
  if (std::ranges::find(list, text) == list.end()) {
    list.push_back(std::move(text));
  }
}

/// Numbers that stand for all numbers which the bounds tell apart: the bounds, and one on either side of each.
std::vector<std::string> number_candidates(const std::vector<std::string>& bounds) {
  std::vector<Decimal> points;
  for (const std::string& bound : bounds) {
    if (auto value = parse_decimal(bound)) {
      points.push_back(std::move(*value));
    }
  }
  std::ranges::sort(points, [](const Decimal& a, const Decimal& b) { return a < b; });
  const auto repeated = std::ranges::unique(points);
  points.erase(repeated.begin(), repeated.end());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < points.size(); ++i) {
    out.push_back(to_string(points[i]));
    if (i + 1 < points.size()) {
      out.push_back(to_string(between(points[i], points[i + 1])));
    }
  }
  if (points.empty()) {
    out.emplace_back("1");
  } else {
    out.push_back(to_string(between(points.back(), std::nullopt)));
    // Below the least bound, but not below zero where that is possible.
    const Decimal zero;
    if (zero < points.front()) {
      out.push_back(to_string(between(zero, points.front())));
      out.emplace_back("0");
    }
    out.push_back(to_string(between(std::nullopt, points.front())));
  }
  return out;
}

std::vector<std::string> date_candidates(const std::vector<std::string>& bounds) {
  std::vector<Instant> points;
  for (const std::string& bound : bounds) {
    if (const auto value = parse_instant(bound)) {
      points.push_back(*value);
    }
  }
  std::ranges::sort(points);
  const auto repeated = std::ranges::unique(points);
  points.erase(repeated.begin(), repeated.end());
  std::vector<std::string> out;
  constexpr std::int64_t kDay = 86400;
  for (std::size_t i = 0; i < points.size(); ++i) {
    out.push_back(to_string(points[i]));
    if (i + 1 < points.size()) {
      const std::int64_t gap = points[i + 1].seconds - points[i].seconds;
      Instant middle = points[i];
      if (gap > 1) {
        middle = Instant{points[i].seconds + gap / 2, 0};
      } else {
        // Less than two seconds apart: in units of nanoseconds. Neighbouring ones have nothing between them.
        middle.nanoseconds += 1;
        if (middle.nanoseconds == 1'000'000'000U) {
          middle = Instant{middle.seconds + 1, 0};
        }
        if (middle >= points[i + 1]) {
          continue;
        }
      }
      out.push_back(to_string(middle));
    }
  }
  if (points.empty()) {
    out.emplace_back("2026-01-01T00:00:00Z");
  } else {
    out.push_back(to_string(Instant{points.back().seconds + kDay, 0}));
    out.push_back(to_string(Instant{points.front().seconds - kDay, 0}));
  }
  return out;
}

std::vector<std::string> address_candidates(const std::vector<std::string>& bounds) {
  std::vector<std::string> out;
  for (const std::string& bound : bounds) {
    const auto range = parse_range(bound);
    if (!range) {
      continue;
    }
    add_once(out, to_string(range->first));
    add_once(out, to_string(range->last));
    if (const auto after = next(range->last)) {
      add_once(out, to_string(*after));
    }
    if (const auto before = previous(range->first)) {
      add_once(out, to_string(*before));
    }
  }
  for (const char* extreme :
       {"198.51.100.7", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
    add_once(out, extreme);
  }
  return out;
}

bool readable_as(KeyType type, const std::string& value) {
  switch (type) {
    case KeyType::kNumeric:
      return parse_decimal(value).has_value();
    case KeyType::kDate:
      return parse_instant(value).has_value();
    case KeyType::kIp:
      return parse_address(value).has_value();
    case KeyType::kArn:
      return arn_fields(value) == 6;
    default:
      return true;
  }
}

/// The texts of a set when there are finitely many, spelled out in the patterns.
bool is_finite(const TextSet& set) {
  return std::ranges::all_of(set.patterns(), [](const Pattern& pattern) {
    return !pattern.everything && (!pattern.fold || pattern.malformed) &&
           std::ranges::all_of(pattern.tokens, [](const Token& token) { return token.kind == TokenKind::kChar; });
  });
}

}  // namespace

std::vector<std::pair<std::string, std::string>> capture(const Pattern& pattern, const std::string& text) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto fits = alignment(pattern, text);
  if (!fits[0][0]) {
    return out;
  }
  std::size_t i = 0;
  for (std::size_t t = 0; t < pattern.tokens.size(); ++t) {
    const Token& token = pattern.tokens[t];
    const bool many =
        token.kind == TokenKind::kStar || token.kind == TokenKind::kFieldStar || token.kind == TokenKind::kVariable;
    const std::size_t begin = i;
    if (!many) {
      ++i;
      continue;
    }
    // A variable takes as much as it can, so that it is not empty without need; a wildcard as little.
    while (!fits[t + 1][i] || (token.kind == TokenKind::kVariable && i < text.size() && fits[t][i + 1])) {
      ++i;
    }
    if (token.kind == TokenKind::kVariable) {
      out.emplace_back(pattern.variables[token.index].key, text.substr(begin, i - begin));
    }
  }
  return out;
}

Theory::Theory(const Problem& problem, Search search, std::span<const std::string_view> actions)
    : problem_(problem), search_(search) {
  actions_.assign(sample_actions().begin(), sample_actions().end());
  actions_.insert(actions_.end(), actions.begin(), actions.end());
}

// ---- Callers, actions, resources. ----

std::optional<std::size_t> Theory::caller(std::span<const Literal> literals) const {
  const auto& candidates = problem_.candidates();
  const bool possible = search_ == Search::kPossible;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    bool fits = true;
    bool spelled = false;  // a literal with holes fixes how the caller is spelled, see find_text
    for (const Literal& literal : literals) {
      const Atom& atom = problem_.atoms()[literal.atom];
      bool covered = atom.must[i];
      if (!possible && !literal.positive) {
        covered = atom.sure[i];
      } else if (possible && literal.positive && atom.may[i]) {
        const bool spells = atom.principal_spelled && !spelled;
        spelled = spelled || spells;
        covered = covered || !spells;
      }
      if (covered != literal.positive) {
        fits = false;
        break;
      }
    }
    if (fits) {
      return i;
    }
  }
  return std::nullopt;
}

Found Theory::action(std::span<const Literal> literals, std::string& out) {
  TextQuestion question;
  question.domain = &problem_.action_domain();
  question.search = search_;
  question.fold = true;
  question.samples = actions_;
  for (const Literal& literal : literals) {
    question.literals.push_back(TextLiteral{problem_.atoms()[literal.atom].set.get(), literal.positive});
  }
  Word word;
  const Found found = find_text(question, steps_, word);
  if (found != Found::kYes) {
    return found;
  }
  out = to_text(word, problem_.holes());
  const bool sample = std::ranges::find(actions_, out) != actions_.end();
  for (const Literal& literal : literals) {
    if (sample || !literal.positive) {
      continue;
    }
    for (const Pattern& pattern : problem_.atoms()[literal.atom].set->patterns()) {
      out = recase(pattern, out);
    }
  }
  return found;
}

Found Theory::resource(std::span<const Literal> literals, std::span<const TextLiteral> extra, std::string_view action,
                       std::string& out) {
  TextQuestion question;
  question.domain = &problem_.resource_domain();
  question.search = search_;
  const std::array<std::string_view, 1> samples{sample_resource(action)};
  question.samples = samples;
  for (const Literal& literal : literals) {
    const Atom& atom = problem_.atoms()[literal.atom];
    if (atom.kind == AtomKind::kResource || literal.positive) {
      question.literals.push_back(TextLiteral{atom.set.get(), literal.positive});
    }
  }
  question.literals.insert(question.literals.end(), extra.begin(), extra.end());
  Word word;
  const Found found = find_text(question, steps_, word);
  if (found == Found::kYes) {
    out = to_text(word, problem_.holes());
  }
  return found;
}

// ---- Values of keys. ----

bool Theory::holds_for(const Unary& unary, const std::string& value) const {
  if (value.empty() && unary.on_empty) {
    return *unary.on_empty;
  }
  const ValueTest& test = *unary.test;
  if (test.op.negated && test.unreadable_fails) {
    return !unary.wanted;
  }
  const bool wanted = unary.wanted != test.op.negated;  // whether some policy value must match
  const bool possible = search_ == Search::kPossible;
  if (test.set != nullptr) {
    const Reading reading = !test.set->has_holes() || wanted != possible ? Reading::kMust : Reading::kMay;
    return test.set->automaton(reading).accepts(to_word(value)) == wanted;
  }
  const RequestContext none;
  const ConditionScope scope{none, false, {}};
  bool any = std::ranges::any_of(test.values, [&](const std::string& one) {
    return test_value(test.op, Text(one), value, scope).value_or(false);
  });
  if (test.has_holes && wanted == possible) {
    any = true;  // the hole may match, where that is what is looked for or what must not happen
  }
  return any == wanted;
}

Found Theory::text_value(const Key& key, std::span<const Unary> tests, const std::vector<std::string>& excluded,
                         std::string& out) {
  TextQuestion question;
  question.domain = &problem_.key_domain(key);
  question.search = search_;
  std::vector<std::unique_ptr<TextSet>> owned;
  std::vector<const Unary*> others;
  bool empty_fits = key.type != KeyType::kArn && std::ranges::find(excluded, "") == excluded.end();
  for (const Unary& test : tests) {
    empty_fits = empty_fits && holds_for(test, "");
    if (test.test->op.negated && test.test->unreadable_fails) {
      if (test.wanted) {
        return Found::kNo;
      }
      continue;
    }
    if (test.test->set == nullptr) {
      others.push_back(&test);
      continue;
    }
    question.literals.push_back(TextLiteral{test.test->set.get(), test.wanted != test.test->op.negated});
  }
  for (const std::string& text : excluded) {
    std::vector<Pattern> patterns{compile_pattern(Text(text), {})};
    owned.push_back(std::make_unique<TextSet>(std::move(patterns), problem_.holes()));
    question.literals.push_back(TextLiteral{owned.back().get(), false});
  }
  std::vector<std::string_view> samples;
  if (!key.sample.empty()) {
    samples.push_back(key.sample);
  }
  for (const std::string& constant : key.constants) {
    const bool plain =
        std::ranges::all_of(constant, [](char c) { return c > ' ' && c < 127 && c != '*' && c != '?' && c != '$'; });
    if (!constant.empty() && plain && readable_as(key.type, constant)) {
      samples.push_back(constant);
    }
  }
  samples.emplace_back("example");
  if (!others.empty()) {
    // Operators of other types on a key of texts: only samples can be judged.
    for (const std::string_view sample : samples) {
      const std::string text(sample);
      if (std::ranges::all_of(tests, [&](const Unary& test) { return holds_for(test, text); }) &&
          std::ranges::find(excluded, text) == excluded.end()) {
        out = text;
        return Found::kYes;
      }
    }
  }
  question.samples = samples;
  Word word;
  const Found found = find_text(question, steps_, word);
  if (found == Found::kYes && others.empty()) {
    out = to_text(word, problem_.holes());
    return found;
  }
  if (empty_fits) {
    out.clear();
    return Found::kYes;
  }
  return found == Found::kYes ? Found::kGaveUp : found;
}

Found Theory::typed_value(const Key& key, std::span<const Unary> tests, const std::vector<std::string>& excluded,
                          std::string& out) {
  std::vector<std::string> bounds = excluded;
  std::vector<const Unary*> texts;
  const TextSet* finite = nullptr;
  for (const Unary& test : tests) {
    if (type_of(test.test->op.family) == key.type) {
      bounds.insert(bounds.end(), test.test->values.begin(), test.test->values.end());
      continue;
    }
    texts.push_back(&test);
    if (test.test->set != nullptr && test.wanted != test.test->op.negated && is_finite(*test.test->set)) {
      finite = test.test->set.get();
    }
  }
  std::vector<std::string> candidates;
  if (finite == nullptr && !key.sample.empty()) {
    candidates.emplace_back(key.sample);
  }
  std::vector<std::string> made = key.type == KeyType::kNumeric ? number_candidates(bounds)
                                  : key.type == KeyType::kDate  ? date_candidates(bounds)
                                                                : address_candidates(bounds);
  candidates.insert(candidates.end(), made.begin(), made.end());
  for (const std::string& constant : key.constants) {
    if (readable_as(key.type, constant)) {
      add_once(candidates, constant);
    }
  }
  if (!texts.empty() && key.type == KeyType::kNumeric) {
    // The same numbers in other spellings, for tests that look at the text.
    for (const std::string& number : made) {
      std::string longer = number.find('.') == std::string::npos ? number + ".0" : number + "0";
      for (std::size_t i = 0; i <= key.constants.size(); ++i) {
        add_once(candidates, longer);
        longer += '0';
      }
    }
  }
  const auto fits = [&](const std::string& value, bool all) {
    return std::ranges::all_of(tests, [&](const Unary& test) {
      return (!all && type_of(test.test->op.family) != key.type) || holds_for(test, value);
    });
  };
  bool types_agree = false;
  for (const std::string& candidate : candidates) {
    if (steps_ == 0) {
      return Found::kGaveUp;
    }
    --steps_;
    if (std::ranges::find(excluded, candidate) != excluded.end()) {
      continue;
    }
    types_agree = types_agree || fits(candidate, false);
    if (fits(candidate, true)) {
      out = candidate;
      return Found::kYes;
    }
  }
  // All numbers are represented, but not all their spellings, unless a test lists the spellings.
  return texts.empty() || !types_agree || finite != nullptr ? Found::kNo : Found::kGaveUp;
}

Found Theory::value(std::span<const KeyId> keys, std::span<const Unary> tests, const std::vector<std::string>& excluded,
                    std::string& out) {
  const auto& all = problem_.keys();
  // A key with few values decides; otherwise one with a type does.
  const Key* finite = nullptr;
  const Key* typed = nullptr;
  for (const KeyId id : keys) {
    const Key& key = all[id];
    if (!key.only.empty() && finite == nullptr) {
      finite = &key;
    }
    if (typed == nullptr && (key.type == KeyType::kNumeric || key.type == KeyType::kDate || key.type == KeyType::kIp)) {
      typed = &key;
    }
  }
  if (finite != nullptr) {
    for (const std::string& candidate : finite->only) {
      const bool in_all = std::ranges::all_of(keys, [&](KeyId id) {
        return all[id].only.empty() ? readable_as(all[id].type, candidate)
                                    : std::ranges::find(all[id].only, candidate) != all[id].only.end();
      });
      if (in_all && std::ranges::find(excluded, candidate) == excluded.end() &&
          std::ranges::all_of(tests, [&](const Unary& test) { return holds_for(test, candidate); })) {
        out = candidate;
        return Found::kYes;
      }
    }
    return Found::kNo;
  }
  if (typed != nullptr) {
    return typed_value(*typed, tests, excluded, out);
  }
  const auto arn = std::ranges::find_if(keys, [&](KeyId id) { return all[id].type == KeyType::kArn; });
  return text_value(all[arn == keys.end() ? keys.front() : *arn], tests, excluded, out);
}

std::optional<std::vector<Theory::Unary>> Theory::scalar_tests(std::span<const KeyTest> tests, bool in_list) const {
  std::vector<Unary> out;
  for (const KeyTest& test : tests) {
    const KeyAtom& atom = *test.atom;
    switch (atom.form) {
      case KeyForm::kPresence:
        if (atom.on_present != test.positive) {
          return std::nullopt;
        }
        break;
      case KeyForm::kScalar:
        if (test.positive == in_list) {
          return std::nullopt;
        }
        break;
      case KeyForm::kSingle:
        if (in_list && atom.list == OnList::kNever) {
          if (test.positive) {
            return std::nullopt;
          }
          break;
        }
        out.push_back(Unary{.test = &atom.test, .wanted = test.positive, .on_empty = std::nullopt});
        break;
      case KeyForm::kAll:
      case KeyForm::kSome:
        out.push_back(Unary{.test = &atom.test,
                            .wanted = test.positive,
                            .on_empty = atom.on_empty ? std::optional(*atom.on_empty == test.positive) : std::nullopt});
        break;
    }
  }
  return out;
}

Found Theory::list(KeyId key, std::span<const KeyTest> tests, KeyState& out) {
  const std::array<KeyId, 1> keys{key};
  const std::vector<std::string> no_empty =
      problem_.keys()[key].no_empty ? std::vector<std::string>{""} : std::vector<std::string>{};
  bool gave_up = false;
  out.shape = KeyState::Shape::kList;
  if (const auto single = scalar_tests(tests, true)) {
    std::string one;
    const Found found = value(keys, *single, no_empty, one);
    if (found == Found::kYes) {
      out.values = {one};
      return found;
    }
    gave_up = found == Found::kGaveUp;
  }
  // Several values: what every one must satisfy, and what some must satisfy.
  std::vector<Unary> every;
  std::vector<Unary> some;
  for (const KeyTest& test : tests) {
    const KeyAtom& atom = *test.atom;
    const Unary unary{.test = &atom.test, .wanted = test.positive, .on_empty = std::nullopt};
    switch (atom.form) {
      case KeyForm::kPresence:
        if (atom.on_present != test.positive) {
          return Found::kNo;
        }
        break;
      case KeyForm::kScalar:
        if (test.positive) {
          return Found::kNo;
        }
        break;
      case KeyForm::kSingle:
        if (atom.list == OnList::kEach) {
          // Negated operators ask for none, so for every value; their denial for some.
          (atom.test.op.negated == test.positive ? every : some).push_back(unary);
        } else if (test.positive) {
          return gave_up ? Found::kGaveUp : Found::kNo;
        }
        break;
      case KeyForm::kAll:
        (test.positive ? every : some).push_back(unary);
        break;
      case KeyForm::kSome:
        (test.positive ? some : every).push_back(unary);
        break;
    }
  }
  out.values.clear();
  const auto add = [&](const Unary* extra, const std::vector<std::string>& excluded) {
    std::vector<Unary> wanted = every;
    if (extra != nullptr) {
      wanted.push_back(*extra);
    }
    std::string one;
    const Found found = value(keys, wanted, excluded, one);
    if (found == Found::kYes) {
      add_once(out.values, std::move(one));
    }
    return found;
  };
  for (const Unary& unary : some) {
    if (const Found found = add(&unary, {}); found != Found::kYes) {
      return gave_up ? Found::kGaveUp : found;
    }
  }
  while (out.values.size() < 2) {
    if (const Found found = add(nullptr, out.values); found != Found::kYes) {
      return gave_up ? Found::kGaveUp : found;
    }
  }
  return Found::kYes;
}

Found Theory::key(KeyId key, std::span<const KeyTest> tests, KeyState& out) {
  const Key& about = problem_.keys()[key];
  if (about.may_absent &&
      std::ranges::all_of(tests, [](const KeyTest& test) { return test.atom->on_absent == test.positive; })) {
    out = KeyState{};
    return Found::kYes;
  }
  bool gave_up = false;
  if (about.may_scalar) {
    if (const auto single = scalar_tests(tests, false)) {
      const std::array<KeyId, 1> keys{key};
      const std::vector<std::string> excluded =
          about.no_empty ? std::vector<std::string>{""} : std::vector<std::string>{};
      std::string one;
      const Found found = value(keys, *single, excluded, one);
      if (found == Found::kYes) {
        out = KeyState{.shape = KeyState::Shape::kScalar, .values = {one}};
        return found;
      }
      gave_up = found == Found::kGaveUp;
    }
  }
  if (about.may_list) {
    const Found found = list(key, tests, out);
    if (found != Found::kNo) {
      return found;
    }
  }
  return gave_up ? Found::kGaveUp : Found::kNo;
}

Found Theory::shared_value(const Shared& shared, const std::vector<std::string>& excluded, std::string& out) {
  if (!std::ranges::all_of(shared.keys, [&](KeyId id) { return problem_.keys()[id].may_scalar; })) {
    return Found::kNo;
  }
  const auto tests = scalar_tests(shared.tests, false);
  return tests ? value(shared.keys, *tests, excluded, out) : Found::kNo;
}

bool Theory::holds(const KeyTest& test, const KeyState& state) const {
  const KeyAtom& atom = *test.atom;
  if (state.shape == KeyState::Shape::kAbsent) {
    return atom.on_absent == test.positive;
  }
  const bool in_list = state.shape == KeyState::Shape::kList;
  const std::array<KeyTest, 1> one{test};
  if (state.values.size() == 1) {
    const auto tests = scalar_tests(one, in_list);
    return tests && std::ranges::all_of(*tests, [&](const Unary& unary) { return holds_for(unary, state.values[0]); });
  }
  const auto check = [&](bool wanted, bool every) {
    const Unary unary{.test = &atom.test, .wanted = wanted, .on_empty = std::nullopt};
    const auto fits = [&](const std::string& value) { return holds_for(unary, value); };
    return every ? std::ranges::all_of(state.values, fits) : std::ranges::any_of(state.values, fits);
  };
  switch (atom.form) {
    case KeyForm::kPresence:
      return atom.on_present == test.positive;
    case KeyForm::kScalar:
      return !test.positive;
    case KeyForm::kSingle:
      if (atom.list != OnList::kEach) {
        return !test.positive;
      }
      return check(test.positive, atom.test.op.negated == test.positive);
    case KeyForm::kAll:
      return check(test.positive, test.positive);
    case KeyForm::kSome:
      return check(test.positive, !test.positive);
  }
  return false;
}

}  // namespace gabion::iam
