#include "terraform/existence.h"

#include <cstdint>
#include <optional>
#include <utility>

#include "terraform/module.h"

namespace gabion::terraform {
namespace {

using eval::Assumption;
using eval::Value;
using syntax::hcl::BinaryOperator;
using syntax::hcl::ExpressionKind;

/// Locals that name others are followed this far.
constexpr std::uint32_t kMaxLocals = 8;

/// Reads conditions that are known to hold, or not to. Depth is the parser's.
class Conditions {
 public:
  Conditions(const Module& module, const eval::Scope& scope, eval::Context& context)
      : module_(module), scope_(scope), context_(context) {}

  /// The conditional that makes a number of instances, behind parentheses and names of locals; null when there is none.
  [[nodiscard]] const hcl::ConditionalExpression* conditional(const hcl::Expression& expression) const {
    const hcl::Expression* at = &expression;
    for (std::uint32_t followed = 0; followed <= kMaxLocals;) {
      if (at->kind == ExpressionKind::kParentheses) {
        at = hcl::as<hcl::ParenthesesExpression>(*at).inner;
      } else if (const hcl::Expression* named = local(*at)) {
        at = named;
        ++followed;
      } else {
        break;
      }
    }
    return at->kind == ExpressionKind::kConditional ? &hcl::as<hcl::ConditionalExpression>(*at) : nullptr;
  }

  /// The condition has this truth.
  void assume(const hcl::Expression& condition, bool truth, std::uint32_t followed = 0) {
    switch (condition.kind) {
      case ExpressionKind::kParentheses:
        return assume(*hcl::as<hcl::ParenthesesExpression>(condition).inner, truth, followed);
      case ExpressionKind::kUnary: {
        const auto& unary = hcl::as<hcl::UnaryExpression>(condition);
        if (unary.op == hcl::UnaryOperator::kNot) {
          assume(*unary.operand, !truth, followed);
        }
        break;
      }
      case ExpressionKind::kBinary:
        assume_binary(hcl::as<hcl::BinaryExpression>(condition), truth, followed);
        break;
      case ExpressionKind::kTraversal:
        if (const hcl::Expression* named = local(condition); named != nullptr && followed < kMaxLocals) {
          assume(*named, truth, followed + 1);
        }
        break;
      default:
        break;
    }
    add(value(condition), truth);
  }

  [[nodiscard]] Value value(const hcl::Expression& expression) const {
    return eval::evaluate(expression, scope_, context_);
  }

  [[nodiscard]] std::vector<Assumption> take() { return std::move(assumptions_); }

 private:
  /// What a reference to a local, and to nothing in it, stands for; else null.
  [[nodiscard]] const hcl::Expression* local(const hcl::Expression& expression) const {
    if (expression.kind != ExpressionKind::kTraversal) {
      return nullptr;
    }
    const auto& reference = hcl::as<hcl::Traversal>(expression);
    if (reference.root != "local" || reference.steps.size() != 1) {
      return nullptr;
    }
    const auto index = module_.local(reference.steps[0].name);
    return index ? module_.locals[*index].attribute->expression : nullptr;
  }

  void assume_binary(const hcl::BinaryExpression& binary, bool truth, std::uint32_t followed) {
    switch (binary.op) {
      case BinaryOperator::kAnd:
      case BinaryOperator::kOr:
        if (truth == (binary.op == BinaryOperator::kAnd)) {
          assume(*binary.left, truth, followed);
          assume(*binary.right, truth, followed);
        }
        return;
      case BinaryOperator::kEqual:
      case BinaryOperator::kNotEqual: {
        const bool equal = truth == (binary.op == BinaryOperator::kEqual);
        hcl::BinaryExpression opposite = binary;
        opposite.op = binary.op == BinaryOperator::kEqual ? BinaryOperator::kNotEqual : BinaryOperator::kEqual;
        add(value(opposite), !truth);
        const Value left = value(*binary.left);
        const Value right = value(*binary.right);
        add_equal(left, right, equal);
        add_equal(right, left, equal);
        return;
      }
      default:
        return;
    }
  }

  void add(const Value& condition, bool truth) {
    if (!condition.is_unknown()) {
      return;
    }
    const eval::Unknown& unknown = condition.unknown();
    if (unknown.alternatives.empty()) {
      assumptions_.push_back({.symbol = unknown.symbol, .pick = truth ? 0U : 1U});
      return;
    }
    std::optional<std::size_t> only;
    for (std::size_t i = 0; i < unknown.alternatives.size(); ++i) {
      const Value boolean = eval::convert(unknown.alternatives[i], eval::kBoolType, context_);
      if (boolean.is_bool() && boolean.boolean() != truth) {
        continue;
      }
      if (only) {
        return;
      }
      only = i;
    }
    if (only) {
      assumptions_.push_back({.symbol = unknown.choice != nullptr ? unknown.choice : unknown.symbol,
                              .pick = *only,
                              .count = unknown.alternatives.size()});
    }
  }

  void add_equal(const Value& one, const Value& other, bool equal) {
    if (!one.is_unknown() || !one.unknown().alternatives.empty() || !other.wholly_known()) {
      return;
    }
    if (equal) {
      assumptions_.push_back({.kind = Assumption::Kind::kEqual, .symbol = one.unknown().symbol, .value = other});
    } else if (other.is_null()) {
      assumptions_.push_back({.kind = Assumption::Kind::kNotNull, .symbol = one.unknown().symbol});
    }
  }

  const Module& module_;
  const eval::Scope& scope_;
  eval::Context& context_;
  std::vector<Assumption> assumptions_;
};

}  // namespace

std::vector<Assumption> conditions_of(const Repetition::Item& item, const hcl::Expression* expression,
                                      const Module& module, const eval::Scope& scope, eval::Context& context) {
  if (!item.given) {
    return {};
  }
  Conditions conditions(module, scope, context);
  if (const hcl::ConditionalExpression* choice =
          expression != nullptr ? conditions.conditional(*expression) : nullptr) {
    const Value condition = conditions.value(*choice->condition);
    if (condition.is_unknown() && condition.unknown().symbol == item.given->symbol && item.given->count == 2) {
      conditions.assume(*choice->condition, item.given->pick == 0);
    }
  }
  std::vector<Assumption> assumptions = conditions.take();
  assumptions.push_back(*item.given);
  return assumptions;
}

}  // namespace gabion::terraform
