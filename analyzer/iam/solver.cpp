#include "iam/solver.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "iam/request_builder.h"

namespace gabion::iam {

namespace {

/// Open alternatives on one path; every statement of a policy is one at most.
constexpr std::uint32_t kMaxDepth = 1500;
class Solver {
 public:
  Solver(const Problem& problem, const SolverOptions& options)
      : problem_(problem),
        theory_(problem, options.search, options.actions),
        search_(options.search),
        without_request_(options.without_request),
        assigned_(problem.atoms().size(), Value::kUnset),
        dirty_keys_(problem.keys().size(), false) {
    theory_.steps() = options.steps;
    chosen_.keys.resize(problem.keys().size());
  }

  Solution run(NodeId root) {
    Solution out;
    std::vector<NodeId> pending{root};
    const Outcome outcome = search(std::move(pending), {}, 0);
    if (outcome == Outcome::kSolved) {
      out.request = std::move(built_.request);
      out.generic_caller = built_.generic_caller;
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
        chosen_.callers.push_back(literal);
        callers_dirty_ = true;
        break;
      case AtomKind::kAction:
        chosen_.actions.push_back(literal);
        actions_dirty_ = true;
        break;
      case AtomKind::kResource:
        chosen_.resources.push_back(literal);
        resources_dirty_ = true;
        break;
      case AtomKind::kResourceLink:
        chosen_.resources.push_back(literal);
        chosen_.links.push_back(literal);
        resources_dirty_ = positive;
        break;
      case AtomKind::kKey:
        chosen_.keys[atom.key.key].push_back(literal);
        dirty_keys_[atom.key.key] = true;
        break;
      case AtomKind::kKeysEqual:
      case AtomKind::kKeyLink:
        chosen_.links.push_back(literal);
        break;
      case AtomKind::kOpen:
        return search_ == Search::kPossible;
    }
    return true;
  }

  [[nodiscard]] Mark mark() const {
    return {trail_.size(), chosen_.callers.size(), chosen_.actions.size(), chosen_.resources.size(),
            chosen_.links.size()};
  }

  void undo(const Mark& to) {
    while (trail_.size() > to.trail) {
      const AtomId id = trail_.back();
      trail_.pop_back();
      assigned_[id] = Value::kUnset;
      const Atom& atom = problem_.atoms()[id];
      if (atom.kind == AtomKind::kKey) {
        chosen_.keys[atom.key.key].pop_back();
        dirty_keys_[atom.key.key] = false;
      }
    }
    chosen_.callers.resize(to.callers);
    chosen_.actions.resize(to.actions);
    chosen_.resources.resize(to.resources);
    chosen_.links.resize(to.links);
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
    // What cannot be stays so, whatever else is asked for.
    const bool excluded = std::ranges::any_of(impossible_, [&](const Impossible& one) {
      return one.part == part && std::ranges::includes(sorted, one.literals);
    });
    const Found found = excluded ? Found::kNo : ask();
    const bool possible = found != Found::kNo;
    in_doubt_ = in_doubt_ || found == Found::kGaveUp;
    answers_.emplace(std::move(signature), possible);
    if (!possible && !excluded && impossible_.size() < kMostImpossible) {
      impossible_.push_back({part, std::move(sorted)});
    }
    return possible;
  }

