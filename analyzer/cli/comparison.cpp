#include "cli/comparison.h"

#include <algorithm>
#include <set>

#include "cli/watched_progress.h"
#include "engine/identity.h"

namespace gabion::cli {

std::size_t keep_new(const engine::AnalysisResult& before, const source::ArtifactStore& artifacts_before,
                     std::vector<findings::Finding>& findings, const source::ArtifactStore& artifacts) {
  std::size_t gone = 0;
  std::vector<bool> known(findings.size(), false);
  for (const bool suppressed : {false, true}) {
    std::vector<findings::Finding> old;
    std::copy_if(before.findings.begin(), before.findings.end(), std::back_inserter(old),
                 [&](const findings::Finding& finding) { return finding.suppression.has_value() == suppressed; });
    std::vector<std::size_t> indexes;
    std::vector<engine::KnownFinding> present;
    for (std::size_t i = 0; i < findings.size(); ++i) {
      if (findings[i].suppression.has_value() == suppressed) {
        indexes.push_back(i);
        present.push_back(engine::known_findings({&findings[i], 1}, artifacts).front());
      }
    }
    std::size_t matched = 0;
    const std::vector<std::ptrdiff_t> pairs = engine::match(engine::known_findings(old, artifacts_before), present);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      known[indexes[i]] = pairs[i] >= 0;
      matched += pairs[i] >= 0 ? 1 : 0;
    }
    gone += suppressed ? 0 : old.size() - matched;
  }
  std::size_t at = 0;
  std::erase_if(findings, [&](const findings::Finding&) { return known[at++]; });
  return gone;
}

Options with_rules(const Options& options, const std::string& rules) {
  Options result = options;
  result.input.replace_builtin = true;
  if (source::name_of(rules).ends_with(engine::kSettingsFileName)) {
    result.input.config = rules;
    result.input.no_config = false;
  } else if (rules != "builtin") {
    result.input.rule_paths.push_back(rules);
  }
  return result;
}

source::Expected<source::Unit> keep_found_by_new_rules(const Options& options, const Environment& environment,
                                                       std::vector<findings::Finding>& findings,
                                                       const source::ArtifactStore& artifacts) {
  Run run;
  if (const auto errors = prepare(with_rules(options, options.scan.compare_rules.front()), environment, run);
      !errors.empty()) {
    return errors.front();
  }
  source::ArtifactStore artifacts_before;
  auto before = analyze_watched(run, "comparing", environment, artifacts_before);
  if (!before) {
    return before.error();
  }
  engine::tell_apart(before->findings);
  const std::size_t gone = keep_new(*before, artifacts_before, findings, artifacts);
  environment.err << findings.size() << " new finding" << (findings.size() == 1 ? "" : "s") << ", " << gone
                  << " no longer found\n";
  return source::Unit{};
}

namespace {

/// Whether an analysis with some of the rules answers whether these findings are known; `asked` is then set to them.
/// What there is to say about suppressions depends on all rules.
bool asks_for_few(const std::vector<findings::Finding>& findings, const engine::RuleSet& rules,
                  engine::RuleSet& asked) {
  std::set<std::string_view> ids;
  for (const findings::Finding& finding : findings) {
    ids.insert(finding.rule->id);
  }
  for (const engine::RuleData& rule : engine::suppression_rules()) {
    if (ids.contains(rule.id)) {
      return false;
    }
  }
  for (const engine::Rule& rule : rules.rules()) {
    if (ids.contains(rule.data->id) && !asked.add({rule.data, 1})) {
      return false;
    }
  }
  asked.sort();
  return true;
}

}  // namespace

source::Expected<source::Unit> keep_introduced(const EarlierVersion& before, const Options& options,
                                               const Environment& environment, const Run& run,
                                               std::vector<findings::Finding>& findings,
                                               const source::ArtifactStore& artifacts) {
  if (findings.empty() || before.inventory.files.empty()) {
    return source::Unit{};
  }
  Options then = options;
  std::erase_if(then.input.paths, [&](const std::string& path) { return !before.files->status(path); });
  if (then.input.paths.empty()) {
    then.input.paths = {"."};
  }
  const Environment surroundings{environment.in, environment.out, environment.err, *before.files,
                                 environment.variables};
  Run old_run;
  // A configuration that was broken then says nothing about the change: that of now counts for both.
  const bool usable = prepare(then, surroundings, old_run).empty();
  old_run.settings.handling.partial = run.settings.handling.partial;
  engine::AnalysisRequest request = usable ? old_run.request() : run.request();
  engine::RuleSet asked;
  const engine::RuleSet& rules = usable ? old_run.rules : run.rules;
  WatchedProgress progress("comparing", environment);
  const CountedFileSystem counted(*before.files, progress);
  const engine::AnalysisRequest narrowed{counted,
                                         then.input.paths,
                                         asks_for_few(findings, rules, asked) ? asked : rules,
                                         request.parameters,
                                         request.terraform,
                                         request.discovery,
                                         {},
                                         request.handling,
                                         [&](std::uint64_t done, std::uint64_t total) { progress.set(done, total); },
                                         nullptr,
                                         nullptr,
                                         {},
                                         true,
                                         &before.inventory};
  source::ArtifactStore artifacts_before;
  auto found = engine::analyze(narrowed, artifacts_before);
  if (!found) {
    return found.error();
  }
  engine::tell_apart(found->findings);
  keep_new(*found, artifacts_before, findings, artifacts);
  return source::Unit{};
}

}  // namespace gabion::cli
