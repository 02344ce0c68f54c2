// Function calls: arguments, expansion, and the rules of cty's function package about types, nulls, unknowns and marks.
#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

#include "eval/argument_list.h"
#include "eval/evaluation.h"
#include "eval/remembered_calls.h"

namespace gabion::eval {

namespace {

using syntax::hcl::Expression;
using syntax::hcl::FunctionCall;

/// Functions that succeed for all arguments of the right types, so that an unknown argument puts nothing in doubt;
/// those over patterns say themselves when it does.
constexpr auto kTotalFunctions = std::to_array<std::string_view>(
    {"abs",      "alltrue",   "anytrue",  "base64encode", "base64sha256", "ceil",  "compact",    "concat",
     "contains", "distinct",  "endswith", "flatten",      "floor",        "join",  "jsonencode", "keys",
     "length",   "lower",     "md5",      "merge",        "nonsensitive", "regex", "regexall",   "replace",
     "reverse",  "sensitive", "sha1",     "sha256",       "sort",         "split", "startswith", "strcontains",
     "title",    "trimspace", "upper",    "values"});

/// Those of them that fail for a null among the elements.
constexpr auto kRefuseNullElements = std::to_array<std::string_view>({"alltrue", "anytrue", "join", "sort"});

/// Functions that say of a list which is not known as much as of the lists that it may be.
constexpr auto kKnowUnknownLists = std::to_array<std::string_view>({"element", "length"});

/// True when some unknown inside may turn out to be null.
bool may_hold_null(const Value& value) {
  if (!value.node().holds_unknown) {
    return false;
  }
  if (value.is_unknown()) {
    const Value* element = value.unknown().element;
    return !value.unknown().not_null ||
           (!is_primitive(*value.node().type()) && (element == nullptr || may_hold_null(*element)));
  }
  return std::ranges::any_of(value.elements(), may_hold_null);
}

std::string_view base_name(std::string_view name) {
  return name.starts_with(kCore) ? name.substr(kCore.size()) : name;
}

bool is_total(std::string_view name) {
  return std::ranges::find(kTotalFunctions, name) != kTotalFunctions.end();
}

const Parameter* parameter_of(const Builtin& builtin, std::size_t argument) {
  return argument < builtin.parameters.size() ? &builtin.parameters[argument] : builtin.variadic;
}

source::Region region_of(const Call& call, std::size_t argument) {
  if (call.syntax == nullptr || call.syntax->arguments.empty()) {
    return call.region;
  }
  const std::size_t last = call.syntax->arguments.size() - 1;
  return call.syntax->arguments[std::min(argument, last)]->region;
}

std::string call_text(const Call& call) {
  std::string text = symbol_text(base_name(call.name), "(");
  bool first = true;
  for (const Value& argument : call.arguments) {
    append_pieces(text, first ? "" : ", ", argument);
    first = false;
  }
  text += ')';
  return text;
}

std::optional<Value> check_count(const Builtin& builtin, const Call& call, Context& context) {
  const std::size_t given = call.arguments.size();
  const std::size_t wanted = builtin.parameters.size();
  const auto name = [&] { return '"' + std::string(call.name) + '"'; };
  if (given < wanted) {
    const std::string_view least = builtin.variadic != nullptr ? " at least" : "";
    std::string message = "function " + name() + " expects";
    message += least;
    message += ' ' + std::to_string(wanted) + " argument(s), the value for \"";
    message += builtin.parameters[given].name;
    return make_error(context.arena, message + "\" is missing", call.region);
  }
  if (given > wanted && builtin.variadic == nullptr) {
    const std::string message = "function " + name() + " expects only " + std::to_string(wanted) + " argument(s)";
    return make_error(context.arena, message, region_of(call, wanted));
  }
  return std::nullopt;
}

/// What a function gives for arguments that are as it wants them.
Value result_of(const Builtin& builtin, const Call& call, Context& context) {
  const Value result = builtin.call(call, context);
  const bool doubtful = result.is_unknown() && (result.unknown().symbol->reason == Reason::kFile ||
                                                result.unknown().symbol->reason == Reason::kUnsupported);
  if (doubtful) {
    put_in_doubt(context, result);
  }
  return result;
}

/// Are all arguments known and without marks, as those of most calls are?
bool is_plain(std::span<const Value> arguments) {
  return std::ranges::all_of(
      arguments, [](const Value& argument) { return argument.wholly_known() && argument.node().marks_inside == 0; });
}

/// A call of a pure function with such arguments: nothing of what unknowns and marks ask for has to be looked at.
Value call_known(const Builtin& builtin, const Call& call, Context& context) {
  const auto fits = [&](std::size_t i) {
    const Parameter& parameter = *parameter_of(builtin, i);
    return has_type(call.arguments[i], *parameter.type) && (parameter.allow_null || !call.arguments[i].is_null());
  };
  std::size_t fitting = 0;
  while (fitting < call.arguments.size() && fits(fitting)) {
    ++fitting;
  }
  if (fitting == call.arguments.size()) {
    return result_of(builtin, call, context);
  }
  ArgumentList arguments(call.arguments.first(fitting));
  for (std::size_t i = fitting; i < call.arguments.size(); ++i) {
    const Parameter& parameter = *parameter_of(builtin, i);
    const Value converted = convert(call.arguments[i], *parameter.type, context);
    if (converted.is_error()) {
      return argument_error(call, i, converted.error().message, context);
    }
    if (converted.is_null() && !parameter.allow_null) {
      return argument_error(call, i, "argument must not be null", context);
    }
    arguments.push_back(converted);
  }
  Call prepared = call;
  prepared.arguments = arguments.values();
  return result_of(builtin, prepared, context);
}

/// Calls with arguments of which none is a set of alternatives any more.
Value call_plain(const Builtin& builtin, const Call& call, Context& context) {
  ArgumentList arguments(call.arguments);
  std::uint8_t marks = 0;
  bool unknown = false;
  bool untyped = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Parameter& parameter = *parameter_of(builtin, i);
    Value& argument = arguments[i];
    const Value converted = convert(argument, *parameter.type, context);
    if (converted.is_error()) {
      return argument_error(call, i, converted.error().message, context);
    }
    argument = converted;
    if (argument.is_null() && !parameter.allow_null) {
      return argument_error(call, i, "argument must not be null", context);
    }
    if (!parameter.allow_marked) {
      marks = static_cast<std::uint8_t>(marks | argument.node().marks_inside);
      argument = without_marks(context.arena, argument);
    }
    if (!parameter.allow_unknown && !argument.wholly_known()) {
      unknown = true;
      untyped = untyped || (argument.is_unknown() && argument.node().type()->kind == TypeKind::kDynamic);
    }
    if (!argument.wholly_known()) {
      const bool may_be_null = argument.is_unknown() && !argument.unknown().not_null && !parameter.allow_null;
      const bool may_not_convert = argument.is_unknown() && argument.node().type()->kind == TypeKind::kDynamic;
      const bool refuses = std::ranges::find(kRefuseNullElements, base_name(call.name)) != kRefuseNullElements.end();
      if (may_be_null || may_not_convert || !is_total(base_name(call.name)) || (refuses && may_hold_null(argument))) {
        put_in_doubt(context, argument);
      }
    }
  }
  Call prepared = call;
  prepared.arguments = arguments.values();
  if (!builtin.pure) {
    const std::string text = call_text(prepared);  // the symbol only borrows it
    const Symbol symbol{.reason = Reason::kFunction, .text = text, .region = call.region};
    // A timestamp is the same in all of a plan; the others differ from call to call.
    const bool one_value = base_name(call.name) == "timestamp" || base_name(call.name) == "plantimestamp";
    const Symbol* name = one_value ? context.symbols.intern(symbol) : context.symbols.fresh(symbol);
    const Value result = make_unknown(context.arena, *builtin.result, Unknown{.symbol = name, .not_null = true});
    return with_marks(context.arena, result, marks);
  }
  if (unknown) {
    const Type* type = builtin.result;
    if (builtin.type_of_result != nullptr && !untyped) {
      type = builtin.type_of_result(prepared, context);
    }
    const Value result = unknown_result(prepared, type != nullptr ? *type : kDynamicType, context);
    return with_marks(context.arena, result, marks);
  }
  const Value result = result_of(builtin, prepared, context);
  return result.is_error() ? result : with_marks(context.arena, result, marks);
}

/// Unknowns with alternatives that a function has to look into, wherever they are in its arguments.
void collect_choices(const Value& value, bool deep, std::vector<Value>& out) {
  if (!value.node().holds_unknown) {
    return;
  }
  if (value.is_unknown()) {
    const auto same_symbol = [&](const Value& known) { return known.unknown().symbol == value.unknown().symbol; };
    if (has_alternatives(value) && std::ranges::none_of(out, same_symbol)) {
      out.push_back(value);
    }
    return;
  }
  if (deep) {
    for (const Value& element : value.elements()) {
      collect_choices(element, deep, out);
    }
    for (const Member& member : value.members()) {
      collect_choices(member.value, deep, out);
    }
  }
}

/// Evaluates the arguments; the last one is spread out when it is followed by an ellipsis.
std::optional<Value> evaluate_arguments(const FunctionCall& expression, const Scope& scope, Context& context,
                                        ArgumentList& arguments) {
  for (const Expression* argument : expression.arguments) {
    arguments.push_back(evaluate(*argument, scope, context));
    if (arguments.back().is_error()) {
      return arguments.back();
    }
  }
  if (!expression.expand_final || arguments.empty()) {
    return std::nullopt;
  }
  const Value last = arguments.back();
  arguments.pop_back();
  const source::Region region = expression.arguments.back()->region;
  if (last.is_null()) {
    return make_error(context.arena, "the expanding argument (indicated by ...) must not be null", region);
  }
  if (last.is_sequence()) {
    for (const Value& element : last.elements()) {
      arguments.push_back(with_marks(context.arena, element, last.marks()));
    }
    return std::nullopt;
  }
  const TypeKind kind = type_of(context.arena, last).kind;
  const bool sequence = kind == TypeKind::kList || kind == TypeKind::kSet || kind == TypeKind::kTuple;
  if (!last.is_unknown() || (!sequence && kind != TypeKind::kDynamic)) {
    return make_error(context.arena, "the expanding argument (indicated by ...) must be of a tuple, list or set type",
                      region);
  }
  put_in_doubt(context, last);
  arguments.push_back(last);
  const std::string text =
      call_text({.name = expression.name, .arguments = arguments.values(), .region = expression.region}) + "...";
  const Symbol* symbol = context.symbols.derive(text, *cause_of(arguments.values()));
  return make_unknown(context.arena, kDynamicType, symbol);
}

/// The fewest characters to insert, remove or replace to make one name of the other.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

/// The function that a name is a misspelling of, or empty.
std::string_view nearest_function(std::string_view name) {
  constexpr std::size_t kMostEdits = 2;
  std::string_view nearest;
  std::size_t fewest = kMostEdits + 1;
  for (const std::string_view candidate : function_names()) {
    // Names of very different lengths need no comparison, however long the given one is.
    const std::size_t longer = std::max(candidate.size(), name.size());
    if (longer - std::min(candidate.size(), name.size()) >= fewest) {
      continue;
    }
    if (const std::size_t edits = edits_between(name, candidate); edits < fewest && 3 * edits <= longer) {
      nearest = candidate;
      fewest = edits;
    }
  }
  return nearest;
}

Value no_such_function(const Call& call, Context& context) {
  std::string message = "there is no function named \"" + std::string(call.name) + '"';
  if (const std::string_view meant = nearest_function(base_name(call.name)); !meant.empty()) {
    message += "; did you mean \"" + std::string(meant) + "\"?";
  }
  return make_error(context.arena, message, call.syntax != nullptr ? call.syntax->name_region : call.region);
}

/// The arguments do not matter when nobody has the function.
bool has_function(const Call& call, const Scope& scope, Context& context) {
  if (find_builtin(call.name) != nullptr || call.name.starts_with("provider::")) {
    return true;
  }
  Call bare = call;
  bare.arguments = {};
  return scope.call(bare, context).has_value();
}

Value call_by_name(const Call& call, const Scope& scope, Context& context) {
  if (std::optional<Value> value = scope.call(call, context)) {
    return *value;
  }
  if (const Builtin* builtin = find_builtin(call.name)) {
    return call_builtin(*builtin, call, context);
  }
  if (call.name.starts_with("provider::")) {
    context.uncertain = true;
    return unevaluated(Reason::kFunction, call_text(call), call.region, context);
  }
  return no_such_function(call, context);
}

}  // namespace

