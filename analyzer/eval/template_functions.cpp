// try and can, which look at errors instead of passing them on, and templatefile and templatestring, which parse.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eval/evaluation.h"
#include "eval/remembered_calls.h"
#include "source/ascii.h"
#include "syntax/hcl/parser.h"

namespace gabion::eval {

namespace {

using syntax::hcl::Expression;
using syntax::hcl::ExpressionKind;
using syntax::hcl::FunctionCall;

/// An argument of try or can, and whether unknowns in it might still become an error.
struct Attempt {
  Value value;
  bool uncertain = false;
};

/// True when the value of an expression tells all that decides whether it fails: a chain of steps and calls, but not an
/// object of which only one attribute is taken.
bool shows_its_doubts(const Expression& expression) {
  switch (expression.kind) {
    case ExpressionKind::kNull:
    case ExpressionKind::kBool:
    case ExpressionKind::kNumber:
    case ExpressionKind::kTraversal:
      return true;
    case ExpressionKind::kTemplate:
      return syntax::hcl::as<syntax::hcl::TemplateExpression>(expression).is_literal();
    case ExpressionKind::kRelative:
      return shows_its_doubts(*syntax::hcl::as<syntax::hcl::RelativeTraversal>(expression).base);
    case ExpressionKind::kIndex: {
      const auto& access = syntax::hcl::as<syntax::hcl::IndexExpression>(expression);
      return shows_its_doubts(*access.base) && shows_its_doubts(*access.key);
    }
    case ExpressionKind::kParentheses:
      return shows_its_doubts(*syntax::hcl::as<syntax::hcl::ParenthesesExpression>(expression).inner);
    case ExpressionKind::kFunctionCall:
      return std::ranges::all_of(syntax::hcl::as<FunctionCall>(expression).arguments,
                                 [](const Expression* argument) { return shows_its_doubts(*argument); });
    default:
      return false;
  }
}

/// The symbol of a try or can whose outcome depends on the doubts about some attempts. Where the values do not show
/// what the doubts are, it is equal to no other.
const Symbol* symbol_of_attempts(const FunctionCall& call, std::span<const Value> values, Context& context) {
  std::string text = symbol_text(call.name, "(");
  for (const Value& value : values) {
    append_pieces(text, text.back() == '(' ? "" : ", ", value);
  }
  text += ')';
  const Symbol unexplained{.reason = Reason::kUnsupported, .text = text, .region = call.region};
  const Symbol* cause = cause_of(values);
  cause = cause != nullptr ? cause : (context.doubt != nullptr ? context.doubt : &unexplained);
  const bool shown =
      std::ranges::all_of(call.arguments, [](const Expression* argument) { return shows_its_doubts(*argument); });
  if (shown && values[0].is_unknown()) {
    return context.symbols.derive(text, *cause);
  }
  Symbol symbol = *cause;
  symbol.text = text;
  symbol.path = {};
  symbol.cause = cause->cause != nullptr ? cause->cause : (cause == &unexplained ? nullptr : cause);
  return context.symbols.fresh(symbol);
}

Attempt attempt(const Expression& expression, const Scope& scope, Context& context) {
  const bool before = std::exchange(context.uncertain, false);
  const bool around_errors = std::exchange(context.around_errors, false);
  Attempt result;
  result.value = evaluate(expression, scope, context);
  result.uncertain = context.uncertain;
  context.uncertain = before;
  context.around_errors = around_errors;
  return result;
}

/// The first argument that is no error. While it is not sure that it is none, later ones remain possible.
Value try_arguments(const FunctionCall& call, const Scope& scope, Context& context) {
  if (call.arguments.empty()) {
    return make_error(context.arena, "try needs at least one argument", call.region);
  }
  std::vector<Value> possible;
  std::string reasons;
  bool decided = false;
  for (const Expression* argument : call.arguments) {
    const Attempt tried = attempt(*argument, scope, context);
    if (tried.value.is_error()) {
      reasons += reasons.empty() ? "" : "; ";
      reasons += tried.value.error().message;
      continue;
    }
    possible.push_back(tried.value);
    if (!tried.uncertain) {
      decided = true;
      break;
    }
  }
  if (possible.empty()) {
    return make_error(context.arena, "no expression of try succeeded: " + reasons, call.region);
  }
  if (possible.size() == 1) {
    context.uncertain = context.uncertain || !decided;
    return possible[0];
  }
  context.uncertain = context.uncertain || !decided;
  return make_alternatives(context.arena, possible, symbol_of_attempts(call, possible, context));
}

Value can_argument(const FunctionCall& call, const Scope& scope, Context& context) {
  if (call.arguments.size() != 1) {
    return make_error(context.arena, "can takes exactly one argument", call.region);
  }
  const Attempt tried = attempt(*call.arguments[0], scope, context);
  if (tried.value.is_error()) {
    return make_bool(false);
  }
  if (!tried.uncertain) {
    return make_bool(true);
  }
  const Symbol* symbol = symbol_of_attempts(call, std::span<const Value>(&tried.value, 1), context);
  return make_unknown(context.arena, kBoolType, Unknown{.symbol = symbol, .not_null = true});
}

/// The names a template may use: its variables, and the functions of the place that renders it.
class TemplateScope final : public Scope {
 public:
  TemplateScope(const Value& variables, const Scope& outer) : variables_(variables), outer_(outer) {}

