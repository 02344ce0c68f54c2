// The rules that come with the program, compiled from rules/ at build time.
#pragma once

#include <span>

#include "engine/rule_data.h"

namespace gabion::engine {

/// All built-in rules, sorted by id.
[[nodiscard]] std::span<const RuleData> builtin_rules();

}  // namespace gabion::engine
