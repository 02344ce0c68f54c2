#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/failure.h"

namespace gabion::cli {

int run(int argc, const char* const* argv, Environment& environment) {
  const ParsedOptions parsed = parse_options(argc, argv);
  if (!parsed.options) {
    environment.out << parsed.output;
    environment.err << parsed.error;
    if (parsed.status == kUsage) {
      const source::Error error{.message = parsed.error.substr(0, parsed.error.find('\n')), .path = {}, .hint = {}};
      write_failure_document(parsed.attempted, {&error, 1}, environment.out);
    }
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
    case Command::kPolicyValidate:
    case Command::kPolicyAnalyze:
      return run_policy(options, environment);
    case Command::kCompletions:
      return run_completions(options, environment);
    case Command::kDocs:
      return run_docs(options, environment);
    case Command::kBaseline:
      return run_baseline(options, environment);
    case Command::kInit:
      return run_init(options, environment);
    case Command::kConfigCheck:
    case Command::kConfigSchema:
      return run_config(options, environment);
    case Command::kLsp:
      return run_lsp(options, environment);
    case Command::kNone:
      break;
  }
  return kUsage;
}

}  // namespace gabion::cli
