#include "iam/request_builder.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "source/ascii.h"

namespace gabion::iam {

namespace {

/// Combinations of values that are tried for keys that are compared with each other.
constexpr std::size_t kMaxCombinations = 2000;

class Builder {
 public:
  Builder(const Problem& problem, const Chosen& chosen, Theory& theory)
      : problem_(problem), chosen_(chosen), theory_(theory) {}

  Found run(BuiltRequest& out) {
    const auto caller = theory_.caller(chosen_.callers);
    if (!caller) {
      return Found::kNo;
    }
    Request request;
    request.principal = problem_.candidates()[*caller].caller.text;
    request.action = "s3:GetObject";
    if (!chosen_.actions.empty()) {
      if (const Found found = theory_.action(chosen_.actions, request.action); found != Found::kYes) {
        return found;
      }
    }
    const Found found = chosen_.links.empty() ? finish_keys({}, request) : finish_links(request);
    if (found == Found::kYes) {
      theory_.fit_action(chosen_.actions, request.resource, request.action);
      out.request = std::move(request);
      out.generic_caller = problem_.candidates()[*caller].generic;
    }
    return found;
  }

 private:
  static void put(const Key& key, const KeyState& state, Request& request) {
    switch (state.shape) {
      case KeyState::Shape::kAbsent:
        break;
      case KeyState::Shape::kScalar:
        request.context[key.name] = ContextValue(state.values.front());
        break;
      case KeyState::Shape::kList:
        request.context[key.name] = ContextValue(state.values);
        break;
    }
  }

  /// Values of the keys that are not set, and the resource. `states` are those of keys in links.
  Found finish_keys(const std::map<KeyId, KeyState>& states, Request& request) {
    std::map<KeyId, std::string> values;
    for (const auto& [key, state] : states) {
      if (state.shape == KeyState::Shape::kScalar) {
        values.emplace(key, state.values.front());
      }
    }
    std::vector<TextLiteral> extra;
    std::vector<std::unique_ptr<TextSet>> owned;
    std::vector<KeyAtom> linked_atoms;
    std::vector<std::pair<KeyId, bool>> linked;
    linked_atoms.reserve(chosen_.links.size());
    for (const Literal& literal : chosen_.links) {
      const Atom& atom = problem_.atoms()[literal.atom];
      if (atom.kind == AtomKind::kResourceLink) {
        owned.push_back(problem_.substituted(atom.patterns, values));
        extra.push_back(TextLiteral{owned.back().get(), literal.positive});
      } else if (atom.kind == AtomKind::kKeyLink) {
        KeyAtom made = atom.key;
        made.test.set = std::shared_ptr<const TextSet>(problem_.substituted(atom.patterns, values));
        linked_atoms.push_back(std::move(made));
        linked.emplace_back(atom.key.key, literal.positive);
      }
    }
    bool gave_up = false;
    for (KeyId key = 0; key < chosen_.keys.size(); ++key) {
      std::vector<Theory::KeyTest> tests;
      for (const Literal& literal : chosen_.keys[key]) {
        tests.push_back({.atom = &problem_.atoms()[literal.atom].key, .positive = literal.positive});
      }
      for (std::size_t i = 0; i < linked.size(); ++i) {
        if (linked[i].first == key) {
          tests.push_back({.atom = &linked_atoms[i], .positive = linked[i].second});
        }
      }
      KeyState state;
      if (const auto set = states.find(key); set != states.end()) {
        state = set->second;
        if (!std::ranges::all_of(tests, [&](const Theory::KeyTest& test) { return theory_.holds(test, state); })) {
          return Found::kNo;
        }
      } else if (!tests.empty() || !problem_.keys()[key].may_absent) {
        const Found found = theory_.key(key, tests, state);
        if (found == Found::kNo) {
          return Found::kNo;
        }
        gave_up = gave_up || found == Found::kGaveUp;
      }
      put(problem_.keys()[key], state, request);
    }
    std::vector<Literal> plain;
    for (const Literal& literal : chosen_.resources) {
      if (problem_.atoms()[literal.atom].kind == AtomKind::kResource) {
        plain.push_back(literal);
      }
    }
    const Found found = theory_.resource(plain, extra, request.action, request.resource);
    if (found == Found::kNo) {
      return Found::kNo;
    }
    return gave_up || found == Found::kGaveUp ? Found::kGaveUp : Found::kYes;
  }

