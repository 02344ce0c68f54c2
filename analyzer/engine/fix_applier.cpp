#include "engine/fix_applier.h"

#include <algorithm>
#include <optional>

#include "engine/fix_prover.h"

namespace gabion::engine {
namespace {

class Planner {
 public:
  Planner(const AnalysisRequest& request, const FixOptions& options, source::ArtifactStore& artifacts)
      : request_(request),
        options_(options),
        original_(artifacts),
        progress_{artifacts, {}},
        chooser_(options, progress_),
        prover_(request, options, progress_, chooser_) {}

  source::Expected<FixPlan> run() {
    AnalysisRequest observed = request_;
    observed.observe = [&](const model::Configuration& configuration, std::string_view environment) {
      progress_.state.picture.add(configuration, environment, original_);
    };
    auto result = analyze(observed, original_);
    if (!result) {
      return result.error();
    }
    progress_.state.result = std::move(*result);
    progress_.state.faults = faults_of(progress_.state.result, original_);
    FixPlan plan;
    plan.before = progress_.state.result;
    const ModelPicture before = progress_.state.picture;
    for (std::uint32_t round = 0; round < options_.max_rounds; ++round) {
      const auto progress = one_round(plan);
      if (!progress) {
        return progress.error();
      }
      if (!*progress) {
        break;
      }
    }
    finish(plan);
    plan.differences = before.difference(progress_.state.picture);
    return plan;
  }

 private:
  /// True when something was applied.
  source::Expected<bool> one_round(FixPlan& plan) {
    prover_.begin_round();
    while (true) {
      std::vector<FixUnit> units = chooser_.units();
      if (units.empty()) {
        return false;
      }
      std::optional<FixState> best;
      const auto proved = prover_.prove(std::move(units), best);
      if (!proved) {
        return proved.error();
      }
      if (proved->empty()) {
        continue;  // every one moved on to its next alternative, or has none left
      }
      if (!best) {
        prover_.look_at_all();
        continue;
      }
      std::vector<ChosenFix> chosen = all_of(*proved);
      std::ranges::sort(chosen, {}, &ChosenFix::finding);  // as they were found
      for (const ChosenFix& fix : chosen) {
        plan.applied.push_back(as_applied(fix, progress_.artifacts()));
      }
      plan.applied.insert(plan.applied.end(), best->extra.begin(), best->extra.end());
      chooser_.take(chosen);
      progress_.state = std::move(*best);
      progress_.state.chosen.clear();
      progress_.state.earlier.clear();
      return true;
    }
  }

  void finish(FixPlan& plan) {
    for (auto& [path, text] : progress_.state.texts) {
      // Text files that a later round opened first are not among the original ones.
      const source::Artifact* known = original_.find(path);
      const auto read = known == nullptr ? request_.files.read(path, request_.terraform.limits.file_bytes)
                                         : source::Expected<std::string>(std::string(known->bytes()));
      const std::string before = read ? *read : std::string();
      if (before != text) {
        plan.files.emplace(path, std::pair(before, text));
      }
    }
    const AnalysisResult& after = progress_.state.result;
    for (const findings::Finding* const finding : changes_of(plan.before, after, {}).fresh) {
      plan.led_to.push_back(*finding);
    }
    // Also what another finding's fix mended on the way.
    plan.fixed = static_cast<std::uint32_t>(plan.before.findings.size() + plan.led_to.size() - after.findings.size());
    plan.skipped = chooser_.skipped();
    plan.remaining = std::move(progress_.state.result.findings);
  }

  const AnalysisRequest& request_;
  const FixOptions& options_;
  source::ArtifactStore& original_;
  FixProgress progress_;
  FixChooser chooser_;
  FixProver prover_;
};

}  // namespace

source::Expected<FixPlan> plan_fixes(const AnalysisRequest& request, const FixOptions& options,
                                     source::ArtifactStore& artifacts) {
  return Planner(request, options, artifacts).run();
}

}  // namespace gabion::engine
