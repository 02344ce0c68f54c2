#include "terraform/narrowing.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "eval/function.h"
#include "source/arena.h"
#include "syntax/hcl/walk.h"
#include "terraform/constant_scope.h"
#include "terraform/module.h"

namespace gabion::terraform {
namespace {

using eval::Number;
using eval::Value;
using hcl::BinaryOperator;

/// Longer lists of values say nothing: work with alternatives goes over all of them.
constexpr std::size_t kMaxListed = 64;

/// The variable, or the iteration variable that stands for its elements.
struct Subject {
  std::string_view name;
  bool is_element = false;
};

/// What one condition says; `values` are nothing when any is possible.
struct Bound {
  std::optional<std::vector<Value>> values;
  std::optional<std::vector<Value>> elements;
  std::string prefix;
  const Number* at_least = nullptr;
  const Number* at_most = nullptr;
  std::uint32_t min_length = 0;
  bool not_null = false;
  bool never = false;  ///< it holds for no value
};

bool holds(const std::vector<Value>& values, const Value& value) {
  return std::any_of(values.begin(), values.end(), [&](const Value& other) { return eval::same(other, value); });
}

std::optional<std::vector<Value>> intersection(std::optional<std::vector<Value>> a,
                                               std::optional<std::vector<Value>> b) {
  if (!a || !b) {
    return a ? std::move(a) : std::move(b);
  }
  std::erase_if(*a, [&](const Value& value) { return !holds(*b, value); });
  return a;
}

std::optional<std::vector<Value>> sum(std::optional<std::vector<Value>> a, const std::optional<std::vector<Value>>& b) {
  if (!a || !b) {
    return std::nullopt;
  }
  std::copy_if(b->begin(), b->end(), std::back_inserter(*a), [&](const Value& value) { return !holds(*a, value); });
  return a;
}

/// Both hold.
Bound both(Bound a, Bound b) {
  const auto larger = [](const Number* x, const Number* y) {
    return x == nullptr || (y != nullptr && *x < *y) ? y : x;
  };
  const auto smaller = [](const Number* x, const Number* y) {
    return x == nullptr || (y != nullptr && *y < *x) ? y : x;
  };
  Bound result;
  result.values = intersection(std::move(a.values), std::move(b.values));
  result.elements = intersection(std::move(a.elements), std::move(b.elements));
  result.prefix = a.prefix.size() < b.prefix.size() ? std::move(b.prefix) : std::move(a.prefix);
  result.at_least = larger(a.at_least, b.at_least);
  result.at_most = smaller(a.at_most, b.at_most);
  result.min_length = std::max(a.min_length, b.min_length);
  result.not_null = a.not_null || b.not_null;
  result.never = a.never || b.never;
  return result;
}

/// One of them holds.
Bound either(Bound a, const Bound& b) {
  if (a.never || b.never) {
    return a.never ? b : a;
  }
  Bound result;
  result.values = sum(std::move(a.values), b.values);
  result.elements = sum(std::move(a.elements), b.elements);
  const auto end = std::mismatch(a.prefix.begin(), a.prefix.end(), b.prefix.begin(), b.prefix.end()).first;
  result.prefix.assign(a.prefix.begin(), end);
  if (a.at_least != nullptr && b.at_least != nullptr) {
    result.at_least = *a.at_least < *b.at_least ? a.at_least : b.at_least;
  }
  if (a.at_most != nullptr && b.at_most != nullptr) {
    result.at_most = *a.at_most < *b.at_most ? b.at_most : a.at_most;
  }
  result.min_length = std::min(a.min_length, b.min_length);
  result.not_null = a.not_null && b.not_null;
  return result;
}

Bound one_of(std::vector<Value> values) {
  Bound bound;
  bound.values = std::move(values);
  return bound;
}

/// Reads conditions. Depth is the parser's.
class Reader {
 public:
  Reader(const eval::Type& type, eval::Context& context) : type_(type), context_(context) {}