  /// Keys that are compared with each other or stand in texts: classes of equal ones get values one after the other.
  struct Class {
    std::vector<KeyId> keys;
    bool shared = false;                ///< by a positive comparison: one value, present
    std::vector<std::string> captured;  ///< values that texts around the variables ask for
    std::vector<KeyState> states;
    bool all = false;  ///< there are no other states
  };

  Found finish_links(Request& request) {
    std::map<KeyId, std::size_t> class_of;
    std::vector<Class> classes;
    const auto class_at = [&](KeyId key) {
      const auto [known, added] = class_of.emplace(key, classes.size());
      if (added) {
        classes.push_back(Class{.keys = {key}, .shared = false, .captured = {}, .states = {}, .all = false});
      }
      return known->second;
    };
    bool only_comparisons = true;
    for (const Literal& literal : chosen_.links) {
      const Atom& atom = problem_.atoms()[literal.atom];
      if (atom.kind == AtomKind::kKeysEqual) {
        const std::size_t first = class_at(atom.first);
        const std::size_t second = class_at(atom.second);
        only_comparisons = only_comparisons && !atom.fold;
        if (!literal.positive || atom.fold) {
          continue;
        }
        classes[first].shared = true;
        if (first != second) {
          for (const KeyId key : classes[second].keys) {
            classes[first].keys.push_back(key);
            class_of[key] = first;
          }
          classes[second].keys.clear();
          // Later keys of the second class are found in the first.
          for (auto& [key, at] : class_of) {
            at = at == second ? first : at;
          }
        }
        continue;
      }
      only_comparisons = false;
      for (const Pattern& pattern : atom.patterns) {
        for (const PolicyVariable& variable : pattern.variables) {
          if (const auto key = problem_.find_key(variable.key)) {
            (void)class_at(*key);
          }
        }
      }
    }
    for (const Literal& literal : chosen_.links) {
      const Atom& atom = problem_.atoms()[literal.atom];
      if (atom.kind == AtomKind::kKeysEqual && !literal.positive && class_of[atom.first] == class_of[atom.second]) {
        return Found::kNo;
      }
    }
    add_captured(class_of, classes);
    std::erase_if(classes, [](const Class& one) { return one.keys.empty(); });
    // Keys whose values are made of others come after those.
    std::stable_partition(classes.begin(), classes.end(), [&](const Class& one) { return !is_target(one); });
    // Nothing is left out when a few different values stand for all of them, or when there are no more than a few.
    bool complete = only_comparisons;
    bool all = true;
    for (Class& one : classes) {
      const Found found = make_states(one, classes.size() + 1);
      if (found == Found::kNo) {
        return Found::kNo;
      }
      complete = complete && found == Found::kYes;
      all = all && one.all;
    }
    complete = complete || all;
    std::size_t tries = 0;
    std::map<KeyId, KeyState> states;
    const Found outcome = combine(classes, 0, states, tries, request);
    if (outcome == Found::kYes) {
      return outcome;
    }
    return outcome == Found::kNo && complete && tries < kMaxCombinations ? Found::kNo : Found::kGaveUp;
  }

