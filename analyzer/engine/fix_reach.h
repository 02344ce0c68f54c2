// What edits can have consequences for: the modules that the edited files belong to, and all that call these. Proving a
// fix analyses that part of a tree again instead of all of it. Used by plan_fixes.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/affected.h"
#include "engine/analysis.h"
#include "engine/fix_proof.h"
#include "source/discovery.h"

namespace gabion::engine {

/// The reach of edits in the tree of a request, which must outlive it.
class FixReach {
 public:
  /// A part of the tree, and how it is with the texts from which edits start.
  struct Part {
    source::Inventory inventory;
    FixState before;
  };

  explicit FixReach(const AnalysisRequest& request) : request_(request) {}

  /// Edits are made to these texts from now on; parts of before are gone.
  void begin(FixTexts texts);

  /// Directories of the modules with these files, and of all that call them; nothing when there is no telling what
  /// edits of the files can have consequences for.
  [[nodiscard]] std::optional<std::set<std::string>> affected(const std::vector<std::string>& files);

  /// What is to be analysed after edits of these files; null when that is all of the tree, or nearly so.
  [[nodiscard]] source::Expected<std::shared_ptr<const Part>> part(const std::vector<std::string>& files);

 private:
  /// Finds out what there is; false where that fails, which who analyses all of it is told.
  [[nodiscard]] bool look();

  const AnalysisRequest& request_;
  FixTexts texts_;
  std::optional<source::Inventory> inventory_;  ///< of the tree with these texts
  std::optional<ModuleGraph> graph_;            ///< edits do not change which local modules are called
  /// The latest, by the affected directories.
  std::vector<std::pair<std::set<std::string>, std::shared_ptr<const Part>>> parts_;
};

}  // namespace gabion::engine
