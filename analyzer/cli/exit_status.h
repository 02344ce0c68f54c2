// Exit statuses of the program; scripts and hooks rely on them (docs/cli.md).
#pragma once

namespace gabion::cli {

enum ExitStatus : int {
  kClean = 0,       ///< nothing at or above --fail-on, every input analysed
  kFindings = 1,    ///< at least one finding at or above --fail-on
  kUsage = 2,       ///< wrong usage, configuration or rule file
  kIncomplete = 3,  ///< nothing to report, but something was not analysed
};

}  // namespace gabion::cli
