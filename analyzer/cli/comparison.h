// Comparing a scan with what is known already: a baseline, an older revision, another set of rules. Used by scan and
// baseline.
#pragma once

#include <string>
#include <vector>

#include "cli/change.h"
#include "cli/options.h"
#include "cli/setup.h"
#include "engine/analysis.h"
#include "engine/baseline.h"
#include "source/artifact.h"
#include "source/expected.h"

namespace gabion::cli {

/// Takes out the findings that another analysis has as well; what is suppressed there only is new here. Returns how
/// many of the other one's are no longer there.
std::size_t keep_new(const engine::AnalysisResult& before, const source::ArtifactStore& artifacts_before,
                     std::vector<findings::Finding>& findings, const source::ArtifactStore& artifacts);

/// The options for one of the two sets of rules of --compare-rules: "builtin", a configuration file (*.gabion.yaml), or
/// rule files, which take the place of built-in rules with the same ids.
[[nodiscard]] Options with_rules(const Options& options, const std::string& rules);

/// Takes out what the first set of rules finds as well, and says on standard error how much only that one finds.
[[nodiscard]] source::Expected<source::Unit> keep_found_by_new_rules(const Options& options,
                                                                     const Environment& environment,
                                                                     std::vector<findings::Finding>& findings,
                                                                     const source::ArtifactStore& artifacts);

/// Takes out what was found in an earlier version as well: that is analysed with the configuration that it had.
[[nodiscard]] source::Expected<source::Unit> keep_introduced(const EarlierVersion& before, const Options& options,
                                                             const Environment& environment, const Run& run,
                                                             std::vector<findings::Finding>& findings,
                                                             const source::ArtifactStore& artifacts);

}  // namespace gabion::cli
