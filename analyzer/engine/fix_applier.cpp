#include "engine/fix_applier.h"

#include <algorithm>
#include <memory>
#include <set>

#include "engine/fix_proof.h"
#include "engine/fix_reach.h"

namespace gabion::engine {
namespace {

bool overlaps(const findings::Edit& a, const findings::Edit& b) {
  if (a.region.artifact != b.region.artifact) {
    return false;
  }
  // Two insertions at one place are a conflict too: their order would be an accident.
  return a.region.begin == b.region.begin || (a.region.begin < b.region.end && b.region.begin < a.region.end);
}

}  // namespace

bool in_conflict(const std::vector<findings::Edit>& edits, const std::vector<findings::Edit>& others) {
  return std::any_of(edits.begin(), edits.end(), [&](const findings::Edit& edit) {
    return std::any_of(others.begin(), others.end(),
                       [&](const findings::Edit& other) { return overlaps(edit, other); });
  });
}

namespace {

/// Two insertions of whole lines at one place: together they are one after the other.
bool composable(const findings::Edit& a, const findings::Edit& b) {
  const auto lines = [](const findings::Edit& edit) {
    return edit.region.size() == 0 && (edit.text.starts_with('\n') || edit.text.starts_with("\r\n"));
  };
  return a.region == b.region && lines(a) && lines(b);
}

/// Do both declare something of one name? One of them waits, and then finds what the other has declared.
bool same_declaration(const FixAlternative& a, const FixAlternative& b) {
  return std::any_of(a.declares.begin(), a.declares.end(), [&](const std::string& name) {
    return std::find(b.declares.begin(), b.declares.end(), name) != b.declares.end();
  });
}

/// Findings that the same edits fix: instances of one resource.
using Unit = std::vector<ChosenFix>;

/// Address of the module in which a resource is.
std::string_view module_of(std::string_view address) {
  std::size_t end = 0;
  for (std::size_t at = 0; address.substr(at).starts_with("module.");) {
    // An index may have dots in it.
    const std::size_t bracket = address.find_first_of(".[", at + 7);
    const std::size_t close =
        bracket == std::string_view::npos || address[bracket] == '.' ? bracket : address.find("].", bracket);
    end = close == std::string_view::npos ? address.size() : close + (address[close] == ']' ? 1 : 0);
    at = std::min(end + 1, address.size());
  }
  return address.substr(0, end);
}

/// Is it likely that the unit has to do with what is wrong with these resources? It is about one of them, or about one
/// beside it in a module that is called.
bool is_to_blame(const Unit& unit, const std::set<std::string>& resources) {
  return std::any_of(unit.begin(), unit.end(), [&](const ChosenFix& fix) {
    const std::string& own = fix.finding->resource;
    const std::string_view module = module_of(own);
    return std::any_of(resources.begin(), resources.end(), [&](const std::string& resource) {
      return resource == own || (!module.empty() && module_of(resource) == module);
    });
  });
}

class Planner {
 public:
  Planner(const AnalysisRequest& request, const FixOptions& options, source::ArtifactStore& artifacts)
      : request_(request), options_(options), original_(artifacts), reach_(request) {}

  source::Expected<FixPlan> run() {
    FixState first;
    AnalysisRequest observed = request_;
    observed.observe = [&](const model::Configuration& configuration, std::string_view environment) {
      first.picture.add(configuration, environment, original_);
    };
    auto result = analyze(observed, original_);
    if (!result) {
      return result.error();
    }
    first.result = std::move(*result);
    FixPlan plan;
    plan.before = first.result;
    const ModelPicture before = first.picture;
    state_ = std::move(first);
    for (std::uint32_t round = 0; round < options_.max_rounds; ++round) {
      const auto progress = one_round(plan);
      if (!progress) {
        return progress.error();
      }
      if (!*progress) {
        break;
      }
    }
    finish(plan);
    plan.differences = before.difference(state_.picture);
    return plan;
  }

 private:
  [[nodiscard]] const source::ArtifactStore& artifacts() const {
    return state_.artifacts == nullptr ? original_ : *state_.artifacts;
  }

