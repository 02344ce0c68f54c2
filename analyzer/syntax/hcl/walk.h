// What is in an expression: for those who look for something in a tree without evaluating it.
#pragma once

#include <optional>
#include <string_view>

#include "syntax/hcl/ast.h"

namespace gabion::syntax::hcl {

/// The key of an object's item when it is written out: a bare word, or a text without interpolations.
[[nodiscard]] inline std::optional<std::string_view> literal_key(const ObjectItem& item) {
  if (item.key_is_name && item.key->kind == ExpressionKind::kTraversal) {
    return as<Traversal>(*item.key).root;
  }
  if (item.key->kind == ExpressionKind::kTemplate && as<TemplateExpression>(*item.key).is_literal()) {
    return as<TemplateExpression>(*item.key).literal();
  }
  return std::nullopt;
}

/// Calls `visit` with every expression in the parts of a template, those in the bodies of directives too; the parser
/// bounds how deep these are in each other.
template <class Visit>
void for_each_child(std::span<const TemplatePart> parts, const Visit& visit) {
  for (const TemplatePart& part : parts) {
    if (part.expression() != nullptr) {
      visit(*part.expression());
    }
    for_each_child(part.body(), visit);
    for_each_child(part.otherwise(), visit);
  }
}

/// Calls `visit` with every expression right below one, in the order in which they are written. Bare words that are
/// keys of objects are none. Of a splat the part behind the marker, which repeats it with another start, is left out.
template <class Visit>
void for_each_child(const Expression& expression, const Visit& visit) {
  const auto one = [&](const Expression* child) {
    if (child != nullptr) {
      visit(*child);
    }
  };
  switch (expression.kind) {
    case ExpressionKind::kNull:
    case ExpressionKind::kBool:
    case ExpressionKind::kNumber:
    case ExpressionKind::kTraversal:
    case ExpressionKind::kError:
      break;
    case ExpressionKind::kTemplate:
      for_each_child(as<TemplateExpression>(expression).parts(), visit);
      break;
    case ExpressionKind::kRelative:
      one(as<RelativeTraversal>(expression).base);
      break;
    case ExpressionKind::kIndex:
      one(as<IndexExpression>(expression).base);
      one(as<IndexExpression>(expression).key);
      break;
    case ExpressionKind::kSplat:
      one(as<SplatExpression>(expression).base);
      break;
    case ExpressionKind::kFunctionCall:
      for (const Expression* argument : as<FunctionCall>(expression).arguments) {
        one(argument);
      }
      break;
    case ExpressionKind::kConditional:
      one(as<ConditionalExpression>(expression).condition);
      one(as<ConditionalExpression>(expression).true_result);
      one(as<ConditionalExpression>(expression).false_result);
      break;
    case ExpressionKind::kBinary:
      one(as<BinaryExpression>(expression).left);
      one(as<BinaryExpression>(expression).right);
      break;
    case ExpressionKind::kUnary:
      one(as<UnaryExpression>(expression).operand);
      break;
    case ExpressionKind::kParentheses:
      one(as<ParenthesesExpression>(expression).inner);
      break;
    case ExpressionKind::kTuple:
      for (const Expression* element : as<TupleExpression>(expression).elements) {
        one(element);
      }
      break;
    case ExpressionKind::kObject:
      for (const ObjectItem& item : as<ObjectExpression>(expression).items) {
        if (!item.key_is_name) {
          one(item.key);
        }
        one(item.value);
      }
      break;
    case ExpressionKind::kFor:
      one(as<ForExpression>(expression).collection);
      one(as<ForExpression>(expression).key);
      one(as<ForExpression>(expression).value);
      one(as<ForExpression>(expression).condition);
      break;
  }
}

}  // namespace gabion::syntax::hcl
