#include "engine/fix_applier.h"

#include <algorithm>
#include <memory>
#include <set>

namespace gabion::engine {
namespace {

using Texts = std::map<std::string, std::string>;

/// Findings as a multiset of what they are about, without places: edits move places.
std::multiset<std::string> identities(const std::vector<findings::Finding>& found) {
  std::multiset<std::string> result;
  for (const findings::Finding& finding : found) {
    result.insert(finding.fingerprint);
  }
  return result;
}

bool overlaps(const findings::Edit& a, const findings::Edit& b) {
  if (a.region.artifact != b.region.artifact) {
    return false;
  }
  // Two insertions at one place are a conflict too: their order would be an accident.
  return a.region.begin == b.region.begin || (a.region.begin < b.region.end && b.region.begin < a.region.end);
}

/// The texts after the edits of some findings.
Texts edited(const std::vector<const findings::Finding*>& chosen, const source::ArtifactStore& artifacts) {
  std::map<source::ArtifactId, std::vector<findings::Edit>> by_artifact;
  for (const findings::Finding* finding : chosen) {
    for (const findings::Edit& edit : finding->fix->edits) {
      auto& edits = by_artifact[edit.region.artifact];
      // Several instances of one resource ask for the same edit.
      if (std::find(edits.begin(), edits.end(), edit) == edits.end()) {
        edits.push_back(edit);
      }
    }
  }
  Texts texts;
  for (auto& [id, edits] : by_artifact) {
    std::sort(edits.begin(), edits.end(), [](const auto& a, const auto& b) { return a.region < b.region; });
    const source::Artifact& artifact = artifacts.get(id);
    texts.emplace(std::string(artifact.path()), apply_edits(artifact.bytes(), edits));
  }
  return texts;
}

/// One analysis of the tree with some files replaced.
struct State {
  std::unique_ptr<source::ArtifactStore> artifacts;
  AnalysisResult result;
};

source::Expected<State> analyze_with(const AnalysisRequest& request, const Texts& texts) {
  auto overlay = std::make_unique<source::OverlayFileSystem>(request.files);
  for (const auto& [path, text] : texts) {
    overlay->write(path, text);
  }
  const AnalysisRequest changed{*overlay,           request.paths,     request.rules,
                                request.parameters, request.terraform, request.discovery};
  auto artifacts = std::make_unique<source::ArtifactStore>();
  auto result = analyze(changed, *artifacts);
  if (!result) {
    return result.error();
  }
  return State{std::move(artifacts), std::move(*result)};
}

std::size_t error_count(const AnalysisResult& result) {
  return static_cast<std::size_t>(
      std::count_if(result.diagnostics.begin(), result.diagnostics.end(), [](const findings::Diagnostic& diagnostic) {
        return diagnostic.severity != findings::DiagnosticSeverity::kNote;
      }));
}

/// The proof: what was to be fixed is gone, nothing is new, nothing stopped being analysed.
bool proved(const AnalysisResult& before, const AnalysisResult& after,
            const std::vector<const findings::Finding*>& chosen) {
  if (error_count(after) > error_count(before)) {
    return false;
  }
  std::multiset<std::string> allowed = identities(before.findings);
  for (const findings::Finding* finding : chosen) {
    if (const auto found = allowed.find(finding->fingerprint); found != allowed.end()) {
      allowed.erase(found);
    }
  }
  for (const findings::Finding& finding : after.findings) {
    const auto found = allowed.find(finding.fingerprint);
    if (found == allowed.end()) {
      return false;
    }
    allowed.erase(found);
  }
  return true;
}

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
  auto first = analyze(request, artifacts);
  if (!first) {
    return first.error();
  }
  FixPlan plan;
  plan.before = *first;
  Texts texts;
  const source::ArtifactStore* current_artifacts = &artifacts;
  std::unique_ptr<source::ArtifactStore> owned;
  AnalysisResult current = std::move(*first);
  std::set<std::string> refused;  // fingerprints whose fix did not prove
  std::map<std::string, SkippedFix> skipped;

