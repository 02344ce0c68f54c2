// What runs with a role in a configuration: functions, instances, build projects and the like, and the actions with
// which somebody takes one over to act with its role. Called by permissions.cpp, for the search for privilege
// escalation.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "eval/truth.h"
#include "eval/value.h"
#include "iam/document.h"
#include "iam/text.h"
#include "model/model.h"

namespace gabion::engine {

class ReferenceIndex;

/// The value of an attribute, or of one in a nested block ("block.attribute"); null when it is not given.
[[nodiscard]] const eval::Value* value_at(const model::Body& body, std::string_view path);
/// Does the resource exist for sure, once?
[[nodiscard]] eval::Truth certainty(const model::Resource& resource);

/// A resource that runs with a role.
struct RoleUse {
  const model::Resource* workload = nullptr;
  const eval::Value* role = nullptr;     ///< the role's ARN or name
  eval::Truth sure = eval::Truth::kYes;  ///< kUnknown: perhaps with that role
  iam::Text arn;                         ///< of what is taken over; may have holes
  iam::Text reference;                   ///< its `arn`, as other expressions see it, when that is a text of its own
  std::span<const std::string_view> actions;  ///< with which methods begin, see iam/escalation_methods.h
};

/// In the order of the configuration, by type.
[[nodiscard]] std::vector<RoleUse> role_uses(const model::Configuration& configuration, ReferenceIndex& references,
                                             const iam::ReadOptions& reading);

}  // namespace gabion::engine
