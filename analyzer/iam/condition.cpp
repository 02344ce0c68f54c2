#include "iam/condition.h"

#include <algorithm>

#include "iam/pattern.h"
#include "iam/scalar.h"

namespace gabion::iam {

namespace {

template <class T>
bool ordered(OperatorFamily family, const T& value, const T& bound) {
  switch (family) {
    case OperatorFamily::kNumericLessThan:
    case OperatorFamily::kDateLessThan:
      return value < bound;
    case OperatorFamily::kNumericLessThanEquals:
    case OperatorFamily::kDateLessThanEquals:
      return value <= bound;
    case OperatorFamily::kNumericGreaterThan:
    case OperatorFamily::kDateGreaterThan:
      return value > bound;
    case OperatorFamily::kNumericGreaterThanEquals:
    case OperatorFamily::kDateGreaterThanEquals:
      return value >= bound;
    default:
      return value == bound;
  }
}

/// Text operators, with variables put in.
bool test_text(OperatorFamily family, const Text& policy_value, std::string_view value, const ConditionScope& scope) {
  const bool fold = family == OperatorFamily::kStringEqualsIgnoreCase;
  const bool wildcards = family == OperatorFamily::kStringLike;
  const std::string plain = policy_value.known() ? policy_value.str() : std::string();
  if (policy_value.known() && (!scope.variables || plain.find("${") == std::string::npos)) {
    return wildcards ? glob(plain, value, false) : fold ? equal_folded(plain, value) : plain == value;
  }
  const Pattern pattern = compile_pattern(
      policy_value,
      {.wildcards = wildcards, .variables = scope.variables, .fold = fold, .alternatives = scope.alternatives});
  return match(
      substitute(pattern,
                 [&](const std::string& key) { return variable_value(scope.context, key, scope.alternatives); }),
      value);
}

std::optional<bool> test_arn(const Text& policy_value, std::string_view value, const ConditionScope& scope) {
  const Pattern pattern = compile_pattern(policy_value, {.wildcards = true,
                                                         .variables = scope.variables,
                                                         .arn = PatternSyntax::Arn::kCondition,
                                                         .alternatives = scope.alternatives});
  if (pattern.malformed || arn_fields(value) < 6) {
    return std::nullopt;
  }
  return match(
      substitute(pattern,
                 [&](const std::string& key) { return variable_value(scope.context, key, scope.alternatives); }),
      value);
}

/// A plain operator on a list of values, whose meaning is open but for lists of one.
bool holds_on_list(const Condition& condition, const std::vector<std::string>& values, const ConditionScope& scope) {
  const auto base = [&](const std::string& value) { return test_values(condition, value, scope); };
  if (scope.alternatives.has(OpenPoint::kArrayPlainNever)) {
    return false;
  }
  if (scope.alternatives.has(OpenPoint::kArrayPlainAny)) {
    return condition.op.negated ? std::ranges::all_of(values, base) : std::ranges::any_of(values, base);
  }
  return values.size() == 1 && base(values.front());
}

}  // namespace

const ContextValue* find_key(const RequestContext& context, std::string_view key) {
  const auto found = context.find(key);
  return found == context.end() ? nullptr : &found->second;
}

std::optional<std::string> variable_value(const RequestContext& context, std::string_view key,
                                          OpenPoints alternatives) {
  const ContextValue* value = find_key(context, key);
  if (value == nullptr || value->list || value->values.size() != 1) {
    return std::nullopt;
  }
  if (value->values.front().empty() && alternatives.has(OpenPoint::kEmptyVar)) {
    return std::nullopt;
  }
  return value->values.front();
}

std::optional<bool> test_value(const ConditionOperator& op, const Text& policy_value, std::string_view request_value,
                               const ConditionScope& scope) {
  switch (op.family) {
    case OperatorFamily::kStringEquals:
    case OperatorFamily::kStringEqualsIgnoreCase:
    case OperatorFamily::kStringLike:
      return test_text(op.family, policy_value, request_value, scope);
    case OperatorFamily::kArnLike:
      return test_arn(policy_value, request_value, scope);
    case OperatorFamily::kUnknown:
    case OperatorFamily::kNull:
      return false;
    default:
      break;
  }
  if (!policy_value.known()) {
    return false;
  }
  const std::string text = policy_value.str();
  switch (op.family) {
    case OperatorFamily::kNumericEquals:
    case OperatorFamily::kNumericLessThan:
    case OperatorFamily::kNumericLessThanEquals:
    case OperatorFamily::kNumericGreaterThan:
    case OperatorFamily::kNumericGreaterThanEquals: {
      const auto bound = parse_decimal(text, scope.alternatives);
      const auto value = parse_decimal(request_value, scope.alternatives);
      return bound && value ? std::optional(ordered(op.family, *value, *bound)) : std::nullopt;
    }
    case OperatorFamily::kDateEquals:
    case OperatorFamily::kDateLessThan:
    case OperatorFamily::kDateLessThanEquals:
    case OperatorFamily::kDateGreaterThan:
    case OperatorFamily::kDateGreaterThanEquals: {
      const auto bound = parse_instant(text);
      const auto value = parse_instant(request_value);
      return bound && value ? std::optional(ordered(op.family, *value, *bound)) : std::nullopt;
    }
    case OperatorFamily::kBool: {
      const auto expected = parse_bool(text);
      const auto value = parse_bool(request_value);
      return expected && value && *expected == *value;
    }
    case OperatorFamily::kBinaryEquals: {
      const auto expected = decode_base64(text);
      const auto value = decode_base64(request_value);
      return expected && value && *expected == *value;
    }
    case OperatorFamily::kIpAddress: {
      const auto range = parse_range(text);
      const auto value = parse_address(request_value);
      return range && value ? std::optional(range->contains(*value)) : std::nullopt;
    }
    default:
      return false;
  }
}

bool test_values(const Condition& condition, std::string_view request_value, const ConditionScope& scope) {
  bool any = false;
  bool unreadable = false;
  for (const Text& value : condition.values.items) {
    const std::optional<bool> result = test_value(condition.op, value, request_value, scope);
    unreadable = unreadable || !result;
    any = any || result.value_or(false);
    if (any && !condition.op.negated) {
      return true;
    }
  }
  if (!condition.op.negated) {
    return false;
  }
  const OpenPoint point =
      condition.op.family == OperatorFamily::kArnLike ? OpenPoint::kArnMalformed : OpenPoint::kInvalidNeg;
  return !any && !(unreadable && scope.alternatives.has(point));
}

bool condition_holds(const Condition& condition, const ConditionScope& scope) {
  if (!condition.key.known() || condition.op.family == OperatorFamily::kUnknown) {
    return false;
  }
  const ContextValue* value = find_key(scope.context, condition.key.str());
  const bool present = value != nullptr && (!value->values.empty() || scope.alternatives.has(OpenPoint::kEmptyList));
  if (condition.op.family == OperatorFamily::kNull) {
    return std::ranges::any_of(condition.values.items, [&](const Text& text) {
      const auto wanted = text.known() ? parse_bool(text.str()) : std::nullopt;
      return wanted && *wanted != present;
    });
  }
  if (!present) {
    switch (condition.op.qualifier) {
      case Qualifier::kForAllValues:
        return true;
      case Qualifier::kForAnyValue:
        return condition.op.if_exists && scope.alternatives.has(OpenPoint::kAnyIfExists);
      case Qualifier::kNone:
        return condition.op.negated || condition.op.if_exists;
    }
  }
  const std::vector<std::string>& values = value->values;
  if (condition.op.qualifier == Qualifier::kNone) {
    return value->list ? holds_on_list(condition, values, scope) : test_values(condition, values.front(), scope);
  }
  const bool any = condition.op.qualifier == Qualifier::kForAnyValue;
  if (values.size() == 1 && values.front().empty() && !scope.alternatives.has(OpenPoint::kEmptyStr)) {
    return !any || (condition.op.if_exists && scope.alternatives.has(OpenPoint::kAnyIfExists));
  }
  const auto base = [&](const std::string& one) { return test_values(condition, one, scope); };
  return any ? std::ranges::any_of(values, base) : std::ranges::all_of(values, base);
}

}  // namespace gabion::iam
