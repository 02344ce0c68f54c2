// Patterns of an Action element against the actions that exist: what a wildcard covers, which wildcards cover a set of
// actions and nothing else, and what somebody meant who wrote a name that does not exist. Called by rule functions.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/service_facts.h"

namespace gabion::aws {

/// Actions that a pattern such as "s3:Get*Acl" or "*" covers, in the order of the reference (service, then name).
[[nodiscard]] std::vector<ActionId> expand_action(std::string_view pattern);
/// Does the pattern cover some action? Cheaper than expanding it.
[[nodiscard]] bool covers_some_action(std::string_view pattern);
/// Does the predicate hold of some action that the pattern covers? Asked until it does.
[[nodiscard]] bool some_action(std::string_view pattern, const std::function<bool(ActionId)>& holds);

/// The fewest patterns, each a name, "service:*" or "service:Word*" cut at the end of a word, that cover these actions
/// and no other.
[[nodiscard]] std::vector<std::string> shortest_patterns(std::span<const ActionId> actions);

/// The existing action (or service, for a text without colon) that differs least from the text, when it differs by
/// little: a letter in five, three at most. Nothing for a name that exists.
[[nodiscard]] std::optional<std::string> nearest_action(std::string_view name);
[[nodiscard]] std::optional<std::string> nearest_service(std::string_view prefix);

/// The existing condition key that a name of no key differs least from, by as little; what stands for a placeholder
/// ("team" in "aws:RequestTags/team") is kept. Nothing for a key that exists, or whose prefix is no service's.
[[nodiscard]] std::optional<std::string> nearest_condition_key(std::string_view name);

/// Insertions, deletions, replacements and swaps of neighbours between two texts without case; `limit` + 1 when there
/// are more than `limit`.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// Wildcards of policies: * any run of characters, ? any one; case does not count.
[[nodiscard]] bool matches_folded(std::string_view pattern, std::string_view text);

}  // namespace gabion::aws
