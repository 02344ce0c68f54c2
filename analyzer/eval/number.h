// Numbers as Terraform has them: binary floating point of 512 bits precision (Go's big.Float as cty uses it).
// Small integers are held directly; everything else is a number of the MPFR library in arena memory.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "source/arena.h"

namespace gabion::eval {

/// Limbs and exponent of a big number in an arena; only number.cpp looks inside.
struct BigFloat;

/// An immutable number; copies share the arena's memory.
class Number {
 public:
  constexpr Number() = default;
  /// An integer; `precision` is what a division by or of it carries (Go gives 64 bits to counted integers, 512 to
  /// literals).
  constexpr explicit Number(std::int64_t value, std::uint16_t precision = 64) : small_(value), precision_(precision) {}
  explicit Number(const BigFloat* big) : big_(big), is_big_(true) {}

  /// Decimal text as HCL and JSON write it ("12", "-1.5", "1e9"), or "Inf"; nothing for anything else.
  [[nodiscard]] static std::optional<Number> parse(source::Arena& arena, std::string_view text);
  /// From a double (must be finite).
  [[nodiscard]] static Number from_double(source::Arena& arena, double value);

  /// The value if it is an integer of 64 bits.
  [[nodiscard]] std::optional<std::int64_t> to_int64() const;
  [[nodiscard]] double to_double() const;
  [[nodiscard]] bool is_integer() const;
  [[nodiscard]] bool is_infinite() const;
  [[nodiscard]] int sign() const;
  /// As Terraform turns numbers into strings: no exponent, shortest decimal that reads back at the number's precision.
  [[nodiscard]] std::string to_string() const;
  /// At most ten significant digits with an exponent where needed: what the order of elements in a set goes by.
  [[nodiscard]] std::string to_short_string() const;

  [[nodiscard]] const BigFloat* big() const { return is_big_ ? big_ : nullptr; }
  [[nodiscard]] std::int64_t small() const { return small_; }
  [[nodiscard]] std::uint16_t precision() const { return precision_; }

  friend std::strong_ordering operator<=>(const Number& a, const Number& b);
  friend bool operator==(const Number& a, const Number& b) { return (a <=> b) == std::strong_ordering::equal; }

 private:
  union {
    std::int64_t small_ = 0;
    const BigFloat* big_;
  };
  std::uint16_t precision_ = 64;  ///< of a small number
  bool is_big_ = false;
};

[[nodiscard]] Number add(source::Arena& arena, const Number& a, const Number& b);
[[nodiscard]] Number subtract(source::Arena& arena, const Number& a, const Number& b);
[[nodiscard]] Number multiply(source::Arena& arena, const Number& a, const Number& b);
/// Division by zero is an infinity, or nothing for 0/0.
[[nodiscard]] std::optional<Number> divide(source::Arena& arena, const Number& a, const Number& b);
[[nodiscard]] std::optional<Number> modulo(source::Arena& arena, const Number& a, const Number& b);
[[nodiscard]] Number negate(source::Arena& arena, const Number& a);
/// Largest integer not above, smallest integer not below, integer part.
[[nodiscard]] Number floor(source::Arena& arena, const Number& a);
[[nodiscard]] Number ceil(source::Arena& arena, const Number& a);
[[nodiscard]] Number truncate(source::Arena& arena, const Number& a);
/// Digits of an integer in the given base (2 to 62, as parseint reads them); nothing when one is not a digit.
[[nodiscard]] std::optional<Number> parse_integer(source::Arena& arena, std::string_view digits, int base);

}  // namespace gabion::eval
