// Plans the fixes of everything that an analysis finds: chooses, combines and proves them round by round until nothing
// more can be fixed. Nothing is written here. Called by `gabion fix`, by the examples of rule files and by tests.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/analysis.h"
#include "engine/fix_model.h"
#include "engine/fix_proof.h"

namespace gabion::engine {

/// Text with the edits applied; they must be of that text, sorted and not overlapping.
[[nodiscard]] std::string apply_edits(std::string_view text, std::span<const findings::Edit> edits);

/// Do some of the edits overlap, or insert at one place?
[[nodiscard]] bool in_conflict(const std::vector<findings::Edit>& edits, const std::vector<findings::Edit>& others);

/// A fix under consideration, for whoever decides whether to apply it.
struct OfferedFix {
  const findings::Finding& finding;
  const findings::Fix& fix;
  std::string_view why;  ///< why it is made there
  const source::ArtifactStore& artifacts;
};

struct FixOptions {
  bool unsafe = false;             ///< also fixes that may replace a resource, narrow access or cost money
  std::uint32_t max_rounds = 100;  ///< every round fixes something, so this is a stop for the unforeseen
  /// Asked for every fix before it is applied; empty: all are.
  std::function<bool(const OfferedFix& offered)> accept{};
};

enum class SkipKind : std::uint8_t { kNone, kManual, kUnsafe, kUnproved, kDeclined, kConflict };

/// A fix that was not applied, and why.
struct SkippedFix {
  std::string rule;
  std::string resource;
  std::string file;
  std::uint32_t line = 0;
  SkipKind kind = SkipKind::kNone;
  std::string reason;
  std::string title;                                       ///< of the fix, if there is one
  std::vector<std::pair<std::string, std::string>> texts;  ///< manual fixes: file and what it would become
};

/// What would be written.
struct FixPlan {
  std::map<std::string, std::pair<std::string, std::string>> files;  ///< path to text before and after
  std::uint32_t fixed = 0;                                           ///< findings that are gone
  std::vector<AppliedFix> applied;                                   ///< in the order of rounds and places
  std::vector<SkippedFix> skipped;                                   ///< sorted by file and line
  std::vector<ModelDifference> differences;                          ///< of the model before and after
  AnalysisResult before;
  std::vector<findings::Finding> remaining;  ///< after all rounds; regions are of the new texts
};

/// Plans the fixes of everything the request finds. Nothing is written. `artifacts` receives the original files.
[[nodiscard]] source::Expected<FixPlan> plan_fixes(const AnalysisRequest& request, const FixOptions& options,
                                                   source::ArtifactStore& artifacts);

}  // namespace gabion::engine
