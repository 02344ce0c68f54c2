#include "iam/solver.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace gabion::iam {

namespace {

/// Open alternatives on one path; every statement of a policy is one at most.
constexpr std::uint32_t kMaxDepth = 1500;
/// Combinations of values that are tried for keys that are compared with each other.
constexpr std::size_t kMaxCombinations = 2000;

class Solver {
 public:
  Solver(const Problem& problem, const SolverOptions& options)
      : problem_(problem),
        theory_(problem, options.search, options.actions),
        search_(options.search),
        assigned_(problem.atoms().size(), Value::kUnset),
        key_literals_(problem.keys().size()),
        dirty_keys_(problem.keys().size(), false) {
    theory_.steps() = options.steps;
  }

  Solution run(NodeId root) {
    Solution out;
    std::vector<NodeId> pending{root};
    const Outcome outcome = search(std::move(pending), {}, 0);
    if (outcome == Outcome::kSolved) {
      out = std::move(solution_);
      out.found = Found::kYes;
      return out;
    }
    out.found = outcome == Outcome::kConflict && !gave_up_ ? Found::kNo : Found::kGaveUp;
    out.out_of_steps = theory_.steps() == 0;
    return out;
  }

 private:
  enum class Value : std::uint8_t { kUnset, kTrue, kFalse };
  enum class Outcome : std::uint8_t { kSolved, kConflict, kGaveUp };

  /// A point to return to.
  struct Mark {
    std::size_t trail = 0;
    std::size_t callers = 0;
    std::size_t actions = 0;
    std::size_t resources = 0;
    std::size_t links = 0;
  };

  // ---- Assignment. ----

  /// False when the atom already has the other value, or nothing can be known about it.
  bool assign(AtomId id, bool positive) {
    const Value value = positive ? Value::kTrue : Value::kFalse;
    if (assigned_[id] != Value::kUnset) {
      return assigned_[id] == value;
    }
    assigned_[id] = value;
    trail_.push_back(id);
    const Literal literal{id, positive};
    const Atom& atom = problem_.atoms()[id];
    switch (atom.kind) {
      case AtomKind::kPrincipal:
        callers_.push_back(literal);
        callers_dirty_ = true;
        break;
      case AtomKind::kAction:
        actions_.push_back(literal);
        actions_dirty_ = true;
        break;
      case AtomKind::kResource:
        resources_.push_back(literal);
        resources_dirty_ = true;
        break;
      case AtomKind::kResourceLink:
        resources_.push_back(literal);
        links_.push_back(literal);
        resources_dirty_ = positive;
        break;
      case AtomKind::kKey:
        key_literals_[atom.key.key].push_back(literal);
        dirty_keys_[atom.key.key] = true;
        break;
      case AtomKind::kKeysEqual:
      case AtomKind::kKeyLink:
        links_.push_back(literal);
        break;
      case AtomKind::kOpen:
        return search_ == Search::kPossible;
    }
    return true;
  }

  [[nodiscard]] Mark mark() const {
    return {trail_.size(), callers_.size(), actions_.size(), resources_.size(), links_.size()};
  }

  void undo(const Mark& to) {
    while (trail_.size() > to.trail) {
      const AtomId id = trail_.back();
      trail_.pop_back();
      assigned_[id] = Value::kUnset;
      const Atom& atom = problem_.atoms()[id];
      if (atom.kind == AtomKind::kKey) {
        key_literals_[atom.key.key].pop_back();
        dirty_keys_[atom.key.key] = false;
      }
    }
    callers_.resize(to.callers);
    actions_.resize(to.actions);
    resources_.resize(to.resources);
    links_.resize(to.links);
    callers_dirty_ = actions_dirty_ = resources_dirty_ = false;
  }

  // ---- Checks. ----

  /// Answers of the theory by the set of literals, so that branches do not ask again.
  template <class Ask>
  bool consistent(char part, std::span<const Literal> literals, Ask&& ask) {
    std::vector<std::uint32_t> sorted;
    sorted.reserve(literals.size());
    for (const Literal& literal : literals) {
      sorted.push_back(literal.atom * 2 + (literal.positive ? 1 : 0));
    }
    std::ranges::sort(sorted);
    std::string signature(1, part);
    signature.append(reinterpret_cast<const char*>(sorted.data()), sorted.size() * sizeof(std::uint32_t));
    const auto known = answers_.find(signature);
    if (known != answers_.end()) {
      return known->second;
    }
    const bool possible = ask() != Found::kNo;
    answers_.emplace(std::move(signature), possible);
    return possible;
  }

