// Keeps account of what an analysis covers while it runs. Used by analyze().
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine/covered_places.h"
#include "findings/diagnostic.h"
#include "findings/finding.h"
#include "findings/ledger.h"
#include "model/model.h"
#include "source/artifact.h"
#include "source/discovery.h"

namespace gabion::engine {

/// Whether an attribute of this name, in a resource of this type or a block of it, holds a policy of AWS IAM.
[[nodiscard]] bool is_policy_attribute(std::string_view type, std::string_view name);

/// What one or several configurations cover, besides modules.
struct CoveredParts {
  CoveredPlaces blocks;
  CoveredPlaces policies;  ///< attributes
};

/// Add everything that was found and evaluated, then ask once. Deterministic: the order of adding does not matter.
class LedgerKeeper {
 public:
  LedgerKeeper(const source::Inventory& inventory, const source::ArtifactStore& artifacts)
      : inventory_(inventory), artifacts_(artifacts) {}
  LedgerKeeper(const LedgerKeeper&) = delete;
  LedgerKeeper& operator=(const LedgerKeeper&) = delete;

  void add(const model::Configuration& configuration);
  /// The same for what another keeper was given.
  void add(CoveredParts parts);
  [[nodiscard]] CoveredParts take();

  /// `modules`: how many directories with modules were evaluated.
  [[nodiscard]] findings::Ledger finish(std::span<const findings::Diagnostic> diagnostics,
                                        std::span<const findings::Unresolved> unresolved, std::size_t modules);

 private:
  void add_policies(const model::Body& body, std::string_view type, std::string_view address);
  [[nodiscard]] bool is_project(const source::Region& region) const;

  const source::Inventory& inventory_;
  const source::ArtifactStore& artifacts_;
  CoveredParts parts_;
};

}  // namespace gabion::engine
