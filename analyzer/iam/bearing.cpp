#include "iam/bearing.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "iam/key_facts.h"

namespace gabion::iam {

namespace {

void add_parts(const Formula& formula, std::vector<const Formula*>& out) {
  if (formula.kind != FormulaKind::kAll) {
    out.push_back(&formula);
    return;
  }
  for (const Formula& child : formula.children) {
    add_parts(child, out);
  }
}

/// Does the formula come out as wanted for a request without any of its keys, by the alternatives that the search tries
/// first? Not where it is about anything but keys and known texts.
bool holds_without(const Formula& formula, bool wanted) {
  const auto child_holds = [&](const Formula& child) { return holds_without(child, wanted); };
  switch (formula.kind) {
    case FormulaKind::kAll:
    case FormulaKind::kAny:
      if (formula.children.empty()) {
        return false;
      }
      return (formula.kind == FormulaKind::kAll) == wanted ? std::ranges::all_of(formula.children, child_holds)
                                                           : child_holds(formula.children.front());
    case FormulaKind::kNot:
      return holds_without(formula.children.front(), !wanted);
    case FormulaKind::kAbsent:
      return wanted;
    case FormulaKind::kSubset:
      return wanted && std::ranges::all_of(formula.values, &Text::known);
    case FormulaKind::kPresent:
      return !wanted;
    case FormulaKind::kIn:
    case FormulaKind::kLike:
    case FormulaKind::kLess:
    case FormulaKind::kNotLess:
    case FormulaKind::kBefore:
    case FormulaKind::kNotBefore:
    case FormulaKind::kIp:
    case FormulaKind::kHas:
    case FormulaKind::kArnLike:
      return !wanted && std::ranges::all_of(formula.values, &Text::known);
    default:
      return false;
  }
}

/// Is all of the formula about keys, and not about how they compare with each other?
bool is_about_keys(const Formula& formula) {
  switch (formula.kind) {
    case FormulaKind::kTrue:
    case FormulaKind::kKeyEquals:
    case FormulaKind::kAction:
    case FormulaKind::kResource:
    case FormulaKind::kResourceIs:
    case FormulaKind::kPrincipal:
      return false;
    default:
      return std::ranges::all_of(formula.children, is_about_keys);
  }
}

/// Is the first thing that the search takes from a formula that its one key is absent, before anything that facts say
/// of it? That is so of the bare test, and of two alternatives of which it is the first.
bool begins_with_absence(const Formula& formula) {
  if (formula.kind == FormulaKind::kAbsent) {
    return true;
  }
  return formula.kind == FormulaKind::kAny && formula.children.size() == 2 &&
         formula.children.front().kind == FormulaKind::kAbsent && formula.children.back().children.empty() &&
         equal_folded(formula.children.front().key, formula.children.back().key);
}

/// Are keys compared with each other, or do they stand in texts?
bool links_keys(const Formula& formula) {
  return formula.kind == FormulaKind::kKeyEquals || formula.kind == FormulaKind::kResourceIs ||
         std::ranges::any_of(formula.children, links_keys);
}

/// A part that may be left out where nothing else speaks of its keys.
struct KeyTests {
  explicit KeyTests(const Formula& formula) : part(&formula) {
    add_keys(formula, keys);
    for (std::string& key : keys) {
      key = fold_case(key);
    }
  }

  /// Do requests without the keys satisfy the part, and all facts about these?
  [[nodiscard]] bool hold_without_keys(PrincipalTypes callers) {
    if (!is_about_keys(*part) || !holds_without(*part, true)) {
      return false;
    }
    for (const std::string& key : keys) {
      const Absence absence = absence_of(key, callers);
      if (!absence.free && !(absence.possible && begins_with_absence(*part))) {
        return false;
      }
      if (!absence.unless.empty()) {
        unless = absence.unless;
      }
      tells_callers_apart = tells_callers_apart || absence.tells_callers_apart;
    }
    return true;
  }

  const Formula* part;
  std::vector<std::string> keys;  ///< folded
  std::string unless{};           ///< a key that may not be there either
  bool tells_callers_apart = false;
};

}  // namespace

Bearing whole(const Formula& formula) {
  Bearing out;
  add_parts(formula, out.parts);
  return out;
}

Bearing bearing(const Formula& formula, const Survey& documents, PrincipalTypes callers,
                const Assumptions& assumptions) {
  Bearing all = whole(formula);
  // A key with an unknown name may be any key, and values of keys that are linked are tried for each other.
  const bool apart = std::ranges::none_of(
      documents.keys(), [](const auto& entry) { return entry.second.open_name || entry.second.as_variable; });
  if (!apart || links_keys(formula) || !assumptions.facts.empty() || !assumptions.keys.empty()) {
    return all;
  }
  std::vector<KeyTests> removable;
  std::vector<std::string> used;
  for (const Formula* part : all.parts) {
    KeyTests tests(*part);
    if (!tests.keys.empty() && tests.hold_without_keys(callers)) {
      removable.push_back(std::move(tests));
    } else {
      std::ranges::move(tests.keys, std::back_inserter(used));
    }
  }
  const auto is_used = [&](const std::string& key) {
    return std::ranges::find(used, key) != used.end() || documents.keys().contains(key);
  };
  // Keys of what stays are used.
  const auto stays = [&](KeyTests& one) {
    const bool out = std::ranges::any_of(one.keys, is_used) || (!one.unless.empty() && is_used(one.unless));
    if (out) {
      std::ranges::move(one.keys, std::back_inserter(used));
    }
    return out;
  };
  while (std::erase_if(removable, stays) > 0) {
  }
  std::erase_if(all.parts, [&](const Formula* part) {
    const auto gone = std::ranges::find(removable, part, &KeyTests::part);
    if (gone == removable.end()) {
      return false;
    }
    all.tells_callers_apart = all.tells_callers_apart || (assumptions.aws && gone->tells_callers_apart);
    return true;
  });
  return all;
}

}  // namespace gabion::iam
