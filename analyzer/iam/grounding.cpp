#include "iam/grounding.h"

#include <algorithm>
#include <utility>

namespace gabion::iam {

namespace {

class Grounding {
 public:
  explicit Grounding(const Survey& survey) : survey_(survey) {}

  [[nodiscard]] PolicyDocument document(const PolicyDocument& from) const {
    PolicyDocument out = from;
    if (out.version) {
      text(*out.version);
    }
    for (Statement& statement : out.statements) {
      for (TextList* list :
           {&statement.actions, &statement.not_actions, &statement.resources, &statement.not_resources}) {
        texts(list->items);
      }
      for (PrincipalSet* set : {&statement.principals, &statement.not_principals}) {
        for (Identifier& identifier : set->identifiers) {
          text(identifier.value);
        }
      }
      for (Condition& condition : statement.conditions) {
        if (!condition.key.known() && survey_.is_key_of_its_own(condition.key)) {
          condition.key = Text(condition.key.str(), condition.key.region, condition.key.origin);
        }
        texts(condition.values.items);
      }
    }
    return out;
  }

  [[nodiscard]] Formula formula(Formula from) const {
    texts(from.values);
    texts(from.principal.accounts);
    texts(from.principal.is);
    for (Formula& child : from.children) {
      child = formula(std::move(child));
    }
    return from;
  }

 private:
  void text(Text& one) const {
    if (!one.known()) {
      one = Text(survey_.ground(one), one.region, one.origin);
    }
  }
  void texts(std::vector<Text>& list) const {
    for (Text& one : list) {
      text(one);
    }
  }

  const Survey& survey_;
};

bool all_known(const std::vector<Text>& list) {
  return std::ranges::all_of(list, [](const Text& text) { return text.known(); });
}

/// Is there nothing in the document to be grounded?
bool is_ground(const PolicyDocument& document) {
  if (document.version && !document.version->known()) {
    return false;
  }
  return std::ranges::all_of(document.statements, [](const Statement& statement) {
    const auto known_identifiers = [](const PrincipalSet& set) {
      return std::ranges::all_of(set.identifiers, [](const Identifier& one) { return one.value.known(); });
    };
    return all_known(statement.actions.items) && all_known(statement.not_actions.items) &&
           all_known(statement.resources.items) && all_known(statement.not_resources.items) &&
           known_identifiers(statement.principals) && known_identifiers(statement.not_principals) &&
           std::ranges::all_of(statement.conditions, [](const Condition& condition) {
             return condition.key.known() && all_known(condition.values.items);
           });
  });
}

bool is_ground(const Formula& formula) {
  return all_known(formula.values) && all_known(formula.principal.accounts) && all_known(formula.principal.is) &&
         std::ranges::all_of(formula.children, [](const Formula& child) { return is_ground(child); });
}

}  // namespace

GroundQuestion::GroundQuestion(const Question& question, const Survey& survey) : formula(question.formula) {
  const Grounding grounding(survey);
  if (!is_ground(*formula)) {
    formula = &owned_formula.emplace(grounding.formula(*question.formula));
  }
  owned.reserve(question.documents.size() + question.before.size());
  const auto ground = [&](const std::vector<const PolicyDocument*>& from, std::vector<const PolicyDocument*>& to) {
    for (const PolicyDocument* document : from) {
      to.push_back(is_ground(*document) ? document : &owned.emplace_back(grounding.document(*document)));
    }
  };
  ground(question.documents, documents);
  ground(question.before, before);
}

}  // namespace gabion::iam