  Bound read(const hcl::Expression& condition, const Subject& subject) {
    switch (condition.kind) {
      case hcl::ExpressionKind::kParentheses:
        return read(*hcl::as<hcl::ParenthesesExpression>(condition).inner, subject);
      case hcl::ExpressionKind::kFunctionCall:
        return read_call(hcl::as<hcl::FunctionCall>(condition), subject);
      case hcl::ExpressionKind::kBinary:
        return read_binary(hcl::as<hcl::BinaryExpression>(condition), subject);
      case hcl::ExpressionKind::kConditional: {
        // c ? a : b holds when c and a do, or b does without c.
        const auto& choice = hcl::as<hcl::ConditionalExpression>(condition);
        return either(both(read(*choice.condition, subject), read_result(*choice.true_result, subject)),
                      both(read_negated(*choice.condition, subject), read_result(*choice.false_result, subject)));
      }
      default:
        return {};
    }
  }

 private:
  /// A result that is literally false allows nothing.
  Bound read_result(const hcl::Expression& result, const Subject& subject) {
    if (result.kind == hcl::ExpressionKind::kBool && !hcl::as<hcl::BoolLiteral>(result).value) {
      return impossible();
    }
    return read(result, subject);
  }

  static Bound impossible() {
    Bound bound;
    bound.never = true;
    return bound;
  }

  Bound read_negated(const hcl::Expression& condition, const Subject& subject) {
    if (condition.kind == hcl::ExpressionKind::kParentheses) {
      return read_negated(*hcl::as<hcl::ParenthesesExpression>(condition).inner, subject);
    }
    if (condition.kind == hcl::ExpressionKind::kBinary) {
      hcl::BinaryExpression opposite = hcl::as<hcl::BinaryExpression>(condition);
      if (opposite.op == BinaryOperator::kEqual || opposite.op == BinaryOperator::kNotEqual) {
        opposite.op = opposite.op == BinaryOperator::kEqual ? BinaryOperator::kNotEqual : BinaryOperator::kEqual;
        return read_binary(opposite, subject);
      }
    }
    return {};
  }

  static bool is_subject(const hcl::Expression& expression, const Subject& subject) {
    if (expression.kind == hcl::ExpressionKind::kParentheses) {
      return is_subject(*hcl::as<hcl::ParenthesesExpression>(expression).inner, subject);
    }
    if (expression.kind != hcl::ExpressionKind::kTraversal) {
      return false;
    }
    const auto& reference = hcl::as<hcl::Traversal>(expression);
    if (subject.is_element) {
      return reference.root == subject.name && reference.steps.empty();
    }
    return reference.root == "var" && reference.steps.size() == 1 && reference.steps[0].name == subject.name;
  }

  Value constant(const hcl::Expression& expression) { return eval::evaluate(expression, ConstantScope{}, context_); }

  static const hcl::FunctionCall* call_of(const hcl::Expression& expression, std::string_view name, std::size_t count) {
    if (expression.kind != hcl::ExpressionKind::kFunctionCall) {
      return nullptr;
    }
    const auto& call = hcl::as<hcl::FunctionCall>(expression);
    return call.name == name && call.arguments.size() == count && !call.expand_final ? &call : nullptr;
  }

  Bound read_binary(const hcl::BinaryExpression& binary, const Subject& subject) {
    switch (binary.op) {
      case BinaryOperator::kAnd:
        return both(read_result(*binary.left, subject), read_result(*binary.right, subject));
      case BinaryOperator::kOr:
        return either(read_result(*binary.left, subject), read_result(*binary.right, subject));
      case BinaryOperator::kEqual:
      case BinaryOperator::kNotEqual:
      case BinaryOperator::kLess:
      case BinaryOperator::kLessEqual:
      case BinaryOperator::kGreater:
      case BinaryOperator::kGreaterEqual:
        break;
      default:
        return {};
    }
    const Value right = constant(*binary.right);
    if (!right.is_error()) {
      return compare(*binary.left, binary.op, right, subject);
    }
    const Value left = constant(*binary.left);
    return left.is_error() ? Bound{} : compare(*binary.right, mirrored(binary.op), left, subject);
  }

