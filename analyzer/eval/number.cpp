#include "eval/number.h"

#include <mpfr.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "source/ascii.h"

namespace gabion::eval {

// The significand lies in the arena too, so a big number needs no cleaning up.
struct BigFloat {
  __mpfr_struct value;
};

namespace {

constexpr mpfr_prec_t kFullPrecision = 512;
constexpr mpfr_prec_t kDoublePrecision = 53;
constexpr mpfr_prec_t kMaxPrecision = 1024;
constexpr std::size_t kMaxLimbs = 17;

/// A number being computed: its significand is on the stack.
class Scratch {
 public:
  explicit Scratch(mpfr_prec_t precision) {
    mpfr_custom_init(limbs_.data(), precision);
    mpfr_custom_init_set(&value_, MPFR_ZERO_KIND, 0, precision, limbs_.data());
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() = default;
  [[nodiscard]] mpfr_ptr get() { return &value_; }

 private:
  std::array<mp_limb_t, kMaxLimbs> limbs_{};
  __mpfr_struct value_{};
};

/// Reads a Number as an MPFR operand.
class Operand {
 public:
  explicit Operand(const Number& number) : scratch_(64) {
    if (number.big() != nullptr) {
      view_ = &number.big()->value;
    } else {
      mpfr_set_sj(scratch_.get(), number.small(), MPFR_RNDN);
      view_ = scratch_.get();
    }
  }
  [[nodiscard]] mpfr_srcptr get() const { return view_; }

 private:
  Scratch scratch_;
  mpfr_srcptr view_ = nullptr;
};

mpfr_prec_t precision_of(const Number& number) {
  return number.big() != nullptr ? mpfr_get_prec(&number.big()->value) : mpfr_prec_t{number.precision()};
}

const BigFloat* freeze(source::Arena& arena, mpfr_srcptr value) {
  const mpfr_prec_t precision = mpfr_get_prec(value);
  void* significand = arena.allocate(mpfr_custom_get_size(precision), alignof(mp_limb_t));
  mpfr_custom_init(significand, precision);
  auto* big = arena.make<BigFloat>();
  mpfr_custom_init_set(&big->value, MPFR_ZERO_KIND, 0, precision, significand);
  mpfr_set(&big->value, value, MPFR_RNDN);
  return big;
}

/// The small form where it loses nothing that text or further arithmetic could show.
Number settle(source::Arena& arena, mpfr_srcptr value) {
  const mpfr_prec_t precision = mpfr_get_prec(value);
  const bool negative_zero = mpfr_zero_p(value) != 0 && mpfr_signbit(value) != 0;
  if (precision >= 64 && !negative_zero && mpfr_integer_p(value) != 0 && mpfr_fits_intmax_p(value, MPFR_RNDN) != 0) {
    return Number(static_cast<std::int64_t>(mpfr_get_sj(value, MPFR_RNDN)), static_cast<std::uint16_t>(precision));
  }
  return Number(freeze(arena, value));
}

bool is_decimal(std::string_view text) {
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
    ++at;
  }
  std::size_t digits = 0;
  const auto skip_digits = [&] {
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
      ++at;
      ++digits;
    }
  };
  skip_digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    skip_digits();
  }
  if (digits == 0) {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) {
      ++at;
    }
    const std::size_t first = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') {
      ++at;
    }
    // An exponent of more digits would only make texts of gigabytes.
    if (at == first || at - first > 6) {
      return false;
    }
  }
  return at == text.size();
}

std::optional<std::int64_t> small_integer(std::string_view text) {
  const bool negative = !text.empty() && text[0] == '-';
  const std::string_view digits = text.substr(negative || (!text.empty() && text[0] == '+') ? 1 : 0);
  if (digits.empty() || digits.size() > 18 || (negative && digits.find_first_not_of('0') == std::string_view::npos)) {
    return std::nullopt;
  }
  std::int64_t value = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  return negative ? -value : value;
}

/// Decimal digits and the place of the point: 0.DIGITS * 10^exponent.
struct Decimal {
  std::string digits;
  mpfr_exp_t exponent = 0;
};

Decimal decimal_of(mpfr_srcptr value, std::size_t count, mpfr_rnd_t rounding) {
  Decimal result;
  result.digits.resize(std::max<std::size_t>(count + 2, 7));
  mpfr_get_str(result.digits.data(), &result.exponent, 10, count, value, rounding);
  result.digits.resize(std::strlen(result.digits.c_str()));
  return result;
}

