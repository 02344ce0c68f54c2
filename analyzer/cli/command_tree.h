// The commands and options of the command line as plain data, for what is generated from them: shell completions, the
// manual page, and the nearest name of what was mistyped.
#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"

namespace gabion::cli {

struct OptionEntry {
  std::string name;        ///< "--format", or "PATH" of a positional argument
  std::string short_name;  ///< "-h" or empty
  std::string description;
  std::string value;                 ///< "FORMAT", "FILE"; empty for a flag
  std::vector<std::string> choices;  ///< all values there are; empty: any text or file
  bool positional = false;
  bool repeatable = false;
};

struct CommandEntry {
  std::string name;  ///< "scan", "policy eval"; empty for the program itself
  std::string description;
  std::vector<OptionEntry> options;
  std::vector<std::string> children;  ///< last words of the commands below
};

/// All commands that are shown, the program itself first, each before those below it. `rules` are the ids that options
/// for rules offer.
[[nodiscard]] std::vector<CommandEntry> command_tree(const CommandLine& line,
                                                     const std::vector<std::string>& rules = {});

}  // namespace gabion::cli
