// What a principal may do by all of its policies together: those attached and inlined, those of its groups, and its
// permissions boundary. Answers are three-valued: a policy whose contents or attachment is not known leaves open what
// it could change, and no more. Called by the search for privilege escalation and by rule functions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/truth.h"
#include "iam/document.h"
#include "iam/formula.h"
#include "iam/prove.h"

namespace gabion::iam {

/// A policy that a principal has.
struct AttachedPolicy {
  std::string name;                                ///< for people: "aws_iam_role_policy.deploy", "ReadOnlyAccess"
  std::shared_ptr<const PolicyDocument> document;  ///< never null; many principals have the policies of AWS
  Truth attached = Truth::kYes;                    ///< kUnknown: perhaps (or perhaps one of several versions)
};

/// All policies of a principal.
struct EffectivePolicies {
  std::vector<AttachedPolicy> identity;
  std::vector<AttachedPolicy> boundary;  ///< documents of the permissions boundary, when there is one
  bool bounded = false;                  ///< there is a boundary, or may be one
  /// Policies (or parts of them) whose contents are not known; they may allow and deny anything.
  std::vector<Hole> unknown;
  /// The same for the boundary: it may allow anything or nothing.
  std::vector<Hole> unknown_boundary;

  [[nodiscard]] bool empty() const { return identity.empty() && unknown.empty(); }
};

/// Whether some request of a set is allowed, and why.
struct Permission {
  Truth allowed = Truth::kUnknown;
  std::optional<Request> witness;          ///< an allowed request
  const AttachedPolicy* policy = nullptr;  ///< the one that allows it, of the policies asked about
  const Statement* statement = nullptr;    ///< in that policy
  std::vector<Hole> holes;                 ///< what an unknown answer hangs on
  std::string because;                     ///< in words, for an unknown answer
};

/// Is some request for the action that satisfies the formula allowed by all policies together? `action` is one name
/// without wildcards.
[[nodiscard]] Permission may(const EffectivePolicies& policies, std::string_view action, const Formula& formula,
                             const Assumptions& assumptions = {});
/// The same for any action: the formula speaks of actions itself.
[[nodiscard]] Permission may(const EffectivePolicies& policies, const Formula& formula,
                             const Assumptions& assumptions = {});
/// Is every request that satisfies the formula allowed?
[[nodiscard]] Permission may_all(const EffectivePolicies& policies, const Formula& formula,
                                 const Assumptions& assumptions = {});

/// Could some statement allow the action on something? No is certain; cheap, to leave out questions before they are
/// asked.
[[nodiscard]] bool could_allow(const EffectivePolicies& policies, std::string_view action);

/// Could some request for the action surely be allowed, whatever is not known? No is certain, and cheap as could_allow.
[[nodiscard]] bool could_surely_allow(const EffectivePolicies& policies, std::string_view action);

/// A statement of one of the policies of a principal.
struct Grant {
  const AttachedPolicy* policy = nullptr;
  const Statement* statement = nullptr;
};

/// The statement that surely allows every request for the action, whatever the request is like, where it is the first
/// one about the action and nothing denies or bounds. Cheap; nothing when somebody has to be asked.
[[nodiscard]] std::optional<Grant> grant_of_all(const EffectivePolicies& policies, std::string_view action);

/// Is surely every request allowed? A yes is certain and cheap: some statement allows all actions on everything,
/// whatever the request is like, and nothing denies or bounds.
[[nodiscard]] bool allows_everything(const EffectivePolicies& policies);

}  // namespace gabion::iam