  /// What a finding is known by over the rounds: edits move its line. Root modules may have resources of one address.
  [[nodiscard]] std::string key(const findings::Finding& finding) const {
    return finding.fingerprint + '\0' + std::string(artifacts().get(finding.region.artifact).path());
  }

  void skip(const findings::Finding& finding, SkipKind kind, std::string reason, const findings::Fix* fix = nullptr) {
    SkippedFix entry{std::string(finding.rule->id),
                     finding.resource,
                     std::string(artifacts().get(finding.region.artifact).path()),
                     artifacts().begin_of(finding.region).line,
                     kind,
                     std::move(reason),
                     fix == nullptr ? std::string() : fix->title,
                     {}};
    if (kind == SkipKind::kManual && fix != nullptr && !fix->edits.empty()) {
      std::map<source::ArtifactId, std::vector<findings::Edit>> edits;
      for (const findings::Edit& edit : fix->edits) {
        edits[edit.region.artifact].push_back(edit);
      }
      for (const auto& [id, list] : edits) {
        const source::Artifact& artifact = artifacts().get(id);
        entry.texts.emplace_back(std::string(artifact.path()), apply_edits(artifact.bytes(), list));
      }
    }
    const auto [known, fresh] = skipped_.try_emplace(key(finding));
    entry.line = fresh ? entry.line : known->second.line;  // where it is in the file that the person has
    if (!fresh && kind == SkipKind::kUnproved && known->second.kind == kind && next_[key(finding)] > 0) {
      return;  // why the best of the ways does not work says more than why the last does not
    }
    known->second = std::move(entry);
  }

  /// The alternative to try next for a finding, or nothing.
  std::optional<ChosenFix> choose(const findings::Finding& finding) {
    if (finding.suppression) {
      return std::nullopt;
    }
    if (!finding.fix || finding.fix->proposal >= state_.result.proposals.size()) {
      skip(finding, SkipKind::kNone, "the rule has no fix for it");
      return std::nullopt;
    }
    const FixProposal& proposal = state_.result.proposals[finding.fix->proposal];
    // What is left to a person is shown on top of what the other fixes made, so it is looked at anew in every round.
    for (std::size_t at = next_[key(finding)]; at < proposal.alternatives.size(); ++at) {
      const findings::Fix& fix = proposal.alternatives[at].fix;
      if (fix.safety == findings::Safety::kManual) {
        skip(finding, SkipKind::kManual,
             fix.edits.empty() ? fix.title : "needs a value that only a person knows: " + fix.title, &fix);
        continue;
      }
      if (fix.safety == findings::Safety::kUnsafe && !options_.unsafe) {
        skip(finding, SkipKind::kUnsafe, "unsafe, needs --unsafe: " + fix.title, &fix);
        continue;
      }
      return ChosenFix{&finding, &proposal, at};
    }
    return std::nullopt;
  }

  bool accepted(const ChosenFix& fix) {
    if (!options_.accept) {
      return true;
    }
    const auto [answer, fresh] = answers_.try_emplace(key(*fix.finding), false);
    if (fresh) {
      answer->second = options_.accept({*fix.finding, fix.chosen().fix, fix.chosen().why, artifacts()});
    }
    return answer->second;
  }

  /// Units without conflicts among each other; the others wait.
  std::vector<Unit> choose_units() {
    std::vector<Unit> units;
    for (const findings::Finding& finding : state_.result.findings) {
      const std::optional<ChosenFix> fix = choose(finding);
      if (!fix) {
        continue;
      }
      const std::vector<findings::Edit>& edits = fix->chosen().fix.edits;
      const auto same = std::find_if(units.begin(), units.end(),
                                     [&](const Unit& unit) { return unit.front().chosen().fix.edits == edits; });
      if (same != units.end()) {
        same->push_back(*fix);
        continue;
      }
      const bool conflict = std::any_of(units.begin(), units.end(), [&](const Unit& unit) {
        return conflicts(edits, unit.front().chosen().fix.edits) ||
               same_declaration(fix->chosen(), unit.front().chosen());
      });
      if (conflict) {
        skip(finding, SkipKind::kConflict, "another fix changes the same text", &fix->chosen().fix);
        continue;
      }
      if (!accepted(*fix)) {
        skip(finding, SkipKind::kDeclined, "declined", &fix->chosen().fix);
        next_[key(finding)] = fix->proposal->alternatives.size();
        continue;
      }
      units.push_back({*fix});
    }
    return units;
  }

