// How policies of a configuration are read: symbols that stand for names, ARNs and identifiers of its resources are
// resolved first, so that a policy written with a reference and a question about the same resource talk of one text.
#pragma once

#include "iam/document.h"
#include "model/model.h"

namespace gabion::engine {

/// Options for iam::read_policy and iam::read_text; they refer to the configuration.
[[nodiscard]] iam::ReadOptions policy_reading(const model::Configuration& configuration);

}  // namespace gabion::engine
