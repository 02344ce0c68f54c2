// Proves the fixes that a report shows, so that whoever applies edits out of a report gets none that were not tried.
// Called by `gabion scan --prove-fixes` for the formats that other programs take edits from.
#pragma once

#include <cstddef>
#include <set>
#include <string_view>
#include <vector>

#include "engine/fix_proof.h"

namespace gabion::engine {

/// Takes the edits that hold a secret out of the fixes that a report shows: without its secret an edit would be
/// another.
void leave_out_secrets(std::vector<findings::Finding>& shown, const source::ArtifactStore& artifacts);

/// Takes the edits out of fixes that are guesses: reports whose fixes are not proved only name them.
void leave_out_guesses(std::vector<findings::Finding>& shown);
void leave_out_guesses(findings::PackedFindings& shown);

/// An analysis that can prove its fixes afterwards. Borrowed things of the request must outlive it.
class OfferProver {
 public:
  OfferProver(const AnalysisRequest& request, source::ArtifactStore& artifacts)
      : request_(request), artifacts_(artifacts) {}
  OfferProver(const OfferProver&) = delete;
  OfferProver& operator=(const OfferProver&) = delete;

  /// What analyze() gives.
  [[nodiscard]] source::Expected<AnalysisResult> analyze();

  /// Leaves edits only in those fixes of the findings that are proved; the title of the others says why they have none.
  /// Fixes are proved many at a time, with a number of further analyses that depends on how much there is to analyse,
  /// not on time, so that a report is the same wherever it is made. Answers how many fixes were left untried.
  [[nodiscard]] std::size_t prove(std::vector<findings::Finding>& shown);

 private:
  /// A finding shown, its finding in the analysis, and the alternative to try.
  struct Offer {
    std::size_t shown = 0;
    ChosenFix fix;
  };
  void prove_all(std::vector<Offer> offers, std::vector<Offer>& refused);
  void keep(const Offer& offer);
  void leave(const Offer& offer);
  void take_away(const Offer& offer, const std::string& why);

  const AnalysisRequest& request_;
  source::ArtifactStore& artifacts_;
  FixState before_;
  std::vector<findings::Finding>* shown_ = nullptr;
  std::size_t analyses_ = 0;             ///< that may still be made
  std::set<std::string_view> hopeless_;  ///< rules with a fix that did not prove by itself
  std::size_t untried_ = 0;              ///< fixes for which none was left
};

}  // namespace gabion::engine
