#include "iam/theory.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "aws/action_patterns.h"
#include "aws/resource_patterns.h"

namespace gabion::iam {

namespace {

/// For each token and place: whether the tokens from it on match the text from there on; variables match any text.
class Alignment {
 public:
  Alignment(const Pattern& pattern, std::string_view text)
      : width_(text.size() + 1), fits_((pattern.tokens.size() + 1) * width_, 0) {
    fits_.back() = 1;
    for (std::size_t t = pattern.tokens.size(); t-- > 0;) {
      const Token& token = pattern.tokens[t];
      const bool many =
          token.kind == TokenKind::kStar || token.kind == TokenKind::kVariable || token.kind == TokenKind::kFieldStar;
      char* const row = &fits_[t * width_];
      const char* const rest = row + width_;
      for (std::size_t i = width_; i-- > 0;) {
        const bool one = i < text.size() && takes(pattern, token, text[i]);
        row[i] = static_cast<char>(many ? rest[i] != 0 || (one && row[i + 1] != 0) : one && rest[i + 1] != 0);
      }
    }
  }
  [[nodiscard]] bool fits(std::size_t token, std::size_t place) const { return fits_[token * width_ + place] != 0; }
  /// Whether that is worth to be known: it is for requests that people can read, and takes room for every pair.
  [[nodiscard]] static bool is_affordable(const Pattern& pattern, std::string_view text) {
    constexpr std::size_t kMostPairs = std::size_t{1} << 22U;
    return (text.size() + 1) <= kMostPairs / (pattern.tokens.size() + 1);
  }

 private:
  [[nodiscard]] static bool takes(const Pattern& pattern, const Token& token, char c) {
    switch (token.kind) {
      case TokenKind::kChar:
        return token.byte == c || (pattern.fold && fold_byte(token.byte) == fold_byte(c));
      case TokenKind::kFieldAny:
      case TokenKind::kFieldStar:
        return c != ':';
      case TokenKind::kStar:
      case TokenKind::kVariable:
      case TokenKind::kAny:
        return true;
      default:
        return false;
    }
  }