  /// States to try for a class: absent, and enough different values. kYes: they represent all there are when keys are
  /// only compared; kNo: there is none.
  Found make_states(Class& one, std::size_t wanted) {
    Theory::Shared shared{.keys = one.keys, .tests = {}};
    for (const KeyId key : one.keys) {
      for (const Literal& literal : chosen_.keys[key]) {
        shared.tests.push_back({.atom = &problem_.atoms()[literal.atom].key, .positive = literal.positive});
      }
    }
    const bool may_absent = !one.shared && problem_.keys()[one.keys.front()].may_absent &&
                            std::ranges::all_of(shared.tests, [](const Theory::KeyTest& test) {
                              return test.atom->on_absent == test.positive;
                            });
    if (may_absent) {
      one.states.push_back(KeyState{});
    }
    bool complete = !(problem_.keys()[one.keys.front()].may_list && !one.shared);
    std::vector<std::string> values;
    for (const KeyId key : one.keys) {
      wanted = std::max(wanted, problem_.keys()[key].only.size());
    }
    while (values.size() < wanted) {
      std::string value;
      const Found found = theory_.shared_value(shared, values, value);
      if (found == Found::kYes) {
        values.push_back(std::move(value));
        continue;
      }
      complete = complete && found == Found::kNo;
      one.all = complete;
      break;
    }
    // Constants of the other keys, and their other spellings, for comparisons that are no plain equality.
    std::vector<std::string> further = one.captured;
    for (const Key& key : problem_.keys()) {
      further.insert(further.end(), key.constants.begin(), key.constants.end());
    }
    further.insert(further.end(), values.begin(), values.end());
    for (const std::string& text : further) {
      std::string capital = text;
      if (!capital.empty()) {
        capital[0] = source::to_upper(capital[0]);
      }
      for (const std::string& spelling : {text, capital, fold_case(text)}) {
        const KeyState state{.shape = KeyState::Shape::kScalar, .values = {spelling}};
        const bool fits = std::ranges::find(values, spelling) == values.end() && values.size() < wanted + 12 &&
                          std::ranges::all_of(
                              shared.tests, [&](const Theory::KeyTest& test) { return theory_.holds(test, state); }) &&
                          std::ranges::all_of(one.keys, [&](KeyId key) {
                            const auto& only = problem_.keys()[key].only;
                            return only.empty() || std::ranges::find(only, spelling) != only.end();
                          });
        if (fits) {
          values.push_back(spelling);
        }
      }
    }
    for (const std::string& value : values) {
      one.states.push_back(KeyState{.shape = KeyState::Shape::kScalar, .values = {value}});
    }
    if (one.states.empty()) {
      return complete ? Found::kNo : Found::kGaveUp;
    }
    return complete ? Found::kYes : Found::kGaveUp;
  }

  /// Adds values that variables have in texts which the patterns around them match.
  void add_captured(const std::map<KeyId, std::size_t>& class_of, std::vector<Class>& classes) {
    for (const Literal& literal : chosen_.links) {
      const Atom& atom = problem_.atoms()[literal.atom];
      if (!literal.positive || (atom.kind != AtomKind::kResourceLink && atom.kind != AtomKind::kKeyLink)) {
        continue;
      }
      std::string text;
      if (atom.kind == AtomKind::kResourceLink) {
        if (theory_.resource(chosen_.resources, {}, {}, text) != Found::kYes) {
          continue;
        }
      } else {
        KeyState state;
        if (theory_.key(atom.key.key, tests_of(problem_, chosen_, atom.key.key), state) != Found::kYes ||
            state.values.empty()) {
          continue;
        }
        text = state.values.front();
      }
      for (const Pattern& pattern : atom.patterns) {
        for (const auto& [variable, value] : capture(pattern, text)) {
          const auto key = problem_.find_key(variable);
          const auto known = key ? class_of.find(*key) : class_of.end();
          if (known != class_of.end()) {
            classes[known->second].captured.push_back(value);
          }
        }
      }
    }
  }

  /// Is a value of the class compared with a text that has variables?
  [[nodiscard]] bool is_target(const Class& one) const {
    return std::ranges::any_of(chosen_.links, [&](const Literal& literal) {
      const Atom& atom = problem_.atoms()[literal.atom];
      return atom.kind == AtomKind::kKeyLink && std::ranges::find(one.keys, atom.key.key) != one.keys.end();
    });
  }

