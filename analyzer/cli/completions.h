// Scripts that complete commands, options and their values in a shell, generated from the command line's definition.
// Printed by `gabion completions SHELL`.
#pragma once

#include <ostream>
#include <span>
#include <string_view>
#include <vector>

#include "cli/command_tree.h"

namespace gabion::cli {

/// Shells that there is a script for: bash, zsh, fish.
[[nodiscard]] std::span<const std::string_view> completion_shells();

/// Prints the script; false when there is none for the shell.
[[nodiscard]] bool write_completions(std::string_view shell, const std::vector<CommandEntry>& tree, std::ostream& out);

}  // namespace gabion::cli
