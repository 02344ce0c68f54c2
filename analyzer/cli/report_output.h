// Where reports go: standard output, files, the summary of a CI job. Called by `gabion scan` when the analysis is done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "cli/options.h"
#include "cli/setup.h"
#include "report/report.h"
#include "source/expected.h"

namespace gabion::cli {

/// Seconds since 1970; SOURCE_DATE_EPOCH (reproducible-builds.org) stands in for the clock where it is set.
[[nodiscard]] std::int64_t now(const Environment& environment);

/// Writes next to the target and renames, so that readers see the old text or the new one, never half of it. A link
/// keeps leading where it led, the mode stays, and what is no regular file (a pipe, /dev/null) is written to. Nobody
/// interrupts the program in between, where an interruption is given.
[[nodiscard]] source::Expected<source::Unit> write_file(const std::string& path, const std::string& contents,
                                                        Interruption* interruption = nullptr);

/// Bytes that may still be added to the summary of a job's step, which other programs of the step write to as well:
/// together they may have so many, and more would make all of it disappear.
[[nodiscard]] std::size_t summary_room(const std::string& path);
[[nodiscard]] source::Expected<source::Unit> append_summary(const std::string& path, const std::string& text);

/// Writes every report that the options ask for. A file is complete or as it was before. With the format github and
/// GITHUB_STEP_SUMMARY in the environment, the summary of the job is written too. Fills in what the report says of the
/// surroundings: working directory and workspace.
[[nodiscard]] source::Expected<source::Unit> write_reports(report::Report& report, const Options& options,
                                                           const Environment& environment);

}  // namespace gabion::cli