/// The numbers that count as the same as a given one: all that are at most half a unit of its last place away. As in
/// Go, that is so below powers of two as well, where the next number is nearer.
class Neighbourhood {
 public:
  explicit Neighbourhood(mpfr_srcptr value)
      : precision_(mpfr_get_prec(value)),
        low_(precision_ + 2),
        high_(precision_ + 2),
        closed_(mpfr_min_prec(value) < precision_) {
    Scratch half_unit(precision_);
    mpfr_set_ui_2exp(half_unit.get(), 1, mpfr_get_exp(value) - precision_ - 1, MPFR_RNDN);
    mpfr_sub(low_.get(), value, half_unit.get(), MPFR_RNDN);
    mpfr_add(high_.get(), value, half_unit.get(), MPFR_RNDN);
  }

  [[nodiscard]] bool contains(const Decimal& decimal) {
    const std::string text = "0." + decimal.digits + 'e' + std::to_string(decimal.exponent);
    Scratch below(precision_ + 4);
    const int inexact_below = mpfr_strtofr(below.get(), text.c_str(), nullptr, 10, MPFR_RNDD);
    const int above_low = mpfr_cmp(below.get(), low_.get());
    if (above_low < 0 || (above_low == 0 && inexact_below == 0 && !closed_)) {
      return false;
    }
    Scratch above(precision_ + 4);
    const int inexact_above = mpfr_strtofr(above.get(), text.c_str(), nullptr, 10, MPFR_RNDU);
    const int above_high = mpfr_cmp(above.get(), high_.get());
    return above_high < 0 || (above_high == 0 && (inexact_above != 0 || closed_));
  }

 private:
  mpfr_prec_t precision_;
  Scratch low_;
  Scratch high_;
  bool closed_;  // the ends round to an even number
};

/// The digits that a double of a positive number has, where they are near enough to it. Then there are no fewer: two
/// decimals of that many digits are never as near to one number.
std::optional<Decimal> as_double(mpfr_srcptr value, Neighbourhood& near) {
  constexpr mpfr_prec_t kLeastPrecision = 64;
  const double number = mpfr_get_d(value, MPFR_RNDN);
  if (mpfr_get_prec(value) < kLeastPrecision || !std::isnormal(number)) {
    return std::nullopt;
  }
  // d.ddde-dd
  std::array<char, 32> buffer{};
  const char* const end =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific).ptr;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  const std::size_t e = text.find('e');
  int exponent = 0;
  std::from_chars(text.data() + e + (text[e + 1] == '+' ? 2 : 1), end, exponent);
  Decimal decimal{.digits = std::string(text.substr(0, 1)), .exponent = exponent + 1};
  decimal.digits += text.substr(std::min<std::size_t>(2, e), e - std::min<std::size_t>(2, e));
  return near.contains(decimal) ? std::optional(std::move(decimal)) : std::nullopt;
}

