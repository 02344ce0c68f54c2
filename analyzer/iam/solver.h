// Looks for a request that satisfies a node of a Problem: branches over alternatives, asks the theory about every set
// of literals, and ends with a request, with the certainty that there is none, or without steps.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iam/decide.h"
#include "iam/problem.h"
#include "iam/theory.h"

namespace gabion::iam {

struct Solution {
  Found found = Found::kGaveUp;
  Request request;              ///< kYes: in ground texts
  bool generic_caller = false;  ///< the caller stands for all that are not mentioned
  bool out_of_steps = false;
};

struct SolverOptions {
  Search search = Search::kPossible;
  /// Whether there is a request is all that is asked: Solution::request may stay empty.
  bool without_request = false;
  std::uint64_t steps = 200'000;
  std::span<const std::string_view> actions{};
};

[[nodiscard]] Solution solve(const Problem& problem, NodeId root, const SolverOptions& options);

}  // namespace gabion::iam
