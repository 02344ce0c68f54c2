// What the layout of a broken text says about its outline: people indent, so a brace that is missing or left over shows
// where it belongs. Used by recovery.cpp; it moves items between bodies and never makes any up.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "syntax/hcl/outline.h"

namespace gabion::syntax::hcl {

/// Column (in bytes, from 0) of a place when nothing but blanks precedes it in its line.
[[nodiscard]] std::optional<std::uint32_t> indentation(std::string_view text, std::uint32_t place);

/// Gives braces and items back to the blocks that they belong to by their indentation, and drops items whose block
/// cannot be told. The outline is of `text` from `base` on. Valid parts of a text are left as they are.
void settle_layout(Outline& outline, std::string_view text, std::uint32_t base);

}  // namespace gabion::syntax::hcl
