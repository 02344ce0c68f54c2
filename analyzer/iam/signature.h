// Strings that are equal exactly when texts and patterns are: so that a test which occurs twice is one atom. Whatever
// characters a policy has in its texts, none reads as the end of one. Used while a Problem is built; not for people.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "iam/pattern.h"
#include "iam/text.h"

namespace gabion::iam {

[[nodiscard]] std::string signature(std::string_view text);
[[nodiscard]] std::string signature(const Hole& hole);
/// Of a list whose order does not matter.
[[nodiscard]] std::string signature(const std::vector<Text>& list);
/// Of a pattern whose holes have the numbers of a HoleTable.
[[nodiscard]] std::string signature(const Pattern& pattern);

}  // namespace gabion::iam
