// The expression language, by recursive descent. Chains (operators of one precedence, steps, indexes) are loops.
#include <array>
#include <string>

#include "syntax/hcl/builder.h"

namespace gabion::syntax::hcl {

namespace {

struct Operator {
  BinaryOperator op = BinaryOperator::kOr;
  std::uint8_t precedence = 0;  ///< 0: no operator
  std::uint8_t length = 0;
};

/// The binary operator that begins with these two bytes.
Operator binary_operator(char first, char second) {
  switch (first) {
    case '|':
      return second == '|' ? Operator{BinaryOperator::kOr, 1, 2} : Operator{};
    case '&':
      return second == '&' ? Operator{BinaryOperator::kAnd, 2, 2} : Operator{};
    case '=':
      return second == '=' ? Operator{BinaryOperator::kEqual, 3, 2} : Operator{};
    case '!':
      return second == '=' ? Operator{BinaryOperator::kNotEqual, 3, 2} : Operator{};
    case '<':
      if (second == '<') {
        return {};
      }
      return second == '=' ? Operator{BinaryOperator::kLessEqual, 4, 2} : Operator{BinaryOperator::kLess, 4, 1};
    case '>':
      return second == '=' ? Operator{BinaryOperator::kGreaterEqual, 4, 2} : Operator{BinaryOperator::kGreater, 4, 1};
    case '+':
      return {BinaryOperator::kAdd, 5, 1};
    case '-':
      return {BinaryOperator::kSubtract, 5, 1};
    case '*':
      return {BinaryOperator::kMultiply, 6, 1};
    case '/':
      return {BinaryOperator::kDivide, 6, 1};
    case '%':
      return {BinaryOperator::kModulo, 6, 1};
    default:
      return {};
  }
}

}  // namespace

const Expression* Builder::whole_expression() {
  newlines_matter_ = false;
  const Expression* result = failed_ ? nullptr : expression();
  if (result != nullptr) {
    skip();
    if (!at_end()) {
      unexpected("hcl-extra-characters", "the end of the expression");
    }
  }
  return failed_ || result == nullptr ? arena_.make<ErrorExpression>(Expression{ExpressionKind::kError, region_})
                                      : result;
}

bool Builder::too_deep() {
  fail(cursor_, cursor_ + 1, "hcl-nesting",
       "this is nested more than " + std::to_string(depth_limit_) + " levels deep, expected less",
       "move parts into local values or files of their own");
  return false;
}

const Expression* Builder::expression() {
  if (!enter()) {
    return nullptr;
  }
  const Expression* result = conditional();
  leave();
  return result;
}

const Expression* Builder::conditional() {
  const Expression* condition = binary(1);
  if (condition == nullptr || look() != '?') {
    return condition;
  }
  ++cursor_;
  const Expression* when_true = expression();
  if (when_true == nullptr) {
    return nullptr;
  }
  skip();
  if (!at_colon()) {
    return unexpected("hcl-missing-colon", "\":\" and the second result of the conditional",
                      "a conditional is written condition ? result : other result");
  }
  ++cursor_;
  const Expression* when_false = expression();
  if (when_false == nullptr) {
    return nullptr;
  }
  return arena_.make<ConditionalExpression>(
      Expression{ExpressionKind::kConditional, {region_.artifact, condition->region.begin, when_false->region.end}},
      condition, when_true, when_false);
}

/// Operators of at least this precedence; leaves the cursor behind the white space after the last operand.
const Expression* Builder::binary(int minimum) {
  const Expression* left = operand();
  if (left == nullptr) {
    return nullptr;
  }
  for (;;) {
    skip();
    if (!is(look(), kOperatorStart)) {
      return left;
    }
    const Operator found = binary_operator(look(), look(1));
    if (found.precedence == 0 || found.precedence < minimum) {
      return left;
    }
    const Region place = region(cursor_, cursor_ + found.length);
    cursor_ += found.length;
    const Expression* right = binary(found.precedence + 1);
    if (right == nullptr) {
      return nullptr;
    }
    left = arena_.make<BinaryExpression>(
        Expression{ExpressionKind::kBinary, {region_.artifact, left->region.begin, right->region.end}}, found.op, place,
        left, right);
  }
}

/// A term with its steps.
const Expression* Builder::operand() {
  skip();
  const char c = look();
  if (is(c, kIdentifierStart)) {
    return name_or_call();
  }
  const Expression* term = nullptr;
  switch (c) {
    case '"':
      term = quoted_template();
      break;
    case '[':
      term = tuple();
      break;
    case '{':
      term = object();
      break;
    case '(':
      term = parentheses();
      break;
    case '-':
      return unary(UnaryOperator::kNegate);
    case '!':
      if (look(1) == '=') {
        return unexpected("hcl-expected-expression", "an expression");
      }
      return unary(UnaryOperator::kNot);
    case '<':
      if (!at_heredoc()) {
        return look(1) == '<' ? unexpected("hcl-invalid-heredoc", "an expression",
                                           "a heredoc begins with \"<<\" or \"<<-\", a name and the end of the line, "
                                           "with nothing between or after them")
                              : unexpected("hcl-expected-expression", "an expression");
      }
      term = heredoc();
      break;
    default:
      if (is(c, kDigit)) {
        term = number();
      } else if (is(c, kNonAscii) && after_identifier(cursor_) != cursor_) {
        return name_or_call();
      } else {
        return unexpected("hcl-expected-expression", "an expression");
      }
  }
  return term == nullptr ? nullptr : steps_after(term, nullptr);
}

const Expression* Builder::unary(UnaryOperator op) {
  const char* const begin = cursor_++;
  if (!enter()) {
    return nullptr;
  }
  const Expression* value = operand();
  leave();
  if (value == nullptr) {
    return nullptr;
  }
  return arena_.make<UnaryExpression>(
      Expression{ExpressionKind::kUnary, {region_.artifact, offset(begin), value->region.end}}, op, value);
}

const Expression* Builder::name_or_call() {
  const char* const begin = cursor_;
  const char* const end = after_identifier(begin);
  cursor_ = end;
  skip();
  if (look() == '(' || (look() == ':' && look(1) == ':')) {
    const Expression* result = call(begin, end);
    return result == nullptr ? nullptr : steps_after(result, nullptr);
  }
  const std::string_view name = text(begin, end);
  const Region place = region(begin, end);
  if (name == "true" || name == "false") {
    return steps_after(arena_.make<BoolLiteral>(Expression{ExpressionKind::kBool, place}, name == "true"), nullptr);
  }
  if (name == "null") {
    return steps_after(arena_.make<NullLiteral>(Expression{ExpressionKind::kNull, place}), nullptr);
  }
  auto* root = name_expression(name, place);
  return steps_after(root, root);
}

/// The cursor is on "(" or "::" behind the first name.
const Expression* Builder::call(const char* name, const char* name_end) {
  const char* last = name_end;
  bool as_written = true;  // no white space around the "::"
  while (look() == ':' && look(1) == ':') {
    const char* const colons = cursor_;
    cursor_ += 2;
    skip();
    const char* const part = cursor_;
    const char* const part_end = after_identifier(part);
    if (part == part_end) {
      return unexpected("hcl-invalid-call", "the name of a function after \"::\"");
    }
    if (as_written && (colons != last || part != colons + 2)) {
      as_written = false;
      scratch_.assign(name, last);
    }
    if (!as_written) {
      scratch_.append("::").append(part, part_end);
    }
    cursor_ = last = part_end;
    skip();
  }
  const std::string_view full_name = as_written ? text(name, last) : arena_.copy(scratch_);
  if (look() != '(') {
    return unexpected("hcl-invalid-call", "\"(\" after the name of a function");
  }
  const char* const open = cursor_++;
  const bool saved = newlines_matter_;
  newlines_matter_ = false;
  const std::size_t mark = expressions_.size();
  bool expand_final = false;
  for (;;) {
    skip();
    if (look() == ')') {
      break;
    }
    if (at_end()) {
      return failed_ ? nullptr : unclosed(open, "hcl-unclosed-parenthesis", "call", "", "add the missing \")\"");
    }
    const Expression* argument = expression();
    if (argument == nullptr) {
      return nullptr;
    }
    expressions_.push_back(argument);
    skip();
    if (look() == ',') {
      ++cursor_;
    } else if (at_ellipsis()) {
      expand_final = true;
      cursor_ += 3;
      skip();
      if (look() != ')') {
        return unclosed(open, "hcl-unclosed-parenthesis", "call", "\")\" after \"...\"",
                        "only the last argument can be expanded");
      }
    } else if (look() != ')') {
      return unclosed(open, "hcl-unclosed-parenthesis", "call", "\",\" or \")\" after an argument");
    }
  }
  ++cursor_;
  newlines_matter_ = saved;
  const auto arguments = arena_.copy(std::span<const Expression* const>(expressions_).subspan(mark));
  expressions_.resize(mark);
  return arena_.make<FunctionCall>(Expression{ExpressionKind::kFunctionCall, region(name, cursor_)}, full_name,
                                   region(name, last), arguments, expand_final);
}

const Expression* Builder::number() {
  const char* const begin = cursor_;
  const char* const end = after_number(begin);
  if (!check_number(begin, end)) {
    return nullptr;
  }
  cursor_ = end;
  return arena_.make<NumberLiteral>(Expression{ExpressionKind::kNumber, region(begin, end)}, text(begin, end));
}

/// Digits, perhaps a fraction, perhaps an exponent that fits into 32 bits.
bool Builder::check_number(const char* begin, const char* end) {
  const char* p = begin;
  const auto digits = [&] {
    while (p < end && is(*p, kDigit)) {
      ++p;
    }
  };
  digits();
  if (p < end && *p == '.') {
    ++p;
    digits();
  }
  bool valid = true;
  if (p < end && (*p == 'e' || *p == 'E')) {
    ++p;
    if (*p == '+' || *p == '-') {
      ++p;
    }
    std::uint64_t exponent = 0;
    for (; p < end && is(*p, kDigit); ++p) {
      exponent = exponent > 0x7FFFFFFF ? exponent : exponent * 10 + static_cast<std::uint64_t>(*p - '0');
    }
    valid = exponent <= 0x7FFFFFFF;
  }
  if (!valid || p != end) {
    fail(begin, end, "hcl-invalid-number", "\"" + std::string(text(begin, end)) + "\" is not a number",
         valid ? "a number has one decimal point and one exponent at most" : "its exponent is too large");
    return false;
  }
  return true;
}

const Expression* Builder::parentheses() {
  const char* const open = cursor_++;
  const bool saved = newlines_matter_;
  newlines_matter_ = false;
  const Expression* inner = expression();
  if (inner == nullptr) {
    return nullptr;
  }
  skip();
  if (look() != ')') {
    return unclosed(open, "hcl-unclosed-parenthesis", "parenthesis", "\")\"");
  }
  ++cursor_;
  newlines_matter_ = saved;
  return arena_.make<ParenthesesExpression>(Expression{ExpressionKind::kParentheses, region(open, cursor_)}, inner);
}

const Expression* Builder::tuple() {
  const char* const open = cursor_++;
  const bool saved = newlines_matter_;
  newlines_matter_ = false;
  skip();
  if (at_word("for")) {
    const Expression* result = for_expression(open, false);
    newlines_matter_ = saved;
    return result;
  }
  const std::size_t mark = expressions_.size();
  for (;;) {
    skip();
    if (look() == ']') {
      break;
    }
    if (at_end()) {
      return failed_ ? nullptr : unclosed(open, "hcl-unclosed-bracket", "list", "", "add the missing \"]\"");
    }
    const Expression* element = expression();
    if (element == nullptr) {
      return nullptr;
    }
    expressions_.push_back(element);
    skip();
    if (look() == ',') {
      ++cursor_;
    } else if (look() != ']') {
      return unclosed(open, "hcl-unclosed-bracket", "list", "\",\" or \"]\" after an element",
                      "elements of a list are separated by commas, also across lines");
    }
  }
  ++cursor_;
  newlines_matter_ = saved;
  const auto elements = arena_.copy(std::span<const Expression* const>(expressions_).subspan(mark));
  expressions_.resize(mark);
  return arena_.make<TupleExpression>(Expression{ExpressionKind::kTuple, region(open, cursor_)}, elements);
}

const Expression* Builder::object() {
  const char* const open = cursor_++;
  const bool saved = newlines_matter_;
  newlines_matter_ = false;
  skip();
  if (at_word("for")) {
    const Expression* result = for_expression(open, true);
    newlines_matter_ = saved;
    return result;
  }
  const std::size_t mark = items_.size();
  newlines_matter_ = true;
  for (;;) {
    skip_lines();
    if (look() == '}') {
      break;
    }
    if (at_end()) {
      return failed_ ? nullptr : unclosed(open, "hcl-unclosed-brace", "object", "", "add the missing \"}\"");
    }
    ObjectItem item{};
    if (!object_key(item)) {
      return nullptr;
    }
    if (!at_equals() && !at_colon()) {
      return unclosed(open, "hcl-missing-value", "object", "\"=\" and the value of this key",
                      "a key that is not a plain name goes into quotes or parentheses");
    }
    ++cursor_;
    item.value = expression();
    if (item.value == nullptr) {
      return nullptr;
    }
    items_.push_back(item);
    skip();
    if (look() == ',') {
      ++cursor_;
    } else if (look() != '}' && !at_newline()) {
      return unclosed(open, "hcl-unclosed-brace", "object", "\",\", a new line or \"}\" after the value of a key");
    }
  }
  ++cursor_;
  newlines_matter_ = saved;
  const auto items = arena_.copy(std::span<const ObjectItem>(items_).subspan(mark));
  items_.resize(mark);
  return arena_.make<ObjectExpression>(Expression{ExpressionKind::kObject, region(open, cursor_)}, items);
}

/// A bare word before "=" or ":" is a name, keywords included; all else is an expression.
bool Builder::object_key(ObjectItem& item) {
  const char* const begin = cursor_;
  if (const char* const end = after_identifier(begin); end != begin) {
    cursor_ = end;
    skip();
    if (at_equals() || at_colon()) {
      const Region place = region(begin, end);
      item.key = name_expression(text(begin, end), place);
      item.key_is_name = true;
      return true;
    }
    cursor_ = begin;
  }
  item.key = expression();
  skip();
  return item.key != nullptr && !failed_;
}

/// The cursor is on the word "for"; newlines mean nothing.
const Expression* Builder::for_expression(const char* open, bool is_object) {
  constexpr std::string_view kHint = "written [for value in list : result] or {for key, value in map : key => result}";
  cursor_ += 3;
  skip();
  const auto variable = [&](std::string_view& name) {
    const char* const end = after_identifier(cursor_);
    if (end == cursor_) {
      unexpected("hcl-invalid-for", "the name of a variable after \"for\"", std::string(kHint));
      return false;
    }
    name = text(cursor_, end);
    cursor_ = end;
    skip();
    return true;
  };
  std::string_view key_variable;
  std::string_view value_variable;
  if (!variable(value_variable)) {
    return nullptr;
  }
  if (look() == ',') {
    ++cursor_;
    skip();
    key_variable = value_variable;
    if (!variable(value_variable)) {
      return nullptr;
    }
  }
  if (!at_word("in")) {
    return unexpected("hcl-invalid-for", "\"in\" after the variables of \"for\"", std::string(kHint));
  }
  cursor_ += 2;
  const Expression* collection = expression();
  if (collection == nullptr) {
    return nullptr;
  }
  skip();
  if (!at_colon()) {
    return unexpected("hcl-invalid-for", "\":\" after the collection of \"for\"", std::string(kHint));
  }
  ++cursor_;
  const Expression* key = nullptr;
  const Expression* value = expression();
  if (value == nullptr) {
    return nullptr;
  }
  skip();
  if (look() == '=' && look(1) == '>') {
    if (!is_object) {
      return unexpected("hcl-invalid-for", "one result, since \"[\" makes a list", "use \"{\" and \"}\" for an object");
    }
    cursor_ += 2;
    key = value;
    value = expression();
    if (value == nullptr) {
      return nullptr;
    }
    skip();
  } else if (is_object) {
    return unexpected("hcl-invalid-for", "\"=>\" and a value, since \"{\" makes an object",
                      "use \"[\" and \"]\" for a list");
  }
  bool grouping = false;
  if (at_ellipsis()) {
    if (!is_object) {
      return unexpected("hcl-invalid-for", "\"]\", since only objects can group values", "use \"{\" and \"}\"");
    }
    grouping = true;
    cursor_ += 3;
    skip();
  }
  const Expression* condition = nullptr;
  if (at_word("if")) {
    cursor_ += 2;
    condition = expression();
    if (condition == nullptr) {
      return nullptr;
    }
    skip();
  }
  if (look() != (is_object ? '}' : ']')) {
    return is_object
               ? unclosed(open, "hcl-unclosed-brace", "\"for\" expression", "\"}\" after the \"for\" expression")
               : unclosed(open, "hcl-unclosed-bracket", "\"for\" expression", "\"]\" after the \"for\" expression");
  }
  ++cursor_;
  return arena_.make<ForExpression>(Expression{ExpressionKind::kFor, region(open, cursor_)}, key_variable,
                                    value_variable, collection, key, value, condition, grouping, is_object);
}

}  // namespace gabion::syntax::hcl