namespace {

/// call_builtin() with arguments that are not all known, or too few or many of them.
[[gnu::noinline]] Value call_unknown(const Builtin& builtin, const Call& given, Context& context) {
  for (const Value& argument : given.arguments) {
    if (argument.is_error()) {
      return argument;
    }
  }
  if (const std::optional<Value> error = check_count(builtin, given, context)) {
    return *error;
  }
  const bool unfolds = std::ranges::find(kKnowUnknownLists, base_name(given.name)) == kKnowUnknownLists.end();
  // Of what a condition may leave out, it stays known that this is so.
  const auto may_be_one = [](const Value& argument) {
    return possible_element(argument) != nullptr && !argument.unknown().filtered;
  };
  std::vector<Value> unfolded;
  Call call = given;
  if (unfolds && std::ranges::any_of(given.arguments, may_be_one)) {
    for (const Value& argument : given.arguments) {
      unfolded.push_back(may_be_one(argument) ? none_or_one(argument, context) : argument);
    }
    call.arguments = unfolded;
  }
  std::vector<Value> choices;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    collect_choices(call.arguments[i], !parameter_of(builtin, i)->allow_unknown, choices);
  }
  if (choices.empty()) {
    return call_plain(builtin, call, context);
  }
  const auto with_choice = [&](std::span<const Value> chosen) {
    std::vector<Value> arguments;
    for (const Value& argument : call.arguments) {
      arguments.push_back(replace_unknowns(argument, context, [&](const Value& unknown) -> std::optional<Value> {
        for (std::size_t i = 0; i < choices.size(); ++i) {
          if (choices[i].unknown().symbol == unknown.unknown().symbol) {
            return chosen[i];
          }
        }
        return std::nullopt;
      }));
    }
    Call prepared = call;
    prepared.arguments = arguments;
    return call_plain(builtin, prepared, context);
  };
  const auto text = [&] { return call_text(call); };
  if (const auto mapped = map_alternatives(choices, context, with_choice, text)) {
    return with_marks(context.arena, *mapped, all_marks(choices));
  }
  return call_plain(builtin, call, context);
}

}  // namespace

