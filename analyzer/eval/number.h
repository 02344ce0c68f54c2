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
  constexpr explicit Number(std::int64_t value) : small_(value) {}
  explicit Number(const BigFloat* big) : big_(big) {}

  /// Decimal text as HCL and JSON write it ("12", "-1.5", "1e9"); nothing for anything else.
  [[nodiscard]] static std::optional<Number> parse(source::Arena& arena, std::string_view text);
  /// From a double (must be finite).
  [[nodiscard]] static Number from_double(source::Arena& arena, double value);

  /// The value if it is an integer of 64 bits.
  [[nodiscard]] std::optional<std::int64_t> to_int64() const;
  [[nodiscard]] double to_double() const;
  [[nodiscard]] bool is_integer() const;
  [[nodiscard]] bool is_infinite() const;
  [[nodiscard]] int sign() const;
  /// As Terraform turns numbers into strings: no exponent, shortest decimal that reads back at 512 bits.
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] const BigFloat* big() const { return big_; }
  [[nodiscard]] std::int64_t small() const { return small_; }

  friend std::strong_ordering operator<=>(const Number& a, const Number& b);
  friend bool operator==(const Number& a, const Number& b) { return (a <=> b) == std::strong_ordering::equal; }

 private:
  std::int64_t small_ = 0;
  const BigFloat* big_ = nullptr;
};

[[nodiscard]] Number add(source::Arena& arena, const Number& a, const Number& b);
[[nodiscard]] Number subtract(source::Arena& arena, const Number& a, const Number& b);
[[nodiscard]] Number multiply(source::Arena& arena, const Number& a, const Number& b);
/// Division by zero is an infinity, or nothing for 0/0.
[[nodiscard]] std::optional<Number> divide(source::Arena& arena, const Number& a, const Number& b);
[[nodiscard]] std::optional<Number> modulo(source::Arena& arena, const Number& a, const Number& b);
[[nodiscard]] Number negate(source::Arena& arena, const Number& a);

}  // namespace gabion::eval
