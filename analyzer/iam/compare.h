// What one version of a policy allows that another does not. Called by `gabion policy compare` and by fixes that must
// not widen access.
#pragma once

#include "iam/prove.h"

namespace gabion::iam {

/// Yes: everything `changed` allows, `old` allows too. No: the witness is allowed by `changed` and not by `old`.
[[nodiscard]] Proof compare(const PolicyDocument& old, const PolicyDocument& changed, PolicyKind kind,
                            const Assumptions& assumptions = {});
/// Same among the requests that satisfy the formula.
[[nodiscard]] Proof compare(const PolicyDocument& old, const PolicyDocument& changed, PolicyKind kind,
                            const Formula& scope, const Assumptions& assumptions);

}  // namespace gabion::iam
