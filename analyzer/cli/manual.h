// The manual page, generated from the command line's definition. Written by `gabion docs`, so that no option is missing
// in it.
#pragma once

#include <string>
#include <vector>

#include "cli/command_tree.h"

namespace gabion::cli {

/// The page gabion(1) in the macros of man(7).
[[nodiscard]] std::string manual_page(const std::vector<CommandEntry>& tree);

}  // namespace gabion::cli