  static std::vector<ChosenFix> all_of(std::span<const Unit> units) {
    std::vector<ChosenFix> result;
    for (const Unit& unit : units) {
      result.insert(result.end(), unit.begin(), unit.end());
    }
    return result;
  }

  /// What fixes are compared with: all as it is, or the part of it for which they can have consequences.
  struct Before {
    const FixState* state = nullptr;
    std::shared_ptr<const FixReach::Part> part;  ///< null: all

    [[nodiscard]] const source::Inventory* inventory() const { return part == nullptr ? nullptr : &part->inventory; }
  };
  /// What there is after fixes.
  struct After {
    FixState state;
    Before before;
  };

  /// Files that are not as they were at the start of the round.
  [[nodiscard]] std::vector<std::string> files_changed_in(const FixTexts& texts) const {
    std::vector<std::string> files;
    for (const auto& [path, text] : texts) {
      const auto before = texts_.find(path);
      if (before == texts_.end() || before->second != text) {
        files.push_back(path);
      }
    }
    return files;
  }

  source::Expected<Before> before_of(const FixTexts& texts) {
    if (whole_) {
      return Before{&state_, nullptr};
    }
    const auto part = reach_.part(files_changed_in(texts));
    if (!part) {
      return part.error();
    }
    return Before{*part == nullptr ? &state_ : &(*part)->before, *part};
  }

