// condition ? true_result : false_result, with both results brought to one type.
#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "eval/evaluation.h"

namespace gabion::eval {

namespace {

using syntax::hcl::ConditionalExpression;
using syntax::hcl::Expression;
using syntax::hcl::ExpressionKind;

/// Why the two types do not unify, naming the first difference.
std::string describe_mismatch(const Type& yes, const Type& no) {
  if (yes.kind == TypeKind::kObject && no.kind == TypeKind::kObject) {
    for (const AttributeType& attribute : yes.attributes) {
      const AttributeType* other = attribute_of(no, attribute.name);
      const std::string name(attribute.name);
      if (other == nullptr) {
        return "the 'true' value includes object attribute \"" + name + "\", which is absent in the 'false' value";
      }
      if (!equal(*attribute.type, *other->type)) {
        return "type mismatch for object attribute \"" + name +
               "\": " + describe_mismatch(*attribute.type, *other->type);
      }
    }
    for (const AttributeType& attribute : no.attributes) {
      if (attribute_of(yes, attribute.name) == nullptr) {
        return "the 'false' value includes object attribute \"" + std::string(attribute.name) +
               "\", which is absent in the 'true' value";
      }
    }
  }
  if (yes.kind == TypeKind::kTuple && no.kind == TypeKind::kTuple) {
    if (yes.elements.size() != no.elements.size()) {
      return "the 'true' tuple has length " + std::to_string(yes.elements.size()) +
             ", but the 'false' tuple has length " + std::to_string(no.elements.size());
    }
    for (std::size_t i = 0; i < yes.elements.size(); ++i) {
      if (!equal(*yes.elements[i], *no.elements[i])) {
        return "type mismatch for tuple element " + std::to_string(i) + ": " +
               describe_mismatch(*yes.elements[i], *no.elements[i]);
      }
    }
  }
  if (is_collection(yes) && yes.kind == no.kind && yes.element->kind == no.element->kind &&
      (yes.element->kind == TypeKind::kObject || yes.element->kind == TypeKind::kTuple)) {
    const std::string_view noun = yes.kind == TypeKind::kList ? "list" : (yes.kind == TypeKind::kSet ? "set" : "map");
    return "mismatched " + std::string(noun) + " element types: " + describe_mismatch(*yes.element, *no.element);
  }
  const std::string a = friendly_name(yes);
  const std::string b = friendly_name(no);
  if (a == b) {
    return "a nested attribute or element is not compatible across the 'true' and the 'false' value";
  }
  return "the 'true' value is " + a + ", but the 'false' value is " + b;
}

bool untyped_null(const Value& value) {
  return value.is_null() && value.node().type()->kind == TypeKind::kDynamic;
}

/// The type that both results take, or null when they have none in common.
const Type* result_type(const Value& yes, const Value& no, Context& context) {
  const Type& a = type_of(context.arena, yes);
  const Type& b = type_of(context.arena, no);
  if (untyped_null(yes)) {
    return &b;
  }
  if (untyped_null(no)) {
    return &a;
  }
  // As long as an unknown may still turn out to have any type, so may the result.
  const auto open = [](const Type& type, const Value& value) {
    return type.kind == TypeKind::kDynamic || (!value.wholly_known() && has_dynamic(type));
  };
  if (open(a, yes) || open(b, no)) {
    put_in_doubt(context, open(a, yes) ? yes : no);  // the types may turn out to be inconsistent
    return &kDynamicType;
  }
  const std::array<const Type*, 2> types{&a, &b};
  return unify(context.arena, types);
}

/// The operand of `operand == null` or `operand != null`, or null.
const Expression* compared_with_null(const Expression& condition, syntax::hcl::BinaryOperator op) {
  if (condition.kind == ExpressionKind::kParentheses) {
    return compared_with_null(*syntax::hcl::as<syntax::hcl::ParenthesesExpression>(condition).inner, op);
  }
  if (condition.kind != ExpressionKind::kBinary) {
    return nullptr;
  }
  const auto& binary = syntax::hcl::as<syntax::hcl::BinaryExpression>(condition);
  if (binary.op != op) {
    return nullptr;
  }
  if (binary.right->kind == ExpressionKind::kNull) {
    return binary.left;
  }
  return binary.left->kind == ExpressionKind::kNull ? binary.right : nullptr;
}

/// In the result that is taken when an operand is not null, that operand is not null.
Value refine_not_null(const Value& result, const Value& operand, Context& context) {
  const bool same_unknown = result.is_unknown() && operand.is_unknown() && !result.unknown().not_null &&
                            result.unknown().symbol == operand.unknown().symbol;
  if (!same_unknown || has_alternatives(result)) {
    return result;
  }
  Unknown refined = result.unknown();
  refined.not_null = true;
  const Value value = make_unknown(context.arena, *result.node().type(), refined, result.detail());
  return with_marks(context.arena, value, result.marks()).with_origin(result.origin());
}

/// One of the two results, as far as it can be one: a result in error is something unknown.
Value possible(const Value& result, const Type& type, std::string_view side, const Expression& expression,
               const Value& condition, Context& context) {
  const Value converted = convert(result, type, context);
  if (!converted.is_error()) {
    return converted;
  }
  put_in_doubt(context, condition);
  const std::string text =
      "(" + std::string(side) + " result at " + std::to_string(expression.region.begin) + " in error)";
  Symbol symbol{.reason = Reason::kInvalid, .text = text, .region = expression.region};
  const Symbol* cause = cause_of(std::span<const Value>(&condition, 1));
  symbol.any_element = cause != nullptr && cause->any_element;
  return make_unknown(context.arena, type, context.symbols.fresh(symbol));
}

/// The chosen result as a value of the common type. A tuple (object) beside a list (map) of elements of any type takes
/// its elements as they are: they must agree already.
Value bring_to(const Type& type, const Value& chosen, Context& context) {
  const bool any = (type.kind == TypeKind::kList || type.kind == TypeKind::kMap) &&
                   type.element->kind == TypeKind::kDynamic && chosen.wholly_known();
  if (any && (chosen.kind() == Kind::kTuple || chosen.kind() == Kind::kObject)) {
    const Type& own = type_of(context.arena, chosen);
    std::vector<const Type*> types(own.elements.begin(), own.elements.end());
    for (const AttributeType& attribute : own.attributes) {
      types.push_back(attribute.type);
    }
    // Nulls without a type fit in with all others.
    std::erase_if(types, [](const Type* other) { return other->kind == TypeKind::kDynamic; });
    if (!std::ranges::all_of(types, [&](const Type* other) { return equal(*types[0], *other); })) {
      const std::string noun = type.kind == TypeKind::kList ? "list" : "map";
      return make_error(context.arena, "element types must all match for conversion to " + noun, source::Region{});
    }
  }
  return convert(chosen, type, context);
}

Value choose(const ConditionalExpression& expression, const Value& condition, const Value& yes, const Value& no,
             const Type& type, Context& context) {
  if (condition.is_null()) {
    return make_error(context.arena, "the condition value is null; conditions must either be true or false",
                      expression.condition->region);
  }
  const std::array<Value, 3> all{condition, yes, no};
  const std::uint8_t marks = all_marks(all);
  if (condition.is_unknown()) {
    if (may_not_be_bool(condition)) {
      put_in_doubt(context, condition);
    }
    if (yes.is_null() && no.is_null()) {
      return with_marks(context.arena, make_null(context.arena, without_optional(context.arena, type)), marks);
    }
    const std::array<Value, 2> results{possible(yes, type, "true", *expression.true_result, condition, context),
                                       possible(no, type, "false", *expression.false_result, condition, context)};
    const std::string text = symbol_text("(", condition, " ? ", results[0], " : ", results[1], ")");
    const Symbol* symbol = context.symbols.derive(text, *cause_of(all));
    Value result = make_alternatives(context.arena, results, symbol);
    if (!has_alternatives(results[0]) && !has_alternatives(results[1])) {
      result = picked_by(result, results.size(), condition.unknown().symbol, context);
    }
    return with_marks(context.arena, result, marks);
  }
  const Value boolean = convert(condition, kBoolType, context);
  if (!boolean.is_bool()) {
    return make_error(context.arena, "the condition expression must be of type bool", expression.condition->region);
  }
  const Value& chosen = boolean.boolean() ? yes : no;
  if (chosen.is_error()) {
    return chosen;
  }
  const Value result = bring_to(type, chosen, context);
  if (result.is_error()) {
    const std::string which = boolean.boolean() ? "true" : "false";
    return make_error(context.arena,
                      "the " + which + " result value has the wrong type: " + std::string(result.error().message),
                      (boolean.boolean() ? expression.true_result : expression.false_result)->region);
  }
  return with_marks(context.arena, result, marks);
}

}  // namespace

Value evaluate_conditional(const ConditionalExpression& expression, const Scope& scope, Context& context) {
  const Value condition = evaluate(*expression.condition, scope, context);
  if (condition.is_bool() && context.for_rules) {
    const Value taken =
        evaluate(condition.boolean() ? *expression.true_result : *expression.false_result, scope, context);
    const std::array<Value, 2> both{condition, taken};
    return taken.is_error() ? taken : with_marks(context.arena, taken, all_marks(both));
  }
  const bool uncertain_before = std::exchange(context.uncertain, false);
  Value yes = evaluate(*expression.true_result, scope, context);
  const bool uncertain_yes = std::exchange(context.uncertain, false);
  Value no = evaluate(*expression.false_result, scope, context);
  const bool uncertain_no = context.uncertain;
  context.uncertain = uncertain_before || uncertain_yes || uncertain_no;
  if (condition.is_error()) {
    return condition;
  }
  if (condition.is_bool()) {
    context.uncertain = uncertain_before || (condition.boolean() ? uncertain_yes : uncertain_no);
  } else {
    using syntax::hcl::BinaryOperator;
    if (const Expression* operand = compared_with_null(*expression.condition, BinaryOperator::kNotEqual)) {
      yes = refine_not_null(yes, evaluate(*operand, scope, context), context);
    } else if (const Expression* null_operand = compared_with_null(*expression.condition, BinaryOperator::kEqual)) {
      no = refine_not_null(no, evaluate(*null_operand, scope, context), context);
    }
  }
  // Errors of the result that is not taken do not count; its type is not known then.
  const Type* type = yes.is_error() || no.is_error() ? &kDynamicType : result_type(yes, no, context);
  if (type == nullptr && (uncertain_yes || uncertain_no)) {
    // A side that turns out to be an error has no type to be inconsistent with.
    context.uncertain = true;
    type = &kDynamicType;
  }
  if (type == nullptr) {
    return make_error(context.arena,
                      "the true and false results must have consistent types: " +
                          describe_mismatch(type_of(context.arena, yes), type_of(context.arena, no)),
                      expression.region);
  }
  if (type->kind == TypeKind::kDynamic && !untyped_null(yes) && !untyped_null(no)) {
    yes = before_unification(yes, context);
    no = before_unification(no, context);
  }
  const std::array<Value, 1> operands{condition};
  const auto apply = [&](std::span<const Value> values) {
    return choose(expression, values[0], yes, no, *type, context);
  };
  const auto text = [&] { return symbol_text("(", condition, " ? ", yes, " : ", no, ")"); };
  if (const std::optional<Value> mapped = map_alternatives(operands, context, apply, text)) {
    return *mapped;
  }
  return choose(expression, condition, yes, no, *type, context);
}

}  // namespace gabion::eval
