// What an analysis is made with: the rules and settings that apply to some paths, as the command line and the
// configuration file say. The commands and the language server prepare one before they analyse anything.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/analysis.h"
#include "engine/rule_set.h"
#include "engine/settings.h"
#include "source/budget.h"
#include "source/expected.h"
#include "source/file_system.h"

namespace gabion::engine {

/// What somebody asked for besides the configuration file.
struct InputOptions {
  std::vector<std::string> paths;
  std::string config;  ///< --config; empty: found upward
  bool no_config = false;
  std::vector<std::string> only;                     ///< --rule
  std::vector<std::string> skip;                     ///< --skip-rule
  std::vector<std::string> rule_paths;               ///< --rules
  std::vector<terraform::VariableOption> variables;  ///< --var and --var-file in order
  std::vector<std::string> environments;             ///< --environment; empty: all that are configured
  std::optional<std::string> workspace;              ///< --workspace
  std::vector<std::string> exclude;
  bool replace_builtin = false;  ///< rule files may have the ids of built-in rules
  std::string today;             ///< --today, YYYY-MM-DD; empty: nothing ends
  bool no_gitignore = false;
  bool allow_outside = false;
  source::Limits limits;  ///< --max-..., as are the next two
  std::optional<std::chrono::steady_clock::time_point> deadline{};
  std::uint64_t max_findings = kMostFindings;
  std::size_t jobs = 1;  ///< --jobs; 0: as many as the machine runs at once
};

/// Rules, settings and file system of a run. Not moved: requests borrow from it.
struct Run {
  RuleSet rules;
  Settings settings;
  std::unique_ptr<source::OverlayFileSystem> overlay;  ///< when something comes from standard input
  const source::FileSystem* files = nullptr;
  std::vector<std::string> paths;
  terraform::Options terraform;
  source::DiscoveryOptions discovery;
  const source::Inventory* inventory = nullptr;  ///< what to analyse of the paths; null: everything
  std::optional<std::chrono::steady_clock::time_point> deadline{};
  std::uint64_t max_findings = kMostFindings;

  [[nodiscard]] AnalysisRequest request() const {
    AnalysisRequest made{*files, paths, rules, settings.parameters, terraform, discovery, {}, &settings.handling};
    made.inventory = inventory;
    made.deadline = deadline;
    made.max_findings = max_findings;
    return made;
  }
};

/// Prepares a run that has its file system already. `files` is where the configuration, rules and the paths are looked
/// for; `variables` are those of the process' environment. All errors, in order: with one, nothing can be analysed.
[[nodiscard]] std::vector<source::Error> prepare(const InputOptions& input, const source::FileSystem& files,
                                                 const std::map<std::string, std::string>& variables, Run& run);

}  // namespace gabion::engine