  source::Expected<After> attempt(const std::vector<ChosenFix>& chosen) {
    FixTexts changed = texts_;
    for (auto& [path, text] : edited_texts(chosen, artifacts())) {
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

  static AppliedFix applied(const ChosenFix& fix, const source::ArtifactStore& artifacts) {
    const findings::Finding& finding = *fix.finding;
    return {std::string(finding.rule->id),
            finding.resource,
            std::string(artifacts.get(finding.region.artifact).path()),
            artifacts.begin_of(finding.region).line,
            fix.chosen().fix.title,
            fix.chosen().fix.safety,
            fix.chosen().why};
  }

  /// Fixes of the findings in a state that are not in the one before; nothing when one of them has none to apply.
  std::optional<std::vector<ChosenFix>> fixes_of_new(const FixState& before, const FixState& state) {
    std::multiset<std::string> known;
    for (const findings::Finding& finding : before.result.findings) {
      known.insert(finding.fingerprint);
    }
    std::vector<ChosenFix> more;
    for (const findings::Finding& finding : state.result.findings) {
      if (const auto found = known.find(finding.fingerprint); found != known.end()) {
        known.erase(found);
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
        return other.chosen().fix.edits != fix.edits && (conflicts(other.chosen().fix.edits, fix.edits) ||
                                                         same_declaration(other.chosen(), proposal.alternatives[at]));
      });
      if (!conflict) {
        more.push_back({&finding, &proposal, at});
      }
    }
    return more;
  }

  /// Findings that a fix would bring may have fixes themselves (a new bucket policy that another rule wants more of).
  /// With those it proves, or not at all; then `after` is what there is after all of them. `to_blame`: resources for
  /// which it did not.
  bool follow_up(After& after, std::set<std::string>& to_blame) {
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
        extra.push_back(applied(fix, *current->artifacts));
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

  /// Do some of the edits overlap?
  [[nodiscard]] bool conflicts(const std::vector<findings::Edit>& edits,
                               const std::vector<findings::Edit>& others) const {
    return std::any_of(edits.begin(), edits.end(), [&](const findings::Edit& edit) {
      return std::any_of(others.begin(), others.end(), [&](const findings::Edit& other) {
        return overlaps(edit, other) && !(compose_ && composable(edit, other));
      });
    });
  }

  /// The unit in parts, each of one rule.
  static std::vector<Unit> by_rule(const Unit& unit) {
    std::vector<Unit> result;
    for (const ChosenFix& fix : unit) {
      const auto same = std::find_if(result.begin(), result.end(), [&](const Unit& other) {
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

  /// Units that prove together; the last state that proved is `best`.
  source::Expected<std::vector<Unit>> prove(std::vector<Unit> units, std::optional<After>& best) {
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
        waiting_.insert(key(*fix.finding));
        skip(*fix.finding, SkipKind::kUnproved, "the fix could not be proved: " + *problem, &fix.chosen().fix);
        next_[key(*fix.finding)] = fix.alternative + 1;
      }
      best.reset();
      return std::vector<Unit>{};
    }
    auto middle = std::stable_partition(units.begin(), units.end(),
                                        [&](const Unit& unit) { return !is_to_blame(unit, to_blame); });
    if (middle == units.begin() || middle == units.end()) {
      middle = units.begin() + static_cast<std::ptrdiff_t>(units.size() / 2);
    }
    std::optional<After> first_state;
    std::optional<After> second_state;
    auto first = prove(std::vector<Unit>(units.begin(), middle), first_state);
    if (!first) {
      return first.error();
    }
    auto second = prove(std::vector<Unit>(middle, units.end()), second_state);
    if (!second) {
      return second.error();
    }
    if (first->empty() || second->empty()) {
      best = first->empty() ? std::move(second_state) : std::move(first_state);
      return first->empty() ? std::move(*second) : std::move(*first);
    }
    std::vector<Unit> both = *first;
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

  /// Units in groups that have no consequences for each other: they are proved one by one.
  std::vector<std::vector<Unit>> apart(std::vector<Unit> units) {
    struct Group {
      std::set<std::string> directories;
      std::vector<std::size_t> units;
    };
    std::vector<Group> groups;
    for (std::size_t i = 0; i < units.size(); ++i) {
      std::set<std::string> files;
      for (const findings::Edit& edit : units[i].front().chosen().fix.edits) {
        files.insert(std::string(artifacts().get(edit.region.artifact).path()));
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
    std::vector<std::vector<Unit>> result;
    for (Group& group : groups) {
      std::ranges::sort(group.units);
      std::vector<Unit>& made = result.emplace_back();
      for (const std::size_t i : group.units) {
        made.push_back(std::move(units[i]));
      }
    }
    return result;
  }

  /// Units of all groups that prove, and the state after them; of each group what proves in the part of the tree for
  /// which it has consequences, and then all of them in all of it. No state: they do not prove together.
  source::Expected<std::vector<Unit>> prove_apart(std::vector<Unit> units, std::optional<FixState>& best) {
    std::vector<Unit> result;
    std::vector<After> states;
    std::vector<std::vector<Unit>> groups = apart(std::move(units));
    for (std::vector<Unit>& group : groups) {
      std::optional<After> state;
      auto proved = prove(std::move(group), state);
      if (!proved) {
        return proved.error();
      }
      if (!proved->empty() && state) {
        std::ranges::move(*proved, std::back_inserter(result));
        states.push_back(std::move(*state));
      }
    }
    if (states.size() == 1 && states.front().before.part == nullptr) {
      best = std::move(states.front().state);
      return result;
    }
    FixTexts texts = texts_;
    std::vector<ChosenFix> chosen;
    std::vector<AppliedFix> extra;
    std::set<std::string> changed;
    bool collide = false;
    for (const After& after : states) {
      for (const std::string& path : files_changed_in(after.state.texts)) {
        collide = collide || !changed.insert(path).second;
        texts[path] = after.state.texts.at(path);
      }
      chosen.insert(chosen.end(), after.state.chosen.begin(), after.state.chosen.end());
      extra.insert(extra.end(), after.state.extra.begin(), after.state.extra.end());
    }
    if (states.empty() || collide) {
      return result;
    }
    auto all = analyze_fixed(request_, texts, chosen);
    if (!all) {
      return all.error();
    }
    if (!why_not_proved(state_, *all, chosen)) {
      all->extra = std::move(extra);
      best = std::move(*all);
    }
    return result;
  }

  /// True when something was applied or another alternative is to be tried.
  source::Expected<bool> one_round(FixPlan& plan) {
    reach_.begin(texts_);
    whole_ = false;
    while (true) {
      std::vector<Unit> units = choose_units();
      // What does not prove alone may prove together with what had to wait for the same place; and what did not prove
      // may do so on what other fixes have made since.
      const bool together = !compose_ && waiting_.size() > 1;
      if (units.empty() && (together || changed_)) {
        compose_ = compose_ || together;
        changed_ = false;
        for (const std::string& waiting : waiting_) {
          next_.erase(waiting);
        }
        units = choose_units();
      }
      if (units.empty()) {
        return false;
      }
      std::optional<FixState> best;
      auto proved = prove_apart(std::move(units), best);
      if (!proved) {
        return proved.error();
      }
      if (proved->empty()) {
        continue;  // every one moved on to its next alternative, or has none left
      }
      if (!best) {
        whole_ = true;  // parts of the tree have more to do with each other than can be seen
        continue;
      }
      std::vector<ChosenFix> chosen = all_of(*proved);
      std::ranges::sort(chosen, {}, &ChosenFix::finding);  // as they were found
      texts_ = best->texts;
      for (const ChosenFix& fix : chosen) {
        plan.applied.push_back(applied(fix, artifacts()));
        skipped_.erase(key(*fix.finding));
      }
      plan.applied.insert(plan.applied.end(), best->extra.begin(), best->extra.end());
      state_ = std::move(*best);
      state_.chosen.clear();
      state_.earlier.clear();
      changed_ = true;
      return true;
    }
  }

  void finish(FixPlan& plan) {
    for (auto& [path, text] : texts_) {
      // Text files that a later round opened first are not among the original ones.
      const source::Artifact* known = original_.find(path);
      const auto read = known == nullptr ? request_.files.read(path, request_.terraform.limits.file_bytes)
                                         : source::Expected<std::string>(std::string(known->bytes()));
      const std::string before = read ? *read : std::string();
      if (before != text) {
        plan.files.emplace(path, std::pair(before, text));
      }
    }
    std::set<std::string> rest;
    std::multiset<std::string> still;
    for (const findings::Finding& finding : state_.result.findings) {
      rest.insert(key(finding));
      still.insert(finding.fingerprint);
    }
    for (const findings::Finding& finding : plan.before.findings) {
      if (const auto found = still.find(finding.fingerprint); found != still.end()) {
        still.erase(found);
      } else {
        ++plan.fixed;  // also what another finding's fix mended on the way
      }
    }
    for (auto& [finding, entry] : skipped_) {
      if (rest.contains(finding)) {
        plan.skipped.push_back(std::move(entry));
      }
    }
    std::sort(plan.skipped.begin(), plan.skipped.end(), [](const SkippedFix& a, const SkippedFix& b) {
      return std::tie(a.file, a.line, a.rule, a.resource) < std::tie(b.file, b.line, b.rule, b.resource);
    });
    plan.remaining = std::move(state_.result.findings);
  }

  const AnalysisRequest& request_;
  const FixOptions& options_;
  source::ArtifactStore& original_;
  FixState state_;
  FixTexts texts_;
  FixReach reach_;
  bool whole_ = false;                       ///< fixes are proved in all of the tree from the start
  std::map<std::string, std::size_t> next_;  ///< alternative to try, by key()
  std::map<std::string, bool> answers_;      ///< of the person asked
  std::map<std::string, SkippedFix> skipped_;
  /// Alternatives that are next for findings that fixes would bring, by fingerprint.
  std::map<std::string, std::size_t> followed_;
  std::set<std::string> waiting_;  ///< keys of what did not prove alone
  bool compose_ = false;           ///< insertions at one place are combined
  bool changed_ = false;           ///< something was applied since those that wait were tried
};

}  // namespace

std::string apply_edits(std::string_view text, std::span<const findings::Edit> edits) {
  std::string result;
  std::size_t at = 0;
  for (const findings::Edit& edit : edits) {
    result.append(text.substr(at, edit.region.begin - at));
    result.append(edit.text);
    at = edit.region.end;
  }
  result.append(text.substr(at));
  return result;
}

source::Expected<FixPlan> plan_fixes(const AnalysisRequest& request, const FixOptions& options,
                                     source::ArtifactStore& artifacts) {
  return Planner(request, options, artifacts).run();
}

}  // namespace gabion::engine
