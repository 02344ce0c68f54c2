#include "engine/fix_proof.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "engine/fix_edits.h"
#include "iam/compare.h"
#include "model/address.h"

namespace gabion::engine {
namespace {

using eval::Truth;

/// The value at a path such as "inline_policy[0].policy".
const eval::Value* value_at(const model::Body& body, std::string_view path) {
  const model::Body* at = &body;
  for (std::size_t dot = path.find('.'); dot != std::string_view::npos; dot = path.find('.')) {
    const std::string_view step = path.substr(0, dot);
    const std::size_t bracket = step.find('[');
    std::size_t index = 0;
    for (const char c : step.substr(std::min(step.size(), bracket + 1))) {
      index = c >= '0' && c <= '9' ? index * 10 + static_cast<std::size_t>(c - '0') : index;
    }
    const model::Body* next = nullptr;
    for (const model::Block& block : at->blocks) {
      if (block.type == step.substr(0, bracket) && index-- == 0) {
        next = block.body;
        break;
      }
    }
    if (next == nullptr) {
      return nullptr;
    }
    at = next;
    path.remove_prefix(dot + 1);
  }
  const model::Attribute* attribute = at->attribute(path);
  return attribute == nullptr ? nullptr : &attribute->value;
}

/// What is wrong with the new version of a policy; nothing when it is as wanted.
std::optional<std::string> compare_policy(const PolicyBefore& before, const model::Configuration& configuration,
                                          const source::ArtifactStore& artifacts) {
  // Root modules may have resources of one address, and other policies in them.
  const model::Resource* resource =
      configuration.directory() == before.root ? configuration.find(before.address) : nullptr;
  if (resource == nullptr) {
    return std::nullopt;
  }
  const eval::Value* value = value_at(*resource->body, before.path);
  if (value == nullptr) {
    return "the policy of " + before.address + " is gone";
  }
  const iam::PolicyReading reading = iam::read_policy(*value);
  if (reading.documents.size() != 1 || reading.complete != Truth::kYes) {
    return "the policy of " + before.address + " can no longer be read";
  }
  source::Arena arena(std::size_t{4} * 1024);
  eval::SymbolTable symbols(arena);
  const iam::PolicyDocument old = moved_to(before.document, symbols, nullptr);
  const iam::PolicyDocument changed = moved_to(reading.documents.front(), symbols, &artifacts);
  if (!before.widens) {
    const iam::Proof proof = iam::compare(old, changed, before.kind);
    if (proof.answer != Truth::kYes) {
      return proof.answer == Truth::kNo
                 ? "the policy of " + before.address + " would allow more: " + proof.because
                 : "it could not be proved that the policy of " + before.address + " allows nothing more";
    }
  }
  if (before.keeps) {
    const iam::Formula keeps = moved_to(*before.keeps, symbols, nullptr);
    const iam::Proof proof = iam::compare(changed, old, before.kind, keeps, {});
    if (proof.answer != Truth::kYes) {
      std::string witness;
      if (proof.witness) {
        witness = ": " + proof.witness->principal + " would lose " + proof.witness->action;
      }
      return proof.answer == Truth::kNo
                 ? "the policy of " + before.address + " would take access away from requests that comply" + witness
                 : "it could not be proved that requests that comply keep their access in the policy of " +
                       before.address;
    }
  }
  return std::nullopt;
}

std::string name_of(std::string_view rule, std::string_view resource) {
  return std::string(rule) + " at " + std::string(resource);
}

/// What a warning is about, see faults_of(); empty for anything else.
std::string fault(const findings::Diagnostic& diagnostic, const source::ArtifactStore& artifacts) {
  if (diagnostic.severity != findings::DiagnosticSeverity::kWarning || !diagnostic.region.valid()) {
    return {};
  }
  const source::Artifact& file = artifacts.get(diagnostic.region.artifact);
  const std::string_view text = file.bytes().substr(diagnostic.region.begin, diagnostic.region.size());
  return source::directory_of(file.path()) + '\n' + diagnostic.message + '\n' + std::string(text);
}

/// The first error or warning that was not there before.
std::optional<std::string> new_error(const FixState& before, const FixState& after) {
  std::multiset<std::string> known;
  for (const findings::Diagnostic& diagnostic : before.result.diagnostics) {
    known.insert(diagnostic.message);
  }
  for (const findings::Diagnostic& diagnostic : after.result.diagnostics) {
    const auto found = known.find(diagnostic.message);
    if (found != known.end()) {
      known.erase(found);
    } else if (diagnostic.severity != findings::DiagnosticSeverity::kNote &&
               !before.faults.contains(fault(diagnostic, *after.artifacts))) {
      return diagnostic.message;
    }
  }
  return std::nullopt;
}

/// Does the fix name a rule that asks something of a resource beside what it mends?
bool leads_to(const ChosenFix& fix, std::string_view rule, std::string_view resource) {
  return std::ranges::find(fix.proposal->leads_to, rule, &TextAt::text) != fix.proposal->leads_to.end() &&
         model::module_of(resource) == model::module_of(fix.finding->resource);
}

/// Findings that there may not be after the fixes: those that they were to mend, and new ones.
std::vector<const findings::Finding*> not_allowed(const FixState& before, const FixState& after,
                                                  const std::vector<ChosenFix>& chosen) {
  FindingChanges changes = changes_of(before.result, after.result, chosen);
  std::erase_if(changes.fresh, [&](const findings::Finding* finding) { return is_led_to(*finding, chosen); });
  changes.staying.insert(changes.staying.end(), changes.fresh.begin(), changes.fresh.end());
  return std::move(changes.staying);
}

/// What the fixes change without having said so.
std::vector<ModelDifference> not_declared(const FixState& before, const FixState& after,
                                          const std::vector<ChosenFix>& chosen) {
  std::vector<ModelDifference> result = before.picture.difference(after.picture);
  std::erase_if(result, [&](const ModelDifference& difference) {
    return std::any_of(chosen.begin(), chosen.end(),
                       [&](const ChosenFix& fix) { return declared(difference, *fix.proposal); });
  });
  return result;
}

}  // namespace

std::set<std::string> faults_of(const AnalysisResult& result, const source::ArtifactStore& artifacts) {
  std::set<std::string> faults;
  for (const findings::Diagnostic& diagnostic : result.diagnostics) {
    if (std::string one = fault(diagnostic, artifacts); !one.empty()) {
      faults.insert(std::move(one));
    }
  }
  return faults;
}

source::Expected<FixState> analyze_fixed(const AnalysisRequest& request, const FixTexts& texts,
                                         const std::vector<ChosenFix>& chosen, const source::Inventory* inventory) {
  source::OverlayFileSystem overlay(request.files);
  for (const auto& [path, text] : texts) {
    overlay.write(path, text);
  }
  FixState state;
  state.artifacts = std::make_unique<source::ArtifactStore>();
  state.texts = texts;
  state.chosen = chosen;
  std::vector<const PolicyBefore*> policies;
  for (const ChosenFix& fix : chosen) {
    for (const auto& policy : fix.proposal->policies) {
      policies.push_back(policy.get());
    }
  }
  const AnalysisRequest changed{overlay,
                                request.paths,
                                request.rules,
                                request.parameters,
                                request.terraform,
                                request.discovery,
                                [&](const model::Configuration& configuration, std::string_view environment) {
                                  state.picture.add(configuration, environment, *state.artifacts);
                                  for (const PolicyBefore* policy : policies) {
                                    if (auto problem = compare_policy(*policy, configuration, *state.artifacts)) {
                                      state.policy_problems.push_back(std::move(*problem));
                                    }
                                  }
                                },
                                request.handling,
                                {},
                                request.focus,
                                nullptr,
                                request.obsolete,
                                true,
                                inventory != nullptr ? inventory : request.inventory,
                                request.deadline,
                                request.max_findings};
  auto result = analyze(changed, *state.artifacts);
  if (!result) {
    return result.error();
  }
  if (result->abandoned) {
    return source::Error{.message = "nobody waits for it any more", .path = {}, .hint = {}};
  }
  state.result = std::move(*result);
  state.faults = faults_of(state.result, *state.artifacts);
  return state;
}

FixTexts edited_texts(const std::vector<ChosenFix>& chosen, const source::ArtifactStore& artifacts) {
  std::map<source::ArtifactId, std::vector<findings::Edit>> by_artifact;
  std::vector<const std::vector<findings::Edit>*> taken;
  for (const ChosenFix& fix : chosen) {
    const std::vector<findings::Edit>& wanted = fix.chosen().fix.edits;
    // Several instances of one resource ask for the same edits.
    if (std::any_of(taken.begin(), taken.end(), [&](const auto* other) { return *other == wanted; })) {
      continue;
    }
    taken.push_back(&wanted);
    for (const findings::Edit& edit : wanted) {
      by_artifact[edit.region.artifact].push_back(edit);
    }
  }
  FixTexts texts;
  for (auto& [id, edits] : by_artifact) {
    std::stable_sort(edits.begin(), edits.end(), [](const auto& a, const auto& b) { return a.region < b.region; });
    const source::Artifact& artifact = artifacts.get(id);
    texts.emplace(std::string(artifact.path()), apply_edits(artifact.bytes(), edits));
  }
  return texts;
}

AppliedFix as_applied(const ChosenFix& fix, const source::ArtifactStore& artifacts) {
  const findings::Finding& finding = *fix.finding;
  return {std::string(finding.rule->id),
          finding.resource,
          std::string(artifacts.get(finding.region.artifact).path()),
          artifacts.begin_of(finding.region).line,
          fix.chosen().fix.title,
          fix.chosen().fix.safety,
          fix.chosen().why};
}

FindingChanges changes_of(const AnalysisResult& before, const AnalysisResult& after,
                          const std::vector<ChosenFix>& chosen) {
  std::unordered_multimap<std::string_view, const findings::Finding*> known;  // by fingerprint: edits move places
  for (const findings::Finding& finding : before.findings) {
    known.emplace(finding.fingerprint, &finding);
  }
  std::unordered_multiset<std::string_view> to_go;
  for (const ChosenFix& fix : chosen) {
    if (const auto found = known.find(fix.finding->fingerprint); found != known.end()) {
      known.erase(found);
      to_go.insert(fix.finding->fingerprint);
    }
  }
  FindingChanges changes;
  for (const findings::Finding& finding : after.findings) {
    if (const auto found = known.find(finding.fingerprint); found != known.end()) {
      known.erase(found);
    } else if (const auto stays = to_go.find(finding.fingerprint); stays != to_go.end()) {
      to_go.erase(stays);
      changes.staying.push_back(&finding);
    } else {
      changes.fresh.push_back(&finding);
    }
  }
  std::erase_if(changes.fresh, [&](const findings::Finding* finding) {
    const auto was = std::ranges::find_if(known, [&](const auto& entry) {
      const findings::Finding& other = *entry.second;
      return other.rule->id == finding->rule->id && other.resource == finding->resource &&
             other.root == finding->root && other.severity >= finding->severity;
    });
    const bool same = was != known.end();
    if (same) {
      known.erase(was);
    }
    return same;
  });
  return changes;
}

bool is_led_to(const findings::Finding& finding, const std::vector<ChosenFix>& chosen) {
  return std::ranges::any_of(chosen, [&](const ChosenFix& fix) {
    return finding.severity <= fix.finding->severity && leads_to(fix, finding.rule->id, finding.resource);
  });
}

std::optional<std::string> why_not_proved(const FixState& before, const FixState& after,
                                          const std::vector<ChosenFix>& chosen) {
  if (const auto error = new_error(before, after)) {
    return "the changed files would be in error: " + *error;
  }
  const std::vector<const findings::Finding*> bad = not_allowed(before, after, chosen);
  if (!bad.empty()) {
    const bool stays = std::any_of(chosen.begin(), chosen.end(), [&](const ChosenFix& fix) {
      return fix.finding->fingerprint == bad.front()->fingerprint;
    });
    return stays ? "the finding would stay"
                 : "another finding would appear: " + name_of(bad.front()->rule->id, bad.front()->resource);
  }
  std::set<std::string> open;
  for (const findings::Unresolved& note : before.result.unresolved) {
    open.insert(name_of(note.rule->id, note.resource));
  }
  for (const findings::Unresolved& note : after.result.unresolved) {
    // Notes without a resource are about parameters that are not set, which no fix changes.
    if (note.resource.empty() || open.contains(name_of(note.rule->id, note.resource))) {
      continue;
    }
    const bool led_to =
        std::ranges::any_of(chosen, [&](const ChosenFix& fix) { return leads_to(fix, note.rule->id, note.resource); });
    if (!led_to) {
      return "it could no longer be decided: " + name_of(note.rule->id, note.resource);
    }
  }
  if (const std::vector<ModelDifference> others = not_declared(before, after, chosen); !others.empty()) {
    return "something else would change: " + describe(others.front());
  }
  return after.policy_problems.empty() ? std::nullopt : std::optional(after.policy_problems.front());
}

bool changes_what_is_declared(const FixState& before, const FixState& after, const std::vector<ChosenFix>& chosen) {
  return not_declared(before, after, chosen).empty();
}

std::set<std::string> resources_not_proved(const FixState& before, const FixState& after,
                                           const std::vector<ChosenFix>& chosen) {
  std::set<std::string> result;
  for (const findings::Finding* finding : not_allowed(before, after, chosen)) {
    result.insert(finding->resource);
  }
  for (const ModelDifference& difference : not_declared(before, after, chosen)) {
    result.insert(difference.address);
  }
  return result;
}

}  // namespace gabion::engine
