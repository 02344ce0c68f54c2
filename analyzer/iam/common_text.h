// A guess at a text that several patterns match, for questions whether there is one: most patterns that have a text in
// common are ARNs of which each field is spelled out by one of them.
#pragma once

#include <optional>
#include <span>

#include "iam/pattern.h"
#include "iam/word.h"

namespace gabion::iam {

/// A text in whose fields stands what the most outspoken of the patterns says; nothing where they do not have the same
/// fields. Whether they match is left to the caller. Holes stay as the first pattern spells them, those of the others
/// are filled in.
[[nodiscard]] std::optional<Word> common_text(std::span<const Pattern* const> patterns, const HoleTable& holes);

}  // namespace gabion::iam
