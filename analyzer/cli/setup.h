// What commands share before they start: their surroundings, the run they are about, error messages.
#pragma once

#include <istream>
#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "cli/interrupt.h"
#include "cli/options.h"
#include "engine/root_record.h"
#include "engine/run.h"
#include "source/expected.h"
#include "source/file_system.h"

namespace gabion::cli {

/// What a run wrote besides its streams.
struct WrittenReports {
  std::vector<std::pair<std::string, std::string>> files;  ///< path as given and contents, in the order of writing
  std::string summary;                                     ///< added to the summary of a CI job
  /// The run came to its end, and nothing was left out for want of time or memory: another one gives the same.
  bool repeatable = false;
};

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
  std::ostream* screen = nullptr;        ///< where progress is shown; null: `err`
  WrittenReports* written = nullptr;     ///< is told of what goes to files; null: nobody is
  engine::KeptAnalysis* kept = nullptr;  ///< for scans; null: nothing is kept
};

using engine::Run;

/// Prepares a run. Errors (all of them, in order) mean exit status 2.
[[nodiscard]] std::vector<source::Error> prepare(const Options& options, const Environment& environment, Run& run);

/// "gabion: error: FILE:LINE:COLUMN: message" and a line with the hint.
void print_error(const source::Error& error, std::ostream& err);

}  // namespace gabion::cli
