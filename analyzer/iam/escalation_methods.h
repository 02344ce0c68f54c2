// Published ways in which a principal of AWS gets permissions that it does not have: what it needs for each, and what
// it gains. Facts in our own words; read by the search in escalation.h and by the documentation.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace gabion::iam {

/// Who can use a method.
enum class Callers : std::uint8_t { kAnyone, kUsers, kRoles };

/// What a needed action has to be allowed on.
enum class EscalationTarget : std::uint8_t {
  kNew,            ///< something the caller makes, under any name; the same for all actions of the method on its type
  kExisting,       ///< something that exists and works with a role: any of its kind
  kSelf,           ///< the caller
  kOwnGroup,       ///< a group that the caller is in
  kOwnPolicy,      ///< a policy of the account that the caller has
  kGroup,          ///< a group with more permissions
  kUser,           ///< another user, who has more permissions
  kAnyUser,        ///< another user, who is given permissions first
  kRole,           ///< another role, which has more permissions
  kAnyRole,        ///< another role, which is given permissions first
  kAssumableRole,  ///< another role, which lets the caller in, and is given permissions first
  kTrustingRole,   ///< another role, which lets the caller in, and has more permissions
  kPolicyOfRole,   ///< a policy of the account that such a role has
  kPassedRole,     ///< a role with more permissions that the service of the method can take
};

struct EscalationStep {
  std::string_view action;
  EscalationTarget target = EscalationTarget::kNew;
  /// Resource types it has to be allowed on, the one that matters first, as "instance document=Name"; empty: those that
  /// the action requires.
  std::string_view types{};
};

struct EscalationMethod {
  std::string_view id;     ///< stable: "lambda-create-invoke"
  std::string_view title;  ///< what the caller does: "pass a role to a new Lambda function and invoke it"
  std::string_view gain;   ///< what it gets: "the permissions of that role"
  Callers callers = Callers::kAnyone;
  std::string_view service;  ///< that a passed role has to trust, or empty
  std::span<const EscalationStep> steps;
  bool lifts_boundary = false;  ///< takes the caller's permissions boundary away
};

/// All methods: those that need least first, and last those that work in one account of an organization only.
/// Sources: Rhino Security Labs, "AWS IAM Privilege Escalation Methods"; the catalogue pathfinding.cloud (Datadog);
/// HackTricks Cloud, "AWS - Privilege Escalation".
[[nodiscard]] std::span<const EscalationMethod> escalation_methods();

/// Services that run code, templates or definitions of whoever uses them with a role: who trusts one of these trusts
/// people. Others do only their own work with a role; what runs on clusters of EMR has the role of their instances.
[[nodiscard]] std::span<const std::string_view> services_that_run_code();

}  // namespace gabion::iam
