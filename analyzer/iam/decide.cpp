#include "iam/decide.h"

#include <algorithm>

#include "iam/condition.h"
#include "iam/pattern.h"
#include "iam/principal.h"

namespace gabion::iam {

namespace {

bool covered(const PrincipalSet& set, const Caller& caller, OpenPoints alternatives) {
  return std::ranges::any_of(set.identifiers, [&](const Identifier& identifier) {
    return identifier.value.known() && covers(identifier.type, identifier.value.str(), caller, alternatives);
  });
}

bool lists_all_identities(const PrincipalSet& set, const Caller& caller) {
  std::vector<std::pair<std::string, std::string>> identifiers;
  for (const Identifier& identifier : set.identifiers) {
    if (identifier.value.known()) {
      identifiers.emplace_back(identifier.type, identifier.value.str());
    }
  }
  return lists_every_identity(identifiers, caller);
}

bool principal_matches(const Statement& statement, PolicyKind kind, const Caller& caller, OpenPoints alternatives) {
  if (kind == PolicyKind::kIdentity) {
    return true;
  }
  if (statement.principals.present) {
    return covered(statement.principals, caller, alternatives);
  }
  if (statement.not_principals.present) {
    return alternatives.has(OpenPoint::kNpExempt) ? !lists_all_identities(statement.not_principals, caller)
                                                  : !covered(statement.not_principals, caller, alternatives);
  }
  return false;
}

bool action_listed(const TextList& list, const std::string& action, OpenPoints alternatives) {
  return std::ranges::any_of(list.items, [&](const Text& text) {
    if (!text.known()) {
      return false;
    }
    const std::string pattern = text.str();
    if (pattern == "*:*" && alternatives.has(OpenPoint::kActStarColon)) {
      return false;
    }
    return glob(pattern, action, true);
  });
}

bool resource_listed(const TextList& list, const Request& request, bool variables, OpenPoints alternatives) {
  return std::ranges::any_of(list.items, [&](const Text& text) {
    const Pattern pattern = compile_pattern(text, {.wildcards = true,
                                                   .variables = variables,
                                                   .arn = PatternSyntax::Arn::kResource,
                                                   .alternatives = alternatives});
    if (pattern.everything) {
      return true;
    }
    if (arn_fields(request.resource) < 6) {
      return false;
    }
    if (!pattern.has_variables()) {
      return match(pattern, request.resource);
    }
    return match(
        substitute(pattern, [&](const std::string& key) { return variable_value(request.context, key, alternatives); }),
        request.resource);
  });
}

bool statement_matches(const Statement& statement, bool variables, PolicyKind kind, const Caller& caller,
                       const Request& request, OpenPoints alternatives) {
  if (statement.actions.present) {
    if (!action_listed(statement.actions, request.action, alternatives)) {
      return false;
    }
  } else if (!statement.not_actions.present || action_listed(statement.not_actions, request.action, alternatives)) {
    return false;
  }
  if (!principal_matches(statement, kind, caller, alternatives)) {
    return false;
  }
  if (statement.resources.present) {
    if (!resource_listed(statement.resources, request, variables, alternatives)) {
      return false;
    }
  } else if (statement.not_resources.present &&
             resource_listed(statement.not_resources, request, variables, alternatives)) {
    return false;
  }
  const ConditionScope scope{request.context, variables, alternatives};
  return std::ranges::all_of(statement.conditions,
                             [&](const Condition& condition) { return condition_holds(condition, scope); });
}

/// The decision and the statement behind it.
Judgement decide_by(const PolicyDocument& document, PolicyKind kind, const Request& request, OpenPoints alternatives) {
  const Caller caller = read_caller(request.principal);
  const bool variables = document.has_variables() == Truth::kYes;
  Judgement out;
  for (const Statement& statement : document.statements) {
    const bool deny = statement.effect == Effect::kDeny;
    if ((!deny && (statement.effect != Effect::kAllow || out.decision == Decision::kAllowed)) ||
        !statement_matches(statement, variables, kind, caller, request, alternatives)) {
      continue;
    }
    out.by = statement.index;
    if (deny) {
      out.decision = Decision::kExplicitlyDenied;
      return out;
    }
    out.decision = Decision::kAllowed;
  }
  return out;
}

/// How a resource policy grants access to the caller.
enum class Grant : std::uint8_t { kNone, kAccount, kRole, kDirect };

/// The strongest way in which the Allow statements of a resource policy name the caller.
Grant grant_of(const PolicyDocument& document, const Caller& caller, const Request& request, OpenPoints alternatives) {
  Grant best = Grant::kNone;
  const bool variables = document.has_variables() == Truth::kYes;
  for (const Statement& statement : document.statements) {
    if (statement.effect != Effect::kAllow ||
        !statement_matches(statement, variables, PolicyKind::kResource, caller, request, alternatives)) {
      continue;
    }
    if (!statement.principals.present) {
      best = std::max(best, Grant::kDirect);
      continue;
    }
    for (const Identifier& identifier : statement.principals.identifiers) {
      const std::string value = identifier.value.known() ? identifier.value.str() : std::string();
      if (value.empty() || !covers(identifier.type, value, caller, alternatives)) {
        continue;
      }
      Grant grant = Grant::kDirect;
      if (identifier.type == "AWS" && !account_of_identifier(value).empty() && caller.type != PrincipalType::kRoot) {
        grant = Grant::kAccount;
      } else if (caller.type == PrincipalType::kSession && identifier.type == "AWS" && value != "*" &&
                 value != caller.text) {
        grant = Grant::kRole;
      }
      best = std::max(best, grant);
    }
  }
  return best;
}

std::string account_in(std::string_view arn) {
  for (int colons = 0; colons < 4; ++colons) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) {
      return {};
    }
    arn.remove_prefix(colon + 1);
  }
  return std::string(arn.substr(0, std::min(arn.find(':'), arn.size())));
}

