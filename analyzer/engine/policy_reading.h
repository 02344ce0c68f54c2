// How policies of a configuration are read: symbols that stand for names, ARNs and identifiers of its resources are
// resolved first, so that a policy written with a reference and a question about the same resource talk of one text.
#pragma once

#include "engine/functions.h"
#include "engine/iam_functions.h"
#include "iam/document.h"
#include "model/model.h"

namespace gabion::engine {

/// Options for iam::read_policy and iam::read_text; they refer to the configuration.
[[nodiscard]] iam::ReadOptions policy_reading(const model::Configuration& configuration);

/// Reads policies as policy_reading() says, each attribute of a view once. Not for longer than the context lasts.
[[nodiscard]] PolicySource policy_source(const RuleContext& rule);

}  // namespace gabion::engine
