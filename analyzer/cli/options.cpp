#include "cli/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "cli/command_line.h"
#include "cli/command_tree.h"
#include "cli/exit_status.h"
#include "engine/rule_compiler.h"
#include "report/formats.h"

namespace gabion::cli {
namespace {

/// The names that were meant, where the parser only says that there is no such command or option.
std::string suggestion(const CommandLine& line, std::span<const std::string_view> arguments) {
  const std::vector<CommandEntry> tree = command_tree(line);
  const CommandEntry* command = &tree.front();
  for (const std::string_view argument : arguments) {
    if (argument == "--") {
      break;
    }
    if (argument.starts_with("--")) {
      const std::string name(argument.substr(0, argument.find('=')));
      std::vector<std::string_view> names = {"--help", "--version"};
      bool known = name == "--help" || name == "--version";
      for (const CommandEntry* scope : {command, &tree.front()}) {
        for (const OptionEntry& option : scope->options) {
          names.push_back(option.name);
          known = known || option.name == name;
        }
      }
      if (!known) {
        const std::string_view close = engine::nearest(name, names);
        return close.empty() ? std::string() : "did you mean \"" + std::string(close) + "\"?";
      }
      continue;
    }
    if (command->children.empty() || argument.starts_with("-")) {
      continue;
    }
    const std::string whole = (command->name.empty() ? "" : command->name + " ") + std::string(argument);
    const auto found =
        std::find_if(tree.begin(), tree.end(), [&](const CommandEntry& entry) { return entry.name == whole; });
    if (found == tree.end()) {
      const std::vector<std::string_view> names(command->children.begin(), command->children.end());
      const std::string_view close = engine::nearest(argument, names);
      return close.empty() ? std::string() : "did you mean \"" + std::string(close) + "\"?";
    }
    command = &*found;
  }
  return {};
}

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

/// Empty for standard output, which cannot be opened by its name where it is a socket, as some CI services have it.
std::string target_of(const std::string& file) {
  return file == "-" || file == "/dev/stdout" ? std::string() : file;
}

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions result;
  CommandLine line;
  Options& options = line.options;
  try {
    line.app.parse(argc, argv);
    // Other reports alone leave standard output empty.
    if (!line.output.empty() || line.reports.empty() || !line.format.empty()) {
      options.scan.reports.push_back({line.format.empty() ? "text" : line.format, target_of(line.output)});
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
      options.scan.reports.push_back({name, target_of(target.substr(equals + 1))});
    }
  } catch (const CLI::ParseError& problem) {
    std::ostringstream out;
    std::ostringstream err;
    const int status = line.app.exit(problem, out, err);
    result.status = status == 0 ? kClean : kUsage;
    result.output = out.str();
    result.attempted = attempt(std::vector<std::string_view>(argv + std::min(argc, 1), argv + argc));
    result.error = status == 0 ? err.str() : "gabion: error: " + err.str();
    const bool unknown_name = problem.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError) ||
                              problem.get_exit_code() == static_cast<int>(CLI::ExitCodes::RequiredError);
    if (unknown_name) {
      const std::vector<std::string_view> arguments(argv + std::min(argc, 1), argv + argc);
      if (const std::string close = suggestion(line, arguments); !close.empty()) {
        // The first line is what programs and people in a hurry read.
        result.error.insert(result.error.find('\n'), " (" + close + ")");
      }
    }
    return result;
  }
  options.color = line.color == "always"  ? ColorMode::kAlways
                  : line.color == "never" ? ColorMode::kNever
                                          : ColorMode::kAuto;
  options.scan.links = line.links == "always"  ? LinkMode::kAlways
                       : line.links == "never" ? LinkMode::kNever
                                               : LinkMode::kAuto;
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
  options.arguments.assign(argv + std::min(argc, 1), argv + argc);
  result.options = std::move(options);
  return result;
}

}  // namespace gabion::cli
