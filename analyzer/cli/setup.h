// What commands share before they start: the rules and settings of the run, the file system they read, error messages.
#pragma once

#include <istream>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cli/interrupt.h"
#include "cli/options.h"
#include "engine/analysis.h"
#include "engine/rule_set.h"
#include "engine/settings.h"
#include "source/expected.h"
#include "source/file_system.h"

namespace gabion::cli {

/// Streams and surroundings of one invocation; tests give their own.
struct Environment {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  const source::FileSystem& files;
  std::map<std::string, std::string> variables;  ///< environment variables
  bool in_is_terminal = false;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  Interruption* interruption = nullptr;  ///< of the process; null in tests
};

/// Rules, settings and file system of a run. Not moved: requests borrow from it.
struct Run {
  engine::RuleSet rules;
  engine::Settings settings;
  std::unique_ptr<source::OverlayFileSystem> overlay;  ///< when something comes from standard input
  const source::FileSystem* files = nullptr;
  std::vector<std::string> paths;
  terraform::Options terraform;
  source::DiscoveryOptions discovery;

  [[nodiscard]] engine::AnalysisRequest request() const {
    return {*files, paths, rules, settings.parameters, terraform, discovery, {}, &settings.handling};
  }
};

/// Prepares a run. Errors (all of them, in order) mean exit status 2.
[[nodiscard]] std::vector<source::Error> prepare(const Options& options, const Environment& environment, Run& run);

/// "gabion: error: FILE:LINE:COLUMN: message" and a line with the hint.
void print_error(const source::Error& error, std::ostream& err);

}  // namespace gabion::cli