/// Actions whose resource policy must let the caller in even inside one account.
bool needs_resource_policy(const Request& request) {
  const std::string action = fold_case(request.action);
  return action.starts_with("kms:") || action.starts_with("sts:assumerole");
}

}  // namespace

bool KeyLess::operator()(std::string_view a, std::string_view b) const {
  return std::ranges::lexicographical_compare(a, b, [](char x, char y) { return fold_byte(x) < fold_byte(y); });
}

std::string_view name(Decision decision) {
  switch (decision) {
    case Decision::kAllowed:
      return "Allowed";
    case Decision::kExplicitlyDenied:
      return "ExplicitlyDenied";
    default:
      return "ImplicitlyDenied";
  }
}

Decision decide(const PolicyDocument& document, PolicyKind kind, const Request& request, OpenPoints alternatives) {
  return decide_by(document, kind, request, alternatives).decision;
}

Judgement judge(const PolicyDocument& document, PolicyKind kind, const Request& request) {
  Judgement out = decide_by(document, kind, request, {});
  for (std::size_t i = 0; i < kOpenPointCount; ++i) {
    const auto point = static_cast<OpenPoint>(i);
    if (decide(document, kind, request, OpenPoints(point)) != out.decision) {
      out.open_points.add(point);
    }
  }
  return out;
}

bool matches(const Statement& statement, const PolicyDocument& document, PolicyKind kind, const Request& request,
             OpenPoints alternatives) {
  return statement_matches(statement, document.has_variables() == Truth::kYes, kind, read_caller(request.principal),
                           request, alternatives);
}

Decision decide(const PolicySet& policies, const Request& request, OpenPoints alternatives) {
  const Caller caller = read_caller(request.principal);
  bool denied = false;
  const auto says = [&](const PolicyDocument& document, PolicyKind kind) {
    const Decision decision = decide(document, kind, request, alternatives);
    denied = denied || decision == Decision::kExplicitlyDenied;
    return decision == Decision::kAllowed;
  };
  // Every document is asked, so that an explicit deny anywhere is seen.
  const auto any_allows = [&](const std::vector<const PolicyDocument*>& documents, PolicyKind kind) {
    bool allows = false;
    for (const PolicyDocument* document : documents) {
      const bool one = says(*document, kind);
      allows = allows || one;
    }
    return allows;
  };
  const auto every_level = [&](const std::vector<std::vector<const PolicyDocument*>>& levels) {
    bool allows = true;
    for (const auto& level : levels) {
      const bool one = any_allows(level, PolicyKind::kIdentity);
      allows = allows && one;
    }
    return allows;
  };
  const bool identity = any_allows(policies.identity, PolicyKind::kIdentity);
  const bool boundary = any_allows(policies.boundaries, PolicyKind::kIdentity) || policies.boundaries.empty();
  const bool session = policies.session == nullptr || says(*policies.session, PolicyKind::kIdentity);
  const bool scp = every_level(policies.scps);
  bool rcp = true;
  for (const auto& level : policies.rcps) {
    const bool one = any_allows(level, PolicyKind::kResource);
    rcp = rcp && one;
  }
  Grant grant = Grant::kNone;
  if (policies.resource != nullptr) {
    (void)says(*policies.resource, PolicyKind::kResource);
    grant = grant_of(*policies.resource, caller, request, alternatives);
  }
  if (denied) {
    return Decision::kExplicitlyDenied;
  }
  if (!scp || !rcp) {
    return Decision::kImplicitlyDenied;
  }
  const auto result = [](bool allowed) { return allowed ? Decision::kAllowed : Decision::kImplicitlyDenied; };
  const std::string owner =
      policies.resource_account.empty() ? account_in(request.resource) : policies.resource_account;
  if (caller.type == PrincipalType::kAnonymous || caller.type == PrincipalType::kService ||
      caller.type == PrincipalType::kFederated) {
    // Callers without identity policies: only the resource policy can let them in.
    return result(grant != Grant::kNone);
  }
  const bool limits = boundary && session;
  if (owner != caller.account) {
    return result(identity && limits && grant != Grant::kNone);
  }
  switch (grant) {
    case Grant::kDirect:
      return Decision::kAllowed;
    case Grant::kRole:
      return result(limits);
    case Grant::kAccount:
      return result(identity && limits);
    case Grant::kNone:
      break;
  }
  return result(identity && limits && !needs_resource_policy(request));
}

Judgement judge(const PolicySet& policies, const Request& request) {
  Judgement out;
  out.decision = decide(policies, request);
  for (std::size_t i = 0; i < kOpenPointCount; ++i) {
    const auto point = static_cast<OpenPoint>(i);
    if (decide(policies, request, OpenPoints(point)) != out.decision) {
      out.open_points.add(point);
    }
  }
  return out;
}

}  // namespace gabion::iam