  /// Values of a class that fit the texts made of the values so far.
  std::vector<KeyState> made_states(const Class& one, const std::map<KeyId, KeyState>& states) {
    std::map<KeyId, std::string> values;
    std::vector<std::string> taken;
    for (const auto& [key, state] : states) {
      if (state.shape == KeyState::Shape::kScalar) {
        values.emplace(key, state.values.front());
        taken.push_back(state.values.front());
      }
    }
    std::vector<KeyAtom> atoms;
    atoms.reserve(chosen_.links.size());
    Theory::Shared shared{.keys = one.keys, .tests = {}};
    for (const KeyId key : one.keys) {
      for (const Literal& literal : chosen_.keys[key]) {
        shared.tests.push_back({.atom = &problem_.atoms()[literal.atom].key, .positive = literal.positive});
      }
      for (const Literal& literal : chosen_.links) {
        const Atom& atom = problem_.atoms()[literal.atom];
        if (atom.kind == AtomKind::kKeyLink && atom.key.key == key) {
          atoms.push_back(atom.key);
          atoms.back().test.set = std::shared_ptr<const TextSet>(problem_.substituted(atom.patterns, values));
          shared.tests.push_back({.atom = &atoms.back(), .positive = literal.positive});
        }
      }
    }
    std::vector<KeyState> out;
    for (const bool apart : {false, true}) {
      std::string value;
      if (theory_.shared_value(shared, apart ? taken : std::vector<std::string>{}, value) == Found::kYes) {
        out.push_back(KeyState{.shape = KeyState::Shape::kScalar, .values = {value}});
      }
    }
    return out;
  }

  /// Do comparisons hold as far as both sides have a state?
  bool comparisons_hold(const std::map<KeyId, KeyState>& states) const {
    return std::ranges::all_of(chosen_.links, [&](const Literal& literal) {
      const Atom& atom = problem_.atoms()[literal.atom];
      if (atom.kind != AtomKind::kKeysEqual) {
        return true;
      }
      const auto first = states.find(atom.first);
      const auto second = states.find(atom.second);
      if (first == states.end() || second == states.end()) {
        return true;
      }
      const bool both =
          first->second.shape == KeyState::Shape::kScalar && second->second.shape == KeyState::Shape::kScalar;
      const bool equal = both && (atom.fold ? equal_folded(first->second.values[0], second->second.values[0])
                                            : first->second.values == second->second.values);
      return equal == literal.positive;
    });
  }

  Found combine(const std::vector<Class>& classes, std::size_t at, std::map<KeyId, KeyState>& states,
                std::size_t& tries, Request& request) {
    if (at == classes.size()) {
      if (++tries >= kMaxCombinations || theory_.steps() == 0) {
        return Found::kGaveUp;
      }
      Request attempt = request;
      const Found outcome = finish_keys(states, attempt);
      if (outcome == Found::kYes) {
        request = std::move(attempt);
      }
      return outcome;
    }
    Found worst = Found::kNo;
    std::vector<KeyState> tried = classes[at].states;
    if (is_target(classes[at])) {
      std::vector<KeyState> made = made_states(classes[at], states);
      tried.insert(tried.end(), made.begin(), made.end());
    }
    for (const KeyState& state : tried) {
      for (const KeyId key : classes[at].keys) {
        states[key] = state;
      }
      if (comparisons_hold(states)) {
        const Found outcome = combine(classes, at + 1, states, tries, request);
        if (outcome == Found::kYes) {
          return outcome;
        }
        worst = outcome == Found::kGaveUp ? outcome : worst;
      }
      for (const KeyId key : classes[at].keys) {
        states.erase(key);
      }
      if (tries >= kMaxCombinations) {
        return Found::kGaveUp;
      }
    }
    return worst;
  }

  const Problem& problem_;
  const Chosen& chosen_;
  Theory& theory_;
};

}  // namespace

std::vector<Theory::KeyTest> tests_of(const Problem& problem, const Chosen& chosen, KeyId key) {
  std::vector<Theory::KeyTest> tests;
  for (const Literal& literal : chosen.keys[key]) {
    tests.push_back({.atom = &problem.atoms()[literal.atom].key, .positive = literal.positive});
  }
  for (const Literal& literal : chosen.links) {
    // Variables stand for any text here, so only what matches can be used.
    const Atom& atom = problem.atoms()[literal.atom];
    if (atom.kind == AtomKind::kKeyLink && atom.key.key == key && literal.positive && !atom.key.test.op.negated) {
      tests.push_back({.atom = &atom.key, .positive = true});
    }
  }
  return tests;
}

Found build_request(const Problem& problem, const Chosen& chosen, Theory& theory, BuiltRequest& out) {
  return Builder(problem, chosen, theory).run(out);
}

}  // namespace gabion::iam
