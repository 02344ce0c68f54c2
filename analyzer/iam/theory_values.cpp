// The part of Theory about values: a number, date, address or text that satisfies all tests of a key.
#include <algorithm>
#include <memory>
#include <utility>

#include "iam/condition.h"
#include "iam/scalar.h"
#include "iam/theory.h"

namespace gabion::iam {

namespace {

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
  points.erase(std::unique(points.begin(), points.end()), points.end());
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
  points.erase(std::unique(points.begin(), points.end()), points.end());
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
                         std::vector<FoundText>* known, std::string& out) {
  TextQuestion question;
  question.known = known;
  question.domain = &problem_.key_domain(key);
  question.search = search_;
  std::vector<std::unique_ptr<TextSet>> owned;
  std::vector<const Unary*> others;
  bool empty_fits =
      key.type != KeyType::kArn && key.spelling == Spelling::kAny && std::ranges::find(excluded, "") == excluded.end();
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
                    std::vector<FoundText>* known, std::string& out) {
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
  const auto spelled = std::ranges::find_if(keys, [&](KeyId id) { return all[id].spelling != Spelling::kAny; });
  if (spelled != keys.end()) {
    return text_value(all[*spelled], tests, excluded, known, out);
  }
  const auto arn = std::ranges::find_if(keys, [&](KeyId id) { return all[id].type == KeyType::kArn; });
  return text_value(all[arn == keys.end() ? keys.front() : *arn], tests, excluded, known, out);
}

}  // namespace gabion::iam
