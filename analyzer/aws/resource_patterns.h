// Patterns of a Resource element against the ARN formats of resource types: which types a pattern can mean, and which
// actions can never work on any resource of a statement. Called by rule functions; in doubt the answer is "it can".
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "aws/service_facts.h"

namespace gabion::aws {

/// Stands in a pattern for a name that is not known: any run of characters without '/' and ':'.
inline constexpr char kUnknownName = '\x01';

/// Can some ARN of the format be covered by the pattern? `*` and `?` are wildcards of the pattern, and so is a policy
/// variable "${...}"; a name of AWS stands for every placeholder of the format.
[[nodiscard]] bool overlaps(std::string_view arn_format, std::string_view pattern);

/// Can some text be covered by both patterns? Case matters.
[[nodiscard]] bool patterns_overlap(std::string_view a, std::string_view b);

/// Resource types of all services that a pattern can mean.
[[nodiscard]] std::vector<ResourceTypeId> types_of_arn(std::string_view pattern);

/// "*": a pattern that every resource matches.
[[nodiscard]] bool is_every_resource(std::string_view pattern);

/// Can a request for the action be about a resource that one of the patterns covers? An action without resource types
/// is about "*", which only a pattern of stars covers.
[[nodiscard]] bool fits_some(ActionId action, std::span<const std::string_view> patterns);

}  // namespace gabion::aws
