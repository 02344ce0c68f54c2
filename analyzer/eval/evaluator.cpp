#include "eval/evaluator.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "eval/evaluation.h"
#include "eval/held_members.h"
#include "eval/limits.h"

namespace gabion::eval {

namespace {

using syntax::hcl::as;
using syntax::hcl::Expression;
using syntax::hcl::ExpressionKind;
using syntax::hcl::ObjectItem;

// Nothing is called as often as evaluate() and what it consists of: dispatch() and place() are part of it, though it is
// not the only one to need them; what few expressions need is out of line, so that the others find registers enough.

[[gnu::noinline]] Value number_of(const syntax::hcl::NumberLiteral& literal, Context& context) {
  const std::optional<Number> number = Number::parse(context.arena, literal.text);
  return number ? make_number(context.arena, *number)
                : make_error(context.arena, "this number is out of range", literal.region);
}

[[gnu::noinline]] Value evaluate_index(const syntax::hcl::IndexExpression& access, const Scope& scope,
                                       Context& context) {
  const Value base = evaluate(*access.base, scope, context);
  return index(base, evaluate(*access.key, scope, context), access.region, context);
}

[[gnu::always_inline]] inline Value dispatch(const Expression& expression, const Scope& scope, Context& context) {
  switch (expression.kind) {
    case ExpressionKind::kNull:
      return {};
    case ExpressionKind::kBool:
      return make_bool(as<syntax::hcl::BoolLiteral>(expression).value);
    case ExpressionKind::kNumber:
      return number_of(as<syntax::hcl::NumberLiteral>(expression), context);
    case ExpressionKind::kTemplate:
      return evaluate_template(as<syntax::hcl::TemplateExpression>(expression), scope, context);
    case ExpressionKind::kTraversal:
      return evaluate_traversal(as<syntax::hcl::Traversal>(expression), scope, context);
    case ExpressionKind::kRelative: {
      const auto& relative = as<syntax::hcl::RelativeTraversal>(expression);
      return apply_steps(evaluate(*relative.base, scope, context), relative.steps, context);
    }
    case ExpressionKind::kIndex:
      return evaluate_index(as<syntax::hcl::IndexExpression>(expression), scope, context);
    case ExpressionKind::kSplat:
      return evaluate_splat(as<syntax::hcl::SplatExpression>(expression), scope, context);
    case ExpressionKind::kFunctionCall:
      return evaluate_call(as<syntax::hcl::FunctionCall>(expression), scope, context);
    case ExpressionKind::kConditional:
      return evaluate_conditional(as<syntax::hcl::ConditionalExpression>(expression), scope, context);
    case ExpressionKind::kBinary:
      return evaluate_binary(as<syntax::hcl::BinaryExpression>(expression), scope, context);
    case ExpressionKind::kUnary:
      return evaluate_unary(as<syntax::hcl::UnaryExpression>(expression), scope, context);
    case ExpressionKind::kParentheses:
      return evaluate(*as<syntax::hcl::ParenthesesExpression>(expression).inner, scope, context);
    case ExpressionKind::kTuple:
      return evaluate_tuple(as<syntax::hcl::TupleExpression>(expression), scope, context);
    case ExpressionKind::kObject:
      return evaluate_object(as<syntax::hcl::ObjectExpression>(expression), scope, context);
    case ExpressionKind::kFor:
      return evaluate_for(as<syntax::hcl::ForExpression>(expression), scope, context);
    case ExpressionKind::kError:
      return make_error(context.arena, "this expression could not be parsed", expression.region);
  }
  return {};
}

/// Is the result worked out of what the parts of the expression are worth?
constexpr bool is_computed(ExpressionKind kind) {
  return kind == ExpressionKind::kBinary || kind == ExpressionKind::kUnary || kind == ExpressionKind::kFunctionCall;
}

constexpr bool keeps_inner_origin(ExpressionKind kind) {
  switch (kind) {
    case ExpressionKind::kTraversal:
    case ExpressionKind::kRelative:
    case ExpressionKind::kIndex:
    case ExpressionKind::kParentheses:
    case ExpressionKind::kConditional:
    case ExpressionKind::kFunctionCall:
    case ExpressionKind::kTemplate:
      return true;
    default:
      return false;
  }
}

/// A value that came to be what an expression is worth by way of that expression.
[[gnu::noinline]] Value by_way_of(const Expression& expression, Value value, Context& context) {
  if (value.is_error()) {
    return value;
  }
  const Origin* const from = value.origin();
  return value.with_origin(is_computed(expression.kind)
                               ? origin_of_computed(from, expression.region, context)
                               : make_origin(context.arena, OriginKind::kExpression, expression.region, {}, from));
}

/// A value as that of an expression. Nobody is told what a rule computes of a value, so that it stays where it was.
[[gnu::always_inline]] inline Value place(Value value, const Expression& expression, Context& context) {
  const bool computed = is_computed(expression.kind);
  if (value.origin() != nullptr) {
    return keeps_inner_origin(expression.kind) || (computed && context.for_rules)
               ? value
               : by_way_of(expression, value, context);
  }
  return (!computed || context.for_rules) && !context.inside_template && !value.is_error()
             ? value.with_origin(&expression)
             : by_way_of(expression, value, context);
}

/// What people call an expression that has no value; nothing is equal to it.
std::string name_of_error(const Expression& expression, Context& context) {
  switch (expression.kind) {
    case ExpressionKind::kTraversal:
      return std::string(reference_text(as<syntax::hcl::Traversal>(expression), context));
    case ExpressionKind::kFunctionCall:
      return "the result of " + std::string(as<syntax::hcl::FunctionCall>(expression).name) + "()";
    default:
      return "an expression";
  }
}

/// What counts for an error where the rest goes on.
Value instead_of(const Value& error, const Expression& expression, Context& context) {
  if (is_limit(error.error())) {
    return error;
  }
  return unevaluated(Reason::kInvalid, name_of_error(expression, context), error.error().region, context)
      .with_origin(make_origin(context.arena, OriginKind::kExpression, expression.region));
}

/// The key of an object item as a value: a bare name means its own text.
Value object_key(const ObjectItem& item, const Scope& scope, Context& context) {
  const Expression& key = *item.key;
  if (item.key_is_name) {
    switch (key.kind) {
      case ExpressionKind::kTraversal:
        return make_string(context.arena, as<syntax::hcl::Traversal>(key).root);
      case ExpressionKind::kBool:
        return make_string(context.arena, as<syntax::hcl::BoolLiteral>(key).value ? "true" : "false");
      case ExpressionKind::kNull:
        return make_string(context.arena, "null");
      default:
        break;
    }
  }
  if (key.kind == ExpressionKind::kTraversal && !as<syntax::hcl::Traversal>(key).steps.empty()) {
    return make_error(context.arena,
                      "ambiguous attribute key: parentheses make it a reference, quotes a name with periods",
                      key.region);
  }
  const Value given = evaluate(key, scope, context);
  if (given.is_error()) {
    return given;
  }
  if (given.is_null()) {
    return make_error(context.arena, "cannot use a null value as a key", key.region);
  }
  const Value name = convert(given, kStringType, context);
  if (name.is_unknown() && !name.unknown().not_null) {
    put_in_doubt(context, name);
  }
  if (name.is_error()) {
    return make_error(context.arena, "cannot use this value as a key: " + std::string(name.error().message),
                      key.region);
  }
  return name;
}

/// The name that is written for an item, where it is plain to see.
std::optional<std::string_view> written_name(const ObjectItem& item, const Context& context) {
  std::optional<std::string_view> name;
  if (item.key_is_name && item.key->kind == ExpressionKind::kTraversal) {
    name = as<syntax::hcl::Traversal>(*item.key).root;
  } else if (item.key->kind == ExpressionKind::kTemplate && context.observer == nullptr) {
    const syntax::hcl::TemplatePart* text = written_text(as<syntax::hcl::TemplateExpression>(*item.key));
    name = text != nullptr ? std::optional(text->text()) : std::nullopt;
  }
  return name && is_ascii(*name) ? name : std::nullopt;
}

/// An object of which all names are plain to see, which most are: without values for them. Nothing for any other.
std::optional<Value> object_of_names(const syntax::hcl::ObjectExpression& expression, const Scope& scope,
                                     Context& context) {
  const std::span<Member> members = context.arena.make_some<Member>(expression.items.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const ObjectItem& item = expression.items[i];
    const std::optional<std::string_view> name = written_name(item, context);
    if (!name) {
      return std::nullopt;
    }
    members[i].name = context.inside_template ? context.arena.copy(*name) : *name;
    members[i].name_region = item.key->region;
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    members[i].value = evaluate(*expression.items[i].value, scope, context);
    if (members[i].value.is_error()) {
      return members[i].value;
    }
  }
  return make_object_of(members, context.arena);
}

std::string text_of_items(std::span<const Value> keys, std::span<const Value> values) {
  std::string text = symbol_text("{");
  for (std::size_t i = 0; i < keys.size(); ++i) {
    append_pieces(text, i == 0 ? "" : ", ", keys[i], " = ", values[i]);
  }
  text += '}';
  return text;
}

}  // namespace

Value object_of_entries(std::span<const Entry> entries, Context& context) {
  std::vector<Value> keys;
  std::vector<Value> values;
  for (const Entry& entry : entries) {
    keys.push_back(entry.key);
    values.push_back(entry.value);
  }
  const std::string text = text_of_items(keys, values);
  std::vector<Value> causes(keys.begin(), keys.end());
  causes.insert(causes.end(), values.begin(), values.end());
  const Symbol* symbol = context.symbols.derive(text, *cause_of(causes));
  Symbol pattern = *symbol;
  pattern.any_element = true;
  const std::string element_text = text + "[*]";
  const std::string key_text = text + "[*].key";
  pattern.text = element_text;
  const Symbol* element = context.symbols.intern(pattern);
  pattern.text = key_text;
  const Symbol* key = context.symbols.intern(pattern);
  HeldMembers held(*symbol, context);
  for (const Entry& entry : entries) {
    held.add(entry);
  }
  const Unknown unknown{.symbol = symbol,
                        .not_null = true,
                        .min_length = static_cast<std::uint32_t>(std::max<std::size_t>(held.size(), 1)),
                        .max_length = static_cast<std::uint32_t>(keys.size()),
                        .element = context.arena.make<Value>(make_alternatives(context.arena, values, element)),
                        .element_key = context.arena.make<Value>(make_alternatives(context.arena, keys, key)),
                        .entries = context.arena.copy(entries),
                        .members = held.members()};
  return make_unknown(context.arena, kDynamicType, unknown);
}

Value evaluate_tuple(const syntax::hcl::TupleExpression& expression, const Scope& scope, Context& context) {
  const std::span<Value> elements = context.arena.make_some<Value>(expression.elements.size());
  for (std::size_t i = 0; i < elements.size(); ++i) {
    elements[i] = evaluate(*expression.elements[i], scope, context);
    if (elements[i].is_error()) {
      return elements[i];
    }
  }
  return make_tuple_of(elements, context.arena);
}

Value evaluate_object(const syntax::hcl::ObjectExpression& expression, const Scope& scope, Context& context) {
  if (const std::optional<Value> object = object_of_names(expression, scope, context)) {
    return *object;
  }
  std::vector<Value> keys;
  std::vector<Value> values;
  keys.reserve(expression.items.size());
  values.reserve(expression.items.size());
  for (const ObjectItem& item : expression.items) {
    keys.push_back(object_key(item, scope, context));
    if (keys.back().is_error() && context.around_errors) {
      keys.back() = instead_of(keys.back(), *item.key, context);
    }
    values.push_back(evaluate(*item.value, scope, context));
    if (keys.back().is_error()) {
      return keys.back();
    }
    if (values.back().is_error()) {
      return values.back();
    }
  }
  const auto build = [&](std::span<const Value> names) -> Value {
    std::vector<Member> members;
    members.reserve(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i].is_unknown()) {
        std::vector<Entry> entries;
        for (std::size_t item = 0; item < names.size(); ++item) {
          entries.push_back({names[item], values[item], expression.items[item].key->region});
        }
        return object_of_entries(entries, context);
      }
      members.push_back({.name = names[i].text(), .value = values[i], .name_region = expression.items[i].key->region});
    }
    return make_object(context.arena, members);
  };
  const auto text = [&] { return text_of_items(keys, values); };
  const std::uint8_t marks = all_marks(keys);
  if (const std::optional<Value> mapped = map_alternatives(keys, context, build, text)) {
    return with_marks(context.arena, *mapped, marks);
  }
  return with_marks(context.arena, build(keys), marks);
}

