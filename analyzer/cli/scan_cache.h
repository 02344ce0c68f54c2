// Whole runs, remembered: a scan that would read the same files in the same way as one before gives what that one gave.
// Called by `gabion scan`; where anything stands in the way, the scan is made as if there were no cache.
#pragma once

#include <map>
#include <string>

#include "cli/options.h"
#include "cli/setup.h"

namespace gabion::cli {

/// The directory that --cache names, else the user's: gabion in XDG_CACHE_HOME, or in ~/.cache. Empty: none.
[[nodiscard]] std::string cache_directory(const std::string& option,
                                          const std::map<std::string, std::string>& variables);

/// Why a run is not one that can be remembered; empty when it is.
[[nodiscard]] std::string why_not_remembered(const Options& options);

/// The variables that a scan may look at, and no others: its results hang on nothing else of the environment.
[[nodiscard]] std::map<std::string, std::string> variables_of_scans(
    const std::map<std::string, std::string>& variables);

/// What `scan` gives, or what it gave when it was run for the last time, when that is the same.
[[nodiscard]] int run_remembered(int (*scan)(const Options& options, Environment& environment), const Options& options,
                                 Environment& environment);

}  // namespace gabion::cli
