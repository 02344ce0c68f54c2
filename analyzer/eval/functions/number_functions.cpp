// Functions over numbers.
#include <cmath>
#include <string>
#include <vector>

#include "eval/functions/support.h"

namespace gabion::eval {

namespace functions {
namespace {

const Number& number(const Call& call, std::size_t index) {
  return call.arguments[index].number();
}

Value abs_function(const Call& call, Context& context) {
  const Number& value = number(call, 0);
  return value.sign() < 0 ? make_number(context.arena, negate(context.arena, value)) : call.arguments[0];
}

/// Rounding has no negative zero.
Value rounded(const Number& value, Context& context) {
  return value.sign() == 0 ? make_number(context.arena, std::int64_t{0}) : make_number(context.arena, value);
}

Value ceil_function(const Call& call, Context& context) {
  return rounded(eval::ceil(context.arena, number(call, 0)), context);
}

Value floor_function(const Call& call, Context& context) {
  return rounded(eval::floor(context.arena, number(call, 0)), context);
}

Value from_double(const Call& call, double result, Context& context) {
  if (std::isnan(result)) {
    return call_error(call, "result is not a number", context);
  }
  return make_number(context.arena, Number::from_double(context.arena, result));
}

Value log_function(const Call& call, Context& context) {
  return from_double(call, std::log(number(call, 0).to_double()) / std::log(number(call, 1).to_double()), context);
}

Value pow_function(const Call& call, Context& context) {
  return from_double(call, std::pow(number(call, 0).to_double(), number(call, 1).to_double()), context);
}

Value extreme(const Call& call, bool largest, Context& context) {
  if (call.arguments.empty()) {
    return call_error(call, "must pass at least one number", context);
  }
  const Value* best = nullptr;
  for (const Value& argument : call.arguments) {
    if (!argument.is_number()) {
      return unknown_result(call, kNumberType, context);
    }
    if (best == nullptr || (largest ? argument.number() > best->number() : argument.number() < best->number())) {
      best = &argument;
    }
  }
  return *best;
}

Value max_function(const Call& call, Context& context) {
  return extreme(call, true, context);
}

Value min_function(const Call& call, Context& context) {
  return extreme(call, false, context);
}

Value parseint(const Call& call, Context& context) {
  const Value& text = call.arguments[0];
  if (!text.is_string()) {
    return argument_error(
        call, 0, "first argument must be a string, not " + friendly_name(type_of(context.arena, text)), context);
  }
  const auto base = whole(call.arguments[1]);
  if (!base) {
    return whole_number_error(call, 1, context);
  }
  if (*base < 2 || *base > 62) {
    return argument_error(call, 1, "base must be a whole number between 2 and 62 inclusive", context);
  }
  const auto result = parse_integer(context.arena, text.text(), static_cast<int>(*base));
  if (!result) {
    return argument_error(
        call, 0, "cannot parse " + describe(text) + " as a base " + std::to_string(*base) + " integer", context);
  }
  return make_number(context.arena, *result);
}

Value signum(const Call& call, Context& context) {
  if (!whole(call.arguments[0])) {
    return whole_number_error(call, 0, context);
  }
  return make_number(context.arena, std::int64_t{number(call, 0).sign()});
}

constexpr Parameter kNumber[] = {{.name = "num", .type = &kNumberType}};
constexpr Parameter kLog[] = {{.name = "num", .type = &kNumberType}, {.name = "base", .type = &kNumberType}};
constexpr Parameter kPow[] = {{.name = "num", .type = &kNumberType}, {.name = "power", .type = &kNumberType}};
constexpr Parameter kNumbers{.name = "numbers", .type = &kNumberType};
constexpr Parameter kParse[] = {{.name = "number"}, {.name = "base", .type = &kNumberType}};

constexpr Builtin kTable[] = {
    {.name = "abs", .parameters = kNumber, .result = &kNumberType, .call = &abs_function},
    {.name = "ceil", .parameters = kNumber, .result = &kNumberType, .call = &ceil_function},
    {.name = "floor", .parameters = kNumber, .result = &kNumberType, .call = &floor_function},
    {.name = "log", .parameters = kLog, .result = &kNumberType, .call = &log_function},
    {.name = "max", .parameters = {}, .variadic = &kNumbers, .result = &kNumberType, .call = &max_function},
    {.name = "min", .parameters = {}, .variadic = &kNumbers, .result = &kNumberType, .call = &min_function},
    {.name = "parseint", .parameters = kParse, .result = &kNumberType, .call = &parseint},
    {.name = "pow", .parameters = kPow, .result = &kNumberType, .call = &pow_function},
    {.name = "signum", .parameters = kNumber, .result = &kNumberType, .call = &signum},
};

}  // namespace
}  // namespace functions

std::span<const Builtin> number_functions() {
  return functions::kTable;
}

}  // namespace gabion::eval