  std::size_t width_;
  std::vector<char> fits_;
};

/// A pattern of actions as it would be written; empty for one with holes.
std::string text_of(const Pattern& pattern) {
  std::string text;
  for (const Token& token : pattern.tokens) {
    if (token.kind == TokenKind::kChar) {
      text += token.byte;
    } else if (token.kind == TokenKind::kStar || token.kind == TokenKind::kAny) {
      text += token.kind == TokenKind::kStar ? '*' : '?';
    } else {
      return {};
    }
  }
  return text;
}

/// Copies the case of a pattern's characters to a text that it matches without regard to case.
std::string recase(const Pattern& pattern, const std::string& text) {
  const bool plain =
      std::ranges::all_of(pattern.tokens, [](const Token& token) { return token.kind == TokenKind::kChar; });
  if (plain && !pattern.everything && pattern.tokens.size() == text.size()) {
    std::string spelled;
    std::ranges::transform(pattern.tokens, std::back_inserter(spelled), &Token::byte);
    return equal_folded(spelled, text) ? spelled : text;
  }
  if (!Alignment::is_affordable(pattern, text)) {
    return text;
  }
  const Alignment alignment(pattern, text);
  if (!alignment.fits(0, 0)) {
    return text;
  }
  std::string out = text;
  std::size_t i = 0;
  for (std::size_t t = 0; t < pattern.tokens.size();) {
    const Token& token = pattern.tokens[t];
    if (token.kind == TokenKind::kStar) {
      if (alignment.fits(t + 1, i)) {
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

}  // namespace

std::vector<std::pair<std::string, std::string>> capture(const Pattern& pattern, const std::string& text) {
  std::vector<std::pair<std::string, std::string>> out;
  if (!Alignment::is_affordable(pattern, text)) {
    return out;
  }
  const Alignment alignment(pattern, text);
  if (!alignment.fits(0, 0)) {
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
    while (!alignment.fits(t + 1, i) ||
           (token.kind == TokenKind::kVariable && i < text.size() && alignment.fits(t, i + 1))) {
      ++i;
    }
    if (token.kind == TokenKind::kVariable) {
      out.emplace_back(pattern.variables[token.index].key, text.substr(begin, i - begin));
    }
  }
  return out;
}

std::optional<std::string> example_resource(std::string_view action, const Text& pattern) {
  const HoleTable holes;
  const TextSet domain(Problem::resource_texts(), holes);
  const TextSet wanted({compile_pattern(pattern, resource_syntax(FormulaKind::kResource))}, holes);
  const std::array<std::string_view, 1> samples{sample_resource(action)};
  TextQuestion question{
      .domain = &domain, .literals = {TextLiteral{.set = &wanted, .inside = true}}, .samples = samples};
  std::uint64_t steps = Assumptions().steps;
  Word word;
  return find_text(question, steps, word) == Found::kYes ? std::optional(to_text(word, holes)) : std::nullopt;
}

Theory::Theory(const Problem& problem, Search search, std::span<const std::string_view> actions)
    : problem_(problem), search_(search) {
  actions_.assign(sample_actions().begin(), sample_actions().end());
  actions_.insert(actions_.end(), actions.begin(), actions.end());
}

// ---- Callers, actions, resources. ----

std::optional<std::size_t> Theory::caller(std::span<const Literal> literals) {
  const auto& candidates = problem_.candidates();
  const bool possible = search_ == Search::kPossible;
  // Of a few callers it takes no time.
  constexpr std::uint64_t kTestsPerStep = 10'000;
  std::uint64_t tests = 0;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < candidates.size() && !found; ++i) {
    bool fits = true;
    bool spelled = false;  // a literal with holes fixes how the caller is spelled, see find_text
    for (const Literal& literal : literals) {
      ++tests;
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
      found = i;
    }
  }
  steps_ -= std::min(steps_, tests / kTestsPerStep);
  return found;
}

TextQuestion Theory::about_action(std::span<const Literal> literals) const {
  TextQuestion question;
  question.domain = &problem_.action_domain();
  question.search = search_;
  question.fold = true;
  question.samples = actions_;
  question.literals.reserve(literals.size());
  for (const Literal& literal : literals) {
    question.literals.push_back(TextLiteral{problem_.atoms()[literal.atom].set.get(), literal.positive});
  }
  return question;
}

Found Theory::some_action(std::span<const Literal> literals) {
  TextQuestion question = about_action(literals);
  question.known = &known_actions_;
  Word word;
  return find_text(question, steps_, word);
}

std::optional<std::string> Theory::existing_action(std::span<const Literal> literals, std::string_view found) {
  if (aws::find_action(found)) {
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (const Literal& literal : literals) {
    if (!literal.positive) {
      continue;
    }
    for (const Pattern& pattern : problem_.atoms()[literal.atom].set->patterns()) {
      const std::string text = text_of(pattern);
      const std::size_t wildcard = text.find_first_of("*?");
      // Of what begins with a wildcard, samples were tried.
      if (wildcard != std::string::npos && text.find(':') < wildcard) {
        for (const aws::ActionId action : aws::expand_action(text)) {
          names.push_back(aws::name_of(action));
        }
      }
    }
  }
  TextQuestion question = about_action(literals);
  const std::vector<std::string_view> samples(names.begin(), names.end());
  question.samples = samples;
  Word word;
  if (samples.empty() || find_text(question, steps_, word) != Found::kYes) {
    return std::nullopt;
  }
  std::string text = to_text(word, problem_.holes());
  return aws::find_action(text) ? std::optional(std::move(text)) : std::nullopt;
}

Found Theory::action(std::span<const Literal> literals, std::string& out) {
  Word word;
  const Found found = find_text(about_action(literals), steps_, word);
  if (found != Found::kYes) {
    return found;
  }
  out = to_text(word, problem_.holes());
  if (const std::optional<std::string> existing = existing_action(literals, out)) {
    out = *existing;
    return found;
  }
  const bool sample = std::ranges::find(actions_, out) != actions_.end();
  for (const Literal& literal : literals) {
    if (sample || !literal.positive) {
      continue;
    }
    for (const Pattern& pattern : problem_.atoms()[literal.atom].set->patterns()) {
      const bool capitals = std::ranges::any_of(pattern.tokens, [](const Token& token) {
        return token.kind == TokenKind::kChar && token.byte >= 'A' && token.byte <= 'Z';
      });
      if (capitals && match(pattern, out)) {
        out = recase(pattern, out);
      }
    }
  }
  return found;
}

void Theory::fit_action(std::span<const Literal> literals, const std::string& resource, std::string& action) {
  const std::array<std::string_view, 1> resources{resource};
  aws::ResourcePatterns patterns(resources);
  const auto fits = [&](std::string_view name) {
    const std::optional<aws::ActionId> known = aws::find_action(name);
    return known && patterns.fit(*known);
  };
  if (!aws::find_action(action) || fits(action)) {
    return;
  }
  TextQuestion question = about_action(literals);
  // Few of the samples are asked about, and what fits a resource takes longer to say.
  std::vector<std::string_view> fitting = fitting_samples(question);
  std::erase_if(fitting, [&](std::string_view name) { return !fits(name); });
  question.samples = fitting;
  Word word;
  if (!fitting.empty() && find_text(question, steps_, word) == Found::kYes) {
    const std::string found = to_text(word, problem_.holes());
    action = std::ranges::find(fitting, found) != fitting.end() ? found : action;
  }
}

TextQuestion Theory::about_resource(std::span<const Literal> literals) const {
  TextQuestion question;
  question.domain = &problem_.resource_domain();
  question.search = search_;
  question.literals.reserve(literals.size());
  for (const Literal& literal : literals) {
    const Atom& atom = problem_.atoms()[literal.atom];
    if (atom.kind == AtomKind::kResource || literal.positive) {
      question.literals.push_back(TextLiteral{atom.set.get(), literal.positive});
    }
  }
  return question;
}

Found Theory::some_resource(std::span<const Literal> literals) {
  TextQuestion question = about_resource(literals);
  const std::array<std::string_view, 1> samples{sample_resource({})};
  question.samples = samples;
  question.known = &known_resources_;
  Word word;
  return find_text(question, steps_, word);
}

Found Theory::resource(std::span<const Literal> literals, std::span<const TextLiteral> extra, std::string_view action,
                       std::string& out) {
  // Links of one request ask for the same thing one after the other.
  const auto known = !extra.empty() ? answers_.end() : std::ranges::find_if(answers_, [&](const KnownResource& one) {
    return one.action == action && std::ranges::equal(one.literals, literals);
  });
  if (known != answers_.end()) {
    out = known->found == Found::kYes ? known->text : out;
    return known->found;
  }
  TextQuestion question = about_resource(literals);
  const std::array<std::string_view, 1> samples{sample_resource(action)};
  question.samples = samples;
  question.literals.insert(question.literals.end(), extra.begin(), extra.end());
  Word word;
  const Found found = find_text(question, steps_, word);
  if (found == Found::kYes) {
    out = to_text(word, problem_.holes());
  }
  if (extra.empty() && found != Found::kGaveUp) {
    constexpr std::size_t kMostAnswers = 8;
    if (answers_.size() == kMostAnswers) {
      answers_.erase(answers_.begin());
    }
    answers_.push_back({.literals = {literals.begin(), literals.end()},
                        .action = std::string(action),
                        .found = found,
                        .text = found == Found::kYes ? out : std::string()});
  }
  return found;
}

// ---- Keys. ----

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

Found Theory::list(KeyId key, std::span<const KeyTest> tests, std::vector<FoundText>* known, KeyState& out) {
  const std::array<KeyId, 1> keys{key};
  const std::vector<std::string> no_empty =
      problem_.keys()[key].no_empty ? std::vector<std::string>{""} : std::vector<std::string>{};
  bool gave_up = false;
  out.shape = KeyState::Shape::kList;
  if (const auto single = scalar_tests(tests, true)) {
    std::string one;
    const Found found = value(keys, *single, no_empty, known, one);
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
    const Found found = value(keys, wanted, excluded, nullptr, one);
    if (found == Found::kYes) {
      if (std::ranges::find(out.values, one) == out.values.end()) {
        out.values.push_back(std::move(one));
      }
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
  return state(key, tests, nullptr, out);
}

Found Theory::some_state(KeyId key, std::span<const KeyTest> tests) {
  known_values_.resize(problem_.keys().size());
  KeyState unused;
  return state(key, tests, &known_values_[key], unused);
}

Found Theory::state(KeyId key, std::span<const KeyTest> tests, std::vector<FoundText>* known, KeyState& out) {
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
      const Found found = value(keys, *single, excluded, known, one);
      if (found == Found::kYes) {
        out = KeyState{.shape = KeyState::Shape::kScalar, .values = {one}};
        return found;
      }
      gave_up = found == Found::kGaveUp;
    }
  }
  if (about.may_list) {
    const Found found = list(key, tests, known, out);
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
  return tests ? value(shared.keys, *tests, excluded, nullptr, out) : Found::kNo;
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
