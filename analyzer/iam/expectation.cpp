#include "iam/expectation.h"

#include <algorithm>
#include <string>

#include "iam/pattern.h"

namespace gabion::iam {

namespace {

bool speaks_of(const Formula& formula, const std::string& key) {
  return equal_folded(formula.key, key) || equal_folded(formula.other, key) ||
         std::ranges::any_of(formula.children, [&](const Formula& child) { return speaks_of(child, key); });
}

/// Does the formula speak of all keys that the statement has conditions on?
bool speaks_of_conditions(const Formula& formula, const Statement& statement) {
  return std::ranges::all_of(statement.conditions,
                             [&](const Condition& condition) { return speaks_of(formula, condition.key.str()); });
}

bool is_about_any_resource(const Statement& statement) {
  const TextList& resources = statement.resources;
  return !statement.not_resources.present &&
         (!resources.present || std::ranges::any_of(resources.items, [](const Text& text) { return text.is("*"); }));
}

/// Does the statement say the same of all requests for its actions by its principals, all of which are known?
bool is_plain(const Statement& statement) {
  const auto known = [](const TextList& list) { return std::ranges::all_of(list.items, &Text::known); };
  return !statement.open && statement.conditions.empty() && is_about_any_resource(statement) &&
         known(statement.actions) && known(statement.not_actions) &&
         std::ranges::all_of(statement.principals.identifiers,
                             [](const Identifier& identifier) { return identifier.value.known(); });
}

/// Is there such a statement? Those that a question is not about have no actions left.
template <class Fits>
bool has_statement(const Question& question, Effect effect, const Fits& fits) {
  return std::ranges::any_of(question.documents, [&](const PolicyDocument* document) {
    return std::ranges::any_of(document->statements, [&](const Statement& one) {
      return one.effect == effect && !(one.actions.present && one.actions.items.empty()) && fits(one);
    });
  });
}

}  // namespace

bool expects_no(const Question& question) {
  switch (question.goal) {
    case Goal::kNotDenied:
      return !has_statement(question, Effect::kDeny,
                            [&](const Statement& one) { return speaks_of_conditions(*question.formula, one); });
    case Goal::kAllowed:
      return has_statement(question, Effect::kAllow, is_plain);
    default:
      return false;
  }
}

bool expects_denial(const Question& question) {
  return question.goal == Goal::kAllowed && has_statement(question, Effect::kDeny, [&](const Statement& one) {
           return !one.conditions.empty() && is_about_any_resource(one) && speaks_of_conditions(*question.formula, one);
         });
}

}  // namespace gabion::iam