Value call_builtin(const Builtin& builtin, const Call& given, Context& context) {
  const std::size_t wanted = builtin.parameters.size();
  const bool fits =
      given.arguments.size() == wanted || (given.arguments.size() > wanted && builtin.variadic != nullptr);
  return fits && builtin.pure && is_plain(given.arguments) ? call_known(builtin, given, context)
                                                           : call_unknown(builtin, given, context);
}

namespace {

/// Steps that a call takes besides that of its expression: functions look at all of their arguments.
std::uint64_t cost_of(std::span<const Value> arguments) {
  constexpr std::size_t kBytesOfAStep = 64;
  constexpr std::uint32_t kValuesOfAStep = 16;
  std::uint64_t cost = 0;
  for (const Value& argument : arguments) {
    cost += argument.is_string() ? argument.text().size() / kBytesOfAStep : argument.node().size / kValuesOfAStep;
  }
  return cost;
}

}  // namespace

namespace {

/// The result of a call as that of its expression.
Value placed(const Value& result, const Call& call, Context& context) {
  const Value placed = result.with_origin(origin_of_computed(call.arguments[0].origin(), call.region, context));
  return placed.is_sequence() || placed.is_mapping() ? spread_origin(placed, context) : placed;
}

/// Calls what an expression names with its arguments, of which none is in error.
Value call_with(const FunctionCall& expression, std::span<const Value> arguments, const Scope& scope,
                Context& context) {
  const Call call{.name = expression.name, .arguments = arguments, .region = expression.region, .syntax = &expression};
  if (!context.budget.step(cost_of(arguments))) {
    return unevaluated(Reason::kBudget, "a call", expression.region, context);
  }
  const bool remembers = context.remembered != nullptr && RememberedCalls::pays(expression.name, arguments);
  if (remembers) {
    if (const Value* known = context.remembered->find(expression.region, arguments)) {
      return *known;
    }
  }
  const Value result = call_by_name(call, scope, context);
  if (result.is_error() || result.origin() != nullptr || arguments.empty()) {
    return result;
  }
  const Value value = placed(result, call, context);
  if (remembers && !context.budget.exhausted()) {
    context.remembered->add(expression.region, arguments, value);
  }
  return value;
}

/// What becomes of a call whose arguments say it already: they are in error, or their number is not known.
Value call_without(const Value& early, const FunctionCall& expression, std::span<const Value> arguments,
                   const Scope& scope, Context& context) {
  const Call call{.name = expression.name, .arguments = arguments, .region = expression.region, .syntax = &expression};
  return has_function(call, scope, context) ? early : no_such_function(call, context);
}

/// A call with many arguments, or with some that are in a list.
Value evaluate_long_call(const FunctionCall& expression, const Scope& scope, Context& context) {
  ArgumentList list;
  const std::optional<Value> early = evaluate_arguments(expression, scope, context, list);
  return early ? call_without(*early, expression, list.values(), scope, context)
               : call_with(expression, list.values(), scope, context);
}

}  // namespace

