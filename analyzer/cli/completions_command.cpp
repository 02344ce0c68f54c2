#include "cli/commands.h"
#include "cli/completions.h"
#include "cli/exit_status.h"

namespace gabion::cli {

int run_completions(const Options& options, Environment& environment) {
  return write_completions(options.completions.shell, command_tree(CommandLine()), environment.out) ? kClean : kUsage;
}

}  // namespace gabion::cli
