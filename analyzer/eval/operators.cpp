// Unary and binary operators: arithmetic, comparison, equality, logic.
#include <algorithm>
#include <array>

#include "eval/evaluation.h"

namespace gabion::eval {

namespace {

using syntax::hcl::BinaryOperator;
using syntax::hcl::Expression;
using syntax::hcl::UnaryOperator;

std::string_view spelling(BinaryOperator op) {
  switch (op) {
    case BinaryOperator::kOr:
      return "||";
    case BinaryOperator::kAnd:
      return "&&";
    case BinaryOperator::kEqual:
      return "==";
    case BinaryOperator::kNotEqual:
      return "!=";
    case BinaryOperator::kLess:
      return "<";
    case BinaryOperator::kLessEqual:
      return "<=";
    case BinaryOperator::kGreater:
      return ">";
    case BinaryOperator::kGreaterEqual:
      return ">=";
    case BinaryOperator::kAdd:
      return "+";
    case BinaryOperator::kSubtract:
      return "-";
    case BinaryOperator::kMultiply:
      return "*";
    case BinaryOperator::kDivide:
      return "/";
    case BinaryOperator::kModulo:
      return "%";
  }
  return {};
}

bool is_arithmetic(BinaryOperator op) {
  return op >= BinaryOperator::kAdd;
}

std::string text_of(BinaryOperator op, const Value& left, const Value& right) {
  return symbol_text("(", left, " ", spelling(op), " ", right, ")");
}

Value operand_error(std::string_view which, const Value& error, source::Region region, Context& context) {
  std::string message = "unsuitable value for ";
  message += which;
  message += " operand: ";
  message += error.error().message;
  return make_error(context.arena, message, region);
}

Value null_operand(source::Region region, Context& context) {
  return make_error(context.arena, "the operand of an operation must not be null", region);
}

Value arithmetic(BinaryOperator op, const Number& a, const Number& b, source::Region region, Context& context) {
  source::Arena& arena = context.arena;
  std::optional<Number> result;
  switch (op) {
    case BinaryOperator::kAdd:
    case BinaryOperator::kSubtract: {
      const bool opposite = (a.sign() == b.sign()) == (op == BinaryOperator::kSubtract);
      if (!(a.is_infinite() && b.is_infinite() && opposite)) {
        result = op == BinaryOperator::kAdd ? add(arena, a, b) : subtract(arena, a, b);
      }
      break;
    }
    case BinaryOperator::kMultiply:
      if (!(a.is_infinite() && b.sign() == 0) && !(b.is_infinite() && a.sign() == 0)) {
        result = multiply(arena, a, b);
      }
      break;
    case BinaryOperator::kDivide:
      result = divide(arena, a, b);
      if (!result) {
        return make_error(arena, "cannot divide zero by zero or infinity by infinity", region);
      }
      break;
    default:
      result = modulo(arena, a, b);
      break;
  }
  return result ? make_number(arena, *result) : make_error(arena, "the result is not a number", region);
}

bool ordered(BinaryOperator op, const Number& a, const Number& b) {
  const std::strong_ordering order = a <=> b;
  switch (op) {
    case BinaryOperator::kLess:
      return order < 0;
    case BinaryOperator::kLessEqual:
      return order <= 0;
    case BinaryOperator::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

const Number* lower_bound(const Value& value) {
  return value.is_unknown() ? value.unknown().at_least : &value.number();
}
const Number* upper_bound(const Value& value) {
  return value.is_unknown() ? value.unknown().at_most : &value.number();
}

/// A comparison of which one side at least is known only within bounds.
Truth ordered_by_bounds(BinaryOperator op, const Value& a, const Value& b) {
  switch (op) {
    case BinaryOperator::kGreater:
      return ordered_by_bounds(BinaryOperator::kLess, b, a);
    case BinaryOperator::kGreaterEqual:
      return !ordered_by_bounds(BinaryOperator::kLess, a, b);
    case BinaryOperator::kLessEqual:
      return !ordered_by_bounds(BinaryOperator::kLess, b, a);
    default:
      break;
  }
  const Number* a_low = lower_bound(a);
  const Number* a_high = upper_bound(a);
  const Number* b_low = lower_bound(b);
  const Number* b_high = upper_bound(b);
  if (a_high != nullptr && b_low != nullptr && *a_high < *b_low) {
    return Truth::kYes;
  }
  return a_low != nullptr && b_high != nullptr && *a_low >= *b_high ? Truth::kNo : Truth::kUnknown;
}

/// Arithmetic and comparison of values that are no alternatives.
Value apply_to_numbers(const syntax::hcl::BinaryExpression& expression, const Value& left, const Value& right,
                       Context& context) {
  const Value a = convert(left, kNumberType, context);
  const Value b = convert(right, kNumberType, context);
  if (a.is_error()) {
    return operand_error("left", a, expression.left->region, context);
  }
  if (b.is_error()) {
    return operand_error("right", b, expression.right->region, context);
  }
  if (a.is_null() || b.is_null()) {
    return null_operand(a.is_null() ? expression.left->region : expression.right->region, context);
  }
  const std::array<Value, 2> operands{a, b};
  const std::uint8_t marks = all_marks(operands);
  if (a.is_unknown() || b.is_unknown()) {
    const auto may_fail = [](const Value& value) { return value.is_unknown() && !value.unknown().not_null; };
    if (may_fail(a) || may_fail(b)) {
      put_in_doubt(context, may_fail(a) ? a : b);
    }
    if (!is_arithmetic(expression.op)) {
      const Truth truth = ordered_by_bounds(expression.op, a, b);
      if (truth != Truth::kUnknown) {
        return with_marks(context.arena, make_bool(truth == Truth::kYes), marks);
      }
    }
    const Type& type = is_arithmetic(expression.op) ? kNumberType : kBoolType;
    return with_marks(context.arena, derived(text_of(expression.op, a, b), type, operands, context), marks);
  }
  const Value result = is_arithmetic(expression.op)
                           ? arithmetic(expression.op, a.number(), b.number(), expression.region, context)
                           : make_bool(ordered(expression.op, a.number(), b.number()));
  return with_marks(context.arena, result, marks);
}

/// What == or != gives for values that are equal or not.
Value apply_equality(const syntax::hcl::BinaryExpression& expression, const Value& left, const Value& right,
                     Truth equal, Context& context) {
  const auto marks = static_cast<std::uint8_t>(left.node().marks_inside | right.node().marks_inside);
  const Truth truth = expression.op == BinaryOperator::kEqual ? equal : !equal;
  if (truth == Truth::kUnknown) {
    const std::array<Value, 2> operands{left, right};
    const std::string text = text_of(expression.op, left, right);
    return with_marks(context.arena, derived(text, kBoolType, operands, context), marks);
  }
  return with_marks(context.arena, make_bool(truth == Truth::kYes), marks);
}

/// What a boolean operand is known to be; an error counts as unknown here.
Truth truth_of_operand(const Value& value) {
  if (value.is_bool()) {
    return eval::truth_of(value.boolean());
  }
  if (has_alternatives(value)) {
    Truth common = Truth::kUnknown;
    for (const Value& alternative : value.unknown().alternatives) {
      const Truth truth = alternative.is_bool() ? eval::truth_of(alternative.boolean()) : Truth::kUnknown;
      if (truth == Truth::kUnknown || (common != Truth::kUnknown && common != truth)) {
        return Truth::kUnknown;
      }
      common = truth;
    }
    return common;
  }
  return Truth::kUnknown;
}

/// A result that has its origin from an operand: the first one that was not written right there.
Value from_operands(const Value& result, std::span<const Value> operands) {
  if (result.is_error() || result.origin() != nullptr) {
    return result;
  }
  for (const Value& operand : operands) {
    if (operand.origin() != nullptr && operand.origin()->kind != OriginKind::kExpression) {
      return result.with_origin(operand.origin());
    }
  }
  return result;
}

/// && and || as the newest HCL has them: whatever decides wins over what is on the other side, be it unknown, null or
/// an error.
Value evaluate_logic(const syntax::hcl::BinaryExpression& expression, const Scope& scope, Context& context) {
  const bool uncertain_before = context.uncertain;
  const Value left_value = evaluate(*expression.left, scope, context);
  const bool uncertain_left = context.uncertain;
  context.uncertain = uncertain_before;
  const Value left = convert(left_value, kBoolType, context);
  if (left.is_error() && !left_value.is_error()) {
    return operand_error("left", left, expression.left->region, context);
  }
  const bool is_and = expression.op == BinaryOperator::kAnd;
  const Truth deciding = is_and ? Truth::kNo : Truth::kYes;
  const Truth a = truth_of_operand(left);
  if (a == deciding && !uncertain_left && context.for_rules) {
    return from_operands(with_marks(context.arena, make_bool(!is_and), left.marks()), std::span<const Value>(&left, 1));
  }
  const Value right_value = evaluate(*expression.right, scope, context);
  const Value right = convert(right_value, kBoolType, context);
  if (right.is_error() && !right_value.is_error()) {
    return operand_error("right", right, expression.right->region, context);
  }
  const bool uncertain_right = context.uncertain;
  const Truth b = truth_of_operand(right);
  const std::array<Value, 2> operands{left, right};
  const std::uint8_t marks = all_marks(operands);
  if (a == deciding || b == deciding) {
    // What else the other side may turn out to be does not matter, as long as this side is certain.
    const bool certain = (a == deciding && !uncertain_left) || (b == deciding && !uncertain_right);
    context.uncertain = certain ? uncertain_before : (uncertain_left || uncertain_right);
    const Value& decided = a == deciding ? left : right;
    return from_operands(with_marks(context.arena, make_bool(!is_and), marks), std::span<const Value>(&decided, 1));
  }
  context.uncertain = uncertain_left || uncertain_right;
  const auto fails = [](const Value& value) { return value.is_error() || value.is_null(); };
  const auto failure = [&](const Value& value, const Expression& operand) {
    return value.is_error() ? value : null_operand(operand.region, context);
  };
  if (fails(left) && (b != Truth::kUnknown || !right.is_unknown())) {
    return failure(left, *expression.left);
  }
  if (fails(right) && a != Truth::kUnknown) {
    return failure(right, *expression.right);
  }
  for (const Value& operand : operands) {
    if (may_not_be_bool(operand)) {
      put_in_doubt(context, operand);
    }
  }
  if (a != Truth::kUnknown && b != Truth::kUnknown) {
    return from_operands(with_marks(context.arena, make_bool(is_and), marks), operands);
  }
  if (a != Truth::kUnknown && right.unknown().not_null) {
    return with_marks(context.arena, right, marks);
  }
  if (b != Truth::kUnknown && left.is_unknown() && left.unknown().not_null) {
    return with_marks(context.arena, left, marks);
  }
  if (fails(left) || fails(right)) {
    // The side that is not known may still decide.
    put_in_doubt(context, fails(left) ? right : left);
  }
  const Value result = derived(text_of(expression.op, left, right), kBoolType, operands, context);
  return from_operands(with_marks(context.arena, result, marks), operands);
}

}  // namespace

Value evaluate_binary(const syntax::hcl::BinaryExpression& expression, const Scope& scope, Context& context) {
  if (expression.op == BinaryOperator::kAnd || expression.op == BinaryOperator::kOr) {
    return evaluate_logic(expression, scope, context);
  }
  const Value left = evaluate(*expression.left, scope, context);
  // Nothing is asked as often in rules as whether something is null.
  const bool with_null = context.for_rules && expression.right->kind == syntax::hcl::ExpressionKind::kNull &&
                         (expression.op == BinaryOperator::kEqual || expression.op == BinaryOperator::kNotEqual);
  if (with_null && left.is_known()) {
    const Truth equal = eval::truth_of(left.is_null());
    return from_operands(apply_equality(expression, left, Value(), equal, context), std::span(&left, 1));
  }
  const std::array<Value, 2> operands{left, evaluate(*expression.right, scope, context)};
  for (const Value& operand : operands) {
    if (operand.is_error()) {
      return operand;
    }
  }
  const bool equality = expression.op == BinaryOperator::kEqual || expression.op == BinaryOperator::kNotEqual;
  if (equality) {
    const Truth equal = equals(operands[0], operands[1]);
    if (equal != Truth::kUnknown || std::ranges::none_of(operands, has_alternatives)) {
      return from_operands(apply_equality(expression, operands[0], operands[1], equal, context), operands);
    }
  }
  const auto apply = [&](std::span<const Value> values) {
    return equality ? apply_equality(expression, values[0], values[1], equals(values[0], values[1]), context)
                    : apply_to_numbers(expression, values[0], values[1], context);
  };
  const auto text = [&] { return text_of(expression.op, operands[0], operands[1]); };
  if (const std::optional<Value> mapped = map_alternatives(operands, context, apply, text)) {
    return from_operands(*mapped, operands);
  }
  return from_operands(apply(operands), operands);
}

Value evaluate_unary(const syntax::hcl::UnaryExpression& expression, const Scope& scope, Context& context) {
  const bool negate_number = expression.op == UnaryOperator::kNegate;
  const Value given = evaluate(*expression.operand, scope, context);
  if (given.is_error()) {
    return given;
  }
  const auto apply = [&](std::span<const Value> values) -> Value {
    const Value operand = convert(values[0], negate_number ? kNumberType : kBoolType, context);
    if (operand.is_error()) {
      return operand_error("unary", operand, expression.operand->region, context);
    }
    if (operand.is_null()) {
      return null_operand(expression.operand->region, context);
    }
    if (operand.is_unknown()) {
      if (!operand.unknown().not_null) {
        put_in_doubt(context, operand);
      }
      const std::string text = symbol_text(negate_number ? "-" : "!", operand);
      const Value result =
          derived(text, negate_number ? kNumberType : kBoolType, std::span<const Value>(&operand, 1), context);
      return with_marks(context.arena, result, operand.marks());
    }
    const Value result = negate_number ? make_number(context.arena, negate(context.arena, operand.number()))
                                       : make_bool(!operand.boolean());
    return with_marks(context.arena, result, operand.marks());
  };
  const std::array<Value, 1> operands{given};
  const auto text = [&] { return symbol_text(negate_number ? "-" : "!", given); };
  if (const std::optional<Value> mapped = map_alternatives(operands, context, apply, text)) {
    return from_operands(*mapped, operands);
  }
  return from_operands(apply(operands), operands);
}

}  // namespace gabion::eval
