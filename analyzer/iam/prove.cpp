#include "iam/prove.h"

#include <algorithm>
#include <array>

#include "iam/pattern.h"
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

/// The action list that every request of the formula is bound to, when it consists of plain names; else null.
const std::vector<Text>* named_actions(const Formula& formula) {
  if (formula.kind == FormulaKind::kAction) {
    const bool plain = std::ranges::all_of(formula.values, [](const Text& text) {
      return text.known() && text.str().find_first_of("*?") == std::string::npos;
    });
    return plain ? &formula.values : nullptr;
  }
  if (formula.kind == FormulaKind::kAll) {
    for (const Formula& child : formula.children) {
      if (const std::vector<Text>* found = named_actions(child)) {
        return found;
      }
    }
  }
  return nullptr;
}

/// A pattern of an Action element against the name of an action, in the most generous reading.
bool may_match(const Text& pattern, const std::vector<Text>& names) {
  if (!pattern.known()) {
    return true;
  }
  const std::string text = pattern.str();
  return std::ranges::any_of(names, [&](const Text& name) { return glob(text, name.str(), true); });
}

/// The document without what cannot concern the actions: most patterns of long policies. Statements that cannot match
/// stay as shells that match nothing, so that indexes remain those of the document.
PolicyDocument about(const PolicyDocument& document, const std::vector<Text>& names) {
  PolicyDocument out = document;
  for (Statement& statement : out.statements) {
    if (!statement.actions.present || statement.not_actions.present || statement.open) {
      continue;
    }
    std::erase_if(statement.actions.items, [&](const Text& pattern) { return !may_match(pattern, names); });
    if (statement.actions.items.empty()) {
      statement.resources.items.clear();
      statement.conditions.clear();
    }
  }
  return out;
}

Proof ask(Goal goal, std::vector<const PolicyDocument*> documents, PolicyKind kind, const Formula& formula,
          const Assumptions& assumptions) {
  Question question;
  question.goal = goal;
  std::vector<PolicyDocument> narrowed;
  if (const std::vector<Text>* names = named_actions(formula)) {
    narrowed.reserve(documents.size());
    for (const PolicyDocument*& document : documents) {
      document = &narrowed.emplace_back(about(*document, *names));
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
