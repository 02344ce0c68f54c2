// How the identifiers of AWS resources follow from their configuration: which attributes are names, and how ARNs are
// made of them. Facts only; the engine fills the templates in to compare a policy's texts with the resources meant.
#pragma once

#include <span>
#include <string_view>

namespace gabion::aws {

/// Attribute of a resource type as a template: {attr} is an attribute of the resource, {attr|text} has a default,
/// {partition}, {account} and {region} are those of the provider; {id}, {key_id}, {suffix}, {uuid}, {version} and {stamp}
/// (a time) AWS makes up, and {rest} stands for all that is left. {/attr} has a slash in front, unless it begins with one.
struct IdentityTemplate {
  std::string_view type;
  std::string_view attribute;
  std::string_view text;
};

/// The template of an attribute that AWS derives, or null. Sources: the "Attribute Reference" of the provider's
/// documentation and the ARN formats of the service authorization reference.
[[nodiscard]] const IdentityTemplate* identity_of(std::string_view type, std::string_view attribute);

}  // namespace gabion::aws
