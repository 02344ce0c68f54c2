// Rule functions about principals: what a role, a user or a group may do by all of its policies together, and by which
// ways it could get more.
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/functions.h"
#include "engine/iam_functions.h"
#include "engine/permissions.h"
#include "engine/policy_memo.h"
#include "engine/policy_reading.h"
#include "engine/policy_uses.h"
#include "engine/reference_index.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;

/// Index of the principal that an argument is, or nothing.
std::optional<std::size_t> principal_of(const Value& argument, RuleContext& rule) {
  const model::Resource* resource = rule.views.resource_of(argument);
  return resource == nullptr ? std::nullopt : rule.views.permissions(rule.artifacts).principal_of(*resource);
}

Value no_principal(const eval::Call& call, eval::Context& context) {
  return eval::make_error(
      context.arena,
      std::string(call.name) +
          "() needs a role, a user, a group, a permission set, or a policy that is attached to none "
          "of them, such as self",
      call.region);
}

Value unknown_because(const std::vector<iam::Hole>& holes, const std::string& because, const eval::Call& call,
                      const eval::Type& type, eval::Context& context) {
  eval::Unknown unknown;
  for (const iam::Hole& hole : holes) {
    unknown.symbol = unknown.symbol == nullptr ? hole.symbol : unknown.symbol;
  }
  if (unknown.symbol == nullptr) {
    // What is no name begins with "it", see depends_on().
    const bool too_many = !holes.empty() && holes.front().name == iam::kTooManyWays;
    const std::string text = !holes.empty()               ? (too_many ? "it depends on " : "") + holes.front().name
                             : because.empty()            ? "it depends on policies that are not known"
                             : because.starts_with("it ") ? because
                                                          : "it cannot be decided: " + because;
    unknown.symbol = context.symbols.intern(
        {.reason = eval::Reason::kData, .text = text, .subject = {}, .path = {}, .region = call.region});
  }
  unknown.not_null = true;
  return eval::make_unknown(context.arena, type, unknown);
}

// ---- Questions. ----

struct PrincipalQuestion {
  std::size_t principal = 0;
  IamQuestion question;
};

/// Reads (resource, formula, [options]); an error value otherwise.
std::optional<PrincipalQuestion> read_question(const eval::Call& call, RuleContext& rule, eval::Context& context,
                                               Value& error) {
  const auto principal = principal_of(call.arguments[0], rule);
  if (!principal) {
    error = no_principal(call, context);
    return std::nullopt;
  }
  ReadQuestion read =
      engine::read_question(eval::make_string(context.arena, "identity"), call.arguments[1],
                            call.arguments.size() > 2 ? &call.arguments[2] : nullptr, rule.views.policy_options());
  if (!read.question) {
    error = unreadable(read, call.arguments[1], call, context);
    return std::nullopt;
  }
  return PrincipalQuestion{*principal, std::move(*read.question)};
}

void keep_evidence(const iam::Permission& permission, RuleContext& rule) {
  if (!permission.witness) {
    return;
  }
  iam::Proof proof;
  proof.witness = permission.witness;
  rule.evidence.witness = to_witness(proof, nullptr, iam::PolicyKind::kIdentity);
  rule.evidence.culprit = {};
  rule.evidence.because.clear();
  if (permission.policy != nullptr && permission.statement != nullptr) {
    rule.evidence.culprit = permission.statement->region;
    rule.evidence.because = "statement " + std::to_string(permission.statement->index + 1) + " of " +
                            permission.policy->name + " allows it";
  }
}

/// Tells what is asked from other questions in the same configuration.
std::string question_key(const eval::Call& call, RuleContext& rule) {
  const iam::ReadOptions& reading = rule.views.policy_options();
  PolicyQuestion question(reading);
  for (std::size_t i = 1; i < call.arguments.size(); ++i) {
    question.add(call.arguments[i]);
  }
  std::string out(question.text());
  for (const eval::Symbol* symbol : question.symbols()) {
    out += ' ' + std::to_string(reinterpret_cast<std::uintptr_t>(symbol));
  }
  return out;
}

/// principal_allows(resource, formula): is some such request allowed?
Value principal_allows(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  Value error = eval::make_null(context.arena);
  const auto asked = read_question(call, rule, context, error);
  if (!asked) {
    return error;
  }
  const iam::Permission& permission =
      rule.views.permissions(rule.artifacts).may(asked->principal, asked->question, question_key(call, rule));
  if (permission.allowed == Truth::kUnknown) {
    return unknown_because(permission.holes, permission.because, call, eval::kBoolType, context);
  }
  keep_evidence(permission, rule);
  return eval::make_bool(permission.allowed == Truth::kYes);
}

Value principal_never_allows(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const Value allows = principal_allows(call, rule, context);
  return allows.is_bool() ? eval::make_bool(!allows.boolean()) : allows;
}

/// policies_of(resource): the documents, for questions about all of them together.
Value policies_of(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const auto index = principal_of(call.arguments[0], rule);
  if (!index) {
    return no_principal(call, context);
  }
  const Permissions& permissions = rule.views.permissions(rule.artifacts);
  if (!permissions.certain(*index)) {
    return unknown_because(permissions.principal(*index).policies.unknown, "it depends on which policies are attached",
                           call, eval::kDynamicType, context);
  }
  return eval::make_tuple(context.arena, permissions.values(*index));
}

// ---- Escalation. ----

