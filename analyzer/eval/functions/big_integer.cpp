#include "eval/functions/big_integer.h"

namespace gabion::eval::functions {

std::optional<BigInteger> BigInteger::from(const Number& number) {
  if (const auto small = number.to_int64()) {
    return BigInteger(*small);
  }
  if (!number.is_integer() || number.is_infinite()) {
    return std::nullopt;
  }
  BigInteger result;
  // A number that a double holds exactly may have more digits than its shortest text shows: take the double then.
  const double approximate = number.to_double();
  source::Arena scratch(256);
  if (Number::from_double(scratch, approximate) == number) {
    mpz_set_d(result.get(), approximate);
    return result;
  }
  if (mpz_set_str(result.get(), number.to_string().c_str(), 10) != 0) {
    return std::nullopt;
  }
  return result;
}

std::string BigInteger::digits(int base) const {
  std::string out(mpz_sizeinbase(value_, base) + 2, '\0');
  mpz_get_str(out.data(), base, value_);
  out.resize(out.find('\0'));
  if (!out.empty() && out.front() == '-') {
    out.erase(0, 1);
  }
  return out;
}

Number BigInteger::to_number(source::Arena& arena) const {
  if (mpz_fits_slong_p(value_) != 0) {
    return Number(mpz_get_si(value_));
  }
  const std::string text = (sign() < 0 ? "-" : "") + digits(10);
  return Number::parse(arena, text).value_or(Number());
}

}  // namespace gabion::eval::functions
