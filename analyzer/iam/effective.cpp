#include "iam/effective.h"

#include <algorithm>
#include <utility>

#include "iam/decide.h"
#include "iam/narrowing.h"
#include "iam/pattern.h"
#include "iam/question.h"

namespace gabion::iam {
namespace {

/// Which reading of what is not certain: the policies as narrow, or as wide as they may be.
enum class Bound : std::uint8_t { kLeast, kMost };

/// In the most generous reading.
bool may_list(const TextList& list, std::string_view action) {
  return std::ranges::any_of(list.items,
                             [&](const Text& pattern) { return !pattern.known() || covers_action(pattern, action); });
}

bool concerns(const Statement& statement, std::string_view action) {
  if (statement.open) {
    return true;
  }
  if (statement.actions.present) {
    return may_list(statement.actions, action);
  }
  return !statement.not_actions.present || !std::ranges::any_of(statement.not_actions.items, [&](const Text& pattern) {
    return pattern.known() && covers_action(pattern, action);
  });
}

/// Whatever the holes of the statement are.
bool surely_concerns(const Statement& statement, std::string_view action) {
  const auto all_known = [](const TextList& list) { return std::ranges::all_of(list.items, &Text::known); };
  return statement.actions.present
             ? std::ranges::any_of(statement.actions.items,
                                   [&](const Text& one) { return one.known() && covers_action(one, action); })
             : all_known(statement.not_actions) && concerns(statement, action);
}

bool has_star(const TextList& list) {
  return list.present && std::ranges::any_of(list.items, [](const Text& text) { return text.is("*"); });
}

/// Does the statement surely say the same of every request for the action? "*:*" is any action by one reading alone.
bool says_of_all(const Statement& statement, std::string_view action) {
  const auto covers = [&](const Text& one) { return one.known() && !one.is("*:*") && covers_action(one, action); };
  return !statement.open && statement.conditions.empty() && has_star(statement.resources) &&
         (statement.actions.present ? std::ranges::any_of(statement.actions.items, covers)
                                    : statement.not_actions.present && surely_concerns(statement, action));
}

/// Requests in question: for one action, or for those that the formula speaks of when there is no name.
struct Asked {
  Asked(std::string_view name, const Formula& what) : action(name), formula(what), subject(what) {}