  bool check() {
    if (callers_dirty_) {
      callers_dirty_ = false;
      if (!theory_.caller(chosen_.callers)) {
        return false;
      }
    }
    if (actions_dirty_) {
      actions_dirty_ = false;
      if (!consistent('a', chosen_.actions, [&] { return theory_.some_action(chosen_.actions); })) {
        return false;
      }
    }
    if (resources_dirty_) {
      resources_dirty_ = false;
      if (!consistent('r', chosen_.resources, [&] { return theory_.some_resource(chosen_.resources); })) {
        return false;
      }
    }
    for (KeyId key = 0; key < dirty_keys_.size(); ++key) {
      if (!dirty_keys_[key]) {
        continue;
      }
      dirty_keys_[key] = false;
      const bool linked = std::ranges::any_of(chosen_.links, [&](const Literal& literal) {
        return problem_.atoms()[literal.atom].kind == AtomKind::kKeyLink;
      });
      const auto ask = [&] { return theory_.some_state(key, tests_of(problem_, chosen_, key)); };
      if (linked ? ask() == Found::kNo : !consistent('k', chosen_.keys[key], ask)) {
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

  /// Is nothing left to choose, and a request to be made, which tells whether each part is possible?
  [[nodiscard]] bool decided(const std::vector<NodeId>& open) const {
    return open.empty() && !without_request_ && chosen_.links.empty();
  }

  /// Takes in nodes that must hold and everything that follows; false when they contradict each other. `first`: nothing
  /// was chosen so far.
  bool propagate(std::vector<NodeId>& pending, std::vector<NodeId>& open, bool first) {
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
      // Of choices most are impossible, which is quicker to see.
      if (!(first && decided(open)) && !check()) {
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

  /// Is there an alternative between tests none of which is possible? Asked before a statement is chosen: where a Deny
  /// covers all that is asked about, each Allow statement would be gone through to find that out.
  bool refuted(const std::vector<NodeId>& open) {
    const auto& nodes = problem_.nodes();
    const auto is_test = [&](NodeId id) { return nodes[id].kind == NodeKind::kLiteral; };
    const auto tests_only = [&](NodeId id) { return std::ranges::all_of(nodes[id].children, is_test); };
    if (std::ranges::all_of(open, tests_only)) {
      return false;
    }
    return std::ranges::any_of(open, [&](NodeId id) {
      return tests_only(id) && std::ranges::none_of(nodes[id].children, [&](NodeId child) {
               const Mark before = mark();
               const Node& test = nodes[child];
               const bool possible = assign(test.atom, test.positive) && check();
               undo(before);
               return possible;
             });
    });
  }

  /// Which alternative to take next. Whole statements come first: they say most about the request, and decide many of
  /// the others. Among the rest it is the one with the fewest branches.
  std::vector<NodeId>::iterator choose(std::vector<NodeId>& open) const {
    const auto& nodes = problem_.nodes();
    const auto parts = [&](NodeId id) {
      return std::ranges::count_if(nodes[id].children,
                                   [&](NodeId child) { return nodes[child].kind == NodeKind::kAll; });
    };
    const auto statements = std::ranges::max_element(open, {}, parts);
    if (parts(*statements) > 0) {
      return statements;
    }
    return std::ranges::min_element(open, {}, [&](NodeId id) {
      return std::ranges::count_if(nodes[id].children, [&](NodeId child) { return value_of(child) == Value::kUnset; });
    });
  }

  /// All alternatives are taken: a request, if there is one.
  Outcome finish() {
    // Without links the parts do not hang on each other, and each was found to be possible.
    if (without_request_ && !in_doubt_ && chosen_.links.empty()) {
      return rest_is_possible() ? Outcome::kSolved : Outcome::kConflict;
    }
    switch (build_request(problem_, chosen_, theory_, built_)) {
      case Found::kYes:
        return Outcome::kSolved;
      case Found::kNo:
        return Outcome::kConflict;
      case Found::kGaveUp:
        break;
    }
    gave_up_ = true;
    return Outcome::kGaveUp;
  }

  /// Whether there is a caller, and a value for each key that is always there, also when no literal is about them.
  [[nodiscard]] bool rest_is_possible() {
    if (!theory_.caller(chosen_.callers)) {
      return false;
    }
    for (KeyId key = 0; key < chosen_.keys.size(); ++key) {
      if (chosen_.keys[key].empty() && !problem_.keys()[key].may_absent && theory_.some_state(key, {}) == Found::kNo) {
        return false;
      }
    }
    return true;
  }

  Outcome search(std::vector<NodeId> pending, std::vector<NodeId> open, std::uint32_t depth) {
    if (theory_.steps() == 0 || depth == kMaxDepth) {
      gave_up_ = true;
      return Outcome::kGaveUp;
    }
    --theory_.steps();
    const Mark before = mark();
    if (!propagate(pending, open, depth == 0)) {
      undo(before);
      return Outcome::kConflict;
    }
    if (open.empty()) {
      const Outcome outcome = finish();
      undo(before);
      return outcome;
    }
    if (depth == 0 && refuted(open)) {
      undo(before);
      return Outcome::kConflict;
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

  const Problem& problem_;
  Theory theory_;
  Search search_;
  bool without_request_ = false;
  bool in_doubt_ = false;  ///< whether literals of some part are possible could not be found out
  std::vector<Value> assigned_;
  std::vector<AtomId> trail_;
  Chosen chosen_;
  std::vector<bool> dirty_keys_;
  bool callers_dirty_ = false;
  bool actions_dirty_ = false;
  bool resources_dirty_ = false;
  bool gave_up_ = false;
  /// Literals of a part that contradict each other.
  struct Impossible {
    char part;
    std::vector<std::uint32_t> literals;
  };
  static constexpr std::size_t kMostImpossible = 64;
  std::unordered_map<std::string, bool> answers_;
  std::vector<Impossible> impossible_;
  BuiltRequest built_;
};

}  // namespace

Solution solve(const Problem& problem, NodeId root, const SolverOptions& options) {
  return Solver(problem, options).run(root);
}

}  // namespace gabion::iam
