#include "iam/compare.h"

#include "iam/question.h"

namespace gabion::iam {

Proof compare(const PolicyDocument& old, const PolicyDocument& changed, PolicyKind kind,
              const Assumptions& assumptions) {
  return compare(old, changed, kind, Formula(), assumptions);
}

Proof compare(const PolicyDocument& old, const PolicyDocument& changed, PolicyKind kind, const Formula& scope,
              const Assumptions& assumptions) {
  Question question;
  question.goal = Goal::kNewlyAllowed;
  question.documents = {&changed};
  question.before = {&old};
  question.kind = kind;
  question.formula = &scope;
  question.assumptions = &assumptions;
  return answer(question);
}

}  // namespace gabion::iam
