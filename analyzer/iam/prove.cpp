#include "iam/prove.h"

#include <algorithm>
#include <array>

#include "iam/narrowing.h"
#include "iam/question.h"

namespace gabion::iam {

std::span<const std::pair<std::string_view, KeyType>> key_type_names() {
  static constexpr std::array<std::pair<std::string_view, KeyType>, 7> kTypes{{
      {"string", KeyType::kString},
      {"bool", KeyType::kBool},
      {"numeric", KeyType::kNumeric},
      {"date", KeyType::kDate},
      {"ip", KeyType::kIp},
      {"arn", KeyType::kArn},
      {"binary", KeyType::kBinary},
  }};
  return kTypes;
}

namespace {

Proof ask(Goal goal, std::vector<const PolicyDocument*> documents, PolicyKind kind, const Formula& formula,
          const Assumptions& assumptions) {
  Question question;
  question.goal = goal;
  std::vector<PolicyDocument> narrowed;
  if (const Subject subject(formula); subject.bounded()) {
    narrowed.reserve(documents.size());
    for (const PolicyDocument*& document : documents) {
      document = &narrowed.emplace_back(subject.narrowed(*document, kind));
    }
  }
  question.documents = std::move(documents);
  question.kind = kind;
  question.formula = &formula;
  question.assumptions = &assumptions;
  return answer(question);
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

Proof prove_denies(std::span<const PolicyDocument* const> documents, PolicyKind kind, const Formula& formula,
                   const Assumptions& assumptions) {
  return ask(Goal::kNotDenied, {documents.begin(), documents.end()}, kind, formula, assumptions);
}

Proof prove_never_allows(std::span<const PolicyDocument* const> documents, PolicyKind kind, const Formula& formula,
                         const Assumptions& assumptions) {
  return ask(Goal::kAllowed, {documents.begin(), documents.end()}, kind, formula, assumptions);
}

}  // namespace gabion::iam