  std::vector<Theory::KeyTest> tests_of(KeyId key) const {
    std::vector<Theory::KeyTest> tests;
    for (const Literal& literal : key_literals_[key]) {
      tests.push_back({.atom = &problem_.atoms()[literal.atom].key, .positive = literal.positive});
    }
    for (const Literal& literal : links_) {
      // Variables stand for any text here, so only what matches can be used.
      const Atom& atom = problem_.atoms()[literal.atom];
      if (atom.kind == AtomKind::kKeyLink && atom.key.key == key && literal.positive && !atom.key.test.op.negated) {
        tests.push_back({.atom = &atom.key, .positive = true});
      }
    }
    return tests;
  }

  bool check() {
    if (callers_dirty_) {
      callers_dirty_ = false;
      if (!theory_.caller(callers_)) {
        return false;
      }
    }
    std::string text;
    if (actions_dirty_) {
      actions_dirty_ = false;
      if (!consistent('a', actions_, [&] { return theory_.action(actions_, text); })) {
        return false;
      }
    }
    if (resources_dirty_) {
      resources_dirty_ = false;
      if (!consistent('r', resources_, [&] { return theory_.resource(resources_, {}, {}, text); })) {
        return false;
      }
    }
    for (KeyId key = 0; key < dirty_keys_.size(); ++key) {
      if (!dirty_keys_[key]) {
        continue;
      }
      dirty_keys_[key] = false;
      KeyState state;
      const bool linked = std::ranges::any_of(
          links_, [&](const Literal& literal) { return problem_.atoms()[literal.atom].kind == AtomKind::kKeyLink; });
      const auto ask = [&] { return theory_.key(key, tests_of(key), state); };
      if (linked ? ask() == Found::kNo : !consistent('k', key_literals_[key], ask)) {
        return false;
      }
    }
    return true;
  }

  // ---- Search. ----

  [[nodiscard]] Value value_of(NodeId id) const {
    const Node& node = problem_.nodes()[id];
    switch (node.kind) {
      case NodeKind::kTrue:
        return Value::kTrue;
      case NodeKind::kFalse:
        return Value::kFalse;
      case NodeKind::kLiteral: {
        const Value value = assigned_[node.atom];
        if (value == Value::kUnset) {
          return value;
        }
        return (value == Value::kTrue) == node.positive ? Value::kTrue : Value::kFalse;
      }
      case NodeKind::kAll: {
        // One level is enough to drop branches that cannot be taken.
        bool all_true = true;
        for (const NodeId child : node.children) {
          const Node& inner = problem_.nodes()[child];
          const Value value = inner.kind == NodeKind::kLiteral ? value_of(child) : Value::kUnset;
          if (value == Value::kFalse) {
            return Value::kFalse;
          }
          all_true = all_true && value == Value::kTrue;
        }
        return all_true ? Value::kTrue : Value::kUnset;
      }
      default:
        return Value::kUnset;
    }
  }

  /// Takes in nodes that must hold and everything that follows; false when they contradict each other.
  bool propagate(std::vector<NodeId>& pending, std::vector<NodeId>& open) {
    while (true) {
      while (!pending.empty()) {
        const NodeId id = pending.back();
        pending.pop_back();
        const Node& node = problem_.nodes()[id];
        switch (node.kind) {
          case NodeKind::kTrue:
            break;
          case NodeKind::kFalse:
            return false;
          case NodeKind::kLiteral:
            if (!assign(node.atom, node.positive)) {
              return false;
            }
            break;
          case NodeKind::kAll:
            pending.insert(pending.end(), node.children.rbegin(), node.children.rend());
            break;
          case NodeKind::kAny:
            open.push_back(id);
            break;
        }
      }
      if (!check()) {
        return false;
      }
      std::vector<NodeId> still_open;
      for (const NodeId id : open) {
        std::size_t left = 0;
        NodeId last = 0;
        bool satisfied = false;
        for (const NodeId child : problem_.nodes()[id].children) {
          const Value value = value_of(child);
          if (value == Value::kTrue) {
            satisfied = true;
            break;
          }
          if (value == Value::kUnset) {
            ++left;
            last = child;
          }
        }
        if (satisfied) {
          continue;
        }
        if (left == 0) {
          return false;
        }
        if (left == 1) {
          pending.push_back(last);
        } else {
          still_open.push_back(id);
        }
      }
      open = std::move(still_open);
      if (pending.empty()) {
        return true;
      }
    }
  }

