#include "cli/commands.h"
#include "cli/exit_status.h"

namespace gabion::cli {

int run(int argc, const char* const* argv, Environment& environment) {
  const ParsedOptions parsed = parse_options(argc, argv);
  if (!parsed.options) {
    environment.out << parsed.output;
    environment.err << parsed.error;
    return parsed.status;
  }
  const Options& options = *parsed.options;
  switch (options.command) {
    case Command::kScan:
      return run_scan(options, environment);
    case Command::kFix:
      return run_fix(options, environment);
    case Command::kShow:
      return run_show(options, environment);
    case Command::kConsole:
      return run_console(options, environment);
    case Command::kRules:
      return run_rules(options, environment);
    case Command::kExplain:
      return run_explain(options, environment);
    case Command::kTest:
      return run_test(options, environment);
    case Command::kPolicyEval:
    case Command::kPolicyProve:
    case Command::kPolicyCompare:
      return run_policy(options, environment);
    case Command::kDocs:
      return run_docs(options, environment);
    case Command::kNone:
      break;
  }
  return kUsage;
}

}  // namespace gabion::cli
