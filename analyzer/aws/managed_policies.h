// The policies that AWS manages, by ARN: their documents as they were when the facts were collected. Called where
// attachments name one; a policy that is not here has contents that are not known.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gabion::aws {

/// A policy of AWS.
struct ManagedPolicy {
  std::string path;         ///< "ReadOnlyAccess", "service-role/AWSLambdaBasicExecutionRole"
  std::size_t version = 0;  ///< the default version when the facts were collected
  std::string document;     ///< JSON text
};

[[nodiscard]] std::size_t managed_policy_count();
/// Path of a policy of AWS in an ARN such as "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"; empty for others.
[[nodiscard]] std::string_view managed_policy_path(std::string_view arn);
/// The policy of that ARN. Facts are those of the partition "aws".
[[nodiscard]] std::optional<ManagedPolicy> find_managed_policy(std::string_view arn);
/// ARN of the policy with that name, whatever its path; empty for none.
[[nodiscard]] std::string managed_policy_named(std::string_view name);
/// The policy of that number, in the order of paths.
[[nodiscard]] ManagedPolicy managed_policy(std::size_t number);

}  // namespace gabion::aws
