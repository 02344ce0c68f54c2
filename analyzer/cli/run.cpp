#include <new>
#include <sstream>
#include <string>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/failure.h"
#include "cli/scan_cache.h"
#include "report/json_writer.h"
#include "report/unicode.h"

namespace gabion::cli {

namespace {

/// Runs a command that prints what others wrote, and nothing of ours that is not printable.
int run_printably(int (*command)(const Options&, Environment&), const std::string& format, const Options& options,
                  Environment& environment) {
  std::ostringstream out;
  std::ostringstream err;
  Environment inner{environment.in,
                    out,
                    err,
                    environment.files,
                    environment.variables,
                    environment.in_is_terminal,
                    environment.out_is_terminal,
                    environment.err_is_terminal,
                    environment.interruption};
  const int status = command(options, inner);
  environment.out << (format == "json" ? report::printable_json(out.str()) : report::printable_lines(out.str()));
  environment.err << report::printable_lines(err.str());
  return status;
}

int run_command(const ParsedOptions& parsed, Environment& environment) {
  if (!parsed.options) {
    environment.out << parsed.output;
    environment.err << report::printable_lines(parsed.error);
    if (parsed.status == kUsage) {
      const source::Error error{.message = parsed.error.substr(0, parsed.error.find('\n')), .path = {}, .hint = {}};
      write_failure_document(parsed.attempted, {&error, 1}, environment.out);
    }
    return parsed.status;
  }
  const Options& options = *parsed.options;
  switch (options.command) {
    case Command::kScan:
      return run_remembered(run_scan, options, environment);
    case Command::kFix:
      return run_fix(options, environment);
    case Command::kShow:
      return run_show(options, environment);
    case Command::kConsole:
      return run_console(options, environment);
    case Command::kRules:
      return run_printably(run_rules, options.rules.format, options, environment);
    case Command::kExplain:
      return run_printably(run_explain, "text", options, environment);
    case Command::kTest:
      return run_printably(run_test, "text", options, environment);
    case Command::kPolicyEval:  // answers a request as soon as it has read it
      return run_policy(options, environment);
    case Command::kPolicyProve:
    case Command::kPolicyCompare:
    case Command::kPolicyValidate:
    case Command::kPolicyAnalyze:
      return run_printably(run_policy, options.policy.format, options, environment);
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

}  // namespace

int run(int argc, const char* const* argv, Environment& environment) {
  try {
    return run_command(parse_options(argc, argv), environment);
  } catch (const std::bad_alloc&) {
    return fail_for_memory({}, environment, true);
  }
}

}  // namespace gabion::cli
