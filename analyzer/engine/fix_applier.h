// Plans the fixes of everything that an analysis finds: chooses, combines and proves them round by round until nothing
// more can be fixed. Nothing is written here. Called by `gabion fix`, by the examples of rule files and by tests.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/analysis.h"
#include "engine/fix_chooser.h"
#include "engine/fix_model.h"
#include "engine/fix_proof.h"

namespace gabion::engine {

/// What would be written.
struct FixPlan {
  std::map<std::string, std::pair<std::string, std::string>> files;  ///< path to text before and after
  std::uint32_t fixed = 0;                                           ///< findings that are gone
  std::vector<AppliedFix> applied;                                   ///< in the order of rounds and places
  std::vector<SkippedFix> skipped;                                   ///< sorted by file and line
  std::vector<ModelDifference> differences;                          ///< of the model before and after
  AnalysisResult before;
  std::vector<findings::Finding> remaining;  ///< after all rounds; regions are of the new texts
  std::vector<findings::Finding> led_to;     ///< those of them that were not there before: what fixes lead to
};

/// Plans the fixes of everything the request finds. Nothing is written. `artifacts` receives the original files.
[[nodiscard]] source::Expected<FixPlan> plan_fixes(const AnalysisRequest& request, const FixOptions& options,
                                                   source::ArtifactStore& artifacts);

}  // namespace gabion::engine
