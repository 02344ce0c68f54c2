// The way of what a policy statement says that was not written in it: an ARN in the argument of a call, an action in
// the default of a variable. Used when a finding points into a statement.
#pragma once

#include <vector>

#include "engine/view.h"
#include "findings/finding.h"
#include "model/model.h"
#include "source/artifact.h"

namespace gabion::engine {

/// Adds the ways of actions, resources and principals of the statement at `place`, in a policy of the resource, that
/// arguments and variables brought there.
void trace_statement(const model::Resource& resource, source::Region place, Views& views,
                     const source::ArtifactStore& artifacts, std::vector<findings::TraceStep>& trace);

}  // namespace gabion::engine
