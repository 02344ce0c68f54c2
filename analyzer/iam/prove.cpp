#include "iam/prove.h"

#include "iam/question.h"

namespace gabion::iam {

namespace {

Proof ask(Goal goal, std::vector<const PolicyDocument*> documents, PolicyKind kind, const Formula& formula,
          const Assumptions& assumptions) {
  Question question;
  question.goal = goal;
  question.documents = std::move(documents);
  question.kind = kind;
  question.formula = &formula;
  question.assumptions = &assumptions;
  return answer(question);
}

std::vector<const PolicyDocument*> pointers(std::span<const PolicyDocument> documents) {
  std::vector<const PolicyDocument*> out;
  out.reserve(documents.size());
  for (const PolicyDocument& document : documents) {
    out.push_back(&document);
  }
  return out;
}

}  // namespace

Proof prove_denies(const PolicyDocument& document, PolicyKind kind, const Formula& formula,
                   const Assumptions& assumptions) {
  return ask(Goal::kNotDenied, {&document}, kind, formula, assumptions);
}

Proof prove_never_allows(const PolicyDocument& document, PolicyKind kind, const Formula& formula,
                         const Assumptions& assumptions) {
  return ask(Goal::kAllowed, {&document}, kind, formula, assumptions);
}

Proof allows_some(const PolicyDocument& document, PolicyKind kind, const Formula& formula,
                  const Assumptions& assumptions) {
  Proof out = prove_never_allows(document, kind, formula, assumptions);
  out.answer = !out.answer;
  return out;
}

Proof prove_denies(std::span<const PolicyDocument> documents, PolicyKind kind, const Formula& formula,
                   const Assumptions& assumptions) {
  return ask(Goal::kNotDenied, pointers(documents), kind, formula, assumptions);
}

Proof prove_never_allows(std::span<const PolicyDocument> documents, PolicyKind kind, const Formula& formula,
                         const Assumptions& assumptions) {
  return ask(Goal::kAllowed, pointers(documents), kind, formula, assumptions);
}

}  // namespace gabion::iam
