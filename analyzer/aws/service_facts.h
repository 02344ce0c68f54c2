// The service authorization reference of AWS as look-ups: services, their actions with access level, resource types and
// condition keys. Called by iam and by rule functions; names are compared without case, answers are those of the facts
// that were compiled in (analyzer/aws/facts), so a newer action than these is not known.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gabion::aws {

enum class ServiceId : std::uint16_t {};
enum class ActionId : std::uint16_t {};
enum class ResourceTypeId : std::uint16_t {};

/// What an action does, as the reference classifies it.
enum class AccessLevel : std::uint8_t { kList, kRead, kWrite, kPermissions, kTagging };
/// "list", "read", "write", "permissions-management", "tagging".
[[nodiscard]] std::string_view name(AccessLevel level);

enum class ValueType : std::uint8_t { kString, kStrings, kArn, kArns, kBool, kBools, kNumeric, kDate, kIp };

/// A resource type that an action works on.
struct ActionResource {
  ResourceTypeId type{};
  bool required = false;
};

struct ConditionKey {
  std::string name;  ///< with placeholder where any text may stand: "aws:RequestTag/${TagKey}"
  ValueType type = ValueType::kString;
};

// ---- Services. ----

[[nodiscard]] std::size_t service_count();
/// The service of a prefix such as "s3".
[[nodiscard]] std::optional<ServiceId> find_service(std::string_view prefix);
[[nodiscard]] std::string prefix_of(ServiceId service);
/// "Amazon S3".
[[nodiscard]] std::string title_of(ServiceId service);
[[nodiscard]] std::vector<ActionId> actions_of(ServiceId service);
/// Those whose name without the prefix begins with the text, in any case.
[[nodiscard]] std::vector<ActionId> actions_starting_with(ServiceId service, std::string_view start);
[[nodiscard]] std::vector<ResourceTypeId> resource_types_of(ServiceId service);
/// Keys that the service defines or supports, without those of all AWS.
[[nodiscard]] std::vector<ConditionKey> condition_keys_of(ServiceId service);

// ---- Actions. ----

[[nodiscard]] std::size_t action_count();
/// The action of a name such as "s3:GetObject" in any case.
[[nodiscard]] std::optional<ActionId> find_action(std::string_view name);
/// "s3:GetObject", in the case of the reference.
[[nodiscard]] std::string name_of(ActionId action);
/// "GetObject".
[[nodiscard]] std::string short_name_of(ActionId action);
/// Reads the same into `out`, whose room is used again.
void read_short_name(ActionId action, std::string& out);
[[nodiscard]] ServiceId service_of(ActionId action);
[[nodiscard]] AccessLevel access_level(ActionId action);
/// Types of resource that the action can be granted on; none: it is granted on "*" only.
[[nodiscard]] std::vector<ActionResource> resources_of(ActionId action);
[[nodiscard]] bool supports_resource_level(ActionId action);
/// Keys of the action and of its resource types, without those of all AWS.
[[nodiscard]] std::vector<ConditionKey> condition_keys_of(ActionId action);
/// Actions that a caller needs besides, for some uses of the action.
[[nodiscard]] std::vector<ActionId> dependent_actions(ActionId action);

// ---- Resource types. ----

[[nodiscard]] std::string name_of(ResourceTypeId type);
/// "arn:${Partition}:s3:::${BucketName}".
[[nodiscard]] std::string arn_format(ResourceTypeId type);
[[nodiscard]] std::vector<ConditionKey> condition_keys_of(ResourceTypeId type);

// ---- Condition keys. ----

/// The global key of a name such as "aws:PrincipalOrgID" or "aws:PrincipalTag/team", in any case.
[[nodiscard]] std::optional<ConditionKey> find_global_key(std::string_view name);
/// All global keys.
[[nodiscard]] std::vector<ConditionKey> global_keys();
/// Does a name fit a key that may have a placeholder? Case does not count.
[[nodiscard]] bool is_key(std::string_view key, std::string_view name);
/// Can the key be in a request for the action: is it global, or one of the action's?
[[nodiscard]] bool accepts_key(ActionId action, std::string_view key);

}  // namespace gabion::aws
