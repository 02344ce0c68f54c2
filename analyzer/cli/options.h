// The command line as data: what the user asked for, checked but not yet acted on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/run.h"
#include "findings/finding.h"

namespace gabion::cli {

enum class Command : std::uint8_t {
  kNone,
  kScan,
  kFix,
  kShow,
  kConsole,
  kRules,
  kExplain,
  kTest,
  kPolicyEval,
  kPolicyProve,
  kPolicyCompare,
  kPolicyValidate,
  kPolicyAnalyze,
  kCompletions,
  kDocs,
  kBaseline,
  kInit,
  kConfigCheck,
  kConfigSchema,
  kLsp,
};

enum class ColorMode : std::uint8_t { kAuto, kAlways, kNever };
/// Whether places in text reports are links (OSC 8).
enum class LinkMode : std::uint8_t { kAuto, kAlways, kNever };

/// FORMAT=FILE of --report; an empty file is standard output.
struct ReportTarget {
  std::string format;
  std::string file;
};

/// Options that several commands share.
struct InputOptions : engine::InputOptions {
  std::string stdin_filename = "stdin.tf";
  std::uint64_t max_memory = 0;  ///< bytes of the process; 0: as many as there are
};

struct ScanOptions {
  std::vector<ReportTarget> reports;
  std::optional<findings::Severity> fail_on;
  std::optional<findings::Severity> min_severity;
  bool show_unresolved = false;
  bool show_suppressed = false;
  bool prove_fixes = false;  ///< leave only proved edits in reports that other programs take edits from
  bool statistics = false;
  bool explain = false;
  LinkMode links = LinkMode::kAuto;
  std::optional<double> min_coverage;      ///< percent
  std::string baseline;                    ///< --baseline
  std::string changed_since;               ///< --changed-since
  bool hook = false;                       ///< --hook: the paths are files that changed
  std::vector<std::string> compare_rules;  ///< --compare-rules: two sets of rules
  std::string cache;                       ///< --cache: a directory, or "off"; empty: the user's
  bool verbose = false;
};

struct BaselineOptions {
  std::string output;  ///< empty: what the configuration names, or the default
  bool prune = false;
};

struct FixCommandOptions {
  bool write = false;
  bool unsafe = false;
  bool interactive = false;
  bool explain = false;
  bool allow_dirty = false;
  bool hook = false;  ///< --hook: the paths are files that changed; no other is written
};

struct RulesOptions {
  std::string format = "text";
  bool parameters = false;
  std::string rule;                ///< explain
  std::vector<std::string> files;  ///< test
};

struct CompletionOptions {
  std::string shell;
};

struct ShowOptions {
  std::string format = "text";
  bool statistics = false;
};

struct ConsoleOptions {
  bool json = false;
};

struct PolicyOptions {
  std::string file;
  std::string new_file;            ///< compare
  std::vector<std::string> files;  ///< validate, analyze
  std::string kind = "identity";
  std::string denies;
  std::string never_allows;
  std::string facts;
  std::string keys;
  std::vector<std::string> without;  ///< facts about AWS that are not assumed
  bool no_aws_facts = false;
  bool equivalent = false;  ///< compare: the status tells whether they differ
  std::string format = "text";
};

/// The generated pages of docs/.
struct DocsOptions {
  std::string directory;
  bool check = false;  ///< compare instead of writing
};

struct Options {
  Command command = Command::kNone;
  std::vector<std::string> arguments;  ///< that all of this was read from
  ColorMode color = ColorMode::kAuto;
  InputOptions input;
  ScanOptions scan;
  FixCommandOptions fix;
  RulesOptions rules;
  ShowOptions show;
  ConsoleOptions console;
  PolicyOptions policy;
  CompletionOptions completions;
  DocsOptions docs;
  BaselineOptions baseline;
};

/// What parsing gave: options to act on, or text to print and a status to end with (help, version, errors).
struct ParsedOptions {
  std::optional<Options> options;
  int status = 0;
  std::string output;  ///< for standard output
  std::string error;   ///< for standard error
  Options attempted;   ///< without options: the command and its format, as far as they could be told
};

[[nodiscard]] ParsedOptions parse_options(int argc, const char* const* argv);

}  // namespace gabion::cli
