// Applies fixes and proves them: edits go into a copy in memory, the copy is analysed again, and only fixes whose
// findings are gone without new ones stay. Rounds go on until nothing more can be fixed.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/analysis.h"

namespace gabion::engine {

/// Text with the edits applied; they must be of that text, sorted and not overlapping.
[[nodiscard]] std::string apply_edits(std::string_view text, std::span<const findings::Edit> edits);

struct FixOptions {
  bool unsafe = false;  ///< also fixes that may replace a resource or narrow access
  std::uint32_t max_rounds = 10;
};

/// A fix that was not applied, and why.
struct SkippedFix {
  std::string rule;
  std::string resource;
  std::string file;
  std::uint32_t line = 0;
  std::string reason;
};

/// What would be written.
struct FixPlan {
  std::map<std::string, std::pair<std::string, std::string>> files;  ///< path to text before and after
  std::uint32_t fixed = 0;                                           ///< findings that are gone
  std::vector<SkippedFix> skipped;                                   ///< sorted by file and line
  AnalysisResult before;
  std::vector<findings::Finding> remaining;  ///< after all rounds; regions are of the new texts
};

/// Plans the fixes of everything the request finds. Nothing is written. `artifacts` receives the original files.
[[nodiscard]] source::Expected<FixPlan> plan_fixes(const AnalysisRequest& request, const FixOptions& options,
                                                   source::ArtifactStore& artifacts);

}  // namespace gabion::engine
