#include "engine/needed_parameters.h"

#include <optional>

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;

/// X of length(config.X).
std::optional<std::string_view> counted_parameter(const hcl::Expression& expression) {
  if (expression.kind != hcl::ExpressionKind::kFunctionCall) {
    return std::nullopt;
  }
  const auto& call = hcl::as<hcl::FunctionCall>(expression);
  if (call.name != "length" || call.arguments.size() != 1 ||
      call.arguments[0]->kind != hcl::ExpressionKind::kTraversal) {
    return std::nullopt;
  }
  const auto& reference = hcl::as<hcl::Traversal>(*call.arguments[0]);
  if (reference.root != "config" || reference.steps.size() != 1) {
    return std::nullopt;
  }
  return reference.steps[0].name;
}

bool is_zero(const hcl::Expression& expression) {
  return expression.kind == hcl::ExpressionKind::kNumber && hcl::as<hcl::NumberLiteral>(expression).text == "0";
}

/// The parameter of a comparison `length(config.X) OPERATOR 0`.
std::optional<std::string_view> compared(const hcl::Expression& expression, hcl::BinaryOperator op) {
  if (expression.kind != hcl::ExpressionKind::kBinary) {
    return std::nullopt;
  }
  const auto& binary = hcl::as<hcl::BinaryExpression>(expression);
  return binary.op == op && is_zero(*binary.right) ? counted_parameter(*binary.left) : std::nullopt;
}

/// Parts joined by an operator. Chains lean to the left; what is in parentheses is looked into as deep as rules go.
void parts_of(const hcl::Expression& whole, hcl::BinaryOperator op, std::vector<const hcl::Expression*>& parts) {
  std::vector<const hcl::Expression*> waiting = {&whole};
  while (!waiting.empty()) {
    const hcl::Expression* next = waiting.back();
    waiting.pop_back();
    if (next->kind == hcl::ExpressionKind::kParentheses) {
      waiting.push_back(hcl::as<hcl::ParenthesesExpression>(*next).inner);
    } else if (next->kind == hcl::ExpressionKind::kBinary && hcl::as<hcl::BinaryExpression>(*next).op == op) {
      waiting.push_back(hcl::as<hcl::BinaryExpression>(*next).right);
      waiting.push_back(hcl::as<hcl::BinaryExpression>(*next).left);
    } else {
      parts.push_back(next);
    }
  }
}

}  // namespace

std::vector<std::string_view> needed_parameters(const hcl::Expression& given) {
  std::vector<std::string_view> names;
  std::vector<const hcl::Expression*> parts;
  parts_of(given, hcl::BinaryOperator::kAnd, parts);
  for (const hcl::Expression* part : parts) {
    if (const auto name = compared(*part, hcl::BinaryOperator::kGreater)) {
      names.push_back(*name);
    } else if (part->kind == hcl::ExpressionKind::kConditional) {
      std::vector<const hcl::Expression*> either;
      parts_of(*hcl::as<hcl::ConditionalExpression>(*part).condition, hcl::BinaryOperator::kOr, either);
      for (const hcl::Expression* one : either) {
        if (const auto empty = compared(*one, hcl::BinaryOperator::kEqual)) {
          names.push_back(*empty);
        }
      }
    }
  }
  return names;
}

}  // namespace gabion::engine
