// The proof that a set of fixes works: the changed files are analysed again in memory, and findings, decisions, the
// evaluated model and the policies are compared with what they were. Used by plan_fixes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/analysis.h"
#include "engine/fix_model.h"

namespace gabion::engine {

/// Changed files: path to new contents.
using FixTexts = std::map<std::string, std::string>;

/// A fix that was applied and proved.
struct AppliedFix {
  std::string rule;
  std::string resource;
  std::string file;  ///< of the finding
  std::uint32_t line = 0;
  std::string title;
  findings::Safety safety = findings::Safety::kSafe;
  std::string why;  ///< why the edit is made there; may be empty
};

/// A finding and the alternative of its proposal that is to be applied.
struct ChosenFix {
  const findings::Finding* finding = nullptr;
  const FixProposal* proposal = nullptr;
  std::size_t alternative = 0;

  [[nodiscard]] const FixAlternative& chosen() const { return proposal->alternatives[alternative]; }
};

/// One analysis of the tree with some files replaced.
struct FixState {
  std::unique_ptr<source::ArtifactStore> artifacts;  ///< null: the caller's
  AnalysisResult result;
  ModelPicture picture;
  FixTexts texts;                ///< the replacements
  std::set<std::string> faults;  ///< see faults_of(); none where nobody looked
  /// Policies that were asked for, and why each changed in a way that is not wanted.
  std::vector<std::string> policy_problems;
  std::vector<AppliedFix> extra;  ///< fixes of findings that the fixes asked for would have brought
  std::vector<ChosenFix> chosen;  ///< all that were applied, those of findings that others brought among them
  std::vector<std::shared_ptr<const FixState>> earlier;  ///< in which such findings are
};

/// What the rounds so far have made of the tree.
struct FixProgress {
  source::ArtifactStore& original;  ///< the files as they are
  FixState state;

  [[nodiscard]] const source::ArtifactStore& artifacts() const {
    return state.artifacts == nullptr ? original : *state.artifacts;
  }
};

/// Expressions that a warning is about, with what it says and the directory: a copy of one in the same module is no new
/// fault.
[[nodiscard]] std::set<std::string> faults_of(const AnalysisResult& result, const source::ArtifactStore& artifacts);

/// Analyses the files with replacements, and compares the policies that the fixes change with what they were.
/// `inventory`: the part of the tree that is analysed; null: what the request says.
[[nodiscard]] source::Expected<FixState> analyze_fixed(const AnalysisRequest& request, const FixTexts& texts,
                                                       const std::vector<ChosenFix>& chosen,
                                                       const source::Inventory* inventory = nullptr);

/// The texts after the edits of some fixes, of the files they touch.
[[nodiscard]] FixTexts edited_texts(const std::vector<ChosenFix>& chosen, const source::ArtifactStore& artifacts);

[[nodiscard]] AppliedFix as_applied(const ChosenFix& fix, const source::ArtifactStore& artifacts);

/// Findings after fixes in terms of those before.
struct FindingChanges {
  std::vector<const findings::Finding*> fresh;    ///< there was none like it before
  std::vector<const findings::Finding*> staying;  ///< the fixes were to mend it
};

/// Compares findings. One that says something else than before, as one about a statement that has become smaller does,
/// is not fresh: in the place of one that is gone, of the same rule about the same resource and not less severe.
[[nodiscard]] FindingChanges changes_of(const AnalysisResult& before, const AnalysisResult& after,
                                        const std::vector<ChosenFix>& chosen);

/// Is it what one of the fixes leads to: a finding that is not worse than the one it mends, of a rule that it names, in
/// the module of what it mends?
[[nodiscard]] bool is_led_to(const findings::Finding& finding, const std::vector<ChosenFix>& chosen);

/// Why the fixes are not proved; nothing when they are.
[[nodiscard]] std::optional<std::string> why_not_proved(const FixState& before, const FixState& after,
                                                        const std::vector<ChosenFix>& chosen);

/// Does nothing of the model change but what the fixes say, of the resources that they are for?
[[nodiscard]] bool changes_what_is_declared(const FixState& before, const FixState& after,
                                            const std::vector<ChosenFix>& chosen);

/// Resources with findings that the fixes were to mend and did not, or that are new with them, and those that the fixes
/// change without having said so.
[[nodiscard]] std::set<std::string> resources_not_proved(const FixState& before, const FixState& after,
                                                         const std::vector<ChosenFix>& chosen);

}  // namespace gabion::engine
