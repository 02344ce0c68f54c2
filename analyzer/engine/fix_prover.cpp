#include "engine/fix_prover.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "model/address.h"

namespace gabion::engine {
namespace {

/// Is it likely that the unit has to do with what is wrong with these resources? It is about one of them, or about one
/// beside it in a module that is called.
bool is_to_blame(const FixUnit& unit, const std::set<std::string>& resources) {
  return std::any_of(unit.begin(), unit.end(), [&](const ChosenFix& fix) {
    const std::string& own = fix.finding->resource;
    const std::string_view module = model::module_of(own);
    return std::any_of(resources.begin(), resources.end(), [&](const std::string& resource) {
      return resource == own || (!module.empty() && model::module_of(resource) == module);
    });
  });
}

/// The unit in parts, each of one rule.
std::vector<FixUnit> by_rule(const FixUnit& unit) {
  std::vector<FixUnit> result;
  for (const ChosenFix& fix : unit) {
    const auto same = std::find_if(result.begin(), result.end(), [&](const FixUnit& other) {
      return other.front().finding->rule == fix.finding->rule;
    });
    if (same == result.end()) {
      result.push_back({fix});
    } else {
      same->push_back(fix);
    }
  }
  return result;
}

/// Files that are not in both as they are in one.
std::vector<std::string> files_changed(const FixTexts& from, const FixTexts& texts) {
  std::vector<std::string> files;
  for (const auto& [path, text] : texts) {
    const auto before = from.find(path);
    if (before == from.end() || before->second != text) {
      files.push_back(path);
    }
  }
  return files;
}

}  // namespace

void FixProver::begin_round() {
  reach_.begin(progress_.state.texts);
  whole_ = false;
}

source::Expected<FixProver::Before> FixProver::before_of(const FixTexts& texts) {
  if (whole_) {
    return Before{&progress_.state, nullptr};
  }
  const auto part = reach_.part(files_changed(progress_.state.texts, texts));
  if (!part) {
    return part.error();
  }
  return Before{*part == nullptr ? &progress_.state : &(*part)->before, *part};
}

source::Expected<FixProver::After> FixProver::attempt(const std::vector<ChosenFix>& chosen) {
  FixTexts changed = progress_.state.texts;
  for (auto& [path, text] : edited_texts(chosen, progress_.artifacts())) {
    changed[path] = std::move(text);
  }
  const auto before = before_of(changed);
  if (!before) {
    return before.error();
  }
  auto state = analyze_fixed(request_, changed, chosen, before->inventory());
  if (!state) {
    return state.error();
  }
  return After{std::move(*state), *before};
}

std::optional<std::vector<ChosenFix>> FixProver::fixes_of_new(const FixState& before, const FixState& state) {
  std::vector<ChosenFix> more;
  for (const findings::Finding* const fresh : changes_of(before.result, state.result, state.chosen).fresh) {
    const findings::Finding& finding = *fresh;
    if (is_led_to(finding, state.chosen)) {
      continue;
    }
    if (!finding.fix || finding.fix->proposal >= state.result.proposals.size()) {
      return std::nullopt;
    }
    const FixProposal& proposal = state.result.proposals[finding.fix->proposal];
    const std::size_t at = followed_[finding.fingerprint];
    if (at >= proposal.alternatives.size()) {
      followed_.erase(finding.fingerprint);
      return std::nullopt;
    }
    const findings::Fix& fix = proposal.alternatives[at].fix;
    if (fix.safety == findings::Safety::kManual || (fix.safety == findings::Safety::kUnsafe && !options_.unsafe)) {
      return std::nullopt;
    }
    const bool conflict = std::any_of(more.begin(), more.end(), [&](const ChosenFix& other) {
      return other.chosen().fix.edits != fix.edits && chooser_.meet(other.chosen(), proposal.alternatives[at]);
    });
    if (!conflict) {
      more.push_back({&finding, &proposal, at});
    }
  }
  return more;
}

bool FixProver::follow_up(After& after, std::set<std::string>& to_blame) {
  constexpr int kMaxAnalyses = 6;
  std::vector<std::shared_ptr<FixState>> kept;  // findings and proposals are theirs
  const FixState* current = &after.state;
  Before before = after.before;
  std::vector<AppliedFix> extra;
  for (int i = 0; i < kMaxAnalyses; ++i) {
    const auto more = fixes_of_new(*before.state, *current);
    if (!more || more->empty()) {
      return false;
    }
    FixTexts texts = current->texts;
    for (auto& [path, text] : edited_texts(*more, *current->artifacts)) {
      texts[path] = std::move(text);
    }
    std::vector<ChosenFix> all = current->chosen;
    all.insert(all.end(), more->begin(), more->end());
    const auto further = before_of(texts);
    if (!further) {
      return false;
    }
    const FixState* from = current;
    if (further->part != before.part) {  // they reach further than what was analysed
      auto again = analyze_fixed(request_, current->texts, current->chosen, further->inventory());
      if (!again) {
        return false;
      }
      kept.push_back(std::make_shared<FixState>(std::move(*again)));
      from = kept.back().get();
    }
    auto next = analyze_fixed(request_, texts, all, further->inventory());
    if (!next) {
      return false;
    }
    const bool proved = !why_not_proved(*further->state, *next, all);
    std::set<std::string> left;
    for (const findings::Finding& finding : next->result.findings) {
      left.insert(finding.fingerprint);
    }
    to_blame = proved ? std::set<std::string>() : resources_not_proved(*further->state, *next, all);
    // What the first fixes add is theirs; the others may not change it for instances that are as they should be.
    const bool all_meant = changes_what_is_declared(*from, *next, *more);
    bool helped = all_meant;
    for (const ChosenFix& fix : *more) {
      if (!all_meant || (!proved && left.contains(fix.finding->fingerprint))) {
        followed_[fix.finding->fingerprint] = fix.alternative + 1;
        helped = false;
      }
    }
    if (!helped) {
      continue;  // from the same state with the next alternatives
    }
    for (const ChosenFix& fix : *more) {
      extra.push_back(as_applied(fix, *current->artifacts));
    }
    if (proved) {
      next->extra = std::move(extra);
      kept.push_back(std::make_shared<FixState>(std::move(after.state)));
      next->earlier.assign(kept.begin(), kept.end());
      after = After{std::move(*next), *further};
      return true;
    }
    kept.push_back(std::make_shared<FixState>(std::move(*next)));
    current = kept.back().get();
    before = *further;
  }
  return false;
}

source::Expected<std::vector<FixUnit>> FixProver::prove_together(std::vector<FixUnit> units,
                                                                 std::optional<After>& best) {
  const std::vector<ChosenFix> chosen = all_of(units);
  auto after = attempt(chosen);
  if (!after) {
    return after.error();
  }
  const std::optional<std::string> problem = why_not_proved(*after->before.state, after->state, chosen);
  if (!problem) {
    best = std::move(*after);
    return units;
  }
  std::set<std::string> to_blame = resources_not_proved(*after->before.state, after->state, chosen);
  if (follow_up(*after, to_blame)) {
    best = std::move(*after);
    return units;
  }
  if (units.size() == 1) {
    units = by_rule(units.front());  // what one rule asks for in vain may be all that another one wants
  }
  if (units.size() == 1) {
    for (const ChosenFix& fix : units.front()) {
      chooser_.refuse(fix, *problem);
    }
    best.reset();
    return std::vector<FixUnit>{};
  }
  auto middle = std::stable_partition(units.begin(), units.end(),
                                      [&](const FixUnit& unit) { return !is_to_blame(unit, to_blame); });
  if (middle == units.begin() || middle == units.end()) {
    middle = units.begin() + static_cast<std::ptrdiff_t>(units.size() / 2);
  }
  std::optional<After> first_state;
  std::optional<After> second_state;
  auto first = prove_together(std::vector<FixUnit>(units.begin(), middle), first_state);
  if (!first) {
    return first.error();
  }
  auto second = prove_together(std::vector<FixUnit>(middle, units.end()), second_state);
  if (!second) {
    return second.error();
  }
  if (first->empty() || second->empty()) {
    best = first->empty() ? std::move(second_state) : std::move(first_state);
    return first->empty() ? std::move(*second) : std::move(*first);
  }
  std::vector<FixUnit> both = *first;
  both.insert(both.end(), second->begin(), second->end());
  const std::vector<ChosenFix> together = all_of(both);
  auto joined = attempt(together);
  if (!joined) {
    return joined.error();
  }
  if (!why_not_proved(*joined->before.state, joined->state, together) || follow_up(*joined, to_blame)) {
    best = std::move(*joined);
    return both;
  }
  // Each half proves, both do not: the second waits for the next round.
  best = std::move(first_state);
  return std::move(*first);
}

std::vector<std::vector<FixUnit>> FixProver::apart(std::vector<FixUnit> units) {
  struct Group {
    std::set<std::string> directories;
    std::vector<std::size_t> units;
  };
  std::vector<Group> groups;
  for (std::size_t i = 0; i < units.size(); ++i) {
    std::set<std::string> files;
    for (const findings::Edit& edit : units[i].front().chosen().fix.edits) {
      files.insert(std::string(progress_.artifacts().get(edit.region.artifact).path()));
    }
    auto affected = whole_ ? std::nullopt : reach_.affected({files.begin(), files.end()});
    if (!affected) {
      return {std::move(units)};
    }
    Group group{std::move(*affected), {i}};
    std::erase_if(groups, [&](Group& other) {
      const bool meet = std::ranges::any_of(
          other.directories, [&](const std::string& directory) { return group.directories.contains(directory); });
      if (meet) {
        group.directories.merge(other.directories);
        group.units.insert(group.units.end(), other.units.begin(), other.units.end());
      }
      return meet;
    });
    groups.push_back(std::move(group));
  }
  std::vector<std::vector<FixUnit>> result;
  for (Group& group : groups) {
    std::ranges::sort(group.units);
    std::vector<FixUnit>& made = result.emplace_back();
    for (const std::size_t i : group.units) {
      made.push_back(std::move(units[i]));
    }
  }
  return result;
}

source::Expected<std::optional<FixState>> FixProver::join(std::vector<After> states) {
  std::optional<FixState> joined;
  if (states.size() == 1 && states.front().before.part == nullptr) {
    joined = std::move(states.front().state);
    return joined;
  }
  FixTexts texts = progress_.state.texts;
  std::vector<ChosenFix> chosen;
  std::vector<AppliedFix> extra;
  std::set<std::string> changed;
  for (const After& after : states) {
    for (const std::string& path : files_changed(progress_.state.texts, after.state.texts)) {
      if (!changed.insert(path).second) {
        return joined;
      }
      texts[path] = after.state.texts.at(path);
    }
    chosen.insert(chosen.end(), after.state.chosen.begin(), after.state.chosen.end());
    extra.insert(extra.end(), after.state.extra.begin(), after.state.extra.end());
  }
  auto all = analyze_fixed(request_, texts, chosen);
  if (!all) {
    return all.error();
  }
  if (!why_not_proved(progress_.state, *all, chosen)) {
    all->extra = std::move(extra);
    joined = std::move(*all);
  }
  return joined;
}

source::Expected<std::vector<FixUnit>> FixProver::prove(std::vector<FixUnit> units, std::optional<FixState>& best) {
  std::vector<FixUnit> result;
  std::vector<After> states;
  for (std::vector<FixUnit>& group : apart(std::move(units))) {
    std::optional<After> state;
    auto proved = prove_together(std::move(group), state);
    if (!proved) {
      return proved.error();
    }
    if (!proved->empty() && state) {
      std::ranges::move(*proved, std::back_inserter(result));
      states.push_back(std::move(*state));
    }
  }
  if (states.empty()) {
    return result;
  }
  auto joined = join(std::move(states));
  if (!joined) {
    return joined.error();
  }
  best = std::move(*joined);
  return result;
}

}  // namespace gabion::engine