  [[nodiscard]] Resolved resolve(const syntax::hcl::Traversal& reference, Context& context) const override {
    if (const Value* value = variables_.member(reference.root)) {
      return {.value = *value, .consumed = 0};
    }
    if (variables_.is_unknown() || variables_.node().rest_kind != Rest::kClosed) {
      return {.value = get_attribute(variables_, reference.root, reference.root_region(), context), .consumed = 0};
    }
    const std::string message = "vars map does not contain key \"" + std::string(reference.root) + '"';
    return {.value = make_error(context.arena, message, reference.root_region()), .consumed = reference.steps.size()};
  }
  [[nodiscard]] std::optional<Value> call(const Call& call, Context& context) const override {
    return outer_.call(call, context);
  }

 private:
  const Value& variables_;
  const Scope& outer_;
};

bool is_name(std::string_view text) {
  const auto starts = [](char c) { return source::is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; };
  return !text.empty() && starts(text[0]) &&
         std::ranges::all_of(text, [&](char c) { return starts(c) || source::is_digit(c) || c == '-'; });
}

/// An error when the variables are no map or object of proper names; they may be unknown.
std::optional<Value> check_variables(const Value& variables, source::Region region, Context& context) {
  if (variables.is_error()) {
    return variables;
  }
  if (variables.is_null()) {
    return make_error(context.arena, "invalid value for \"vars\" parameter: argument must not be null", region);
  }
  const TypeKind kind = type_of(context.arena, variables).kind;
  if (!variables.is_mapping() && kind != TypeKind::kMap && kind != TypeKind::kObject && kind != TypeKind::kDynamic) {
    return make_error(context.arena, "invalid value for \"vars\" parameter: must be a map", region);
  }
  if (variables.is_mapping()) {
    for (const Member& member : variables.members()) {
      if (!is_name(member.name)) {
        const std::string message =
            "invalid template variable name \"" + std::string(member.name) +
            "\": must start with a letter, followed by zero or more letters, digits and underscores";
        return make_error(context.arena, message, region);
      }
    }
  }
  return std::nullopt;
}

/// Parses and evaluates a whole text as a template.
Value render(const source::Artifact& text, const Value& variables, const Scope& scope, source::Region place,
             Context& context) {
  source::Arena syntax_arena;
  const syntax::hcl::ParsedExpression parsed =
      syntax::hcl::parse_template(text, text.whole(), syntax_arena, context.limits);
  if (!parsed.ok()) {
    return make_error(context.arena, "invalid template: " + parsed.diagnostics[0].message, place);
  }
  const TemplateScope names(variables, scope);
  context.inside_template = true;
  const Value result = evaluate(*parsed.expression, names, context);
  context.inside_template = false;
  if (result.is_error()) {
    return make_error(context.arena, "in the template: " + std::string(result.error().message), place);
  }
  return with_marks(context.arena, result, variables.marks());
}

/// The same for a text that is a value.
Value render_value(const Value& text, const Value& variables, const Scope& scope, source::Region place,
                   Context& context) {
  const source::Artifact artifact(source::kNoArtifact, {}, std::string(text.text()), source::Role::kInternal);
  return with_marks(context.arena, render(artifact, variables, scope, place, context), text.marks());
}

std::optional<Value> check_call(const FunctionCall& call, Context& context) {
  if (context.inside_template) {
    const std::string message =
        "cannot recursively call " + std::string(call.name) + " from inside another template function";
    return make_error(context.arena, message, call.region);
  }
  if (call.arguments.size() != 2 || call.expand_final) {
    return make_error(context.arena, "function \"" + std::string(call.name) + "\" expects 2 argument(s)", call.region);
  }
  return std::nullopt;
}

Value unknown_template(const FunctionCall& call, const Value& first, const Value& second, Context& context) {
  const std::array<Value, 2> causes{first, second};
  const std::string text = symbol_text(call.name, "(", first, ", ", second, ")");
  context.uncertain = true;
  return derived(text, kStringType, causes, context);
}

Value template_file(const FunctionCall& call, const Scope& scope, Context& context) {
  if (const std::optional<Value> error = check_call(call, context)) {
    return *error;
  }
  const Value path = convert(evaluate(*call.arguments[0], scope, context), kStringType, context);
  if (path.is_error()) {
    return path;
  }
  const Value variables = evaluate(*call.arguments[1], scope, context);
  if (const std::optional<Value> error = check_variables(variables, call.arguments[1]->region, context)) {
    return *error;
  }
  if (path.is_null()) {
    return make_error(context.arena, "invalid value for \"path\" parameter: argument must not be null", call.region);
  }
  if (path.is_unknown()) {
    return unknown_template(call, path, variables, context);
  }
  const auto unreadable = [&] {
    const std::string what = "templatefile(\"" + std::string(path.text()) + "\")";
    context.uncertain = true;
    const Symbol* symbol = context.symbols.fresh({.reason = Reason::kFile, .text = what, .region = call.region});
    return make_unknown(context.arena, kStringType, Unknown{.symbol = symbol, .not_null = true});
  };
  if (context.files == nullptr || path.text().starts_with('~')) {
    return unreadable();
  }
  const source::Expected<const source::Artifact*> file = context.files->read(path.text());
  if (!file) {
    const FileState state = context.files->state(path.text());
    if (state == FileState::kAbsent || state == FileState::kOther) {
      const std::string what = state == FileState::kAbsent ? "no file exists at " + describe(path)
                                                           : describe(path) + " is not a regular file";
      return make_error(context.arena, "invalid value for \"path\" parameter: " + what, call.arguments[0]->region);
    }
    if (state == FileState::kRefused) {
      context.files->note_refused(path.text(), call.arguments[0]->region);
    }
    return unreadable();
  }
  // A turn of a loop often renders what the one before rendered. Somebody who watches sees each turn.
  const std::array<Value, 2> arguments{path, variables};
  const bool remembers = context.remembered != nullptr && context.observer == nullptr && !context.around_errors &&
                         path.marks() == kNoMark && variables.wholly_known() &&
                         variables.node().marks_inside == kNoMark;
  if (remembers) {
    if (const Value* known = context.remembered->find(call.region, arguments)) {
      return *known;
    }
  }
  const Value result = with_marks(context.arena, render(**file, variables, scope, call.region, context), path.marks());
  if (remembers && result.is_string() && !context.budget.exhausted()) {
    context.remembered->add(call.region, arguments, result);
  }
  return result;
}

/// A name with attributes and indexes, whatever the keys of those.
bool is_reference(const Expression& expression) {
  const Expression* at = &expression;
  for (;;) {
    switch (at->kind) {
      case ExpressionKind::kTraversal:
        return true;
      case ExpressionKind::kRelative:
        at = syntax::hcl::as<syntax::hcl::RelativeTraversal>(*at).base;
        break;
      case ExpressionKind::kIndex:
        at = syntax::hcl::as<syntax::hcl::IndexExpression>(*at).base;
        break;
      default:
        return false;
    }
  }
}

Value template_string(const FunctionCall& call, const Scope& scope, Context& context) {
  if (const std::optional<Value> error = check_call(call, context)) {
    return *error;
  }
  const Expression& reference = *call.arguments[0];
  if (!is_reference(reference)) {
    return make_error(context.arena, "the template must be a direct reference to a named string, such as a local value",
                      reference.region);
  }
  const Value text = evaluate(reference, scope, context);
  if (text.is_error()) {
    return text;
  }
  const TypeKind kind = type_of(context.arena, text).kind;
  if (kind != TypeKind::kString && kind != TypeKind::kDynamic) {
    return make_error(context.arena, "the template must be a string", reference.region);
  }
  const Value variables = evaluate(*call.arguments[1], scope, context);
  if (const std::optional<Value> error = check_variables(variables, call.arguments[1]->region, context)) {
    return *error;
  }
  if (text.is_null()) {
    return make_error(context.arena, "invalid value for \"template\" parameter: argument must not be null",
                      reference.region);
  }
  if (text.is_unknown()) {
    return unknown_template(call, text, variables, context);
  }
  return render_value(text, variables, scope, call.region, context);
}

/// convert(value, type): the second argument is a type constraint.
Value convert_to_type(const FunctionCall& call, const Scope& scope, Context& context) {
  if (call.arguments.size() != 2 || call.expand_final) {
    return make_error(context.arena, "function \"convert\" expects 2 argument(s)", call.region);
  }
  const ParsedType parsed = parse_type(*call.arguments[1], context);
  if (!parsed.diagnostics.empty()) {
    return make_error(context.arena, parsed.diagnostics[0].message, call.arguments[1]->region);
  }
  const Value given = evaluate(*call.arguments[0], scope, context);
  const Value converted = convert(given, *parsed.type, context);
  if (converted.is_error() && !given.is_error()) {
    return make_error(context.arena, "cannot convert the value: " + std::string(converted.error().message),
                      call.region);
  }
  return converted;
}

}  // namespace

Value render_template(const Value& text, const Value& variables, source::Region place, Context& context) {
  if (const std::optional<Value> error = check_variables(variables, place, context)) {
    return *error;
  }
  return render_value(text, variables, LocalScope({}, nullptr), place, context);
}

std::optional<Value> evaluate_special_call(const FunctionCall& expression, const Scope& scope, Context& context) {
  std::string_view name = expression.name;
  if (name.starts_with(kCore)) {
    name.remove_prefix(kCore.size());
  }
  if (name == "try") {
    return try_arguments(expression, scope, context);
  }
  if (name == "can") {
    return can_argument(expression, scope, context);
  }
  if (name == "templatefile") {
    return template_file(expression, scope, context);
  }
  if (name == "convert" && context.has_convert) {
    return convert_to_type(expression, scope, context);
  }
  return name == "templatestring" ? std::optional<Value>(template_string(expression, scope, context)) : std::nullopt;
}

}  // namespace gabion::eval
