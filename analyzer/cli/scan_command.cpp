#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <new>
#include <optional>
#include <set>

#include "cli/change.h"
#include "cli/commands.h"
#include "cli/comparison.h"
#include "cli/exit_status.h"
#include "cli/failure.h"
#include "cli/report_output.h"
#include "cli/version.h"
#include "cli/watched_progress.h"
#include "engine/baseline.h"
#include "engine/fix_offers.h"
#include "engine/identity.h"
#include "report/coverage.h"
#include "report/formats.h"
#include "report/report.h"

namespace gabion::cli {
namespace {

void print_statistics(const engine::AnalysisResult& result, const findings::FindingRange& findings,
                      std::chrono::steady_clock::duration elapsed, std::ostream& err) {
  std::map<std::string_view, std::pair<std::size_t, std::size_t>> by_rule;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    ++by_rule[findings.brief(i).rule->id].first;
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

bool has_baseline(const Options& options, const Run& run) {
  return !options.scan.baseline.empty() || !run.settings.baseline.empty();
}

bool writes(const Options& options, bool (*wanted)(const report::Format&)) {
  return std::any_of(options.scan.reports.begin(), options.scan.reports.end(), [&](const ReportTarget& target) {
    const report::Format* const format = report::find_format(target.format);
    return format != nullptr && wanted(*format);
  });
}

/// Finds out what changed, where only that is asked about, and narrows the run to it. Null when everything is.
source::Expected<std::unique_ptr<Change>> look_at_change(const Options& options, const Environment& environment,
                                                         Run& run) {
  if (!options.scan.hook && options.scan.changed_since.empty()) {
    return std::unique_ptr<Change>();
  }
  if (run.overlay != nullptr) {
    return source::Error{.message = "standard input has no earlier version", .path = {}, .hint = "name files"};
  }
  auto found =
      options.scan.hook ? hook_change(run, environment) : change_since(options.scan.changed_since, run, environment);
  if (!found) {
    return found.error();
  }
  auto change = std::make_unique<Change>(std::move(*found));
  if (options.scan.hook) {
    run.paths = {"."};
    run.files = change->now.get();
    run.settings.handling.partial = false;  // the files are whole modules with all their callers
  }
  run.inventory = &change->inventory;
  return change;
}

/// Takes out the findings that nobody asked about: what an earlier version or another set of rules finds as well, and
/// marks what a baseline knows.
source::Expected<source::Unit> keep_asked_for(const Options& options, const Environment& environment, const Run& run,
                                              const Change* change, std::vector<findings::Finding>& findings,
                                              const source::ArtifactStore& artifacts) {
  if (!options.scan.compare_rules.empty()) {
    if (auto compared = keep_found_by_new_rules(options, environment, findings, artifacts); !compared) {
      return compared;
    }
  }
  if (change != nullptr && change->before.empty()) {
    std::erase_if(findings, [&](const findings::Finding& finding) {
      return std::find(change->changed.begin(), change->changed.end(), report::path_of(finding.region, artifacts)) ==
             change->changed.end();
    });
  } else if (change != nullptr) {
    for (const EarlierVersion& before : change->before) {
      if (auto kept = keep_introduced(before, options, environment, run, findings, artifacts); !kept) {
        return kept;
      }
    }
  }
  if (!has_baseline(options, run)) {
    return source::Unit{};
  }
  const auto known =
      engine::read_baseline(engine::baseline_path(options.scan.baseline, run.settings), environment.files);
  if (!known) {
    return known.error();
  }
  engine::suppress_known(*known, findings, artifacts);
  return source::Unit{};
}

/// A module that is called and that the change took away: what it would say is missing, which a scan of everything only
/// warns of.
void miss_deleted_modules(const Change& change, const source::FileSystem& now, engine::AnalysisResult& result) {
  std::set<std::string> gone;
  for (const std::string& path : change.changed) {
    if (!now.status(path)) {
      gone.insert(source::directory_of(path));
    }
  }
  for (findings::Diagnostic& diagnostic : result.diagnostics) {
    if (diagnostic.code == "module-not-found" && gone.contains(diagnostic.path)) {
      diagnostic.severity = findings::DiagnosticSeverity::kError;
      diagnostic.hint = "the change takes its files away";
      result.coverage.incomplete = true;
    }
  }
}

/// Whether a limit was reached that another run, or another machine, may not reach.
bool hangs_on_the_machine(const findings::Diagnostics& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const findings::Diagnostic& diagnostic) {
    return diagnostic.code == "time-limit" || diagnostic.code == "memory-limit";
  });
}

/// What the reports say about the analysis as a whole.
void describe(const engine::AnalysisResult& result, const Options& options, const Run& run, report::Report& report) {
  report.compared = has_baseline(options, run);
  report.show_known = options.scan.show_suppressed;
  report.undecided = result.unresolved;
  report.ledger = &result.ledger;
  if (options.scan.show_unresolved) {
    report.unresolved = result.unresolved;
  }
  for (const engine::Rule& rule : run.rules.rules()) {
    report.rules.push_back(&rule.description);
  }
  report.summary = {.files = result.coverage.files,
                    .modules = result.coverage.modules,
                    .resources = result.coverage.resources,
                    .policies = result.coverage.policies,
                    .rules = run.rules.rules().size(),
                    .counts = report::count(report.findings),
                    .incomplete = result.coverage.incomplete};
}

/// Whether one of the findings fails the run.
bool fails(const Options& options, const Run& run, const findings::FindingRange& findings) {
  const findings::Severity lowest =
      options.scan.fail_on.value_or(run.settings.fail_on.value_or(findings::Severity::kLow));
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const findings::Brief finding = findings.brief(i);
    if (counts(finding) && finding.severity >= lowest) {
      return true;
    }
  }
  return false;
}