Value evaluate_call(const FunctionCall& expression, const Scope& scope, Context& context) {
  if (may_be_special(expression.name)) {
    if (const std::optional<Value> special = evaluate_special_call(expression, scope, context)) {
      return *special;
    }
  }
  constexpr std::size_t kFew = 3;
  const std::size_t count = expression.arguments.size();
  if (count > kFew || expression.expand_final) {
    return evaluate_long_call(expression, scope, context);
  }
  std::array<Value, kFew> arguments;
  for (std::size_t i = 0; i < count; ++i) {
    arguments[i] = evaluate(*expression.arguments[i], scope, context);
    if (arguments[i].is_error()) {
      return call_without(arguments[i], expression, std::span(arguments).first(i + 1), scope, context);
    }
  }
  return call_with(expression, std::span(arguments).first(count), scope, context);
}

Value argument_error(const Call& call, std::size_t argument, std::string_view what, Context& context) {
  const Builtin* builtin = find_builtin(call.name);
  const Parameter* parameter = builtin == nullptr ? nullptr : parameter_of(*builtin, argument);
  std::string message = "invalid value for \"";
  message += parameter == nullptr ? std::to_string(argument) : std::string(parameter->name);
  message += "\" parameter of ";
  message += call.name;
  message += ": ";
  message += what;
  return make_error(context.arena, message, region_of(call, argument));
}

Value call_error(const Call& call, std::string_view what, Context& context) {
  std::string message = "call to function \"" + std::string(call.name) + "\" failed: ";
  message += what;
  return make_error(context.arena, message, call.region);
}

Value unknown_result(const Call& call, const Type& type, Context& context) {
  const Symbol* cause = cause_of(call.arguments);
  const Symbol fallback{.reason = Reason::kUnsupported, .text = call.name, .region = call.region};
  const Symbol* symbol = context.symbols.derive(call_text(call), cause != nullptr ? *cause : fallback);
  return make_unknown(context.arena, type, symbol);
}

}  // namespace gabion::eval
