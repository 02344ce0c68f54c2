#include "engine/analysis.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "engine/analysis_memory.h"
#include "engine/analysis_result.h"
#include "engine/identity.h"
#include "engine/ledger_keeper.h"
#include "engine/root_analysis.h"
#include "engine/root_record.h"
#include "secrets/redactor.h"
#include "terraform/found_secrets.h"

namespace gabion::engine {
namespace {

template <class Entry>
void append(std::vector<Entry>& from, std::vector<Entry>& to) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

/// For a proposal that is put after others; true when there is one and that changed it.
bool renumber(findings::Finding& finding, std::uint32_t others) {
  if (others == 0 || !finding.fix || finding.fix->proposal == findings::kNoProposal) {
    return false;
  }
  finding.fix->proposal += others;
  return true;
}

/// Says which paths could not be looked at.
void report_skipped(const source::Inventory& inventory, findings::Diagnostics& diagnostics) {
  for (const source::SkippedPath& skipped : inventory.skipped) {
    if (skipped.is_error) {
      diagnostics.push_back({.severity = findings::DiagnosticSeverity::kError,
                             .code = "unreadable",
                             .message = skipped.reason,
                             .hint = {},
                             .region = {},
                             .path = skipped.path});
    }
  }
}

/// The findings of all root modules, each to be looked at once the rest is known.
class RootFindings {
 public:
  /// `first`: proposals of root modules before.
  void add(const findings::PackedPart& findings, std::uint32_t first) {
    if (findings.size() > 0) {
      parts_.push_back(findings);
      first_.push_back(first);
    }
  }

  /// Gives the suppressed ones.
  template <class Use>
  void suppressed(const Use& use) const {
    findings::Finding finding;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      for (std::size_t i = 0; i < parts_[part].size(); ++i) {
        if (parts_[part].brief(i).suppressed) {
          parts_[part].read(i, finding);
          renumber(finding, first_[part]);
          use(finding);
        }
      }
    }
  }
  /// Gives all, and takes them as they should be: `change` answers whether it changed more of one than who it is.
  template <class Change>
  [[nodiscard]] findings::PackedFindings finish(const Change& change) {
    findings::Finding finding;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      findings::PackedFindings& list = *parts_[part].list;
      for (std::size_t i = parts_[part].begin; i < parts_[part].end; ++i) {
        list.read(i, finding);
        const bool renumbered = renumber(finding, first_[part]);
        if (change(finding) || renumbered || finding.identities.size() > 1) {
          list.replace(i, finding);
        } else {
          list.set_fingerprint(i, finding.fingerprint);
        }
      }
    }
    return findings::PackedFindings::joined(std::exchange(parts_, {}));
  }

 private:
  std::vector<findings::PackedPart> parts_;
  std::vector<std::uint32_t> first_;  ///< of each part
};

/// Adds what a root module gave to what others gave.
void add(RootRecord& record, Handler* handler, Verdicts& verdicts, RootFindings& findings, LedgerKeeper& ledger,
         AnalysisResult& result) {
  const auto first = static_cast<std::uint32_t>(verdicts.proposals.size());
  append(record.proposals, verdicts.proposals);
  for (Claim& claim : record.claims) {
    renumber(claim.finding, first);
  }
  findings.add(record.findings, first);
  append(record.unresolved, verdicts.unresolved);
  append(record.diagnostics, result.diagnostics);
  append(record.rule_diagnostics, verdicts.diagnostics);
  append(record.claims, verdicts.claims);
  (void)(handler != nullptr && handler->recall(record.uses));
  for (RootRecord::Missed& missed : record.missed) {
    if (verdicts.asked.emplace(missed.parameter.rule, missed.parameter.parameter).second &&
        missed.parameter.note.region.valid()) {
      verdicts.unresolved.push_back(std::move(missed.parameter.note));
      (void)(handler != nullptr && handler->recall(missed.uses));
    }
  }
  result.coverage.modules += record.modules;
  result.coverage.resources += record.resources;
  result.coverage.policies += record.policies;
  result.directories.merge(record.directories);
  ledger.add(std::move(record.covered));
}

void judge_files(const AnalysisRequest& request, const model::Configuration& files, RootJudge& by, Handler* handler,
                 const source::ArtifactStore& artifacts, Verdicts& verdicts) {
  const std::size_t before = verdicts.findings.size();
  by.prepare(verdicts);
  judge(files, by.rules(), artifacts, request.terraform.limits, verdicts);
  if (handler != nullptr) {
    handler->apply(&files, verdicts.findings, before);
  }
}

void unpack(AnalysisResult& result) {
  const findings::PackedFindings packed = std::move(result.packed);
  result.packed = {};
  result.findings.resize(packed.size());
  for (std::size_t i = 0; i < packed.size(); ++i) {
    packed.read(i, result.findings[i]);
  }
}

/// Of suppressed findings, those of root modules and others.
LeftAlone left_alone(const RootFindings& findings, const Verdicts& verdicts) {
  LeftAlone result;
  const auto note = [&](const findings::Finding& finding) { result.note(finding, verdicts.proposals); };
  findings.suppressed(note);
  std::ranges::for_each(verdicts.findings, note);
  return result;
}

