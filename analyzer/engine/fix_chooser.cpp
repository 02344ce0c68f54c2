#include "engine/fix_chooser.h"

#include <algorithm>
#include <tuple>

#include "engine/fix_edits.h"

namespace gabion::engine {

std::vector<ChosenFix> all_of(std::span<const FixUnit> units) {
  std::vector<ChosenFix> result;
  for (const FixUnit& unit : units) {
    result.insert(result.end(), unit.begin(), unit.end());
  }
  return result;
}

std::string FixChooser::key(const findings::Finding& finding) const {
  return finding.fingerprint + '\0' + std::string(progress_.artifacts().get(finding.region.artifact).path());
}

void FixChooser::skip(const findings::Finding& finding, SkipKind kind, std::string reason, const findings::Fix* fix) {
  const source::ArtifactStore& artifacts = progress_.artifacts();
  SkippedFix entry{std::string(finding.rule->id),
                   finding.resource,
                   std::string(artifacts.get(finding.region.artifact).path()),
                   artifacts.begin_of(finding.region).line,
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
      const source::Artifact& artifact = artifacts.get(id);
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

std::optional<ChosenFix> FixChooser::choose(const findings::Finding& finding) {
  if (finding.suppression) {
    return std::nullopt;
  }
  const std::vector<FixProposal>& proposals = progress_.state.result.proposals;
  if (!finding.fix || finding.fix->proposal >= proposals.size()) {
    skip(finding, SkipKind::kNone, "the rule has no fix for it");
    return std::nullopt;
  }
  const FixProposal& proposal = proposals[finding.fix->proposal];
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

bool FixChooser::accepted(const ChosenFix& fix) {
  if (!options_.accept) {
    return true;
  }
  const auto [answer, fresh] = answers_.try_emplace(key(*fix.finding), false);
  if (fresh) {
    answer->second = options_.accept({*fix.finding, fix.chosen().fix, fix.chosen().why, progress_.artifacts()});
  }
  return answer->second;
}

bool FixChooser::meet(const FixAlternative& a, const FixAlternative& b) const {
  const auto edits_meet = compose_ ? in_conflict_composed : in_conflict;
  // Where both declare something of one name, one of them waits, and then finds what the other has declared.
  return edits_meet(a.fix.edits, b.fix.edits) || std::ranges::any_of(a.declares, [&](const std::string& name) {
           return std::ranges::find(b.declares, name) != b.declares.end();
         });
}

std::vector<FixUnit> FixChooser::untried() {
  std::vector<FixUnit> units;
  for (const findings::Finding& finding : progress_.state.result.findings) {
    const std::optional<ChosenFix> fix = choose(finding);
    if (!fix) {
      continue;
    }
    const std::vector<findings::Edit>& edits = fix->chosen().fix.edits;
    const auto same =
        std::ranges::find_if(units, [&](const FixUnit& unit) { return unit.front().chosen().fix.edits == edits; });
    if (same != units.end()) {
      same->push_back(*fix);
      continue;
    }
    if (std::ranges::any_of(units, [&](const FixUnit& unit) { return meet(fix->chosen(), unit.front().chosen()); })) {
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

std::vector<FixUnit> FixChooser::units() {
  std::vector<FixUnit> units = untried();
  // What does not prove alone may prove together with what had to wait for the same place; and what did not prove may
  // do so on what other fixes have made since.
  const bool together = !compose_ && waiting_.size() > 1;
  if (units.empty() && (together || changed_)) {
    compose_ = compose_ || together;
    changed_ = false;
    for (const std::string& waiting : waiting_) {
      next_.erase(waiting);
    }
    units = untried();
  }
  return units;
}

void FixChooser::refuse(const ChosenFix& fix, const std::string& problem) {
  waiting_.insert(key(*fix.finding));
  skip(*fix.finding, SkipKind::kUnproved, "the fix could not be proved: " + problem, &fix.chosen().fix);
  next_[key(*fix.finding)] = fix.alternative + 1;
}

void FixChooser::take(std::span<const ChosenFix> fixes) {
  for (const ChosenFix& fix : fixes) {
    skipped_.erase(key(*fix.finding));
  }
  changed_ = true;
}

std::vector<SkippedFix> FixChooser::skipped() const {
  std::set<std::string> there;
  for (const findings::Finding& finding : progress_.state.result.findings) {
    there.insert(key(finding));
  }
  std::vector<SkippedFix> result;
  for (const auto& [finding, entry] : skipped_) {
    if (there.contains(finding)) {
      result.push_back(entry);
    }
  }
  std::ranges::sort(result, {},
                    [](const SkippedFix& fix) { return std::tie(fix.file, fix.line, fix.rule, fix.resource); });
  return result;
}

}  // namespace gabion::engine