/// The fewest digits of a positive number that are nearer to it than to any other. What holds at some count of digits
/// holds at every larger one, so a binary search finds it; most numbers were written with a few.
Decimal shortest(mpfr_srcptr value) {
  Neighbourhood near(value);
  if (std::optional<Decimal> few = as_double(value, near)) {
    return *std::move(few);
  }
  const auto enough = [&](std::size_t count) {
    return near.contains(decimal_of(value, count, MPFR_RNDD)) || near.contains(decimal_of(value, count, MPFR_RNDU));
  };
  std::size_t low = 1;
  std::size_t high = mpfr_get_str_ndigits(10, mpfr_get_prec(value));
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (enough(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  const Decimal down = decimal_of(value, low, MPFR_RNDD);
  const Decimal up = decimal_of(value, low, MPFR_RNDU);
  Decimal result = !near.contains(up) ? down : !near.contains(down) ? up : decimal_of(value, low, MPFR_RNDN);
  const std::size_t last = result.digits.find_last_not_of('0');
  result.digits.resize(last == std::string::npos ? 1 : last + 1);
  return result;
}

template <class Operation>
Number compute(source::Arena& arena, const Number& a, const Number& b, Operation operation) {
  Scratch result(std::max(precision_of(a), precision_of(b)));
  const Operand left(a);
  const Operand right(b);
  operation(result.get(), left.get(), right.get());
  return settle(arena, result.get());
}

template <class Operation>
Number round_with(source::Arena& arena, const Number& a, Operation operation) {
  if (a.big() == nullptr || a.is_infinite()) {
    return a;
  }
  Scratch result(mpfr_get_prec(&a.big()->value));
  operation(result.get(), &a.big()->value);
  return settle(arena, result.get());
}

std::uint16_t wider(const Number& a, const Number& b) {
  return std::max(a.precision(), b.precision());
}

}  // namespace

std::optional<Number> Number::parse(source::Arena& arena, std::string_view text) {
  if (const auto small = small_integer(text)) {
    return Number(*small, static_cast<std::uint16_t>(kFullPrecision));
  }
  Scratch value(kFullPrecision);
  const std::string_view magnitude = text.substr(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
  if (magnitude == "Inf" || magnitude == "inf") {
    mpfr_set_inf(value.get(), text.starts_with('-') ? -1 : 1);
    return settle(arena, value.get());
  }
  if (!is_decimal(text)) {
    return std::nullopt;
  }
  const std::string terminated(text);
  mpfr_strtofr(value.get(), terminated.c_str(), nullptr, 10, MPFR_RNDN);
  return settle(arena, value.get());
}

Number Number::from_double(source::Arena& arena, double value) {
  constexpr double kExactIntegers = 9007199254740992.0;  // beyond it the shortest text of a double has zeros at its end
  if (std::abs(value) <= kExactIntegers && std::trunc(value) == value && !(value == 0.0 && std::signbit(value))) {
    return Number(static_cast<std::int64_t>(value));
  }
  Scratch big(kDoublePrecision);
  mpfr_set_d(big.get(), value, MPFR_RNDN);
  return Number(freeze(arena, big.get()));
}

std::optional<std::int64_t> Number::to_int64() const {
  if (!is_big_) {
    return small_;
  }
  if (mpfr_integer_p(&big_->value) == 0 || mpfr_fits_intmax_p(&big_->value, MPFR_RNDN) == 0) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(mpfr_get_sj(&big_->value, MPFR_RNDN));
}

double Number::to_double() const {
  return !is_big_ ? static_cast<double>(small_) : mpfr_get_d(&big_->value, MPFR_RNDN);
}

bool Number::is_integer() const {
  return !is_big_ || mpfr_integer_p(&big_->value) != 0;
}

bool Number::is_infinite() const {
  return is_big_ && mpfr_inf_p(&big_->value) != 0;
}

int Number::sign() const {
  if (!is_big_) {
    return small_ > 0 ? 1 : (small_ < 0 ? -1 : 0);
  }
  return mpfr_sgn(&big_->value);
}

std::string Number::to_string() const {
  if (!is_big_) {
    return std::to_string(small_);
  }
  mpfr_srcptr value = &big_->value;
  const bool negative = mpfr_signbit(value) != 0;
  if (mpfr_inf_p(value) != 0) {
    return negative ? "-Inf" : "+Inf";
  }
  std::string text = negative ? "-" : "";
  if (mpfr_zero_p(value) != 0) {
    return text + "0";
  }
  Scratch magnitude(mpfr_get_prec(value));
  mpfr_abs(magnitude.get(), value, MPFR_RNDN);
  const Decimal decimal = shortest(magnitude.get());
  if (decimal.exponent <= 0) {
    text += "0.";
    text.append(static_cast<std::size_t>(-decimal.exponent), '0');
    return text + decimal.digits;
  }
  const auto whole = static_cast<std::size_t>(decimal.exponent);
  if (whole >= decimal.digits.size()) {
    text += decimal.digits;
    text.append(whole - decimal.digits.size(), '0');
    return text;
  }
  text += decimal.digits.substr(0, whole);
  text += '.';
  text += decimal.digits.substr(whole);
  return text;
}

std::string Number::to_short_string() const {
  const Operand operand(*this);
  std::array<char, 64> buffer{};
  const int length = mpfr_snprintf(buffer.data(), buffer.size(), "%.10Rg", operand.get());
  return {buffer.data(), static_cast<std::size_t>(std::clamp(length, 0, static_cast<int>(buffer.size()) - 1))};
}

std::strong_ordering operator<=>(const Number& a, const Number& b) {
  if (!a.is_big_ && !b.is_big_) {
    return a.small_ <=> b.small_;
  }
  const Operand left(a);
  const Operand right(b);
  return mpfr_cmp(left.get(), right.get()) <=> 0;
}

Number add(source::Arena& arena, const Number& a, const Number& b) {
  std::int64_t sum = 0;
  if (a.big() == nullptr && b.big() == nullptr && !__builtin_add_overflow(a.small(), b.small(), &sum)) {
    return Number(sum, wider(a, b));
  }
  return compute(arena, a, b, [](mpfr_ptr to, mpfr_srcptr x, mpfr_srcptr y) { mpfr_add(to, x, y, MPFR_RNDN); });
}

Number subtract(source::Arena& arena, const Number& a, const Number& b) {
  std::int64_t difference = 0;
  if (a.big() == nullptr && b.big() == nullptr && !__builtin_sub_overflow(a.small(), b.small(), &difference)) {
    return Number(difference, wider(a, b));
  }
  return compute(arena, a, b, [](mpfr_ptr to, mpfr_srcptr x, mpfr_srcptr y) { mpfr_sub(to, x, y, MPFR_RNDN); });
}

Number multiply(source::Arena& arena, const Number& a, const Number& b) {
  std::int64_t product = 0;
  const bool could_be_negative_zero = a.sign() == 0 || b.sign() == 0;
  if (a.big() == nullptr && b.big() == nullptr && !could_be_negative_zero &&
      !__builtin_mul_overflow(a.small(), b.small(), &product)) {
    return Number(product, wider(a, b));
  }
  return compute(arena, a, b, [](mpfr_ptr to, mpfr_srcptr x, mpfr_srcptr y) { mpfr_mul(to, x, y, MPFR_RNDN); });
}

std::optional<Number> divide(source::Arena& arena, const Number& a, const Number& b) {
  if ((a.sign() == 0 && b.sign() == 0) || (a.is_infinite() && b.is_infinite())) {
    return std::nullopt;
  }
  return compute(arena, a, b, [](mpfr_ptr to, mpfr_srcptr x, mpfr_srcptr y) { mpfr_div(to, x, y, MPFR_RNDN); });
}

std::optional<Number> modulo(source::Arena& arena, const Number& a, const Number& b) {
  if (a.is_infinite() || b.is_infinite()) {
    if (a.sign() == 0 || b.sign() == 0) {
      return std::nullopt;
    }
    return multiply(arena, a, b);
  }
  if (b.sign() == 0) {
    return a;
  }
  const std::optional<Number> quotient = divide(arena, a, b);
  if (!quotient) {
    return std::nullopt;
  }
  return subtract(arena, a, multiply(arena, b, truncate(arena, *quotient)));
}

Number negate(source::Arena& arena, const Number& a) {
  if (a.big() == nullptr && a.small() != 0 && a.small() != std::numeric_limits<std::int64_t>::min()) {
    return Number(-a.small(), a.precision());
  }
  Scratch result(precision_of(a));
  const Operand operand(a);
  mpfr_neg(result.get(), operand.get(), MPFR_RNDN);
  return settle(arena, result.get());
}

Number floor(source::Arena& arena, const Number& a) {
  return round_with(arena, a, [](mpfr_ptr to, mpfr_srcptr x) { mpfr_floor(to, x); });
}

Number ceil(source::Arena& arena, const Number& a) {
  return round_with(arena, a, [](mpfr_ptr to, mpfr_srcptr x) { mpfr_ceil(to, x); });
}

Number truncate(source::Arena& arena, const Number& a) {
  return round_with(arena, a, [](mpfr_ptr to, mpfr_srcptr x) { mpfr_trunc(to, x); });
}

std::optional<Number> parse_integer(source::Arena& arena, std::string_view digits, int base) {
  const std::size_t first = !digits.empty() && (digits[0] == '-' || digits[0] == '+') ? 1 : 0;
  if (digits.size() == first || base < 2 || base > 62) {
    return std::nullopt;
  }
  for (const char c : digits.substr(first)) {
    int digit = 62;
    if (source::is_digit(c)) {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'z') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'Z') {
      digit = c - 'A' + (base <= 36 ? 10 : 36);
    }
    if (digit >= base) {
      return std::nullopt;
    }
  }
  // An integer keeps all its bits; beyond the scratch space it is rounded, which nobody's configuration will see.
  const double bits_per_digit = std::log2(static_cast<double>(base));
  const auto bits = static_cast<mpfr_prec_t>(std::ceil(static_cast<double>(digits.size()) * bits_per_digit));
  Scratch value(std::clamp<mpfr_prec_t>(bits, 64, kMaxPrecision));
  std::string text(digits);
  if (base > 36) {
    // The library orders digits of large bases as 0-9, A-Z, a-z; Go as 0-9, a-z, A-Z.
    for (char& c : text) {
      c = source::is_lower(c) ? source::to_upper(c) : source::to_lower(c);
    }
  }
  mpfr_strtofr(value.get(), text.c_str(), nullptr, base, MPFR_RNDN);
  return settle(arena, value.get());
}

}  // namespace gabion::eval