/// Proves the fixes that are shown, or takes secrets out of them, and the edits of those that are guesses.
void prepare_fixes(engine::OfferProver* prover, engine::AnalysisResult& result,
                   const source::ArtifactStore& artifacts) {
  if (prover == nullptr) {
    engine::leave_out_guesses(result.packed);  // which are without secrets as they come from the analysis
    engine::leave_out_secrets(result.findings, artifacts);
    engine::leave_out_guesses(result.findings);
    return;
  }
  if (const std::size_t untried = prover->prove(result.findings); untried > 0) {
    result.diagnostics.push_back({.severity = findings::DiagnosticSeverity::kNote,
                                  .code = "fixes-untried",
                                  .message = std::to_string(untried) +
                                             " fixes are shown without edits, because proving "
                                             "them would take too long here",
                                  .hint = "gabion fix proves all of them",
                                  .region = {},
                                  .path = {}});
  }
}

/// The scan itself; `output_began` becomes true before the first byte of a report is written.
int scan(const Options& options, Environment& environment, bool& output_began) {
  Run run;
  const Options wanted =
      options.scan.compare_rules.size() == 2 ? with_rules(options, options.scan.compare_rules[1]) : options;
  if (const std::vector<source::Error> errors = prepare(wanted, environment, run); !errors.empty()) {
    return fail(options, errors, environment);
  }
  const auto refuse = [&](const source::Error& error) { return fail(options, {&error, 1}, environment); };
  const auto change = look_at_change(options, environment, run);
  if (!change) {
    return refuse(change.error());
  }
  const std::int64_t started = now(environment);
  const auto begin = std::chrono::steady_clock::now();
  source::ArtifactStore artifacts;
  WatchedProgress progress("analysing", environment);
  const CountedFileSystem counted(*run.files, progress);
  run.files = &counted;
  engine::AnalysisRequest request = run.request();
  request.progress = [&](std::uint64_t done, std::uint64_t total) { progress.set(done, total); };
  engine::OfferProver prover(request, artifacts);
  const bool proves =
      options.scan.prove_fixes && writes(options, [](const report::Format& format) { return format.shows_edits; });
  request.proposals = proves;
  // Comparing and proving go to and fro between findings; a report only looks at one after the other.
  request.packed = !proves && *change == nullptr && !has_baseline(options, run) && options.scan.compare_rules.empty();
  request.kept = proves ? nullptr : environment.kept;  // proofs need more of a root module than is kept
  auto result = proves ? prover.analyze() : engine::analyze(request, artifacts);
  progress.finish();
  if (!result) {
    return refuse(result.error());
  }
  if (*change != nullptr) {
    miss_deleted_modules(**change, *run.files, *result);
  }
  engine::tell_apart(result->packed);
  engine::tell_apart(result->findings);
  if (const auto kept = keep_asked_for(options, environment, run, change->get(), result->findings, artifacts); !kept) {
    return refuse(kept.error());
  }
  const auto elapsed = std::chrono::steady_clock::now() - begin;

  const auto found = [&] {
    return request.packed ? findings::FindingRange(result->packed) : findings::FindingRange(result->findings);
  };
  const bool failed = fails(options, run, found());
  if (const auto lowest = options.scan.min_severity ? options.scan.min_severity : run.settings.min_severity) {
    const auto is_minor = [&](const auto& finding) { return finding.severity < *lowest; };
    result->packed.erase_if(is_minor);
    std::erase_if(result->findings, is_minor);
  }
  prepare_fixes(proves ? &prover : nullptr, *result, artifacts);

  report::Report report{.artifacts = artifacts,
                        .findings = found(),
                        .unresolved = {},
                        .diagnostics = result->diagnostics,
                        .summary = {},
                        .rules = {},
                        .tool_name = "gabion",
                        .tool_version = kVersion,
                        .base = {}};
  describe(*result, options, run, report);
  report::ShownLines lines;
  if (*change != nullptr &&
      writes(options, [](const report::Format& format) { return format.name == "github-review"; })) {
    lines = shown_lines(**change, *run.files, result->findings, artifacts);
    report.shown_lines = &lines;
  }
  report.started = started;
  report.finished = now(environment);
  output_began = true;
  if (const auto written = write_reports(report, options, environment); !written) {
    print_error(written.error(), environment.err);
    return kUsage;
  }
  if (options.scan.statistics) {
    print_statistics(*result, report.findings, elapsed, environment.err);
    report::write_coverage(report, environment.err);
  }
  const bool too_little = options.scan.min_coverage && result->ledger.percent() < *options.scan.min_coverage;
  if (too_little) {
    environment.err << "gabion: " << report::coverage_percent(result->ledger)
                    << " were analysed, which is less than --min-coverage asks for (--statistics lists the gaps)\n";
  }
  if (environment.written != nullptr) {
    environment.written->repeatable = !hangs_on_the_machine(result->diagnostics);
  }
  if (failed) {
    return kFindings;
  }
  return result->coverage.incomplete || too_little ? kIncomplete : kClean;
}

}  // namespace

int run_scan(const Options& options, Environment& environment) {
  bool output_began = false;
  try {
    return scan(options, environment, output_began);
  } catch (const std::bad_alloc&) {
    return fail_for_memory(options, environment, output_began);
  }
}

}  // namespace gabion::cli
