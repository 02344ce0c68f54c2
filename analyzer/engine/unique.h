// What no two root modules of one analysis may have in common, such as the place of a state: each configuration that is
// judged puts its claims down, and when all are judged the claims are compared. Used by judge and analyze.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "findings/finding.h"
#include "source/artifact.h"

namespace gabion::engine {

/// What one check of a rule found in one root module, and what is reported when another one has it as well.
struct Claim {
  std::size_t check = 0;                          ///< of the rule
  std::string root;                               ///< directory of the root module
  std::vector<std::optional<std::string>> parts;  ///< texts of the parts; without value: not known, may be anything
  bool open = false;                              ///< whether there is anything to claim is not known
  findings::Finding finding;
  findings::Unresolved unresolved;
};

/// Appends a finding for each claim that another root module makes too, which names the place of the other one, and a
/// note for each that another one may make. A claim about which an earlier check of its rule reported is left out.
void settle(std::vector<Claim> claims, const source::ArtifactStore& artifacts, std::vector<findings::Finding>& findings,
            std::vector<findings::Unresolved>& unresolved);

}  // namespace gabion::engine