/// Decides what only all root modules together tell.
void settle_claims(Handler* handler, const source::ArtifactStore& artifacts, Verdicts& verdicts) {
  const std::size_t single = verdicts.findings.size();
  settle(std::move(verdicts.claims), artifacts, verdicts.findings, verdicts.unresolved);
  if (handler != nullptr) {
    handler->apply(nullptr, verdicts.findings, single);
    handler->note(nullptr, verdicts.unresolved);
  }
}

}  // namespace

source::Expected<AnalysisResult> analyze(const AnalysisRequest& request, source::ArtifactStore& artifacts) {
  auto inventory = request.inventory != nullptr ? source::Expected<source::Inventory>(*request.inventory)
                                                : source::discover(request.files, request.paths, request.discovery);
  if (!inventory) {
    return inventory.error();
  }
  if (request.memory != nullptr) {
    request.memory->begin();
  }
  // Who keeps trees from one analysis to the next, or looks at all of them, has them stay.
  const bool passing = request.memory == nullptr && request.focus == nullptr && !request.observe;
  const bool keeps = request.kept != nullptr && passing;
  if (keeps && request.kept->reading) {
    request.kept->reading(true);
  }
  AnalysisResult result;
  report_skipped(*inventory, result.diagnostics);
  terraform::Workspace workspace(request.files, artifacts, *inventory, request.terraform,
                                 request.memory == nullptr ? nullptr : &request.memory->syntax(), passing);
  std::optional<Handler> own_handler;
  if (request.handling != nullptr) {
    own_handler.emplace(*request.handling, request.rules, request.files, artifacts, request.terraform.limits);
  }
  Handler* const handler = own_handler ? &*own_handler : nullptr;
  const auto redactor = std::make_shared<secrets::Redactor>();
  terraform::FoundSecrets found(redactor->detector());
  Verdicts verdicts;  // of all root modules
  LedgerKeeper ledger(*inventory, artifacts);
  RootFindings root_findings;
  RootAnalysis roots(request, workspace, *inventory, artifacts, handler, keeps,
                     [&](RootRecord& record) { add(record, handler, verdicts, root_findings, ledger, result); });
  roots.run(found);
  result.diagnostics.insert(result.diagnostics.end(), roots.problems().begin(), roots.problems().end());
  if (roots.is_obsolete()) {
    result.abandoned = true;
    return result;
  }
  const std::unique_ptr<model::Configuration> files = workspace.files(*redactor, found);
  result.coverage.policies += static_cast<std::uint32_t>(files->policy_files().size());
  judge_files(request, *files, roots.judge(), handler, artifacts, verdicts);
  artifacts.set_guard(redactor);
  settle_claims(handler, artifacts, verdicts);
  result.unresolved = std::move(verdicts.unresolved);
  result.diagnostics.insert(result.diagnostics.end(), workspace.diagnostics().begin(), workspace.diagnostics().end());
  result.diagnostics.insert(result.diagnostics.end(), verdicts.diagnostics.begin(), verdicts.diagnostics.end());
  result.coverage.files = workspace.file_count();
  LeftAlone left;
  if (handler != nullptr) {
    left = left_alone(root_findings, verdicts);
    std::ranges::for_each(verdicts.findings,
                          [&](findings::Finding& finding) { left.apply(finding, verdicts.proposals); });
    handler->finish(is_complete(result.diagnostics), request.focus == nullptr ? nullptr : &result.directories,
                    verdicts.findings, verdicts.proposals);
  }
  if (keeps) {
    if (request.kept->reading) {
      request.kept->reading(false);
    }
    // What tells a secret is not kept.
    roots.kept().erase_if([&](std::string_view bytes) { return !redactor->hidden(bytes).empty(); });
    const bool whole = roots.had_time() && is_complete(result.diagnostics);
    request.kept->roots = whole ? std::move(roots.kept()) : KeptRoots();
  }
  const auto finish = [&](findings::Finding& finding) {
    const bool changed = hide_secrets(finding, *redactor);
    identify(finding);
    return changed;
  };
  result.packed = root_findings.finish([&](findings::Finding& finding) {
    const bool changed = left.apply(finding, verdicts.proposals);
    return finish(finding) || changed;
  });
  for (findings::Finding& finding : verdicts.findings) {
    finish(finding);
    result.packed.add(finding);
  }
  result.packed.close();
  result.packed.sort(artifacts);
  result.packed.merge_equal();
  if (!request.packed) {
    unpack(result);
  }
  result.proposals = std::move(verdicts.proposals);
  hide_secrets(result, *redactor);
  remove_duplicates(result);
  sort_all(result, artifacts);
  result.ledger = ledger.finish(result.diagnostics, result.unresolved, result.directories.size());
  result.coverage.incomplete = !is_complete(result.diagnostics);
  if (request.memory != nullptr) {
    request.memory->finish();
  }
  return result;
}

}  // namespace gabion::engine
