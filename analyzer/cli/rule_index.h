// The generated overviews of the rules: by service, by theme, by control, and the map from guardrails to rules. Written
// by the docs command from the rule files and the catalogue.
#pragma once

#include <span>
#include <string>

#include "engine/rule_data.h"

namespace gabion::cli {

/// docs/rules/README.md: all rules by service, then by theme and by control.
[[nodiscard]] std::string rule_index(std::span<const engine::RuleData> rules);

/// docs/guardrails.md: each theme and each guardrail with its rules.
[[nodiscard]] std::string guardrail_map(std::span<const engine::RuleData> rules);

}  // namespace gabion::cli
