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

Proof ask(Goal goal, std::span<const PolicyDocument* const> documents, PolicyKind kind, const Subject& subject,
          const Assumptions& assumptions) {
  Question question;
  question.goal = goal;
  std::vector<PolicyDocument> narrowed;
  if (!subject.bounded()) {
    question.documents.assign(documents.begin(), documents.end());
  } else if (goal == Goal::kNotDenied ||
             std::ranges::any_of(documents, [&](const PolicyDocument* one) { return subject.may_allow(*one, kind); })) {
    narrowed.reserve(documents.size());
    for (const PolicyDocument* document : documents) {
      question.documents.push_back(&narrowed.emplace_back(subject.narrowed(*document, kind)));
    }
  }
  question.kind = kind;
  question.formula = &subject.formula();
  question.assumptions = &assumptions;
  return answer(question);
}

}  // namespace

Proof prove_denies(const PolicyDocument& document, PolicyKind kind, const Formula& formula,
                   const Assumptions& assumptions) {
  return ask(Goal::kNotDenied, std::array{&document}, kind, Subject(formula), assumptions);
}

Proof prove_never_allows(const PolicyDocument& document, PolicyKind kind, const Formula& formula,
                         const Assumptions& assumptions) {
  return ask(Goal::kAllowed, std::array{&document}, kind, Subject(formula), assumptions);
}

Proof allows_some(const PolicyDocument& document, PolicyKind kind, const Formula& formula,
                  const Assumptions& assumptions) {
  Proof out = prove_never_allows(document, kind, formula, assumptions);
  out.answer = !out.answer;
  return out;
}

Proof prove_denies(std::span<const PolicyDocument* const> documents, PolicyKind kind, const Formula& formula,
                   const Assumptions& assumptions) {
  return ask(Goal::kNotDenied, documents, kind, Subject(formula), assumptions);
}

Proof prove_never_allows(std::span<const PolicyDocument* const> documents, PolicyKind kind, const Formula& formula,
                         const Assumptions& assumptions) {
  return ask(Goal::kAllowed, documents, kind, Subject(formula), assumptions);
}

Proof prove_denies(std::span<const PolicyDocument* const> documents, PolicyKind kind, const Subject& subject,
                   const Assumptions& assumptions) {
  return ask(Goal::kNotDenied, documents, kind, subject, assumptions);
}

Proof prove_never_allows(std::span<const PolicyDocument* const> documents, PolicyKind kind, const Subject& subject,
                         const Assumptions& assumptions) {
  return ask(Goal::kAllowed, documents, kind, subject, assumptions);
}

}  // namespace gabion::iam
