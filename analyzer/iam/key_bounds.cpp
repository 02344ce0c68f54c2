#include "iam/key_bounds.h"

#include <algorithm>
#include <string>
#include <utility>

#include "iam/pattern.h"

namespace gabion::iam {

namespace {

PatternSyntax syntax_of(OperatorFamily family) {
  PatternSyntax out;
  out.wildcards = family == OperatorFamily::kStringLike || family == OperatorFamily::kArnLike;
  out.fold = family == OperatorFamily::kStringEqualsIgnoreCase;
  if (family == OperatorFamily::kArnLike) {
    out.arn = PatternSyntax::Arn::kCondition;
  }
  return out;
}

bool compares_texts(OperatorFamily family) {
  return family == OperatorFamily::kStringEquals || family == OperatorFamily::kStringEqualsIgnoreCase ||
         family == OperatorFamily::kStringLike || family == OperatorFamily::kArnLike;
}

/// Is no value that satisfies the test one of the condition?
bool are_apart(const Formula& test, const Condition& condition) {
  const auto matches_none = [&](const Text& value) {
    // What a policy variable stands for is not looked at.
    const bool variable = std::ranges::any_of(
        value.segments(), [](const Segment& segment) { return segment.text.find('$') != std::string::npos; });
    if (variable) {
      return false;
    }
    const Pattern pattern = compile_pattern(value, syntax_of(condition.op.family));
    return pattern.touched.empty() && std::ranges::all_of(test.values, [&](const Text& wanted) {
             return surely_apart(pattern, compile_pattern(wanted, syntax_of(operator_of(test.kind).family)));
           });
  };
  return std::ranges::all_of(condition.values.items, matches_none);
}

}  // namespace

bool KeyBounds::read(const Formula& part, Bound& out) {
  switch (part.kind) {
    case FormulaKind::kAny:
      return !part.children.empty() &&
             std::ranges::all_of(part.children, [&](const Formula& child) { return read(child, out); });
    case FormulaKind::kIn:
    case FormulaKind::kLike:
    case FormulaKind::kArnLike:
      out.tests.push_back(&part);
      break;
    case FormulaKind::kAbsent:
      break;
    default:
      return false;
  }
  out.key = out.key == nullptr ? &part : out.key;
  return equal_folded(out.key->key, part.key);
}

void KeyBounds::add(const Formula& formula) {
  if (formula.kind == FormulaKind::kAll) {
    std::ranges::for_each(formula.children, [&](const Formula& child) { add(child); });
  } else if (Bound bound; read(formula, bound)) {
    bounds_.push_back(std::move(bound));
  }
}

bool KeyBounds::exclude(const Condition& condition) const {
  const ConditionOperator& op = condition.op;
  // These hold where the key is absent.
  const bool without_key = op.negated || op.if_exists || op.qualifier == Qualifier::kForAllValues ||
                           op.family == OperatorFamily::kNull || op.family == OperatorFamily::kUnknown;
  if (without_key || !condition.operator_text.known() || !condition.key.known() || condition.values.items.empty()) {
    return false;
  }
  return std::ranges::any_of(bounds_, [&](const Bound& bound) {
    return equal_folded(bound.key->key, condition.key.literal()) &&
           (bound.tests.empty() ||
            (compares_texts(op.family) &&
             std::ranges::all_of(bound.tests, [&](const Formula* test) { return are_apart(*test, condition); })));
  });
}

}  // namespace gabion::iam
