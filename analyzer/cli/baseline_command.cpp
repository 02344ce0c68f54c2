// gabion baseline: writes what is found today to a file, or takes out of the file what is found no longer.
#include <algorithm>

#include "cli/commands.h"
#include "cli/comparison.h"
#include "cli/exit_status.h"
#include "cli/report_output.h"
#include "cli/watched_progress.h"
#include "engine/identity.h"
#include "report/json_writer.h"
#include "report/unicode.h"

namespace gabion::cli {
namespace {

/// People read the file, and its changes.
std::string baseline_file(std::vector<engine::KnownFinding> known) {
  return report::printable_json(engine::baseline_text(std::move(known)));
}

}  // namespace

int run_baseline(const Options& options, Environment& environment) {
  Run run;
  const auto refuse = [&](const source::Error& error) {
    print_error(error, environment.err);
    return kUsage;
  };
  if (const std::vector<source::Error> errors = prepare(options, environment, run); !errors.empty()) {
    for (const source::Error& error : errors) {
      print_error(error, environment.err);
    }
    return kUsage;
  }
  source::ArtifactStore artifacts;
  auto result = analyze_watched(run, "analysing", environment, artifacts);
  if (!result) {
    return refuse(result.error());
  }
  engine::tell_apart(result->findings);
  std::erase_if(result->findings, [](const findings::Finding& finding) { return finding.suppression.has_value(); });
  std::vector<engine::KnownFinding> present = engine::known_findings(result->findings, artifacts);
  const std::string path = engine::baseline_path(options.baseline.output, run.settings);
  if (!options.baseline.prune) {
    const std::size_t count = present.size();
    if (const auto written = write_file(path, baseline_file(std::move(present))); !written) {
      return refuse(written.error());
    }
    environment.err << report::printable(path) << ": " << count << " known finding" << (count == 1 ? "" : "s") << '\n';
    return result->coverage.incomplete ? kIncomplete : kClean;
  }
  auto known = engine::read_baseline(path, environment.files);
  if (!known) {
    return refuse(known.error());
  }
  if (result->coverage.incomplete) {
    // What could not be read may still be there.
    print_error({.message = "the analysis is incomplete, so nothing was taken out",
                 .path = path,
                 .hint = "gabion scan says what is wrong"},
                environment.err);
    return kIncomplete;
  }
  std::vector<engine::KnownFinding> kept;
  for (const std::ptrdiff_t index : engine::match(*known, present)) {
    if (index >= 0) {
      kept.push_back((*known)[static_cast<std::size_t>(index)]);
    }
  }
  const std::size_t left = kept.size();
  const std::size_t gone = known->size() - left;
  if (gone > 0) {
    if (const auto written = write_file(path, baseline_file(std::move(kept))); !written) {
      return refuse(written.error());
    }
  }
  environment.err << report::printable(path) << ": " << gone << " taken out, " << left << " left\n";
  return kClean;
}

}  // namespace gabion::cli
