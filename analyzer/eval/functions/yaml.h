// YAML as Terraform reads and writes it: yamldecode and yamlencode.
#pragma once

#include "eval/function.h"

namespace gabion::eval::functions {

[[nodiscard]] Value yamldecode(const Call& call, Context& context);
[[nodiscard]] Value yamlencode(const Call& call, Context& context);

}  // namespace gabion::eval::functions
