#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/failure.h"
#include "cli/terminal.h"
#include "cli/version.h"
#include "report/json.h"
#include "report/report.h"
#include "report/sarif.h"
#include "report/text.h"

namespace gabion::cli {
namespace {

/// Absolute working directory, or nothing when it cannot be told.
std::string working_directory(const source::FileSystem& files) {
  const auto path = files.canonical(".");
  return path ? *path : std::string();
}

void write(const report::Report& report, const std::string& format, const report::TextOptions& text,
           std::ostream& out) {
  if (format == "json") {
    report::write_json(report, out);
  } else if (format == "sarif") {
    report::write_sarif(report, out);
  } else {
    report::write_text(report, text, out);
  }
}

/// Writes next to the target and renames, so that readers see the old report or the new one, never half of it. A link
/// keeps leading where it led, and what is no regular file (a pipe, /dev/null) is written to, never replaced.
source::Expected<source::Unit> write_file(const std::string& path, const std::string& contents) {
  const source::Error failure{
      .message = "the report cannot be written", .path = path, .hint = "check that the directory exists and has room"};
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  const bool fresh = status.type() == std::filesystem::file_type::not_found;
  const bool direct = !fresh && status.type() != std::filesystem::file_type::regular;
  std::string target = path;
  if (!fresh && !direct) {
    if (const std::filesystem::path real = std::filesystem::canonical(path, ignored); !ignored) {
      target = real.string();
    }
  }
  const std::string temporary = direct ? target : target + ".gabion-" + std::to_string(getpid());
  {
    std::ofstream out(temporary, std::ios::binary);
    out << contents;
    out.flush();
    if (!out.good()) {
      if (!direct) {
        static_cast<void>(unlink(temporary.c_str()));
      }
      return failure;
    }
  }
  if (!direct && rename(temporary.c_str(), target.c_str()) != 0) {
    static_cast<void>(unlink(temporary.c_str()));
    return failure;
  }
  return source::Unit{};
}

void print_statistics(const engine::AnalysisResult& result, std::chrono::steady_clock::duration elapsed,
                      std::ostream& err) {
  std::map<std::string_view, std::pair<std::size_t, std::size_t>> by_rule;
  for (const findings::Finding& finding : result.findings) {
    ++by_rule[finding.rule->id].first;
  }
  for (const findings::Unresolved& note : result.unresolved) {
    ++by_rule[note.rule->id].second;
  }
  for (const auto& [id, counts] : by_rule) {
    err << id << ": " << counts.first << " findings, " << counts.second << " unresolved\n";
  }
  const auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(elapsed).count();
  err << "analysis took " << microseconds / 1000 << '.' << (microseconds % 1000) / 100 << " ms\n";
}

}  // namespace

int run_scan(const Options& options, Environment& environment) {
  Run run;
  if (const std::vector<source::Error> errors = prepare(options, environment, run); !errors.empty()) {
    return fail(options, errors, environment);
  }
  const auto begin = std::chrono::steady_clock::now();
  source::ArtifactStore artifacts;
  auto result = engine::analyze(run.request(), artifacts);
  if (!result) {
    return fail(options, {&result.error(), 1}, environment);
  }
  const auto elapsed = std::chrono::steady_clock::now() - begin;

  const findings::Severity fail_on =
      options.scan.fail_on.value_or(run.settings.fail_on.value_or(findings::Severity::kLow));
  const bool failed = std::any_of(
      result->findings.begin(), result->findings.end(),
      [&](const findings::Finding& finding) { return !finding.suppression && finding.severity >= fail_on; });
  if (const auto lowest = options.scan.min_severity ? options.scan.min_severity : run.settings.min_severity) {
    std::erase_if(result->findings, [&](const findings::Finding& finding) { return finding.severity < *lowest; });
  }

  report::Report report{.artifacts = artifacts,
                        .findings = result->findings,
                        .unresolved = {},
                        .diagnostics = result->diagnostics,
                        .summary = {},
                        .rules = {},
                        .tool_name = "gabion",
                        .tool_version = kVersion,
                        .base = working_directory(environment.files)};
  if (options.scan.show_unresolved) {
    report.unresolved = result->unresolved;
  }
  for (const engine::Rule& rule : run.rules.rules()) {
    report.rules.push_back(&rule.description);
  }
  report.summary = {.files = result->coverage.files,
                    .modules = result->coverage.modules,
                    .resources = result->coverage.resources,
                    .policies = result->coverage.policies,
                    .rules = run.rules.rules().size(),
                    .counts = report::count(result->findings),
                    .incomplete = result->coverage.incomplete};

  for (const ReportTarget& target : options.scan.reports) {
    report::TextOptions text;
    text.show_unresolved = options.scan.show_unresolved;
    text.show_suppressed = options.scan.show_suppressed;
    if (target.file.empty()) {
      text.colour = use_colour(options.color, environment.out_is_terminal, environment.variables);
      text.width = terminal_width(environment.variables);
      write(report, target.format, text, environment.out);
    } else {
      std::ostringstream contents;
      write(report, target.format, text, contents);
      if (const auto written = write_file(target.file, contents.str()); !written) {
        print_error(written.error(), environment.err);
        return kUsage;
      }
    }
  }
  if (options.scan.statistics) {
    print_statistics(*result, elapsed, environment.err);
  }
  if (failed) {
    return kFindings;
  }
  return result->coverage.incomplete ? kIncomplete : kClean;
}

}  // namespace gabion::cli
