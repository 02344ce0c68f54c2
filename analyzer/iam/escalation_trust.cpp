#include "iam/escalation_trust.h"

#include <algorithm>
#include <iterator>
#include <optional>

#include "iam/principal.h"

namespace gabion::iam {
namespace {

/// A principal of AWS that is not known: whoever it is, it is none of AWS' services.
bool is_somebody(const Identifier& identifier) {
  return identifier.type == "AWS" && !identifier.value.known() && identifier.value.segments().size() == 1 &&
         !identifier.value.segments().front().hole->many;
}

/// The document with the people of an account where it allows somebody.
PolicyDocument with_somebody(PolicyDocument document) {
  for (Statement& statement : document.statements) {
    for (Identifier& identifier : statement.principals.identifiers) {
      if (statement.effect == Effect::kAllow && is_somebody(identifier)) {
        identifier.value = Text("arn:aws:iam::111122223333:root", identifier.value.region);
      }
    }
  }
  return document;
}

/// Are these people of an account, or a service that people run something with?
bool is_reached(const Identifier& identifier) {
  if (!identifier.value.known()) {
    return is_somebody(identifier);
  }
  const std::string_view name = identifier.value.literal();
  if (identifier.type == "Service") {
    return std::ranges::find(services_that_run_code(), name) != services_that_run_code().end();
  }
  const std::string_view account = identifier.type == "AWS" ? account_of_identifier(name) : std::string_view();
  return account.size() == kNoAccount.size() &&
         std::ranges::all_of(account, [](char c) { return c >= '0' && c <= '9'; });
}

/// Does the statement surely let somebody in who is in reach, whatever the request is like?
bool lets_in(const Statement& statement) {
  return statement.effect == Effect::kAllow && !statement.open && statement.conditions.empty() &&
         !statement.resources.present && !statement.not_resources.present && statement.actions.present &&
         std::ranges::any_of(statement.actions.items, [](const Text& one) { return one.is("sts:AssumeRole"); }) &&
         std::ranges::any_of(statement.principals.identifiers, is_reached);
}

/// The same for a policy that denies nothing: most are that simple, and nobody needs to be asked about them.
bool plainly_lets_in(const PolicyDocument& document) {
  return !document.open && std::ranges::any_of(document.statements, lets_in) &&
         std::ranges::all_of(document.statements,
                             [](const Statement& statement) { return statement.effect == Effect::kAllow; });
}

/// Does the trust policy let such a request in, whichever of its versions it is?
Truth over_trust(const EscalationPrincipal& role, const Formula& formula, const Assumptions& assumptions) {
  std::optional<Truth> result;
  for (const PolicyDocument& document : role.trust) {
    Truth one = allows_some(document, PolicyKind::kTrust, formula, assumptions).answer;
    // Whom an unknown identifier names is anybody's guess.
    if (one == Truth::kNo && std::ranges::any_of(document.statements, [](const Statement& statement) {
          return statement.effect != Effect::kDeny &&
                 std::ranges::any_of(statement.principals.identifiers,
                                     [](const Identifier& identifier) { return !identifier.value.known(); });
        })) {
      one = Truth::kUnknown;
    }
    result = !result || *result == one ? one : Truth::kUnknown;
  }
  return role.trust_known ? result.value_or(Truth::kUnknown) : Truth::kUnknown;
}

}  // namespace

Truth TrustQuestions::remembered(const EscalationPrincipal& role, std::string_view name, const Text& caller) {
  const auto [known, fresh] = answers_.try_emplace({role.name, std::string(name)}, Truth::kUnknown);
  if (fresh) {
    Formula action;
    action.kind = FormulaKind::kAction;
    action.values = {Text("sts:AssumeRole")};
    Formula who;
    who.kind = FormulaKind::kPrincipal;
    who.principal.is = {caller};
    known->second = over_trust(role, Formula::all({std::move(action), std::move(who)}), assumptions_);
  }
  return known->second;
}

Truth TrustQuestions::allows_service(const EscalationPrincipal& role, std::string_view service) {
  return remembered(role, service, Text(service));
}

Truth TrustQuestions::allows(const EscalationPrincipal& role, const EscalationPrincipal& caller) {
  const bool nobody = caller.sort == PrincipalSort::kPolicy || caller.sort == PrincipalSort::kGroup;
  return nobody ? Truth::kUnknown : remembered(role, caller.name, caller.arn);
}

Truth TrustQuestions::in_reach(const EscalationPrincipal& principal) const {
  // A role is made for somebody; one without a trust policy does not say that only services are meant.
  if (principal.sort != PrincipalSort::kRole || principal.trust_missing) {
    return Truth::kYes;
  }
  if (principal.trust_known && !principal.trust.empty() && std::ranges::all_of(principal.trust, plainly_lets_in)) {
    return Truth::kYes;
  }
  Formula people;
  people.kind = FormulaKind::kPrincipal;
  people.principal.types = {PrincipalType::kRoot,    PrincipalType::kUser,      PrincipalType::kRole,
                            PrincipalType::kSession, PrincipalType::kFederated, PrincipalType::kFederatedUser};
  Formula services;
  services.kind = FormulaKind::kPrincipal;
  for (const std::string_view service : services_that_run_code()) {
    services.principal.is.emplace_back(service);
  }
  Formula actions;
  actions.kind = FormulaKind::kAction;
  actions.values = {Text("sts:AssumeRole"), Text("sts:AssumeRoleWithSAML"), Text("sts:AssumeRoleWithWebIdentity")};
  EscalationPrincipal role;
  role.trust_known = principal.trust_known;
  std::ranges::transform(principal.trust, std::back_inserter(role.trust), with_somebody);
  return over_trust(role, Formula::all({std::move(actions), Formula::any({std::move(people), std::move(services)})}),
                    assumptions_);
}

}  // namespace gabion::iam
