// Puts a request together from literals that are consistent part by part: the caller, the action, the resource, and
// values for the keys, also those that are compared with each other or stand in texts as policy variables.
#pragma once

#include <string>
#include <vector>

#include "iam/decide.h"
#include "iam/problem.h"
#include "iam/theory.h"

namespace gabion::iam {

/// Literals that a search has chosen, by the part of the request they are about.
struct Chosen {
  std::vector<Literal> callers;
  std::vector<Literal> actions;
  std::vector<Literal> resources;          ///< links too
  std::vector<Literal> links;              ///< comparisons of keys, texts with policy variables
  std::vector<std::vector<Literal>> keys;  ///< by KeyId
};

/// A request and who its caller stands for.
struct BuiltRequest {
  Request request;              ///< in ground texts
  bool generic_caller = false;  ///< the caller stands for all that are not mentioned
};

/// Tests of one key, with those that links surely imply.
[[nodiscard]] std::vector<Theory::KeyTest> tests_of(const Problem& problem, const Chosen& chosen, KeyId key);

/// kNo: there is no such request. kGaveUp: none was found, but values of policy variables were left out.
[[nodiscard]] Found build_request(const Problem& problem, const Chosen& chosen, Theory& theory, BuiltRequest& out);

}  // namespace gabion::iam
