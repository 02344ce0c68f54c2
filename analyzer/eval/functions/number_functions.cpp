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

/// Natural logarithm by the method of fdlibm, which Go's math package uses: the C library's rounds differently in the
/// last digit. x = 2^k (1 + f) with 1 + f around one, and a polynomial in f / (2 + f).
double natural_logarithm(double x) {
  constexpr double kHalfRoot = 0.70710678118654752440;
  constexpr double kLn2High = 6.93147180369123816490e-01;
  constexpr double kLn2Low = 1.90821492927058770002e-10;
  constexpr double kOdd[] = {6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01,
                             1.479819860511658591e-01};
  constexpr double kEven[] = {3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01};
  if (!std::isfinite(x) || x <= 0) {
    return std::log(x);
  }
  int exponent = 0;
  double mantissa = std::frexp(x, &exponent);
  if (mantissa < kHalfRoot) {
    mantissa *= 2;
    --exponent;
  }
  const double f = mantissa - 1;
  const double k = exponent;
  const double s = f / (2 + f);
  const double square = s * s;
  const double fourth = square * square;
  const double odd = square * (kOdd[0] + fourth * (kOdd[1] + fourth * (kOdd[2] + fourth * kOdd[3])));
  const double even = fourth * (kEven[0] + fourth * (kEven[1] + fourth * kEven[2]));
  const double half = 0.5 * f * f;
  return k * kLn2High - ((half - (s * (half + (odd + even)) + k * kLn2Low)) - f);
}

Value log_function(const Call& call, Context& context) {
  const double base = natural_logarithm(number(call, 1).to_double());
  return from_double(call, natural_logarithm(number(call, 0).to_double()) / base, context);
}

/// Power as Go's math package computes it: the whole part of the exponent by squaring a fraction between one half and
/// one, which rounds differently from the C library in the last digit.
double power(double base, double exponent) {
  constexpr double kHuge = 9223372036854775808.0;  // no exponent in 64 bits
  constexpr int kOverflow = 1 << 12;               // scaling beyond it is zero or infinity anyway
  const bool plain = std::isfinite(base) && std::isfinite(exponent) && base != 0 && std::abs(exponent) < kHuge;
  if (!plain || exponent == 0 || base == 1 || exponent == 1 || exponent == 0.5 || exponent == -0.5) {
    return std::pow(base, exponent);
  }
  double whole_part = 0;
  double fraction = std::modf(std::abs(exponent), &whole_part);
  if (fraction != 0 && base < 0) {
    return std::pow(base, exponent);
  }
  double result = 1;
  if (fraction != 0) {
    if (fraction > 0.5) {
      fraction -= 1;
      whole_part += 1;
    }
    result = std::exp(fraction * natural_logarithm(base));
  }
  int result_scale = 0;
  int scale = 0;
  double square = std::frexp(base, &scale);
  for (auto left = static_cast<std::uint64_t>(whole_part); left != 0; left >>= 1U) {
    if (scale < -kOverflow || scale > kOverflow) {
      result_scale += scale;
      break;
    }
    if ((left & 1U) != 0) {
      result *= square;
      result_scale += scale;
    }
    square *= square;
    scale *= 2;
    if (square < 0.5) {
      square += square;
      --scale;
    }
  }
  return exponent < 0 ? std::ldexp(1 / result, -result_scale) : std::ldexp(result, result_scale);
}

Value pow_function(const Call& call, Context& context) {
  return from_double(call, power(number(call, 0).to_double(), number(call, 1).to_double()), context);
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
