// format() and formatlist(): the verbs of Go's fmt as Terraform allows them. A result with unknown arguments is a
// symbolic string, so that "%s/*" of an unknown ARN still shows its end.
#pragma once

#include "eval/function.h"

namespace gabion::eval::functions {

[[nodiscard]] Value format_function(const Call& call, Context& context);
[[nodiscard]] Value formatlist_function(const Call& call, Context& context);

}  // namespace gabion::eval::functions
