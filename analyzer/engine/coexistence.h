// Which instances exist together, where it is not known whether they do: those that are made by the same condition. For
// rule functions that follow references, and for the policies of a principal.
#pragma once

#include "model/model.h"
#include "source/artifact.h"

namespace gabion::engine {

/// Does the candidate exist wherever the other resource does? Where both are made by the same condition, or one for
/// each of the other, they do, whether that is known or not.
[[nodiscard]] bool exists_with(const model::Resource& candidate, const model::Resource* other,
                               const source::ArtifactStore& artifacts);

}  // namespace gabion::engine
