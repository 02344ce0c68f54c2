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
#include <unordered_map>
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

/// Is surely every request allowed? A yes is certain and cheap: some statement allows all actions on everything,
/// whatever the request is like, and nothing denies or bounds.
[[nodiscard]] bool allows_everything(const EffectivePolicies& policies);

/// Actions that a policy document could allow, for many questions: long policies have a thousand patterns, of which a
/// few are about the service of an action. Borrows the document.
class ActionIndex {
 public:
  explicit ActionIndex(const PolicyDocument& document);
  /// Could some statement allow the action on something? No is certain.
  [[nodiscard]] bool may_have(std::string_view action) const;

 private:
  /// There may be many of them. What is longer than 4 GB is no pattern.
  struct Pattern {
    std::uint32_t service;  ///< a hash of the folded prefix
    std::uint32_t size;
    const char* text;
  };

  bool any_ = false;                              ///< there is something that may allow anything
  std::vector<const Statement*> others_;          ///< those that name what they are not about
  std::vector<std::string_view> of_any_service_;  ///< patterns
  std::vector<Pattern> of_services_;              ///< sorted by service
};

/// Indexes of documents, many of which several principals have.
using ActionIndexes = std::unordered_map<const PolicyDocument*, ActionIndex>;

/// Actions that the policies of an identity could allow, boundaries aside. Borrows the policies and the indexes, to
/// which it adds those of documents that are not there yet.
class AllowedActions {
 public:
  AllowedActions(const EffectivePolicies& policies, ActionIndexes& indexes);
  /// Could some statement allow the action on something? No is certain.
  [[nodiscard]] bool may_have(std::string_view action) const;
  /// The same by what somebody knows of the indexes: `may_have(index)`.
  template <class MayHave>
  [[nodiscard]] bool by_index(const MayHave& may_have) const {
    return any_ || std::any_of(indexes_.begin(), indexes_.end(), may_have);
  }

 private:
  bool any_ = false;                         ///< there is something that may allow anything
  std::vector<const ActionIndex*> indexes_;  ///< of its documents
};

}  // namespace gabion::iam
