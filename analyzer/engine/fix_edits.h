// Edits of texts: applying them, and whether they can be made at once. Used by whatever shows, chooses or proves fixes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "findings/finding.h"

namespace gabion::engine {

/// Text with the edits applied; they must be of that text, sorted and not overlapping.
[[nodiscard]] std::string apply_edits(std::string_view text, std::span<const findings::Edit> edits);

/// Do some of the edits overlap, or insert at one place?
[[nodiscard]] bool in_conflict(const std::vector<findings::Edit>& edits, const std::vector<findings::Edit>& others);

/// The same, where insertions of whole lines at one place are none: together they are one after the other.
[[nodiscard]] bool in_conflict_composed(const std::vector<findings::Edit>& edits,
                                        const std::vector<findings::Edit>& others);

}  // namespace gabion::engine
