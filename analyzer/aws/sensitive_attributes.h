// Attributes of resources of the AWS provider that hold a secret although their name does not say so. Those whose name
// does (password, auth_token) need no table.
#pragma once

#include <string_view>

namespace gabion::aws {

/// `type` is a resource type, `attribute` the name of an attribute of it or of one of its blocks.
[[nodiscard]] bool is_sensitive_attribute(std::string_view type, std::string_view attribute);

}  // namespace gabion::aws
