// One question about all requests, as prove.h and compare.h pose it, and the way to its answer: search, confirm the
// witness, find out on which facts and open points the answer hangs.
#pragma once

#include <vector>

#include "iam/prove.h"

namespace gabion::iam {

/// What a counterexample looks like, among the requests that satisfy the formula.
enum class Goal : std::uint8_t {
  kNotDenied,     ///< not explicitly denied by `documents`
  kAllowed,       ///< allowed by `documents`
  kNewlyAllowed,  ///< allowed by `documents` and not by `before`
  kAllowedByBoth  ///< allowed by `documents` and by `before` too: a permissions boundary
};

struct Question {
  Goal goal = Goal::kAllowed;
  std::vector<const PolicyDocument*> documents;
  std::vector<const PolicyDocument*> before;
  PolicyKind kind = PolicyKind::kIdentity;
  const Formula* formula = nullptr;
  const Assumptions* assumptions = nullptr;
  /// Only a no is asked for that hangs on nothing unknown: the answer may be unknown where it would be yes.
  bool only_sure = false;
};

/// Yes: there is no counterexample. No: the witness is one.
[[nodiscard]] Proof answer(const Question& question);

/// What documents of one kind that apply together say about a request.
[[nodiscard]] Decision decide_together(const std::vector<const PolicyDocument*>& documents, PolicyKind kind,
                                       const Request& request, OpenPoints alternatives = {});

}  // namespace gabion::iam
