// Turns the origin chain of a value into the steps that a person reads.
#pragma once

#include <vector>

#include "eval/value.h"
#include "findings/finding.h"
#include "source/artifact.h"

namespace gabion::engine {

/// The first link of the chain that is written in the user's files (not in a rule); null when there is none.
[[nodiscard]] const eval::Origin* first_written(const eval::Origin* origin, const source::ArtifactStore& artifacts);
/// The last link of the chain that is written in the user's files: where an edit would change the value.
[[nodiscard]] const eval::Origin* last_written(const eval::Origin* origin, const source::ArtifactStore& artifacts);

/// Steps from the finding's place back to where the value was written; places inside the finding's region are left out.
[[nodiscard]] std::vector<findings::TraceStep> trace_of(const eval::Origin& origin, source::Region place,
                                                        const source::ArtifactStore& artifacts);

}  // namespace gabion::engine