  static BinaryOperator mirrored(BinaryOperator op) {
    switch (op) {
      case BinaryOperator::kLess:
        return BinaryOperator::kGreater;
      case BinaryOperator::kLessEqual:
        return BinaryOperator::kGreaterEqual;
      case BinaryOperator::kGreater:
        return BinaryOperator::kLess;
      case BinaryOperator::kGreaterEqual:
        return BinaryOperator::kLessEqual;
      default:
        return op;
    }
  }

  Bound compare(const hcl::Expression& left, BinaryOperator op, const Value& right, const Subject& subject) {
    if (!right.is_known()) {
      return {};
    }
    if (is_subject(left, subject)) {
      return compare_value(op, right);
    }
    if (const hcl::FunctionCall* length = call_of(left, "length", 1)) {
      return compare_length(*length->arguments[0], op, right, subject);
    }
    // substr(var.x, 0, 4) == "ami-"
    const hcl::FunctionCall* part = call_of(left, "substr", 3);
    if (part != nullptr && op == BinaryOperator::kEqual && right.is_string() &&
        is_subject(*part->arguments[0], subject)) {
      const Value begin = constant(*part->arguments[1]);
      if (begin.is_number() && begin.number().sign() == 0) {
        return starting_with(right.text());
      }
    }
    return {};
  }

  Bound compare_value(BinaryOperator op, const Value& right) {
    if (op == BinaryOperator::kEqual) {
      return one_of({right});
    }
    Bound bound;
    if (op == BinaryOperator::kNotEqual) {
      bound.not_null = right.is_null();
      return bound;
    }
    const Value number = eval::convert(right, eval::kNumberType, context_);
    if (number.is_number()) {
      const auto* limit = context_.arena.make<Number>(number.number());
      (op == BinaryOperator::kGreater || op == BinaryOperator::kGreaterEqual ? bound.at_least : bound.at_most) = limit;
    }
    return bound;
  }

  /// length(regexall("^(a|b)$", var.x)) > 0, length(var.list) >= 1
  Bound compare_length(const hcl::Expression& argument, BinaryOperator op, const Value& right, const Subject& subject) {
    const auto number = right.is_number() ? right.number().to_int64() : std::nullopt;
    if (!number || *number < 0 || *number > 1000) {
      return {};
    }
    std::uint32_t least = 0;
    if (op == BinaryOperator::kGreater || (op == BinaryOperator::kNotEqual && *number == 0)) {
      least = static_cast<std::uint32_t>(*number) + 1;
    } else if (op == BinaryOperator::kGreaterEqual || op == BinaryOperator::kEqual) {
      least = static_cast<std::uint32_t>(*number);
    }
    if (least == 0) {
      return {};
    }
    const hcl::FunctionCall* matches = call_of(argument, "regexall", 2);
    if (matches != nullptr && is_subject(*matches->arguments[1], subject)) {
      return matching(*matches->arguments[0]);
    }
    Bound bound;
    if (is_subject(argument, subject)) {
      bound.min_length = least;
    }
    return bound;
  }

  Bound starting_with(std::string_view prefix) {
    Bound bound;
    bound.prefix = prefix;
    bound.not_null = true;
    return bound;
  }

  Bound matching(const hcl::Expression& pattern) {
    const Value text = constant(pattern);
    // Numbers and booleans match as the texts that they convert to.
    if (!text.is_string() || type_.kind != eval::TypeKind::kString) {
      return {};
    }
    const std::vector<std::string> texts = matched_texts(text.text());
    if (texts.empty()) {
      return starting_with(matched_prefix(text.text()));
    }
    std::vector<Value> values;
    values.reserve(texts.size());
    for (const std::string& one : texts) {
      values.push_back(eval::make_string(context_.arena, one));
    }
    return one_of(std::move(values));
  }

