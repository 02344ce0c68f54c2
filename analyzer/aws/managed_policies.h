// The policies that AWS manages, by ARN: what they said when the facts were collected. Called where attachments name
// one; a policy that is not here has contents that are not known.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gabion::aws {

/// A test of a condition. Texts here and below view the facts, which last as long as the program.
struct ManagedTest {
  std::string_view op;
  std::string_view key;
  std::vector<std::string_view> values;
};

/// A statement of a policy of AWS.
struct ManagedStatement {
  /// Names of `lists`, in order.
  static constexpr std::array<std::string_view, 4> kLists{"Action", "NotAction", "Resource", "NotResource"};

  bool allows = true;
  std::string_view sid;                                ///< empty for none
  std::array<std::vector<std::string_view>, 4> lists;  ///< empty for those that are not there
  std::vector<ManagedTest> tests;                      ///< those of one operator are neighbours
};

/// A policy of AWS. Its statements are read when they are asked for.
class ManagedPolicy {
 public:
  /// The policy of that number, in the order of paths.
  explicit ManagedPolicy(std::size_t number);

  /// "ReadOnlyAccess", "service-role/AWSLambdaBasicExecutionRole"
  [[nodiscard]] std::string_view path() const { return path_; }
  /// The path without what stands before the last slash.
  [[nodiscard]] std::string_view name() const { return path_.substr(path_.rfind('/') + 1); }
  /// The default version when the facts were collected.
  [[nodiscard]] std::size_t version() const { return version_; }
  /// What stands as its Version.
  [[nodiscard]] std::string_view language() const { return old_ ? "2008-10-17" : "2012-10-17"; }
  [[nodiscard]] std::vector<ManagedStatement> statements() const;
  /// As JSON text.
  [[nodiscard]] std::string document() const;

 private:
  std::string_view path_;
  std::size_t version_ = 0;
  bool old_ = false;
  std::size_t statements_ = 0;  ///< where they stand in the facts
};

[[nodiscard]] std::size_t managed_policy_count();
/// Path of a policy of AWS in an ARN such as "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"; empty for others.
[[nodiscard]] std::string_view managed_policy_path(std::string_view arn);
/// The policy of that ARN. Facts are those of the partition "aws".
[[nodiscard]] std::optional<ManagedPolicy> find_managed_policy(std::string_view arn);
/// ARN of the policy with that name, whatever its path; empty for none.
[[nodiscard]] std::string managed_policy_named(std::string_view name);

}  // namespace gabion::aws
