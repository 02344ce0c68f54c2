// A question in ground texts: holes replaced by texts of their own, so that decide() can be asked about a witness. Used
// by question.cpp once a witness was found.
#pragma once

#include <optional>
#include <vector>

#include "iam/document.h"
#include "iam/formula.h"
#include "iam/question.h"
#include "iam/survey.h"

namespace gabion::iam {

/// The documents and the formula of a question in ground texts; what has no holes is borrowed.
struct GroundQuestion {
  GroundQuestion(const Question& question, const Survey& survey);
  GroundQuestion(const GroundQuestion&) = delete;
  GroundQuestion& operator=(const GroundQuestion&) = delete;

  std::vector<PolicyDocument> owned;
  std::optional<Formula> owned_formula;
  std::vector<const PolicyDocument*> documents;
  std::vector<const PolicyDocument*> before;
  const Formula* formula;
};

}  // namespace gabion::iam
