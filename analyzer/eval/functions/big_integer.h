// An integer of any size (GMP's mpz), owned by value: for integer formats and address arithmetic.
#pragma once

#include <gmp.h>

#include <cstdint>
#include <optional>
#include <string>

#include "eval/number.h"

namespace gabion::eval::functions {

/// Owns one mpz_t. The handle is open to GMP's functions through get().
class BigInteger {
 public:
  BigInteger() { mpz_init(value_); }
  explicit BigInteger(std::int64_t value) { mpz_init_set_si(value_, value); }
  BigInteger(const BigInteger& other) { mpz_init_set(value_, other.value_); }
  BigInteger& operator=(const BigInteger& other) {
    if (this != &other) {
      mpz_set(value_, other.value_);
    }
    return *this;
  }
  BigInteger(BigInteger&& other) noexcept {
    mpz_init(value_);
    mpz_swap(value_, other.value_);
  }
  BigInteger& operator=(BigInteger&& other) noexcept {
    mpz_swap(value_, other.value_);
    return *this;
  }
  ~BigInteger() { mpz_clear(value_); }

  [[nodiscard]] mpz_ptr get() { return value_; }
  [[nodiscard]] mpz_srcptr get() const { return value_; }

  /// The number if it is an integer.
  [[nodiscard]] static std::optional<BigInteger> from(const Number& number);
  /// Digits in base 2, 8, 10 or 16, without a sign.
  [[nodiscard]] std::string digits(int base) const;
  [[nodiscard]] int sign() const { return mpz_sgn(value_); }
  /// As a number of our own.
  [[nodiscard]] Number to_number(source::Arena& arena) const;

 private:
  mpz_t value_;
};

}  // namespace gabion::eval::functions
