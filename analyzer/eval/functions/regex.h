// Regular expressions as Go's regexp package has them, on RE2: regex, regexall and the pattern form of replace.
#pragma once

#include <string_view>

#include "eval/function.h"

namespace gabion::eval::functions {

[[nodiscard]] Value regex_function(const Call& call, Context& context);
[[nodiscard]] Value regexall_function(const Call& call, Context& context);
/// Result types, which depend on the groups of the pattern.
[[nodiscard]] const Type* regex_type(const Call& call, Context& context);
[[nodiscard]] const Type* regexall_type(const Call& call, Context& context);

/// Replaces all matches; `$1` and `${name}` in the replacement stand for groups, `$$` for a dollar sign.
[[nodiscard]] Value replace_by_pattern(const Call& call, std::string_view text, std::string_view pattern,
                                       std::string_view replacement, Context& context);

}  // namespace gabion::eval::functions
