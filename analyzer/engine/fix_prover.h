// Proves what can be of the fixes that a round tries: together, or in parts, each where it can have consequences, and
// in the end all that is taken in all of the tree. Used by plan_fixes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/fix_chooser.h"
#include "engine/fix_proof.h"
#include "engine/fix_reach.h"

namespace gabion::engine {

/// Borrows what it is given.
class FixProver {
 public:
  FixProver(const AnalysisRequest& request, const FixOptions& options, const FixProgress& progress, FixChooser& chooser)
      : request_(request), options_(options), progress_(progress), chooser_(chooser), reach_(request) {}

  void begin_round();
  /// Parts of the tree have more to do with each other than can be seen: for the rest of the round fixes are proved in
  /// all of it.
  void look_at_all() { whole_ = true; }

  /// Units that prove, and the state after them; of units that have no consequences for each other what proves in the
  /// part of the tree for which it has some, and then all of them in all of it. No state: they do not prove together.
  /// Fixes that do not prove by themselves are refused.
  [[nodiscard]] source::Expected<std::vector<FixUnit>> prove(std::vector<FixUnit> units, std::optional<FixState>& best);

 private:
  /// What fixes are compared with: all as it is, or the part of it for which they can have consequences.
  struct Before {
    const FixState* state = nullptr;
    std::shared_ptr<const FixReach::Part> part;  ///< null: all

    [[nodiscard]] const source::Inventory* inventory() const { return part == nullptr ? nullptr : &part->inventory; }
  };
  /// What there is after fixes.
  struct After {
    FixState state;
    Before before;
  };

  [[nodiscard]] source::Expected<Before> before_of(const FixTexts& texts);
  [[nodiscard]] source::Expected<After> attempt(const std::vector<ChosenFix>& chosen);
  /// Fixes of the findings in a state that are not in the one before; nothing when one of them, which they do not lead
  /// to, has none to apply.
  [[nodiscard]] std::optional<std::vector<ChosenFix>> fixes_of_new(const FixState& before, const FixState& state);
  /// Findings that a fix would bring may have fixes themselves (a new bucket policy that another rule wants more of).
  /// With those it proves, or not at all; then `after` is what there is after all of them. `to_blame`: resources for
  /// which it did not.
  [[nodiscard]] bool follow_up(After& after, std::set<std::string>& to_blame);
  /// Units that prove together; the last state that proved is `best`.
  [[nodiscard]] source::Expected<std::vector<FixUnit>> prove_together(std::vector<FixUnit> units,
                                                                      std::optional<After>& best);
  /// Units in groups that have no consequences for each other: they are proved one by one.
  [[nodiscard]] std::vector<std::vector<FixUnit>> apart(std::vector<FixUnit> units);
  /// All that was proved apart, in all of the tree; nothing where it does not prove there.
  [[nodiscard]] source::Expected<std::optional<FixState>> join(std::vector<After> states);

  const AnalysisRequest& request_;
  const FixOptions& options_;
  const FixProgress& progress_;
  FixChooser& chooser_;
  FixReach reach_;
  bool whole_ = false;  ///< fixes are proved in all of the tree from the start
  /// Alternatives that are next for findings that fixes would bring, by fingerprint.
  std::map<std::string, std::size_t> followed_;
};

}  // namespace gabion::engine
