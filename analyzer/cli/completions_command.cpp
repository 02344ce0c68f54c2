#include <algorithm>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/completions.h"
#include "cli/exit_status.h"
#include "engine/builtin_rules.h"

namespace gabion::cli {

int run_completions(const Options& options, Environment& environment) {
  std::vector<std::string> rules;
  for (const engine::RuleData& rule : engine::builtin_rules()) {
    rules.emplace_back(rule.id);
  }
  std::sort(rules.begin(), rules.end());
  const std::vector<CommandEntry> tree = command_tree(CommandLine(), rules);
  return write_completions(options.completions.shell, tree, environment.out) ? kClean : kUsage;
}

}  // namespace gabion::cli
