// jsondecode, also of text that is known in part: what came from jsonencode is taken as it was, and JSON text with
// unknown pieces gives a structure with unknown leaves.
#pragma once

#include "eval/function.h"

namespace gabion::eval::functions {

[[nodiscard]] Value jsondecode(const Call& call, Context& context);

}  // namespace gabion::eval::functions
