#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <optional>

#include "cli/commands.h"
#include "cli/comparison.h"
#include "cli/exit_status.h"
#include "cli/failure.h"
#include "cli/hook.h"
#include "cli/report_output.h"
#include "cli/version.h"
#include "cli/watched_progress.h"
#include "engine/fix_offers.h"
#include "engine/identity.h"
#include "report/coverage.h"
#include "report/report.h"

namespace gabion::cli {
namespace {

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

/// Do other programs take edits from one of the reports?
bool shows_edits(const Options& options) {
  static constexpr std::array<std::string_view, 3> kFormats = {"json", "sarif", "gitlab"};
  return std::any_of(options.scan.reports.begin(), options.scan.reports.end(), [](const ReportTarget& report) {
    return std::find(kFormats.begin(), kFormats.end(), report.format) != kFormats.end();
  });
}

}  // namespace

int run_scan(const Options& options, Environment& environment) {
  Run run;
  const Options wanted =
      options.scan.compare_rules.size() == 2 ? with_rules(options, options.scan.compare_rules[1]) : options;
  if (const std::vector<source::Error> errors = prepare(wanted, environment, run); !errors.empty()) {
    return fail(options, errors, environment);
  }
  const auto refuse = [&](const source::Error& error) { return fail(options, {&error, 1}, environment); };
  const bool compares = !options.scan.changed_since.empty() || options.scan.hook;
  if (compares && run.overlay != nullptr) {
    return refuse({.message = "standard input has no earlier version", .path = {}, .hint = "name files"});
  }
  std::optional<HookChange> hook;
  if (options.scan.hook) {
    auto change = hook_change(run.paths, run.discovery, environment);
    if (!change) {
      return refuse(change.error());
    }
    hook = std::move(*change);
    run.paths = hook->paths;
    run.files = hook->now.get();
    run.settings.handling.partial = false;  // the files are whole modules with all their callers
  }
  const std::int64_t started = now(environment);
  const auto begin = std::chrono::steady_clock::now();
  source::ArtifactStore artifacts;
  engine::AnalysisRequest request = run.request();
  WatchedProgress progress("analysing", environment);
  request.progress = [&](std::uint64_t done, std::uint64_t total) { progress.set(done, total); };
  engine::OfferProver prover(request, artifacts);
  const bool proves = options.scan.prove_fixes && shows_edits(options);
  auto result = proves ? prover.analyze() : engine::analyze(request, artifacts);
  progress.finish();
  if (!result) {
    return refuse(result.error());
  }
  engine::tell_apart(result->findings);
  source::Expected<source::Unit> compared = source::Unit{};
  if (!options.scan.compare_rules.empty()) {
    compared = keep_found_by_new_rules(options, environment, result->findings, artifacts);
  }
  if (compared && hook && hook->before != nullptr) {
    compared =
        keep_introduced(*hook->before, hook->paths_before, options, environment, run, result->findings, artifacts);
  } else if (compared && hook) {
    std::erase_if(result->findings, [&](const findings::Finding& finding) {
      return std::find(hook->changed.begin(), hook->changed.end(), report::path_of(finding.region, artifacts)) ==
             hook->changed.end();
    });
  }
  if (compared && !options.scan.changed_since.empty()) {
    compared = keep_introduced(options.scan.changed_since, options, environment, run, result->findings, artifacts);
  }
  if (!compared) {
    return refuse(compared.error());
  }
  const bool has_baseline = !options.scan.baseline.empty() || !run.settings.baseline.empty();
  if (has_baseline) {
    const auto known =
        engine::read_baseline(engine::baseline_path(options.scan.baseline, run.settings), environment.files);
    if (!known) {
      return refuse(known.error());
    }
    engine::suppress_known(*known, result->findings, artifacts);
  }
  const auto elapsed = std::chrono::steady_clock::now() - begin;

  const findings::Severity fail_on =
      options.scan.fail_on.value_or(run.settings.fail_on.value_or(findings::Severity::kLow));
  const bool failed =
      std::any_of(result->findings.begin(), result->findings.end(),
                  [&](const findings::Finding& finding) { return counts(finding) && finding.severity >= fail_on; });
  if (const auto lowest = options.scan.min_severity ? options.scan.min_severity : run.settings.min_severity) {
    std::erase_if(result->findings, [&](const findings::Finding& finding) { return finding.severity < *lowest; });
  }

  if (!proves) {
    engine::leave_out_secrets(result->findings, artifacts);
  }
  if (const std::size_t untried = proves ? prover.prove(result->findings) : 0; untried > 0) {
    result->diagnostics.push_back({.severity = findings::DiagnosticSeverity::kNote,
                                   .code = "fixes-untried",
                                   .message = std::to_string(untried) +
                                              " fixes are shown without edits, because proving "
                                              "them would take too long here",
                                   .hint = "gabion fix proves all of them",
                                   .region = {},
                                   .path = {}});
  }

  report::Report report{.artifacts = artifacts,
                        .findings = result->findings,
                        .unresolved = {},
                        .diagnostics = result->diagnostics,
                        .summary = {},
                        .rules = {},
                        .tool_name = "gabion",
                        .tool_version = kVersion,
                        .base = {}};
  report.compared = has_baseline;
  report.show_known = options.scan.show_suppressed;
  report.undecided = result->unresolved;
  report.ledger = &result->ledger;
  report.started = started;
  report.finished = now(environment);
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

  if (const auto written = write_reports(report, options, environment); !written) {
    print_error(written.error(), environment.err);
    return kUsage;
  }
  if (options.scan.statistics) {
    print_statistics(*result, elapsed, environment.err);
    report::write_coverage(report, environment.err);
  }
  const bool too_little = options.scan.min_coverage && result->ledger.percent() < *options.scan.min_coverage;
  if (too_little) {
    environment.err << "gabion: " << report::coverage_percent(result->ledger)
                    << " were analysed, which is less than --min-coverage asks for (--statistics lists the gaps)\n";
  }
  if (failed) {
    return kFindings;
  }
  return result->coverage.incomplete || too_little ? kIncomplete : kClean;
}

}  // namespace gabion::cli