  Bound read_call(const hcl::FunctionCall& call, const Subject& subject) {
    if (call.expand_final || call.arguments.empty()) {
      return {};
    }
    const hcl::Expression& first = *call.arguments[0];
    if (call.name == "can") {
      const hcl::FunctionCall* match = call_of(first, "regex", 2);
      return match != nullptr && is_subject(*match->arguments[1], subject) ? matching(*match->arguments[0]) : Bound{};
    }
    if (call.name == "try" && call.arguments.size() == 2) {
      return either(read(first, subject), read_result(*call.arguments[1], subject));
    }
    if (call.name == "contains" && call.arguments.size() == 2 && is_subject(*call.arguments[1], subject)) {
      const Value list = constant(first);
      return list.is_sequence() ? one_of({list.elements().begin(), list.elements().end()}) : Bound{};
    }
    if (call.name == "startswith" && call.arguments.size() == 2 && is_subject(first, subject)) {
      const Value prefix = constant(*call.arguments[1]);
      return prefix.is_string() ? starting_with(prefix.text()) : Bound{};
    }
    if ((call.name == "anytrue" || call.name == "alltrue") && first.kind == hcl::ExpressionKind::kTuple) {
      const bool all = call.name == "alltrue";
      Bound result = all ? Bound{} : impossible();
      for (const hcl::Expression* element : hcl::as<hcl::TupleExpression>(first).elements) {
        Bound next = read_result(*element, subject);
        result = all ? both(std::move(result), std::move(next)) : either(std::move(result), next);
      }
      return result;
    }
    if (call.name == "alltrue" && first.kind == hcl::ExpressionKind::kFor && !subject.is_element) {
      return read_elements(hcl::as<hcl::ForExpression>(first), subject);
    }
    return {};
  }

  /// alltrue([for x in var.list : contains(["a"], x)])
  Bound read_elements(const hcl::ForExpression& loop, const Subject& subject) {
    Bound bound;
    if (!loop.is_object && loop.condition == nullptr && is_subject(*loop.collection, subject)) {
      bound.elements = read(*loop.value, {loop.value_variable, true}).values;
    }
    return bound;
  }

  const eval::Type& type_;
  eval::Context& context_;
};

/// Calls `visit` with each condition until it returns false; says whether it never did.
template <class Visit>
bool all_conditions(const VariableDeclaration& variable, const Visit& visit) {
  for (const hcl::Block& block : variable.block->body->blocks) {
    const hcl::Expression* condition = validation_condition(block);
    if (condition != nullptr && !visit(*condition)) {
      return false;
    }
  }
  return true;
}

/// What a condition says of a value where there is nothing but the variable.
Value condition_of(const hcl::Expression& condition, const VariableDeclaration& variable, const Value& value,
                   eval::Context& context) {
  const ConstantScope constants;
  const std::array<eval::Member, 1> members{{{variable.name, value}}};
  const std::array<eval::LocalScope::Binding, 1> bindings{{{"var", eval::make_object(context.arena, members)}}};
  return eval::evaluate(condition, eval::LocalScope(bindings, &constants), context);
}

/// The values of the type, without those that a condition surely refuses.
void remove_refused(std::vector<Value>& values, const VariableDeclaration& variable, eval::Context& context) {
  source::Arena scratch;
  all_conditions(variable, [&](const hcl::Expression& condition) {
    std::erase_if(values, [&](const Value& value) {
      scratch.clear();
      eval::Context trial{scratch, context.symbols, context.budget, context.limits};
      trial.patterns = context.patterns;
      const Value holds = condition_of(condition, variable, value, trial);
      return holds.is_bool() && !holds.boolean();
    });
    return true;
  });
}

/// Whether an expression looks at nothing but one variable, so that it is worth the same wherever it stands.
class AboutOneVariable {
 public:
  explicit AboutOneVariable(std::string_view variable) : variable_(variable) {}

  [[nodiscard]] bool operator()(const hcl::Expression& expression, int depth = 0) const {
    constexpr int kMaxDepth = 50;
    bool result = depth <= kMaxDepth && one(expression);
    if (result) {
      syntax::hcl::for_each_child(expression,
                                  [&](const hcl::Expression& inner) { result = result && (*this)(inner, depth + 1); });
    }
    return result;
  }

