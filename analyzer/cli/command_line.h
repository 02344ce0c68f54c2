// The definition of the command line: every command and option with its help, once. parse_options() reads arguments by
// it; the shell completions and the manual page are generated from it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>
#include <vector>

#include "cli/options.h"

namespace gabion::cli {

/// Parsing writes into `options` and the texts beside it; not moved, because the parser points at them.
struct CommandLine {
  CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  CLI::App app;
  Options options;
  std::string color = "auto";
  std::string links = "auto";
  std::string format;  ///< empty when none was asked for
  std::string output;
  std::vector<std::string> reports;
  std::vector<std::pair<const CLI::App*, Command>> commands;
};

/// "text, json, ...": all output formats.
[[nodiscard]] std::string joined_formats();
/// The message for a name that is no output format, with the nearest one.
[[nodiscard]] std::string not_a_format(const std::string& text);

}  // namespace gabion::cli
