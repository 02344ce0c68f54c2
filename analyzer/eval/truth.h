// Three-valued truth. There is no conversion to bool on purpose: unknown must be handled where it is met.
#pragma once

#include <cstdint>

namespace gabion::eval {

enum class Truth : std::uint8_t { kNo, kYes, kUnknown };

[[nodiscard]] constexpr Truth truth_of(bool value) {
  return value ? Truth::kYes : Truth::kNo;
}
[[nodiscard]] constexpr Truth operator!(Truth a) {
  return a == Truth::kUnknown ? a : (a == Truth::kYes ? Truth::kNo : Truth::kYes);
}
/// Kleene's conjunction: a no decides.
[[nodiscard]] constexpr Truth operator&(Truth a, Truth b) {
  if (a == Truth::kNo || b == Truth::kNo) {
    return Truth::kNo;
  }
  return a == Truth::kYes && b == Truth::kYes ? Truth::kYes : Truth::kUnknown;
}
/// Kleene's disjunction: a yes decides.
[[nodiscard]] constexpr Truth operator|(Truth a, Truth b) {
  return !((!a) & (!b));
}

}  // namespace gabion::eval