namespace {

/// Instead of the value of an expression that a limit leaves no room for.
[[gnu::noinline]] Value left_out(const Expression& expression, Context& context) {
  const bool exhausted = context.budget.exhausted();
  return unevaluated(Reason::kBudget, exhausted ? "an expression" : "a deeply nested expression", expression.region,
                     context);
}

/// What those make of a value who look at each.
[[gnu::noinline]] Value as_seen(Value value, const Expression& expression, Context& context) {
  if (context.around_errors) {
    return value.is_error() ? instead_of(value, expression, context) : value;
  }
  context.observer->saw(expression, value);
  return value;
}

/// evaluate() of a text that is plain to see.
[[gnu::noinline]] Value evaluate_text(const Expression& expression, std::string_view text, Context& context) {
  return make_string_of(context.arena, text).with_origin(&expression);
}

/// The value of an expression that may have parts.
[[gnu::noinline]] Value evaluate_parts(const Expression& expression, const Scope& scope, Context& context) {
  const DepthGuard guard(context);
  const Value value = place(dispatch(expression, scope, context), expression, context);
  return context.around_errors || context.observer != nullptr ? as_seen(value, expression, context) : value;
}

}  // namespace

Value evaluate(const syntax::hcl::Expression& expression, const Scope& scope, Context& context) {
  // Steps alone do not bound memory, since one may make a large value; all values together are as many as these.
  constexpr std::uint64_t kLargestValues = 32;
  if (context.arena.bytes_reserved() / kLargestValues > context.limits.value_bytes) {
    static_cast<void>(context.budget.step(context.limits.steps + 1));
  }
  if (!context.budget.step() || context.depth >= context.limits.depth) {
    return left_out(expression, context);
  }
  // One in eight is a text that stands in its file as it is meant, of which there is nothing more to find out.
  if (expression.kind == ExpressionKind::kTemplate && !context.inside_template && context.observer == nullptr) {
    if (const syntax::hcl::TemplatePart* text = written_text(as<syntax::hcl::TemplateExpression>(expression))) {
      return evaluate_text(expression, text->text(), context);
    }
  }
  return evaluate_parts(expression, scope, context);
}

Value evaluate_around_errors(const syntax::hcl::Expression& expression, const Scope& scope, Context& context) {
  if (context.depth >= context.limits.depth) {
    return unevaluated(Reason::kBudget, "a deeply nested expression", expression.region, context);
  }
  const DepthGuard guard(context);
  const bool before = std::exchange(context.around_errors, true);
  const Value value = place(dispatch(expression, scope, context), expression, context);
  context.around_errors = before;
  return value;
}

}  // namespace gabion::eval
