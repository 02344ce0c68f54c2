// Questions to the trust policies of roles: which services and principals they let in, and whether people can use them
// at all. Called by escalation.cpp only; answers are remembered.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "iam/escalation.h"
#include "iam/prove.h"

namespace gabion::iam {

class TrustQuestions {
 public:
  /// Borrows the memo, where answers about policies are kept; null: nowhere.
  explicit TrustQuestions(AnswerMemo* memo) {
    assumptions_.name_assumed = false;  // an answer is all that is asked for
    assumptions_.answers = memo;
  }

  [[nodiscard]] Truth allows_service(const EscalationPrincipal& role, std::string_view service);
  [[nodiscard]] Truth allows(const EscalationPrincipal& role, const EscalationPrincipal& caller);
  /// Can somebody's own requests be made with the principal? Not with a role that trusts only services which do their
  /// own work with it.
  [[nodiscard]] Truth in_reach(const EscalationPrincipal& principal) const;

 private:
  [[nodiscard]] Truth remembered(const EscalationPrincipal& role, std::string_view name, const Text& caller);

  Assumptions assumptions_;

  std::map<std::pair<std::string, std::string>, Truth> answers_;  // by role and caller
};

}  // namespace gabion::iam
