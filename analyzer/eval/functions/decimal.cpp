#include "eval/functions/decimal.h"

#include <mpfr.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace gabion::eval::functions {
namespace {

/// Digits without point and the power of ten: 0.DIGITS * 10^exponent. Zero has no digits.
struct Decimal {
  std::string digits;
  std::int64_t exponent = 0;
};

/// From plain decimal text without an exponent.
Decimal from_text(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    text.remove_prefix(1);
  }
  const std::size_t point = std::min(text.find('.'), text.size());
  Decimal decimal;
  decimal.exponent = static_cast<std::int64_t>(point);
  decimal.digits = text.substr(0, point);
  if (point < text.size()) {
    decimal.digits += text.substr(point + 1);
  }
  const std::size_t first = std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size());
  decimal.digits.erase(0, first);
  decimal.exponent -= static_cast<std::int64_t>(first);
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
  if (decimal.digits.empty()) {
    decimal.exponent = 0;
  }
  return decimal;
}

/// The number as MPFR has it, while in scope.
class Float {
 public:
  explicit Float(const Number& number) {
    constexpr mpfr_prec_t kPrecision = 512;
    mpfr_init2(value_, kPrecision);
    source::Arena scratch(256);
    const double approximate = number.to_double();
    if (Number::from_double(scratch, approximate) == number) {
      mpfr_set_d(value_, approximate, MPFR_RNDN);
    } else {
      mpfr_set_str(value_, number.to_string().c_str(), 10, MPFR_RNDN);
    }
  }
  Float(const Float&) = delete;
  Float& operator=(const Float&) = delete;
  ~Float() { mpfr_clear(value_); }
  [[nodiscard]] mpfr_srcptr get() const { return value_; }

 private:
  mpfr_t value_;
};

/// Rounded to so many digits, halves to even.
Decimal rounded(const Float& value, std::size_t count) {
  Decimal decimal;
  mpfr_exp_t exponent = 0;
  char* text = mpfr_get_str(nullptr, &exponent, 10, count, value.get(), MPFR_RNDN);
  if (text != nullptr) {
    decimal.digits = text[0] == '-' ? text + 1 : text;
    mpfr_free_str(text);
  }
  decimal.exponent = exponent;
  decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
  return decimal;
}

/// Digit `index` after the start, zero beyond the end.
char digit(const Decimal& decimal, std::int64_t index) {
  return index >= 0 && index < static_cast<std::int64_t>(decimal.digits.size())
             ? decimal.digits[static_cast<std::size_t>(index)]
             : '0';
}

std::string exponential(const Decimal& decimal, std::int64_t precision, char letter) {
  std::string out(1, digit(decimal, 0));
  if (precision > 0) {
    out += '.';
    for (std::int64_t i = 1; i <= precision; ++i) {
      out += digit(decimal, i);
    }
  }
  const std::int64_t exponent = decimal.digits.empty() ? 0 : decimal.exponent - 1;
  out += letter;
  out += exponent < 0 ? '-' : '+';
  const std::string text = std::to_string(std::abs(exponent));
  out += text.size() < 2 ? "0" + text : text;
  return out;
}

std::string fixed(const Decimal& decimal, std::int64_t precision) {
  std::string out;
  for (std::int64_t i = 0; i < decimal.exponent; ++i) {
    out += digit(decimal, i);
  }
  if (out.empty()) {
    out = "0";
  }
  if (precision > 0) {
    out += '.';
    for (std::int64_t i = 0; i < precision; ++i) {
      out += digit(decimal, decimal.exponent + i);
    }
  }
  return out;
}

std::string general(const Decimal& decimal, std::int64_t precision, bool shortest, char letter) {
  const auto size = static_cast<std::int64_t>(decimal.digits.size());
  std::int64_t limit = precision;
  if (limit > size && size >= decimal.exponent) {
    limit = size;
  }
  if (shortest) {
    limit = 6;
  }
  const std::int64_t exponent = decimal.exponent - 1;
  if (exponent < -4 || exponent >= limit) {
    return exponential(decimal, std::min(precision, size) - 1, letter);
  }
  const std::int64_t digits = precision > decimal.exponent ? size : precision;
  return fixed(decimal, std::max<std::int64_t>(digits - decimal.exponent, 0));
}

}  // namespace

std::string decimal_text(const Number& number, char style, int precision) {
  const std::string plain = number.to_string();
  if (number.is_infinite()) {
    return number.sign() < 0 ? "-Inf" : "+Inf";
  }
  const std::string sign = plain.front() == '-' ? "-" : "";
  const bool shortest = precision < 0;
  Decimal decimal = from_text(plain);
  std::int64_t count = precision;
  const auto size = static_cast<std::int64_t>(decimal.digits.size());
  if (shortest) {
    switch (style) {
      case 'e':
      case 'E':
        count = size - 1;
        break;
      case 'f':
        count = std::max<std::int64_t>(size - decimal.exponent, 0);
        break;
      default:
        count = size;
        break;
    }
  } else if (!decimal.digits.empty()) {
    const Float value(number);
    if (style == 'e' || style == 'E') {
      decimal = rounded(value, static_cast<std::size_t>(count + 1));
    } else if (style == 'f') {
      // The number of digits depends on where the first one is, which rounding to a whole may move.
      const std::int64_t digits = decimal.exponent + count;
      if (digits > 0) {
        decimal = rounded(value, static_cast<std::size_t>(digits));
      } else if (digits == 0) {
        // Zero or one unit in the last place: more than half rounds up, and half goes to even, which is zero. So many
        // digits tell every number of our precision from the half that its shortest text shows.
        constexpr std::size_t kTelling = 400;
        const bool up = rounded(value, kTelling).digits > "5";
        decimal = up ? Decimal{"1", decimal.exponent + 1} : Decimal{};
      } else {
        decimal = Decimal{};
      }
    } else {
      count = std::max<std::int64_t>(count, 1);
      decimal = rounded(value, static_cast<std::size_t>(count));
    }
  } else if (style == 'g' || style == 'G') {
    count = std::max<std::int64_t>(count, 1);
  }
  switch (style) {
    case 'e':
    case 'E':
      return sign + exponential(decimal, count, style);
    case 'f':
      return sign + fixed(decimal, count);
    default:
      return sign + general(decimal, count, shortest, style == 'g' ? 'e' : 'E');
  }
}

}  // namespace gabion::eval::functions
