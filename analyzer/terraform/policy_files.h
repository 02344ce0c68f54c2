// Policies that stand alone in a JSON file, which no configuration reads: they are judged as what their shape says they
// are. Those that a configuration reads are judged there. Used by read_source_files().
#pragma once

#include <string_view>

#include "model/model.h"
#include "source/artifact.h"
#include "syntax/json/ast.h"

namespace gabion::terraform {

/// Adds the document to the configuration, as the resource that would carry a policy of its kind, when it is a policy
/// and its kind can be told: identity policies by the lack of a Principal, trust policies, and policies of buckets,
/// keys, queues, topics, repositories and secrets by the actions that they are about (or the resources, where every
/// action is meant), service and resource control policies by the name of their file or directory, the latter also by
/// denying everybody something everywhere. False when it is none of them, or a template.
bool add_policy_file(const syntax::json::Value& root, const source::Artifact& artifact, model::ModuleId module,
                     model::Configuration& configuration);

}  // namespace gabion::terraform
