// Values as they may be printed: what Terraform marks as sensitive, and what is a secret by its format or its name,
// becomes "(sensitive value)". Used by `gabion show` and `gabion console`.
#pragma once

#include <string_view>

#include "eval/value.h"
#include "secrets/redactor.h"
#include "source/arena.h"

namespace gabion::terraform {

/// The value with everything secret replaced; `name` is what it is known by ("" for nothing). A value without secrets
/// is given back as it is.
[[nodiscard]] eval::Value shown_value(const eval::Value& value, std::string_view name,
                                      const secrets::Redactor& redactor, source::Arena& arena);

}  // namespace gabion::terraform