eval::Member member(std::string_view name, Value value) {
  return {name, value, {}};
}

Value text(std::string_view from, eval::Context& context) {
  return eval::make_string(context.arena, from);
}

Value way_as_value(const iam::Escalation& way, eval::Context& context) {
  source::Arena& arena = context.arena;
  std::vector<Value> permissions;
  const eval::Origin* origin = nullptr;
  for (const iam::EscalationPermission& permission : way.permissions) {
    const source::Region region = permission.statement != nullptr ? permission.statement->region : source::Region{};
    const std::array<eval::Member, 3> members = {member("action", text(permission.action, context)),
                                                 member("policy", text(permission.policy, context)),
                                                 member("resource", text(permission.resource, context))};
    Value one = eval::make_object(arena, members);
    if (region.valid()) {
      const auto* place = eval::make_origin(arena, eval::OriginKind::kExpression, region);
      one = one.with_origin(place);
      origin = origin == nullptr ? place : origin;
    }
    permissions.push_back(one);
  }
  const std::array<eval::Member, 5> members = {
      member("gain", text(way.method->gain, context)), member("method", text(way.method->id, context)),
      member("path", text(iam::describe(way), context)), member("permissions", eval::make_tuple(arena, permissions)),
      member("target", way.target.empty() ? eval::make_null(arena, eval::kStringType) : text(way.target, context))};
  const Value object = eval::make_object(arena, members);
  return origin == nullptr ? object : object.with_origin(origin);
}

/// escalation_paths(resource): ways to more permissions.
Value escalation_paths(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const auto index = principal_of(call.arguments[0], rule);
  if (!index) {
    // A policy whose principals are of this configuration is judged with them.
    const model::Resource* resource = rule.views.resource_of(call.arguments[0]);
    return resource != nullptr ? eval::make_tuple(context.arena, std::span<const Value>{})
                               : no_principal(call, context);
  }
  const iam::Escalations& found = rule.views.permissions(rule.artifacts).escalations(*index);
  if (found.ways.empty() && found.open) {
    return unknown_because(found.holes, found.because, call, eval::kDynamicType, context);
  }
  std::vector<Value> ways;
  for (const iam::Escalation& way : found.ways) {
    ways.push_back(way_as_value(way, context));
  }
  return eval::make_tuple(context.arena, ways);
}

/// is_administrator(resource): may it do anything?
Value is_administrator(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const auto index = principal_of(call.arguments[0], rule);
  if (!index) {
    return no_principal(call, context);
  }
  const iam::Escalations& found = rule.views.permissions(rule.artifacts).escalations(*index);
  if (found.administrator == Truth::kUnknown) {
    return unknown_because(found.holes, found.because, call, eval::kBoolType, context);
  }
  return eval::make_bool(found.administrator == Truth::kYes);
}

/// inline_policy_size(resource): what counts for the quota.
Value inline_policy_size(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const auto index = principal_of(call.arguments[0], rule);
  if (!index) {
    return no_principal(call, context);
  }
  return eval::make_number(context.arena,
                           static_cast<std::int64_t>(rule.views.permissions(rule.artifacts).inline_size(*index)));
}

/// only_bounds(policy): never unknown.
Value only_bounds(const eval::Call& call, RuleContext& rule, eval::Context& /*context*/) {
  const model::Resource* resource = rule.views.resource_of(call.arguments[0]);
  ReferenceIndex& references = rule.views.references();
  return eval::make_bool(resource != nullptr && references.policy_uses().only_bounds(*resource, references));
}

constexpr std::array<RuleFunction, 7> kFunctions = {{
    {"escalation_paths", "escalation_paths(principal)",
     "Ways in which a role, user, group or permission set (or whoever gets a policy that nothing attaches) can get "
     "more "
     "permissions than it was given, as objects with method, path (a sentence), gain, target and permissions. Empty "
     "for "
     "administrators. Unknown when there is surely none but may be one.",
     1, 1, escalation_paths},
    {"inline_policy_size", "inline_policy_size(principal)",
     "Characters of all inline policies of a role, user, group or permission set together, without white space, as far "
     "as they are known: at least so many count for its quota.",
     1, 1, inline_policy_size},
    {"is_administrator", "is_administrator(principal)",
     "May it do anything, by all of its policies together and within its boundary?", 1, 1, is_administrator},
    {"only_bounds", "only_bounds(policy)",
     "Is a managed policy surely a permissions boundary and nothing else, so that it grants nobody anything? False "
     "where it may be attached as well, by another resource, a module that is not here, or whoever reads an output, "
     "and false for anything else. Never unknown.",
     1, 1, only_bounds},
    {"policies_of", "policies_of(principal)",
     "Documents of all policies that a role, user, group or permission set has: inline, attached, of its groups; those "
     "that AWS manages too. For iam_allows and its like.",
     1, 1, policies_of},
    {"principal_allows", "principal_allows(principal, formula, [options])",
     "Is some request that satisfies the formula allowed by all policies of the principal together, within its "
     "boundary?",
     2, 3, principal_allows},
    {"principal_never_allows", "principal_never_allows(principal, formula, [options])",
     "Is no request that satisfies the formula allowed by all policies of the principal together? When one is, the "
     "finding shows it.",
     2, 3, principal_never_allows},
}};

}  // namespace

std::span<const RuleFunction> permission_functions() {
  return kFunctions;
}

}  // namespace gabion::engine
