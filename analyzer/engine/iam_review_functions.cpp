// Rule functions about policy documents themselves: what is wrong with one, which statements say nothing, whether two
// mean the same. Each takes the policy as an attribute holds it, text or object, known as far as it is.
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/functions.h"
#include "engine/iam_functions.h"
#include "engine/policy_reading.h"
#include "iam/compare.h"
#include "iam/review.h"
#include "iam/validate.h"

namespace gabion::engine {

namespace {

using eval::Truth;
using eval::Value;

Value unknown_policy(const iam::PolicyReading& read, const Value& policy, const eval::Type& type,
                     eval::Context& context, source::Region call) {
  const eval::Symbol* symbol = read.unknown ? read.unknown->symbol : nullptr;
  if (symbol == nullptr) {
    symbol = eval::first_unknown(policy);
  }
  if (symbol == nullptr) {
    symbol = context.symbols.intern({.reason = eval::Reason::kUnsupported,
                                     .text = read.unknown ? read.unknown->name : "the policy",
                                     .subject = {},
                                     .path = {},
                                     .region = call});
  }
  eval::Unknown unknown;
  unknown.symbol = symbol;
  unknown.not_null = true;
  return eval::make_unknown(context.arena, type, unknown);
}

Value too_much_work(eval::Context& context, source::Region call) {
  eval::Unknown unknown;
  unknown.symbol = context.symbols.intern({.reason = eval::Reason::kBudget,
                                           .text = "the comparison of the policy's statements",
                                           .subject = {},
                                           .path = {},
                                           .region = call});
  unknown.not_null = true;
  return eval::make_unknown(context.arena, eval::kDynamicType, unknown);
}

/// The place that a problem is about: where it was written, or what the policy came from.
Value placed(Value value, source::Region region, const Value& policy, eval::Context& context) {
  if (!region.valid()) {
    return policy.origin() == nullptr ? value : value.with_origin(policy.origin());
  }
  return value.with_origin(eval::make_origin(context.arena, eval::OriginKind::kExpression, region));
}

eval::Member member(std::string_view name, Value value) {
  return eval::Member{.name = name, .value = value, .name_region = {}};
}

Value number(eval::Context& context, std::size_t value) {
  return eval::make_number(context.arena, static_cast<std::int64_t>(value));
}

std::optional<iam::PolicyKind> kind_argument(const Value& kind) {
  return kind.is_string() ? iam::policy_kind_from_name(kind.text()) : std::nullopt;
}

Value wrong_kind(eval::Context& context, source::Region call) {
  return eval::make_error(context.arena, "the kind of the policy must be \"identity\", \"resource\" or \"trust\"",
                          call);
}

}  // namespace

Value policy_problems(const Value& policy, const Value& use, eval::Context& context, const PolicySource& source,
                      source::Region call) {
  const auto known_use = use.is_string() ? iam::policy_use_from_name(use.text()) : std::nullopt;
  if (!known_use) {
    return eval::make_error(context.arena, "the use of the policy must be one of " + iam::policy_use_names(), call);
  }
  const auto reading = source(policy);
  const iam::PolicyReading& read = *reading;
  if (read.complete == Truth::kUnknown) {
    return unknown_policy(read, policy, eval::kDynamicType, context, call);
  }
  const bool absent = policy.is_null() || (policy.is_string() && policy.text().empty());
  std::vector<Value> out;
  for (const iam::PolicyProblem& problem : absent ? std::vector<iam::PolicyProblem>() : validate(read, *known_use)) {
    const bool error = problem.what.severity == findings::DiagnosticSeverity::kError;
    const bool fixable = problem.fix && !problem.element.empty();
    const std::array<eval::Member, 8> members{
        member("code", eval::make_string(context.arena, problem.what.code)),
        member("severity", eval::make_string(context.arena, error ? "error" : "warning")),
        member("message", eval::make_string(context.arena, problem.what.message)),
        member("hint", eval::make_string(context.arena, problem.what.hint)),
        member("statement", problem.statement ? number(context, *problem.statement) : eval::make_null(context.arena)),
        member("element", eval::make_string(context.arena, fixable ? problem.element : "")),
        member("from", eval::make_string(context.arena, fixable ? problem.fix->from : "")),
        member("to", eval::make_string(context.arena, fixable ? problem.fix->to : ""))};
    out.push_back(placed(eval::make_object(context.arena, members), problem.what.region, policy, context));
  }
  return eval::make_tuple(context.arena, out);
}

Value policy_remarks(const Value& policy, const Value& kind, eval::Context& context, const PolicySource& source,
                     source::Region call) {
  const auto known_kind = kind_argument(kind);
  if (!known_kind) {
    return wrong_kind(context, call);
  }
  const auto reading = source(policy);
  const iam::PolicyReading& read = *reading;
  if (read.complete == Truth::kUnknown || read.documents.size() > 1) {
    return unknown_policy(read, policy, eval::kDynamicType, context, call);
  }
  std::vector<Value> out;
  for (const iam::PolicyDocument& document : read.documents) {
    const iam::Review review = iam::review(document, *known_kind);
    if (review.remarks.empty() && !review.unfinished.empty()) {
      return too_much_work(context, call);
    }
    for (const iam::Remark& remark : review.remarks) {
      std::vector<Value> by;
      for (const std::size_t index : remark.by) {
        by.push_back(number(context, index));
      }
      const std::array<eval::Member, 4> members{
          member("kind", eval::make_string(context.arena, iam::name(remark.kind))),
          member("statement", number(context, remark.statement)), member("by", eval::make_tuple(context.arena, by)),
          member("message", eval::make_string(context.arena, remark.because))};
      out.push_back(placed(eval::make_object(context.arena, members), remark.region, policy, context));
    }
  }
  return eval::make_tuple(context.arena, out);
}

namespace {

/// Two policies, each known as one document.
struct PolicyPair {
  iam::PolicyKind kind = iam::PolicyKind::kIdentity;
  iam::PolicyReading one;
  iam::PolicyReading other;
};

/// Reads them; otherwise `instead` is what a function about them gives.
std::optional<PolicyPair> read_pair(const Value& one, const Value& other, const Value& kind, eval::Context& context,
                                    const iam::ReadOptions& reading, source::Region call, Value& instead) {
  const auto known_kind = kind_argument(kind);
  if (!known_kind) {
    instead = wrong_kind(context, call);
    return std::nullopt;
  }
  PolicyPair out{*known_kind, iam::read_policy(one, reading), iam::read_policy(other, reading)};
  for (const auto* read : {&out.one, &out.other}) {
    if (read->complete != Truth::kYes || read->documents.size() != 1) {
      instead = unknown_policy(*read, read == &out.one ? one : other, eval::kBoolType, context, call);
      return std::nullopt;
    }
  }
  return out;
}

/// Unknown because of the first hole that an answer hangs on.
Value unknown_answer(const std::vector<iam::Hole>& holes, const Value& policy, eval::Context& context,
                     source::Region call) {
  iam::PolicyReading open;
  if (!holes.empty()) {
    open.unknown = holes.front();
  }
  return unknown_policy(open, policy, eval::kBoolType, context, call);
}

}  // namespace

Value policy_equivalent(const Value& one, const Value& other, const Value& kind, eval::Context& context,
                        const iam::ReadOptions& reading, source::Region call) {
  Value instead = eval::make_null(context.arena);
  const auto pair = read_pair(one, other, kind, context, reading, call, instead);
  if (!pair) {
    return instead;
  }
  const iam::PolicyDocument& first = pair->one.documents.front();
  const iam::Equivalence found = iam::compare_both(first, pair->other.documents.front(), pair->kind);
  return found.equivalent == Truth::kUnknown ? unknown_answer(first.holes(), other, context, call)
                                             : eval::make_bool(found.equivalent == Truth::kYes);
}

namespace {

Value call_problems(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  return policy_problems(call.arguments[0], call.arguments[1], context, policy_source(rule), call.region);
}
Value call_remarks(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  return policy_remarks(call.arguments[0], call.arguments[1], context, policy_source(rule), call.region);
}
Value call_equivalent(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  return policy_equivalent(call.arguments[0], call.arguments[1], call.arguments[2], context,
                           rule.views.policy_options(), call.region);
}

/// policy_within(policy, limit, kind): is nothing allowed that the other policy does not allow?
Value call_within(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const Value& policy = call.arguments[0];
  Value instead = eval::make_null(context.arena);
  const auto pair = read_pair(policy, call.arguments[1], call.arguments[2], context, rule.views.policy_options(),
                              call.region, instead);
  if (!pair) {
    return instead;
  }
  const iam::PolicyDocument& document = pair->one.documents.front();
  const iam::Proof proof = iam::compare(pair->other.documents.front(), document, pair->kind);
  if (proof.answer == Truth::kUnknown) {
    return unknown_answer(proof.holes, policy, context, call.region);
  }
  if (proof.witness) {
    rule.evidence.witness = to_witness(proof, nullptr, pair->kind);
    rule.evidence.because = "the other policy does not allow the request";
    rule.evidence.culprit = proof.statement && *proof.statement < document.statements.size()
                                ? document.statements[*proof.statement].region
                                : source::Region{};
  }
  return eval::make_bool(proof.answer == Truth::kYes);
}

constexpr std::array<RuleFunction, 4> kFunctions = {{
    {"policy_equivalent", "policy_equivalent(policy, other, kind)",
     "Do two policies of a kind (\"identity\", \"resource\", \"trust\") allow and deny the same requests?", 3, 3,
     call_equivalent},
    {"policy_problems", "policy_problems(policy, use)",
     "What is wrong with a policy document, as objects with code, severity (\"error\" for what AWS refuses, "
     "\"warning\" "
     "for what it reads in another way than it looks), message, hint, statement (its index), and element, from and to: "
     "where something else was probably meant, in \"Version\", \"Sid\", \"Effect\", \"Action\", \"NotAction\", the "
     "\"Operator\" or the \"Key\" of a condition, what stands there and what should; empty otherwise. The use is "
     "\"identity\", "
     "\"role-inline\", \"user-inline\", \"group-inline\", \"boundary\", \"session\", \"trust\", \"scp\", \"rcp\", "
     "\"resource\", \"bucket\", \"key\", \"repository\", \"topic\", \"queue\", \"secret\" or \"permission-set\".",
     2, 2, call_problems},
    {"policy_remarks", "policy_remarks(policy, kind)",
     "Statements that say nothing, as objects with kind (\"never-matches\" for conditions that exclude each other, "
     "\"redundant\" for what other statements say, \"shadowed\" for an Allow that is all denied), statement, by "
     "(the statements that cover it) and message. Unknown when none was found and the policy is too long to compare "
     "all "
     "of its statements.",
     2, 2, call_remarks},
    {"policy_within", "policy_within(policy, limit, kind)",
     "Does a policy of a kind (\"identity\", \"resource\", \"trust\") allow nothing that the other one does not allow? "
     "When it does, the finding shows a request.",
     3, 3, call_within},
}};

}  // namespace

std::span<const RuleFunction> policy_review_functions() {
  return kFunctions;
}

}  // namespace gabion::engine
