#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cli/command_line.h"
#include "cli/exit_status.h"
#include "report/formats.h"

namespace gabion::cli {
namespace {

/// What a command line that cannot be parsed was about, so that a program gets the kind of document it waits for.
Options attempt(std::span<const std::string_view> arguments) {
  Options options;
  std::string format;
  bool to_file = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--format" && i + 1 < arguments.size()) {
      format = arguments[i + 1];
    } else if (argument.starts_with("--format=")) {
      format = argument.substr(argument.find('=') + 1);
    } else if (argument == "--output" || argument.starts_with("--output=")) {
      to_file = true;
    }
  }
  const auto has = [&](std::string_view name) {
    return std::find(arguments.begin(), arguments.end(), name) != arguments.end();
  };
  if (has("scan")) {
    options.command = Command::kScan;
    if (!to_file) {
      options.scan.reports.push_back({format, ""});
    }
  } else if (has("policy")) {
    options.command = Command::kPolicyProve;
    options.policy.format = format;
  } else if (has("show")) {
    options.command = Command::kShow;
    options.show.format = format;
  } else if (has("rules")) {
    options.command = Command::kRules;
    options.rules.format = format;
  }
  return options;
}

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions result;
  CommandLine line;
  Options& options = line.options;
  try {
    line.app.parse(argc, argv);
    if (!line.output.empty() || line.reports.empty() || line.format != "text") {
      options.scan.reports.push_back({line.format, line.output});
    }
    for (const std::string& target : line.reports) {
      const std::size_t equals = target.find('=');
      if (equals == std::string::npos || equals + 1 == target.size()) {
        throw CLI::ValidationError("--report", "\"" + target + "\" is not FORMAT=FILE");
      }
      const std::string name = target.substr(0, equals);
      if (!report::is_format(name)) {
        throw CLI::ValidationError("--report", not_a_format(name));
      }
      options.scan.reports.push_back({name, target.substr(equals + 1)});
    }
  } catch (const CLI::ParseError& problem) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = line.app.exit(problem, out, err);
    result.status = status == 0 ? kClean : kUsage;
    result.output = out.str();
    result.attempted = attempt(std::vector<std::string_view>(argv + std::min(argc, 1), argv + argc));
    result.error = status == 0 ? err.str() : "gabion: error: " + err.str();
    return result;
  }
  options.color = line.color == "always"  ? ColorMode::kAlways
                  : line.color == "never" ? ColorMode::kNever
                                          : ColorMode::kAuto;
  for (const auto& [app_command, command] : line.commands) {
    if (app_command->parsed()) {
      options.command = command;
    }
  }
  if (options.policy.files.empty()) {
    options.policy.files.emplace_back("-");
  }
  if (options.input.paths.empty()) {
    options.input.paths.emplace_back(".");
  }
  result.options = std::move(options);
  return result;
}

}  // namespace gabion::cli
