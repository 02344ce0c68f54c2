// One analysis from paths to findings: discover, parse, evaluate each root module, judge, sort. The command line, the
// tests of rule files, the proof of fixes and the language server all call this.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/handling.h"
#include "engine/judge.h"
#include "engine/prepared_rules.h"
#include "engine/rule_set.h"
#include "findings/diagnostic.h"
#include "findings/finding.h"
#include "findings/ledger.h"
#include "findings/packed.h"
#include "model/model.h"
#include "source/artifact.h"
#include "source/discovery.h"
#include "source/expected.h"
#include "source/file_system.h"
#include "terraform/load.h"

namespace gabion::engine {

class AnalysisMemory;
struct KeptAnalysis;

/// What to analyse and how. Borrowed things must outlive the result (findings point at rule descriptions).
struct AnalysisRequest {
  const source::FileSystem& files;
  std::vector<std::string> paths;
  const RuleSet& rules;
  const Parameters& parameters;
  terraform::Options terraform;
  source::DiscoveryOptions discovery;
  /// Is told every configuration that was evaluated, and in which environment; may be empty.
  std::function<void(const model::Configuration& configuration, std::string_view environment)> observe{};
  /// What the configuration file says about findings; null: they are reported as they are.
  const HandlingSettings* handling = nullptr;
  /// Is told how many configurations of how many are done; may be empty.
  std::function<void(std::uint64_t done, std::uint64_t total)> progress{};
  /// Directories: only the root modules that they are part of are analysed, and nothing is said of other files. Null:
  /// all root modules.
  const std::vector<std::string>* focus = nullptr;
  /// Kept for the next analysis of the same tree; the artifacts have to be its own. Null: nothing is kept.
  AnalysisMemory* memory = nullptr;
  /// Whether nobody waits for the result any more; asked now and then, may be empty.
  std::function<bool()> obsolete{};
  /// Makes fixes; findings without are quicker.
  bool fixes = true;
  /// What discovery would find, where only a part of it is wanted; null: everything below the paths.
  const source::Inventory* inventory = nullptr;
  /// When to end with what is done by then, naming what is not; asked between root modules and between judgements.
  /// Nothing: never.
  std::optional<std::chrono::steady_clock::time_point> deadline{};
  /// Findings of one root module, and as many notes; the rest is left out, which is said.
  std::uint64_t max_findings = kMostFindings;
  /// What root modules gave in an earlier run and would give again: they are not evaluated. Afterwards what all of them
  /// gave now; nothing when not everything was analysed. It is left alone, and of no use, where there is a memory, a
  /// focus or somebody to observe. Null: nothing is kept.
  KeptAnalysis* kept = nullptr;
  /// Keeps what all fixes were made from, for whoever proves them; or else only where there is a choice.
  bool proposals = true;
  /// Gives findings packed.
  bool packed = false;
};

struct AnalysisResult {
  std::vector<findings::Finding> findings;       ///< sorted, without duplicates
  findings::PackedFindings packed;               ///< instead of these, where the request says so
  std::vector<findings::Unresolved> unresolved;  ///< sorted, without duplicates
  findings::Diagnostics diagnostics;             ///< sorted by place
  model::Coverage coverage;
  findings::Ledger ledger;             ///< what was analysed, and what not
  std::vector<FixProposal> proposals;  ///< findings::Fix::proposal is the index of a fix, if it is kept
  std::set<std::string> directories;   ///< of the modules that were evaluated, as printed
  bool abandoned = false;              ///< nobody waited for it any more: it is not complete
};

/// Runs the analysis; file contents go to `artifacts`. An error only when a path does not exist.
[[nodiscard]] source::Expected<AnalysisResult> analyze(const AnalysisRequest& request,
                                                       source::ArtifactStore& artifacts);

}  // namespace gabion::engine
