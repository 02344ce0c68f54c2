// Names and functions in the conditions of a rule that nobody defines. Such a rule is undecided wherever it applies,
// and only those who ask for open questions would see that. Asked when users' rules are loaded; a test asks it of the
// built-in ones.
#pragma once

#include <vector>

#include "engine/rule_data.h"
#include "source/expected.h"

namespace gabion::engine {

/// An error with its place for each name, parameter and function that let names, conditions, messages and places of the
/// rule use and that there is not, with the nearest one that there is.
[[nodiscard]] std::vector<source::Error> undefined_names(const RuleData& rule);

}  // namespace gabion::engine
