#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include "cli/exit_status.h"
#include "cli/version.h"
#include "engine/date.h"
#include "engine/rule_compiler.h"
#include "iam/validate.h"
#include "report/formats.h"

namespace gabion::cli {
namespace {

/// Applies `read` to every value of an option and turns what it refuses into a usage error.
CLI::Validator severity_validator() {
  return CLI::Validator(
      [](const std::string& text) {
        return findings::severity_from_name(text) ? std::string()
                                                  : "\"" + text + "\" is not a severity (low, medium, high, critical)";
      },
      "SEVERITY");
}

CLI::Validator format_validator() {
  return CLI::Validator(
      [](const std::string& text) { return report::is_format(text) ? std::string() : not_a_format(text); }, "FORMAT");
}

/// One limit: a whole number from 1 on.
template <class Number>
void add_limit(CLI::App& app, const std::string& name, Number& target, std::uint64_t unit, std::uint64_t most,
               const std::string& help) {
  app.add_option_function<std::uint64_t>(
         name, [&target, unit](const std::uint64_t& value) { target = static_cast<Number>(value * unit); }, help)
      ->check(CLI::Range(std::uint64_t{1}, most));
}

void add_limits(CLI::App& app, InputOptions& input) {
  constexpr std::uint64_t kMebibyte = std::uint64_t{1024} * 1024;
  constexpr std::uint64_t kMany = 4'000'000'000;
  source::Limits& limits = input.limits;
  app.add_option_function<std::uint64_t>(
         "--max-time",
         [&input](const std::uint64_t& seconds) {
           input.deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
         },
         "Seconds for the analysis; what is not analysed by then is named (default: no limit)")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1'000'000}));
  app.add_option_function<std::uint64_t>(
         "--max-memory",
         [&input](const std::uint64_t& mebibytes) {
           input.max_memory = mebibytes * kMebibyte;
           // All values of a root module together are bounded by so many of the largest (see eval::evaluate).
           constexpr std::uint64_t kValues = 64;
           input.limits.value_bytes = std::min(input.limits.value_bytes, mebibytes * kMebibyte / kValues);
         },
         "MiB for the process; values of one root module may take half of it (default: 512 MiB for those)")
      ->check(CLI::Range(std::uint64_t{32}, std::uint64_t{1024} * 1024));
  add_limit(app, "--max-file-size", limits.file_bytes, kMebibyte, 1024, "MiB of a file that is read (default: 64)");
  add_limit(app, "--max-nesting", limits.nesting, 1, 250,
            "Depth of blocks and expressions in a file (default, and most: 250)");
  app.add_option_function<std::uint32_t>(
         "--max-instances",
         [&limits](const std::uint32_t& instances) {
           limits.total_instances = instances;
           limits.instances = std::max(limits.instances, instances);  // of one resource
         },
         "Instances of resources in one root module (default: 200000, and 10000 of one resource)")
      ->check(CLI::Range(std::uint32_t{1}, std::uint32_t{4'000'000'000}));
  add_limit(app, "--max-steps", limits.steps, 1, 1'000'000 * kMany,
            "Steps of evaluation in one root module (default: 20000000)");
  add_limit(app, "--max-findings", input.max_findings, 1, kMany, "Findings in one root module (default: 1000000)");
}

void add_input(CLI::App& app, InputOptions& input) {
  app.add_option("PATH", input.paths, "Files and directories to read; - is standard input (default: .)");
  app.add_option("--stdin-filename", input.stdin_filename, "Name of what comes from standard input")
      ->capture_default_str();
  app.add_option("--config", input.config, "Configuration file (default: .gabion.yaml, found upward)");
  app.add_flag("--no-config", input.no_config, "Read no configuration file");
  app.add_option("--rule", input.only, "Only these rules: ids, globs, or ids of other scanners' rules")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--skip-rule", input.skip, "Not these rules")->delimiter(',')->allow_extra_args(false);
  app.add_option("--rules", input.rule_paths, "Further rule files, or directories of them")->allow_extra_args(false);
  app.add_option_function<std::vector<std::string>>(
         "--var",
         [&input](const std::vector<std::string>& values) {
           for (const std::string& value : values) {
             const std::size_t equals = value.find('=');
             if (equals == std::string::npos || equals == 0) {
               throw CLI::ValidationError("--var", "\"" + value + "\" is not NAME=VALUE");
             }
             input.variables.push_back({value.substr(0, equals), value.substr(equals + 1)});
           }
         },
         "Value of a root variable, NAME=VALUE")
      ->trigger_on_parse()
      ->allow_extra_args(false)
      ->take_all();
  app.add_option_function<std::vector<std::string>>(
         "--var-file",
         [&input](const std::vector<std::string>& values) {
           for (const std::string& value : values) {
             input.variables.push_back({"", value});
           }
         },
         "File of variable values")
      ->trigger_on_parse()
      ->allow_extra_args(false)
      ->take_all();
  app.add_option("--environment", input.environments, "Only these environments of the configuration file")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option_function<std::string>(
         "--workspace", [&input](const std::string& name) { input.workspace = name; }, "Value of terraform.workspace")
      ->check([](const std::string& name) { return name.empty() ? "a workspace has a name" : std::string(); });
  app.add_option("--exclude", input.exclude, "Leave out paths that match (gitignore patterns)")
      ->allow_extra_args(false);
  app.add_flag("--no-gitignore", input.no_gitignore, "Also read what .gitignore files exclude");
  app.add_flag("--allow-outside", input.allow_outside,
               "Read modules and files outside of the project that the paths are in");
  add_limits(app, input);
  constexpr std::size_t kMostJobs = 1024;
  app.add_option("--jobs", input.jobs, "Threads that work at once (default: 1; 0: as many as the machine has)")
      ->check(CLI::Range(std::size_t{0}, kMostJobs));
  app.add_option("--today", input.today, "Day on which suppressions and observations are judged (default: today, UTC)")
      ->check([](const std::string& text) {
        return engine::is_date(text) ? std::string() : "\"" + text + "\" is no day (YYYY-MM-DD)";
      });
}

void set_severity(CLI::App& app, const std::string& name, std::optional<findings::Severity>& target,
                  const std::string& help) {
  app.add_option_function<std::string>(
         name, [&target](const std::string& text) { target = findings::severity_from_name(text); }, help)
      ->check(severity_validator());
}

}  // namespace

std::string joined_formats() {
  std::string text;
  for (const std::string_view name : report::format_names()) {
    text.append(text.empty() ? "" : ", ").append(name);
  }
  return text;
}

std::string not_a_format(const std::string& text) {
  const std::string_view close = engine::nearest(text, report::format_names());
  return "\"" + text + "\" is not a format" +
         (close.empty() ? " (" + joined_formats() + ")" : ", did you mean \"" + std::string(close) + "\"?");
}

CommandLine::CommandLine() : app("Static policy and infrastructure-as-code security analyzer", "gabion") {
  app.set_version_flag("--version", std::string("gabion ") + kVersion);
  app.require_subcommand(1);
  app.fallthrough();
  app.get_formatter()->column_width(34);

  app.add_option("--color", color, "Colour: auto, always, never")->check(CLI::IsMember({"auto", "always", "never"}));

  CLI::App* scan = app.add_subcommand("scan", "Find violations of the guardrails");
  add_input(*scan, options.input);
  scan->add_option("--format", format, "Format of the report: " + joined_formats())->check(format_validator());
  scan->add_option("--output", output, "File for the report (default: standard output)");
  scan->add_option("--report", reports, "Another report, FORMAT=FILE; repeatable, - is standard output")
      ->allow_extra_args(false);
  set_severity(*scan, "--fail-on", options.scan.fail_on, "Lowest severity that fails the run (default: low)");
  set_severity(*scan, "--min-severity", options.scan.min_severity, "Lowest severity to report");
  scan->add_flag("--show-unresolved", options.scan.show_unresolved, "Also say which rules could not decide, and why");
  scan->add_flag("--show-suppressed", options.scan.show_suppressed, "Also show suppressed findings");
  scan->add_flag("--statistics", options.scan.statistics, "Print counts by rule and the time taken");
  scan->add_flag(
      "--prove-fixes", options.scan.prove_fixes,
      "In JSON, SARIF and GitLab reports, leave edits only where they are proved (analyses again, many times)");
  scan->add_flag("--explain", options.scan.explain,
                 "In text, say with each rule why it matters and where to read more");
  scan->add_option(
          "--min-coverage", options.scan.min_coverage,
          "Fail with status 3 when less than this percentage of files, blocks, modules and policies was analysed")
      ->check(CLI::Range(0.0, 100.0));
  scan->add_option("--links", links, "Links from text to files: auto, always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}));

  scan->add_option("--cache", options.scan.cache,
                   "Directory to remember results in, or off (default: $XDG_CACHE_HOME/gabion)");
  scan->add_flag("-v,--verbose", options.scan.verbose, "Say what is done with the cache");
  scan->add_option("--baseline", options.scan.baseline, "Report only what this file of known findings does not have");
  scan->add_option("--changed-since", options.scan.changed_since,
                   "Report only findings that were not there in this revision of git");
  scan->add_flag("--hook", options.scan.hook,
                 "The paths are files that changed: analyse what they are part of, report what the change brought");
  scan->add_option("--compare-rules", options.scan.compare_rules,
                   "Report what the second of two sets of rules finds that the first does not: directories, files, "
                   "configuration files, or builtin")
      ->expected(2)
      ->allow_extra_args(false);

  CLI::App* baseline =
      app.add_subcommand("baseline", "Write the findings of today to a file that scan --baseline reads");
  add_input(*baseline, options.input);
  baseline->add_option("--output", options.baseline.output, "The file (default: .gabion-baseline.json)");
  baseline->add_flag("--prune", options.baseline.prune, "Only take out of the file what is no longer found");

  CLI::App* init = app.add_subcommand("init", "Write a commented .gabion.yaml, a pre-commit entry and a CI job");
  init->add_option("DIRECTORY", options.input.paths, "The project (default: .)")->expected(0, 1);

  CLI::App* config = app.add_subcommand("config", "Check or describe the configuration file");
  config->require_subcommand(1);
  CLI::App* config_check = config->add_subcommand("check", "Say whether the configuration file is right");
  add_input(*config_check, options.input);
  CLI::App* config_schema = config->add_subcommand("schema", "Print the JSON Schema of .gabion.yaml, for editors");

  CLI::App* fix = app.add_subcommand("fix", "Show, or write, the fixes of what scan finds; every fix is proved first");
  add_input(*fix, options.input);
  fix->add_flag("--write", options.fix.write, "Change the files");
  fix->add_flag("--unsafe", options.fix.unsafe, "Also fixes that may replace a resource, narrow access or cost money");
  fix->add_flag("--interactive", options.fix.interactive, "Ask about every fix, then change the files");
  fix->add_flag("--explain", options.fix.explain,
                "Say why each edit is made where it is, and what changes in the model");
  fix->add_flag("--allow-dirty", options.fix.allow_dirty, "Change files of a git work tree with uncommitted changes");

  fix->add_flag("--hook", options.fix.hook, "The paths are files that changed; analyse what they are part of");

  CLI::App* show = app.add_subcommand("show", "Show what a configuration evaluates to");
  add_input(*show, options.input);
  show->add_option("--format", options.show.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  show->add_flag("--statistics", options.show.statistics, "Count values that are not known, by reason");

  CLI::App* console = app.add_subcommand("console", "Evaluate expressions in the scope of a module");
  add_input(*console, options.input);
  console->add_flag("--json", options.console.json, "Input lines are {\"expr\", \"vars\"}");

  CLI::App* rules = app.add_subcommand("rules", "List the rules");
  rules->add_option("--format", options.rules.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  rules->add_flag("--parameters", options.rules.parameters, "List the parameters instead");
  rules->add_option("--rules", options.input.rule_paths, "Further rule files, or directories of them")
      ->allow_extra_args(false);

  CLI::App* explain = app.add_subcommand("explain", "Explain a rule");
  explain->add_option("RULE", options.rules.rule, "Id of the rule, or of another scanner's rule that tests the same")
      ->required();
  explain->add_option("--rules", options.input.rule_paths, "Further rule files, or directories of them")
      ->allow_extra_args(false);

  CLI::App* test = app.add_subcommand("test", "Run the examples of rule files");
  test->add_option("FILE", options.rules.files, "Rule files or directories (default: the built-in rules)");

  CLI::App* policy = app.add_subcommand("policy", "Questions about IAM policy documents");
  policy->require_subcommand(1);
  CLI::App* policy_eval = policy->add_subcommand(
      "eval", "Decide requests, one JSON object a line: {\"policy\", \"request\"} or {\"policies\", \"request\"}");
  options.policy.file = "-";
  policy_eval->add_option("FILE", options.policy.file, "Lines of JSON; - is standard input (the default)");
  CLI::App* prove = policy->add_subcommand("prove", "Decide a question about all requests at once");
  prove->add_option("FILE", options.policy.file, "Policy document; - is standard input")->required();
  prove->add_option("--denies", options.policy.denies, "Is every request of this formula explicitly denied?");
  prove->add_option("--never-allows", options.policy.never_allows, "Is no request of this formula allowed?");
  CLI::App* compare = policy->add_subcommand("compare", "Find what NEW allows that OLD does not, and the reverse");
  compare->add_option("OLD", options.policy.file, "Policy document before; - is standard input")->required();
  compare->add_option("NEW", options.policy.new_file, "Policy document after")->required();
  compare->add_flag("--equivalent", options.policy.equivalent,
                    "Exit 1 when they differ in any direction, not only when NEW allows more");
  CLI::App* analyze = policy->add_subcommand("analyze", "List statements that say nothing");
  CLI::App* validate = policy->add_subcommand("validate", "List what is wrong with policy documents");
  for (CLI::App* command : {prove, compare, analyze}) {
    command->add_option("--kind", options.policy.kind, "identity, resource or trust")
        ->check(CLI::IsMember({"identity", "resource", "trust"}));
    command->add_option("--facts", options.policy.facts, "Formula that every request satisfies");
    command->add_option("--keys", options.policy.keys, "What may be assumed about context keys, JSON");
    command->add_option("--without", options.policy.without, "Fact about AWS, as answers list it, not to assume");
    command->add_flag("--no-aws-facts", options.policy.no_aws_facts, "Assume no facts about AWS");
  }
  validate->add_option("--kind", options.policy.kind, "What the documents are used as: " + iam::policy_use_names());
  for (CLI::App* command : {analyze, validate}) {
    command->add_option("FILE", options.policy.files, "Policy documents; - is standard input (the default)");
  }
  for (CLI::App* command : {prove, compare, analyze, validate}) {
    command->add_option("--format", options.policy.format, "text or json")->check(CLI::IsMember({"text", "json"}));
  }

  CLI::App* lsp = app.add_subcommand("lsp", "Serve an editor: the language server on standard input and output");
  lsp->add_flag("--stdio")->description("What some editors say to mean the standard streams; there is no other way");

  CLI::App* completions = app.add_subcommand("completions", "Print a script that completes commands in a shell");
  completions->add_option("SHELL", options.completions.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));

  CLI::App* docs = app.add_subcommand("docs", "Write the generated pages of docs/")->group("");
  docs->add_option("DIRECTORY", options.docs.directory)->required();
  docs->add_flag("--check", options.docs.check);

  commands = {{docs, Command::kDocs},
              {completions, Command::kCompletions},
              {scan, Command::kScan},
              {baseline, Command::kBaseline},
              {init, Command::kInit},
              {config_check, Command::kConfigCheck},
              {config_schema, Command::kConfigSchema},
              {fix, Command::kFix},
              {show, Command::kShow},
              {lsp, Command::kLsp},
              {console, Command::kConsole},
              {rules, Command::kRules},
              {explain, Command::kExplain},
              {test, Command::kTest},
              {policy_eval, Command::kPolicyEval},
              {prove, Command::kPolicyProve},
              {compare, Command::kPolicyCompare},
              {validate, Command::kPolicyValidate},
              {analyze, Command::kPolicyAnalyze}};
}

}  // namespace gabion::cli