 private:
  [[nodiscard]] bool one(const hcl::Expression& expression) const {
    switch (expression.kind) {
      case hcl::ExpressionKind::kTraversal: {
        const auto& reference = hcl::as<hcl::Traversal>(expression);
        return reference.root == "var" && !reference.steps.empty() &&
               reference.steps[0].kind == hcl::StepKind::kAttribute && reference.steps[0].name == variable_;
      }
      case hcl::ExpressionKind::kFunctionCall: {
        const auto& call = hcl::as<hcl::FunctionCall>(expression);
        const eval::Builtin* builtin = eval::find_builtin(call.name);
        return call.name == "can" || call.name == "try" ||
               (builtin != nullptr && builtin->pure &&
                std::ranges::find(eval::filesystem_functions(), builtin->name, &eval::Builtin::name) ==
                    eval::filesystem_functions().end());
      }
      default:
        // What a splat does with each element is not among its children.
        return expression.kind != hcl::ExpressionKind::kSplat;
    }
  }

  std::string_view variable_;
};

void convert_all(std::vector<Value>& values, const eval::Type& type, eval::Context& context) {
  for (Value& value : values) {
    value = eval::convert(value, type, context);
  }
  std::erase_if(values, [](const Value& value) { return value.is_error(); });
}

/// A literal character of a pattern at `at`, which is moved behind it; nothing for what has a meaning.
std::optional<std::string_view> literal_character(std::string_view pattern, std::size_t& at) {
  constexpr std::string_view kMeaning = ".+*?()|[]{}^$";
  if (pattern[at] == '\\') {
    // Only punctuation loses its meaning; \d, \pL and the like stand for more than themselves.
    if (at + 1 >= pattern.size() ||
        (kMeaning.find(pattern[at + 1]) == std::string_view::npos &&
         std::string_view("\\/-\"'#&~@:;,= ").find(pattern[at + 1]) == std::string_view::npos)) {
      return std::nullopt;
    }
    at += 2;
    return pattern.substr(at - 1, 1);
  }
  if (kMeaning.find(pattern[at]) != std::string_view::npos) {
    return std::nullopt;
  }
  std::size_t length = 1;
  while (at + length < pattern.size() && (static_cast<unsigned char>(pattern[at + length]) & 0xC0U) == 0x80U) {
    ++length;
  }
  at += length;
  return pattern.substr(at - length, length);
}

}  // namespace

std::vector<std::string> matched_texts(std::string_view pattern) {
  if (pattern.size() < 2 || !pattern.starts_with('^') || !pattern.ends_with('$') || pattern.ends_with("\\$")) {
    return {};
  }
  pattern = pattern.substr(1, pattern.size() - 2);
  bool grouped = false;
  if (pattern.starts_with('(') && pattern.ends_with(')') && !pattern.ends_with("\\)")) {
    grouped = true;
    pattern = pattern.substr(1, pattern.size() - 2);
    if (pattern.starts_with("?:")) {
      pattern.remove_prefix(2);
    } else if (pattern.starts_with('?')) {
      return {};
    }
  }
  std::vector<std::string> texts(1);
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] == '|' && grouped) {
      texts.emplace_back();
      ++at;
    } else if (const auto character = literal_character(pattern, at)) {
      texts.back() += *character;
    } else {
      return {};
    }
  }
  return texts;
}

std::string matched_prefix(std::string_view pattern) {
  if (!pattern.starts_with('^')) {
    return {};
  }
  std::string prefix;
  std::size_t last = 0;  // where the last character of the prefix begins
  std::size_t at = 1;
  while (at < pattern.size()) {
    const auto character = literal_character(pattern, at);
    if (!character) {
      break;
    }
    last = prefix.size();
    prefix += *character;
  }
  // A repetition may leave the last character out; an alternative outside of groups may leave out everything.
  if (at < pattern.size() && std::string_view("*?{").find(pattern[at]) != std::string_view::npos) {
    prefix.resize(last);
  }
  int depth = 0;
  for (; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\') {
      ++at;
    } else if (c == '[') {
      // Up to the end of the class, whose first character may be a bracket.
      at += at + 1 < pattern.size() && pattern[at + 1] == '^' ? 2U : 1U;
      while (++at < pattern.size() && pattern[at] != ']') {
        at += pattern[at] == '\\' ? 1U : 0U;
      }
    } else if (c == '(' || c == ')') {
      depth += c == '(' ? 1 : -1;
    } else if (c == '|' && depth == 0) {
      return {};
    }
  }
  return prefix;
}

