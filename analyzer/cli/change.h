// What changed, and what has to be analysed for it: the modules that the change can have consequences for, now and in
// the versions to compare with. Used by scan --hook, scan --changed-since and fix --hook.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/git.h"
#include "cli/setup.h"
#include "findings/finding.h"
#include "report/report.h"
#include "source/artifact.h"
#include "source/discovery.h"
#include "source/expected.h"

namespace gabion::cli {

/// A version to compare with.
struct EarlierVersion {
  std::unique_ptr<source::FileSystem> files;
  source::Inventory inventory;  ///< what to analyse there
};

/// The change that a run looks at.
struct Change {
  std::vector<std::string> changed;         ///< as discovery prints paths
  std::unique_ptr<source::FileSystem> now;  ///< of a hook: what is to be committed, without untracked files
  source::Inventory inventory;              ///< what to analyse now; nothing when the change is about nothing of ours
  /// What the change brought is what none of them has. None: nothing changed, so that all of the files' findings count.
  std::vector<EarlierVersion> before;
};

/// What is to be committed, compared with HEAD (and what is merged into it), or with PRE_COMMIT_FROM_REF when
/// pre-commit compares two revisions. The files given count when nothing changed at all, as for `pre-commit run
/// --all-files`.
[[nodiscard]] source::Expected<Change> hook_change(const Run& run, const Environment& environment);

/// The work tree, untracked files included, compared with where it left a revision.
[[nodiscard]] source::Expected<Change> change_since(const std::string& revision, const Run& run,
                                                    const Environment& environment);

/// The lines of now that a comparison with the version before shows, with three lines around each change, in the files
/// that findings and their fixes are about.
[[nodiscard]] report::ShownLines shown_lines(const Change& change, const source::FileSystem& now,
                                             const std::vector<findings::Finding>& findings,
                                             const source::ArtifactStore& artifacts);

}  // namespace gabion::cli