  /// Which alternative to take next. Whole statements come first: they say most about the request, and decide many of
  /// the others. Among the rest it is the one with the fewest branches.
  std::vector<NodeId>::iterator choose(std::vector<NodeId>& open) const {
    const auto& nodes = problem_.nodes();
    const auto statements = std::ranges::find_if(open, [&](NodeId id) {
      return std::ranges::any_of(nodes[id].children, [&](NodeId child) { return nodes[child].kind == NodeKind::kAll; });
    });
    if (statements != open.end()) {
      return statements;
    }
    return std::ranges::min_element(open, {}, [&](NodeId id) {
      return std::ranges::count_if(nodes[id].children, [&](NodeId child) { return value_of(child) == Value::kUnset; });
    });
  }

  Outcome search(std::vector<NodeId> pending, std::vector<NodeId> open, std::uint32_t depth) {
    if (theory_.steps() == 0 || depth == kMaxDepth) {
      gave_up_ = true;
      return Outcome::kGaveUp;
    }
    --theory_.steps();
    const Mark before = mark();
    if (!propagate(pending, open)) {
      undo(before);
      return Outcome::kConflict;
    }
    if (open.empty()) {
      const Outcome outcome = finish();
      undo(before);
      return outcome;
    }
    const auto chosen = choose(open);
    const NodeId branch = *chosen;
    open.erase(chosen);
    bool gave_up = false;
    for (const NodeId child : problem_.nodes()[branch].children) {
      if (value_of(child) == Value::kFalse) {
        continue;
      }
      const Outcome outcome = search({child}, open, depth + 1);
      if (outcome == Outcome::kSolved) {
        undo(before);
        return outcome;
      }
      gave_up = gave_up || outcome == Outcome::kGaveUp;
      if (theory_.steps() == 0) {
        break;
      }
      // What did not help as true is false from here on.
      const Node& node = problem_.nodes()[child];
      // For sure answers neither a test nor its opposite need be sure.
      if (search_ == Search::kPossible && node.kind == NodeKind::kLiteral &&
          (!assign(node.atom, !node.positive) || !check())) {
        break;
      }
    }
    undo(before);
    return gave_up ? Outcome::kGaveUp : Outcome::kConflict;
  }

  // ---- Requests. ----

  Outcome give_up() {
    gave_up_ = true;
    return Outcome::kGaveUp;
  }

  /// All alternatives are taken: puts a request together.
  Outcome finish() {
    const auto caller = theory_.caller(callers_);
    if (!caller) {
      return Outcome::kConflict;
    }
    Request request;
    request.principal = problem_.candidates()[*caller].caller.text;
    Found found = Found::kYes;
    if (actions_.empty()) {
      request.action = default_action();
    } else {
      found = theory_.action(actions_, request.action);
    }
    if (found != Found::kYes) {
      return found == Found::kNo ? Outcome::kConflict : give_up();
    }
    const Outcome outcome = links_.empty() ? finish_keys({}, request) : finish_links(request);
    if (outcome != Outcome::kSolved) {
      return outcome;
    }
    solution_.request = std::move(request);
    solution_.generic_caller = problem_.candidates()[*caller].generic;
    return Outcome::kSolved;
  }

  [[nodiscard]] std::string default_action() const { return "s3:GetObject"; }

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
  Outcome finish_keys(const std::map<KeyId, KeyState>& states, Request& request) {
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
    linked_atoms.reserve(links_.size());
    for (const Literal& literal : links_) {
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
    for (KeyId key = 0; key < key_literals_.size(); ++key) {
      std::vector<Theory::KeyTest> tests;
      for (const Literal& literal : key_literals_[key]) {
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
          return Outcome::kConflict;
        }
      } else if (!tests.empty() || !problem_.keys()[key].may_absent) {
        const Found found = theory_.key(key, tests, state);
        if (found == Found::kNo) {
          return Outcome::kConflict;
        }
        gave_up = gave_up || found == Found::kGaveUp;
      }
      put(problem_.keys()[key], state, request);
    }
    std::vector<Literal> plain;
    for (const Literal& literal : resources_) {
      if (problem_.atoms()[literal.atom].kind == AtomKind::kResource) {
        plain.push_back(literal);
      }
    }
    const Found found = theory_.resource(plain, extra, request.action, request.resource);
    if (found == Found::kNo) {
      return Outcome::kConflict;
    }
    return gave_up || found == Found::kGaveUp ? give_up() : Outcome::kSolved;
  }

