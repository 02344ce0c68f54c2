// Which errors of evaluation are ours: a limit was reached where Terraform would have gone on. Whoever reports errors
// tells them from the mistakes of a configuration.
#pragma once

#include "eval/value.h"

namespace gabion::eval {

/// Whether the value could not be made because it is nested too deeply or too large.
[[nodiscard]] bool is_limit(const EvaluationError& error);

}  // namespace gabion::eval
