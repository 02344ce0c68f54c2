// Numbers as text in the styles of Go's big.Float: %e, %f and %g with a precision or with the fewest digits.
#pragma once

#include <string>

#include "eval/number.h"

namespace gabion::eval::functions {

/// `style` is one of e, E, f, g, G; `precision` below zero means the fewest digits that read back as the number.
[[nodiscard]] std::string decimal_text(const Number& number, char style, int precision);

}  // namespace gabion::eval::functions