Narrowing narrowing_of(const VariableDeclaration& variable, eval::Context& context) {
  Bound bound;
  bool validated = false;
  all_conditions(variable, [&](const hcl::Expression& condition) {
    validated = true;
    bound = both(std::move(bound), Reader(*variable.type, context).read(condition, {variable.name}));
    return true;
  });
  Narrowing result;
  if (!validated || bound.never) {
    return result;
  }
  const eval::Type& type = *variable.type;
  std::vector<Value> values = bound.values.value_or(std::vector<Value>());
  if (!bound.values && type.kind == eval::TypeKind::kBool) {
    values = {eval::make_bool(false), eval::make_bool(true)};
    if (variable.nullable && !bound.not_null) {
      values.push_back(eval::make_null(context.arena, type));
    }
  }
  const std::size_t possible = values.size();
  convert_all(values, type, context);
  remove_refused(values, variable, context);
  if (bound.values || values.size() < possible) {
    result.alternatives = std::move(values);
  }
  if (type.kind == eval::TypeKind::kString) {
    result.prefix = context.arena.copy(bound.prefix);
  } else if (type.kind == eval::TypeKind::kNumber) {
    result.at_least = bound.at_least;
    result.at_most = bound.at_most;
  } else if (eval::is_collection(type)) {
    result.min_length = bound.min_length;
    result.elements = bound.elements.value_or(std::vector<Value>());
    convert_all(result.elements, *type.element, context);
  }
  if (result.alternatives.size() > kMaxListed) {
    result.alternatives.clear();
  }
  result.not_null = bound.not_null || (!result.alternatives.empty() &&
                                       std::none_of(result.alternatives.begin(), result.alternatives.end(),
                                                    [](const Value& value) { return value.is_null(); }));
  return result;
}

const hcl::Expression* validation_condition(const hcl::Block& block) {
  const hcl::Attribute* condition = block.type == "validation" ? block.body->attribute("condition") : nullptr;
  return condition == nullptr ? nullptr : condition->expression;
}

bool default_holds(const VariableDeclaration& variable, eval::Context& context) {
  if (!variable.fallback) {
    return false;
  }
  source::Arena scratch;
  eval::Context trial{scratch, context.symbols, context.budget, context.limits};
  trial.patterns = context.patterns;
  return all_conditions(variable, [&](const hcl::Expression& condition) {
    if (!AboutOneVariable(variable.name)(condition)) {
      return false;
    }
    const Value holds = condition_of(condition, variable, *variable.fallback, trial);
    return holds.is_bool() && holds.boolean();
  });
}

Value narrowed(const Value& value, const Narrowing& narrowing, eval::Context& context) {
  if (narrowing.empty() || !value.is_unknown() || value.detail() != nullptr || !value.unknown().alternatives.empty()) {
    return value;
  }
  eval::Unknown detail = value.unknown();
  detail.not_null = detail.not_null || narrowing.not_null;
  detail.alternatives = context.arena.copy(narrowing.alternatives);
  if (detail.prefix.size() < narrowing.prefix.size()) {
    detail.prefix = narrowing.prefix;
  }
  detail.at_least = detail.at_least == nullptr ? narrowing.at_least : detail.at_least;
  detail.at_most = detail.at_most == nullptr ? narrowing.at_most : detail.at_most;
  detail.min_length = std::max(detail.min_length, narrowing.min_length);
  if (detail.element == nullptr && !narrowing.elements.empty()) {
    eval::Symbol symbol{eval::Reason::kVariable,
                        context.arena.copy("an element of " + std::string(detail.symbol->text)),
                        {},
                        {},
                        detail.symbol->region};
    symbol.cause = detail.symbol;
    symbol.any_element = true;
    detail.element = context.arena.make<Value>(
        eval::make_alternatives(context.arena, narrowing.elements, context.symbols.intern(symbol)));
  }
  return eval::with_marks(context.arena, eval::make_unknown(context.arena, *value.node().type(), detail), value.marks())
      .with_origin(value.origin());
}

}  // namespace gabion::terraform