  /// Keys that are compared with each other or stand in texts: classes of equal ones get values one after the other.
  struct Class {
    std::vector<KeyId> keys;
    bool shared = false;                ///< by a positive comparison: one value, present
    std::vector<std::string> captured;  ///< values that texts around the variables ask for
    std::vector<KeyState> states;
    bool all = false;  ///< there are no other states
  };

  Outcome finish_links(Request& request) {
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
    for (const Literal& literal : links_) {
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
    for (const Literal& literal : links_) {
      const Atom& atom = problem_.atoms()[literal.atom];
      if (atom.kind == AtomKind::kKeysEqual && !literal.positive && class_of[atom.first] == class_of[atom.second]) {
        return Outcome::kConflict;
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
        return Outcome::kConflict;
      }
      complete = complete && found == Found::kYes;
      all = all && one.all;
    }
    complete = complete || all;
    std::size_t tries = 0;
    std::map<KeyId, KeyState> states;
    const Outcome outcome = combine(classes, 0, states, tries, request);
    if (outcome == Outcome::kSolved) {
      return outcome;
    }
    return outcome == Outcome::kConflict && complete && tries < kMaxCombinations ? Outcome::kConflict : give_up();
  }

  /// States to try for a class: absent, and enough different values. kYes: they represent all there are when keys are
  /// only compared; kNo: there is none.
  Found make_states(Class& one, std::size_t wanted) {
    Theory::Shared shared{.keys = one.keys, .tests = {}};
    for (const KeyId key : one.keys) {
      for (const Literal& literal : key_literals_[key]) {
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
      if (!capital.empty() && capital[0] >= 'a' && capital[0] <= 'z') {
        capital[0] = static_cast<char>(capital[0] - 'a' + 'A');
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
    for (const Literal& literal : links_) {
      const Atom& atom = problem_.atoms()[literal.atom];
      if (!literal.positive || (atom.kind != AtomKind::kResourceLink && atom.kind != AtomKind::kKeyLink)) {
        continue;
      }
      std::string text;
      if (atom.kind == AtomKind::kResourceLink) {
        if (theory_.resource(resources_, {}, {}, text) != Found::kYes) {
          continue;
        }
      } else {
        KeyState state;
        if (theory_.key(atom.key.key, tests_of(atom.key.key), state) != Found::kYes || state.values.empty()) {
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
    return std::ranges::any_of(links_, [&](const Literal& literal) {
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
    atoms.reserve(links_.size());
    Theory::Shared shared{.keys = one.keys, .tests = {}};
    for (const KeyId key : one.keys) {
      for (const Literal& literal : key_literals_[key]) {
        shared.tests.push_back({.atom = &problem_.atoms()[literal.atom].key, .positive = literal.positive});
      }
      for (const Literal& literal : links_) {
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
    return std::ranges::all_of(links_, [&](const Literal& literal) {
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

  Outcome combine(const std::vector<Class>& classes, std::size_t at, std::map<KeyId, KeyState>& states,
                  std::size_t& tries, Request& request) {
    if (at == classes.size()) {
      if (++tries >= kMaxCombinations || theory_.steps() == 0) {
        return Outcome::kGaveUp;
      }
      Request attempt = request;
      const Outcome outcome = finish_keys(states, attempt);
      if (outcome == Outcome::kSolved) {
        request = std::move(attempt);
      }
      return outcome;
    }
    Outcome worst = Outcome::kConflict;
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
        const Outcome outcome = combine(classes, at + 1, states, tries, request);
        if (outcome == Outcome::kSolved) {
          return outcome;
        }
        worst = outcome == Outcome::kGaveUp ? outcome : worst;
      }
      for (const KeyId key : classes[at].keys) {
        states.erase(key);
      }
      if (tries >= kMaxCombinations) {
        return Outcome::kGaveUp;
      }
    }
    return worst;
  }

  const Problem& problem_;
  Theory theory_;
  Search search_;
  std::vector<Value> assigned_;
  std::vector<AtomId> trail_;
  std::vector<Literal> callers_;
  std::vector<Literal> actions_;
  std::vector<Literal> resources_;
  std::vector<Literal> links_;
  std::vector<std::vector<Literal>> key_literals_;
  std::vector<bool> dirty_keys_;
  bool callers_dirty_ = false;
  bool actions_dirty_ = false;
  bool resources_dirty_ = false;
  bool gave_up_ = false;
  std::unordered_map<std::string, bool> answers_;
  Solution solution_;
};

}  // namespace

Solution solve(const Problem& problem, NodeId root, const SolverOptions& options) {
  return Solver(problem, options).run(root);
}

}  // namespace gabion::iam
