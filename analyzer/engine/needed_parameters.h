// Which parameters of an organisation a check cannot do without. A rule without them is silent, and says so once. Used
// by the judge alone.
#pragma once

#include <string_view>
#include <vector>

#include "syntax/hcl/ast.h"

namespace gabion::engine {

/// Names of the parameters whose lists must not be empty for the condition to hold: `length(config.NAME) > 0` among
/// what is joined by &&, and the other branch of a conditional on `length(config.NAME) == 0`.
[[nodiscard]] std::vector<std::string_view> needed_parameters(const syntax::hcl::Expression& given);

}  // namespace gabion::engine