  for (std::uint32_t round = 0; round < options.max_rounds; ++round) {
    std::vector<const findings::Finding*> chosen;
    std::vector<findings::Edit> taken;
    for (const findings::Finding& finding : current.findings) {
      const auto skip = [&](std::string reason) {
        skipped[finding.fingerprint] = {std::string(finding.rule->id), finding.resource,
                                        std::string(current_artifacts->get(finding.region.artifact).path()),
                                        current_artifacts->begin_of(finding.region).line, std::move(reason)};
      };
      if (!finding.fix) {
        skip("no fix can be generated here");
        continue;
      }
      if (finding.fix->safety == findings::Safety::kManual) {
        skip("needs a value that only a person knows");
        continue;
      }
      if (finding.fix->safety == findings::Safety::kUnsafe && !options.unsafe) {
        skip("unsafe, needs --unsafe: " + finding.fix->title);
        continue;
      }
      if (refused.contains(finding.fingerprint)) {
        continue;
      }
      const std::vector<findings::Edit>& edits = finding.fix->edits;
      const bool same = std::all_of(edits.begin(), edits.end(), [&](const findings::Edit& edit) {
        return std::find(taken.begin(), taken.end(), edit) != taken.end();
      });
      const bool conflict = !same && std::any_of(edits.begin(), edits.end(), [&](const findings::Edit& edit) {
        return std::any_of(taken.begin(), taken.end(),
                           [&](const findings::Edit& other) { return overlaps(edit, other); });
      });
      if (conflict) {
        continue;  // waits for the next round
      }
      chosen.push_back(&finding);
      taken.insert(taken.end(), edits.begin(), edits.end());
    }
    if (chosen.empty()) {
      break;
    }
    const auto attempt = [&](const std::vector<const findings::Finding*>& some) -> source::Expected<State> {
      Texts changed = texts;
      for (auto& [path, text] : edited(some, *current_artifacts)) {
        changed[path] = std::move(text);
      }
      return analyze_with(request, changed);
    };
    auto state = attempt(chosen);
    if (!state) {
      return state.error();
    }
    if (!proved(current, state->result, chosen)) {
      // Find those that prove one by one; the others are refused, with their reason.
      std::vector<const findings::Finding*> good;
      for (const findings::Finding* finding : chosen) {
        std::vector<const findings::Finding*> group;
        for (const findings::Finding* other : chosen) {
          if (other->fix->edits == finding->fix->edits) {
            group.push_back(other);
          }
        }
        auto alone = attempt(group);
        if (alone && proved(current, alone->result, group)) {
          good.push_back(finding);
        } else {
          refused.insert(finding->fingerprint);
          skipped[finding->fingerprint] = {std::string(finding->rule->id), finding->resource,
                                           std::string(current_artifacts->get(finding->region.artifact).path()),
                                           current_artifacts->begin_of(finding->region).line,
                                           "the fix could not be proved: the finding stays or something else appears"};
        }
      }
      chosen = good;
      if (chosen.empty()) {
        break;
      }
      state = attempt(chosen);
      if (!state) {
        return state.error();
      }
      if (!proved(current, state->result, chosen)) {
        break;
      }
    }
    for (auto& [path, text] : edited(chosen, *current_artifacts)) {
      texts[path] = std::move(text);
    }
    plan.fixed += static_cast<std::uint32_t>(chosen.size());
    for (const findings::Finding* finding : chosen) {
      skipped.erase(finding->fingerprint);
    }
    current = std::move(state->result);
    owned = std::move(state->artifacts);
    current_artifacts = owned.get();
  }
  for (auto& [path, text] : texts) {
    if (const source::Artifact* original = artifacts.find(path); original != nullptr && original->bytes() != text) {
      plan.files.emplace(path, std::pair(std::string(original->bytes()), text));
    }
  }
  const std::multiset<std::string> rest = identities(current.findings);
  for (auto& [fingerprint, entry] : skipped) {
    if (rest.contains(fingerprint)) {
      plan.skipped.push_back(std::move(entry));
    }
  }
  std::sort(plan.skipped.begin(), plan.skipped.end(), [](const SkippedFix& a, const SkippedFix& b) {
    return std::tie(a.file, a.line, a.rule, a.resource) < std::tie(b.file, b.line, b.rule, b.resource);
  });
  plan.remaining = std::move(current.findings);
  return plan;
}

}  // namespace gabion::engine