  std::string_view action;
  const Formula& formula;
  Subject subject;
};

/// A copy of what a policy says about such requests. Long policies have a thousand patterns, of which one or two
/// concern the action.
PolicyDocument about(const PolicyDocument& document, const Asked& asked, Bound bound, Truth attached) {
  const std::string_view action = asked.action;
  const Truth variables = document.has_variables();
  PolicyDocument out;
  out.version = document.version;
  out.region = document.region;
  for (const Statement& statement : document.statements) {
    // What is perhaps there counts where it widens (most) or narrows (least), not where it does the opposite.
    const Effect left_out = bound == Bound::kLeast ? Effect::kAllow : Effect::kDeny;
    if ((attached != Truth::kYes && statement.effect == left_out) ||
        (!action.empty() && !concerns(statement, action))) {
      continue;
    }
    TextList resources;
    if (!asked.subject.narrow_resources(statement, variables, resources) || asked.subject.excludes(statement)) {
      continue;
    }
    Statement& copy = out.statements.emplace_back();
    copy.effect = statement.effect;
    copy.actions.present = statement.actions.present;
    copy.actions.items = action.empty() ? statement.actions.items : actions_about(statement.actions.items, action);
    copy.not_actions = statement.not_actions;
    copy.resources = std::move(resources);
    copy.not_resources = statement.not_resources;
    copy.principals = statement.principals;
    copy.not_principals = statement.not_principals;
    copy.conditions = statement.conditions;
    copy.open = statement.open;
    copy.index = out.statements.size() - 1;
  }
  if (bound == Bound::kMost) {
    out.open = document.open;
  }
  return out;
}

bool same(const TextList& one, const TextList& other) {
  return one.present == other.present && one.items == other.items;
}

bool same(const PrincipalSet& one, const PrincipalSet& other) {
  return one.present == other.present &&
         std::ranges::equal(one.identifiers, other.identifiers, [](const Identifier& a, const Identifier& b) {
           return a.type == b.type && a.value == b.value;
         });
}

bool same(const Condition& one, const Condition& other) {
  return one.op == other.op && one.operator_text == other.operator_text && one.key == other.key &&
         same(one.values, other.values);
}

/// Surely: what is open about one is not what is open about the other.
bool same(const Statement& one, const Statement& other) {
  return !one.open && !other.open && one.effect == other.effect && one.effect_text == other.effect_text &&
         same(one.actions, other.actions) && same(one.not_actions, other.not_actions) &&
         same(one.resources, other.resources) && same(one.not_resources, other.not_resources) &&
         same(one.principals, other.principals) && same(one.not_principals, other.not_principals) &&
         std::ranges::equal(one.conditions, other.conditions,
                            [](const Condition& a, const Condition& b) { return same(a, b); });
}

bool same(const PolicyDocument& one, const PolicyDocument& other) {
  return !one.open && !other.open && one.version == other.version &&
         std::ranges::equal(one.statements, other.statements,
                            [](const Statement& a, const Statement& b) { return same(a, b); });
}

/// Without those that say the same as others, as versions of a policy do that differ elsewhere.
std::vector<PolicyDocument> about_all(const std::vector<AttachedPolicy>& policies, const Asked& asked, Bound bound) {
  std::vector<PolicyDocument> out;
  for (const AttachedPolicy& policy : policies) {
    PolicyDocument document = about(*policy.document, asked, bound, policy.attached);
    const bool something = !document.statements.empty() || document.open;
    if (something && std::ranges::none_of(out, [&](const PolicyDocument& other) { return same(other, document); })) {
      out.push_back(std::move(document));
    }
  }
  return out;
}

std::vector<const PolicyDocument*> pointers(const std::vector<PolicyDocument>& documents) {
  std::vector<const PolicyDocument*> out;
  std::ranges::transform(documents, std::back_inserter(out), [](const PolicyDocument& one) { return &one; });
  return out;
}

bool certain(const std::vector<AttachedPolicy>& policies) {
  return std::ranges::all_of(
      policies, [](const AttachedPolicy& policy) { return policy.attached == Truth::kYes && !policy.document->open; });
}

/// Is no such request allowed, in one reading of what is not certain? In the narrowest one only a no that is sure
/// counts, as then some request is.
Proof never(const EffectivePolicies& policies, const Asked& asked, const Assumptions& assumptions, Bound bound) {
  const std::vector<PolicyDocument> identity = about_all(policies.identity, asked, bound);
  const std::vector<PolicyDocument> boundary = about_all(policies.boundary, asked, bound);
  Question question;
  question.goal = Goal::kAllowed;
  question.documents = pointers(identity);
  // A boundary that may say anything does not narrow the widest reading; the narrowest one never gets this far.
  if (policies.bounded && policies.unknown_boundary.empty()) {
    question.goal = Goal::kAllowedByBoth;
    question.before = pointers(boundary);
  }
  question.formula = &asked.formula;
  question.only_sure = bound == Bound::kLeast;
  question.assumptions = &assumptions;
  return answer(question);
}

/// The policy and statement that let the witness through; with holes, the first that is about the action.
void find_reason(const EffectivePolicies& policies, std::string_view action, Permission& out) {
  for (const bool exact : {true, false}) {
    for (const AttachedPolicy& policy : policies.identity) {
      for (const Statement& statement : policy.document->statements) {
        // Long statements of policies of AWS are seldom about the action, which is cheaper to see.
        const bool concerned = action.empty() || concerns(statement, action);
        const bool fits = statement.effect == Effect::kAllow && concerned &&
                          (!exact || matches(statement, *policy.document, PolicyKind::kIdentity, *out.witness));
        if (fits) {
          out.policy = &policy;
          out.statement = &statement;
          return;
        }
      }
    }
  }
}

void add_holes(const std::vector<Hole>& from, Permission& out) {
  for (const Hole& hole : from) {
    if (std::ranges::find(out.holes, hole) == out.holes.end()) {
      out.holes.push_back(hole);
    }
  }
}

/// Is every such request denied by what is certainly there?
bool surely_denied(const EffectivePolicies& policies, const Asked& asked, const Assumptions& assumptions) {
  for (const std::vector<AttachedPolicy>* list : {&policies.identity, &policies.boundary}) {
    std::vector<PolicyDocument> denials;
    for (const AttachedPolicy& policy : *list) {
      if (policy.attached == Truth::kYes) {
        denials.push_back(about(*policy.document, asked, Bound::kLeast, Truth::kUnknown));
      }
    }
    const bool any = std::ranges::any_of(denials, [](const PolicyDocument& one) { return !one.statements.empty(); });
    if (any &&
        prove_denies(pointers(denials), PolicyKind::kIdentity, asked.formula, assumptions).answer == Truth::kYes) {
      return true;
    }
  }
  return false;
}

Permission decide_permission(const EffectivePolicies& policies, std::string_view action, const Formula& formula,
                             const Assumptions& given) {
  Permission out;
  Assumptions assumptions = given;
  assumptions.name_assumed = false;  // a permission does not tell them
  const Asked asked(action, formula);
  const bool open = !policies.unknown.empty() || !policies.unknown_boundary.empty();
  const bool same = certain(policies.identity) && certain(policies.boundary);
  // The widest reading first: most questions end here.
  if (policies.unknown.empty()) {
    const Proof most = never(policies, asked, assumptions, Bound::kMost);
    if (most.answer == Truth::kYes) {
      out.allowed = Truth::kNo;
      return out;
    }
    if (most.answer == Truth::kNo && same && !open) {
      out.allowed = Truth::kYes;
      out.witness = most.witness;
    } else if (most.answer == Truth::kUnknown) {
      add_holes(most.holes, out);
      out.because = most.because;
    }
  }
  if (out.allowed != Truth::kYes && !open && !same) {
    const Proof least = never(policies, asked, assumptions, Bound::kLeast);
    if (least.answer == Truth::kNo) {
      out.allowed = Truth::kYes;
      out.witness = least.witness;
    }
  }
  if (out.allowed == Truth::kYes) {
    find_reason(policies, action, out);
    return out;
  }
  if (open && surely_denied(policies, asked, assumptions)) {
    out.allowed = Truth::kNo;
    return out;
  }
  add_holes(policies.unknown, out);
  add_holes(policies.unknown_boundary, out);
  for (const AttachedPolicy& policy : policies.identity) {
    if (policy.document->open) {
      add_holes({*policy.document->open}, out);
    }
  }
  if (out.because.empty()) {
    out.because =
        out.holes.empty() ? "it depends on which policies are attached" : "it depends on " + out.holes.front().name;
  }
  return out;
}

Formula with_action(std::string_view action, const Formula& formula) {
  Formula named;
  named.kind = FormulaKind::kAction;
  named.values = {Text(action)};
  return Formula::all({std::move(named), formula});
}

}  // namespace

bool could_allow(const EffectivePolicies& policies, std::string_view action) {
  const auto some = [&](const std::vector<AttachedPolicy>& list) {
    return std::ranges::any_of(list, [&](const AttachedPolicy& policy) {
      return policy.document->open || std::ranges::any_of(policy.document->statements, [&](const Statement& statement) {
               return (statement.effect == Effect::kAllow || statement.effect == Effect::kUnknown) &&
                      concerns(statement, action);
             });
    });
  };
  return (!policies.unknown.empty() || some(policies.identity)) &&
         (!policies.bounded || !policies.unknown_boundary.empty() || some(policies.boundary));
}

bool could_surely_allow(const EffectivePolicies& policies, std::string_view action) {
  const auto some = [&](const std::vector<AttachedPolicy>& list) {
    return std::ranges::any_of(list, [&](const AttachedPolicy& policy) {
      return policy.attached == Truth::kYes &&
             std::ranges::any_of(policy.document->statements, [&](const Statement& statement) {
               return statement.effect == Effect::kAllow && !statement.open && surely_concerns(statement, action);
             });
    });
  };
  return policies.unknown.empty() && some(policies.identity) &&
         (!policies.bounded || (policies.unknown_boundary.empty() && some(policies.boundary)));
}

std::optional<Grant> grant_of_all(const EffectivePolicies& policies, std::string_view action) {
  if (!policies.unknown.empty() || policies.bounded) {
    return std::nullopt;
  }
  std::optional<Grant> out;
  for (const AttachedPolicy& policy : policies.identity) {
    if (policy.document->open) {
      return std::nullopt;
    }
    for (const Statement& statement : policy.document->statements) {
      const bool allows = statement.effect == Effect::kAllow;
      if ((out && allows) || !concerns(statement, action)) {
        continue;
      }
      if (!allows || policy.attached != Truth::kYes || !says_of_all(statement, action)) {
        return std::nullopt;
      }
      out = Grant{.policy = &policy, .statement = &statement};
    }
  }
  return out;
}

bool allows_everything(const EffectivePolicies& policies) {
  if (!policies.unknown.empty() || policies.bounded) {
    return false;
  }
  bool all = false;
  for (const AttachedPolicy& policy : policies.identity) {
    if (policy.document->open) {
      return false;
    }
    for (const Statement& statement : policy.document->statements) {
      if (statement.effect != Effect::kAllow) {
        return false;
      }
      all = all || (policy.attached == Truth::kYes && !statement.open && statement.conditions.empty() &&
                    has_star(statement.actions) && has_star(statement.resources));
    }
  }
  return all;
}

Permission may(const EffectivePolicies& policies, std::string_view action, const Formula& formula,
               const Assumptions& assumptions) {
  if (!could_allow(policies, action)) {
    Permission out;
    out.allowed = Truth::kNo;
    return out;
  }
  return decide_permission(policies, action, with_action(action, formula), assumptions);
}

Permission may(const EffectivePolicies& policies, const Formula& formula, const Assumptions& assumptions) {
  return decide_permission(policies, {}, formula, assumptions);
}

Permission may_all(const EffectivePolicies& policies, const Formula& formula, const Assumptions& assumptions) {
  // Everything, as a document: what it allows and the policies do not is what is missing.
  PolicyDocument everything;
  everything.version = Text("2012-10-17");
  Statement& all = everything.statements.emplace_back();
  all.effect = Effect::kAllow;
  all.actions.present = all.resources.present = true;
  all.actions.items = {Text("*")};
  all.resources.items = {Text("*")};

  Permission out;
  const Asked asked({}, formula);
  const auto all_in = [&](Bound bound) {
    Truth result = Truth::kYes;
    std::vector<const std::vector<AttachedPolicy>*> lists = {&policies.identity};
    if (policies.bounded && policies.unknown_boundary.empty()) {
      lists.push_back(&policies.boundary);
    }
    for (const std::vector<AttachedPolicy>* list : lists) {
      const std::vector<PolicyDocument> documents = about_all(*list, asked, bound);
      Question question;
      question.goal = Goal::kNewlyAllowed;
      question.documents = {&everything};
      question.before = pointers(documents);
      question.formula = &formula;
      question.assumptions = &assumptions;
      const Proof proof = answer(question);
      add_holes(proof.holes, out);
      result = result & proof.answer;
    }
    return result;
  };
  const bool open = !policies.unknown.empty() || !policies.unknown_boundary.empty();
  const bool same = certain(policies.identity) && certain(policies.boundary);
  const Truth most = policies.unknown.empty() ? all_in(Bound::kMost) : Truth::kUnknown;
  if (most == Truth::kNo) {
    out.allowed = Truth::kNo;
  } else if (open) {
    out.allowed = Truth::kUnknown;
    add_holes(policies.unknown, out);
    add_holes(policies.unknown_boundary, out);
  } else {
    // A no of the narrowest reading says only that not all is sure.
    const Truth least = same ? most : all_in(Bound::kLeast);
    out.allowed = least == Truth::kNo ? Truth::kUnknown : least;
  }
  return out;
}

}  // namespace gabion::iam
