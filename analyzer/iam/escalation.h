// Searches for ways in which principals of a configuration can get more permissions than they were given, by the
// methods of escalation_methods.h. Every needed action is asked of the prover on a resource that fits, so that denials,
// conditions, boundaries and narrow resources close a way as they do in AWS. Called by rule functions.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/truth.h"
#include "iam/effective.h"
#include "iam/escalation_methods.h"
#include "iam/text.h"

namespace gabion::iam {

enum class PrincipalSort : std::uint8_t {
  kUser,
  kRole,
  kGroup,   ///< whoever is in it
  kPolicy,  ///< whoever gets a policy that nothing in the configuration attaches
};

/// A principal with all that matters about it.
struct EscalationPrincipal {
  PrincipalSort sort = PrincipalSort::kRole;
  std::string name;                   ///< for people: an address
  Text arn;                           ///< may have holes; empty for policies
  EffectivePolicies policies;         ///< of a user with those of its groups
  std::vector<PolicyDocument> trust;  ///< of a role: versions of its trust policy
  bool trust_known = false;           ///< all of them are there
  bool trust_missing = false;         ///< the role has no trust policy, which it cannot be made without
  std::vector<std::size_t> groups;    ///< of a user: indexes of its groups
  std::vector<Text> own_policies;     ///< ARNs of policies of the account that it has, those of groups included
};

/// Something that runs with a role, such as a Lambda function.
struct EscalationWorkload {
  std::string name;
  /// Actions on it with which the methods begin that take it over: "lambda:UpdateFunctionCode".
  std::span<const std::string_view> actions;
  Text arn;
  Text reference{};              ///< its ARN as references see it, when that is another text; or empty
  std::size_t role = 0;          ///< index of its principal
  Truth has_role = Truth::kYes;  ///< kUnknown: perhaps that one
};

struct Estate {
  std::vector<EscalationPrincipal> principals;
  std::vector<EscalationWorkload> workloads;
};

/// One permission of a way, and what grants it.
struct EscalationPermission {
  std::string action;
  std::string resource;                  ///< on which it is granted, as an example
  std::string policy;                    ///< name of the policy; empty when nobody can tell
  const Statement* statement = nullptr;  ///< of a policy of the estate, which must still be there
};

/// A way that a principal can go.
struct Escalation {
  const EscalationMethod* method = nullptr;
  std::string target;  ///< the principal or thing of the configuration that is taken over; empty: any in the account
  std::vector<EscalationPermission> permissions;
};

/// What was found out about one principal.
struct Escalations {
  Truth administrator = Truth::kNo;  ///< may do anything already
  std::vector<Escalation> ways;      ///< surely; none for administrators
  bool open = false;                 ///< there may be others
  std::vector<Hole> holes;           ///< on which that hangs
  std::string because;               ///< in words, when nothing is named
};

inline constexpr std::size_t kMaxEscalationQuestions = 50'000;

/// For every principal of the estate. Deterministic; the work is bounded by `max_questions` to the prover. Answers are
/// looked for and kept in the memo, if there is one.
[[nodiscard]] std::vector<Escalations> find_escalations(const Estate& estate,
                                                        std::size_t max_questions = kMaxEscalationQuestions,
                                                        AnswerMemo* answers = nullptr);

/// In one sentence without full stop: what is done, by which permissions, and what it yields.
[[nodiscard]] std::string describe(const Escalation& escalation);

}  // namespace gabion::iam
