// What a pre-commit hook is given and what it makes of it: names of files, out of which come the files to analyse and
// the version to compare with. Used by scan --hook and fix --hook.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/git.h"
#include "cli/setup.h"
#include "source/expected.h"

namespace gabion::cli {

/// The change that a hook looks at.
struct HookChange {
  std::vector<std::string> changed;            ///< as discovery prints paths, from the working directory on
  std::vector<std::string> paths;              ///< what to analyse now; empty: the change is about nothing of ours
  std::vector<std::string> paths_before;       ///< what to analyse in the version before
  std::unique_ptr<source::FileSystem> now;     ///< what is to be committed: without untracked files
  std::unique_ptr<source::FileSystem> before;  ///< null: nothing changed, so all of the files' findings count
};

/// Finds out what changed. The version before is HEAD, or PRE_COMMIT_FROM_REF when pre-commit compares two revisions.
/// The files given count when nothing changed at all, as for `pre-commit run --all-files`.
[[nodiscard]] source::Expected<HookChange> hook_change(const std::vector<std::string>& given,
                                                       const source::DiscoveryOptions& discovery,
                                                       const Environment& environment);

}  // namespace gabion::cli
