#include "engine/root_analysis.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include "source/workers.h"

namespace gabion::engine {
namespace {

/// Directories with modules that a focused analysis may have to evaluate.
std::set<std::string> focused(const AnalysisRequest& request, const terraform::Workspace& workspace) {
  if (request.focus == nullptr) {
    return {};
  }
  const std::vector<std::string> directories = workspace.callers(*request.focus);
  return {directories.begin(), directories.end()};
}

}  // namespace

RootAnalysis::RootAnalysis(const AnalysisRequest& request, terraform::Workspace& workspace,
                           const source::Inventory& inventory, source::ArtifactStore& artifacts, Handler* handler,
                           bool keeps, Take take)
    : request_(request),
      workspace_(workspace),
      inventory_(inventory),
      artifacts_(artifacts),
      handler_(handler),
      keeps_(keeps),
      wanted_(focused(request, workspace)),
      take_(std::move(take)) {
  if (request.memory == nullptr) {  // with a memory any may be equal to one of an analysis before
    repeated_ = workspace.copies();
  }
  judges_.emplace_back(request_, workspace_, inventory_, artifacts_, handler_, keeps_);
}

void RootAnalysis::run(terraform::FoundSecrets& found) {
  visit_all(found);
  judge_others();
  hand_over();
  judge_unreached();
  keep_texts();
  report_late();
}

void RootAnalysis::count_one() {
  const std::lock_guard lock(counting_);
  ++evaluated_;
  if (request_.progress) {
    request_.progress(evaluated_, std::max<std::uint64_t>(plan_.size(), evaluated_));
  }
}

void RootAnalysis::begin_with(const std::vector<std::string>& roots) {
  const std::size_t before = plan_.size();
  for (const std::string& root : roots) {
    const std::vector<const terraform::NamedEnvironment*> environments = workspace_.environments(root);
    for (const terraform::NamedEnvironment* const environment : environments) {
      plan_.push_back({root, environment});
    }
    if (environments.size() > 1) {
      repeated_.insert(root);
    }
  }
  if (request_.progress) {
    request_.progress(evaluated_, plan_.size());
  }
  for (std::size_t i = before; i < plan_.size(); ++i) {
    plan_[i].recalled = recall(plan_[i].directory, plan_[i].environment);
  }
}

std::unique_ptr<RootRecord> RootAnalysis::recall(const std::string& directory,
                                                 const terraform::NamedEnvironment* environment) {
  const auto name = environment == nullptr ? std::nullopt : std::optional(environment->name);
  const KeptRoots::Entry* const entry = keeps_ ? request_.kept->roots.find(directory, name) : nullptr;
  if (entry == nullptr) {
    return nullptr;
  }
  workspace_.recall(entry->reads);
  for (const std::string& path : entry->texts) {
    judges_.front().open_text(path);
  }
  std::optional<RootRecord> record =
      decoded_root(entry->record, request_.rules, artifacts_, judges_.front().findings(), names_);
  if (!record || !(record->uses.empty() || (handler_ != nullptr && handler_->recall(record->uses)))) {
    return nullptr;
  }
  kept_.add(directory, name, *entry);
  count_one();
  return std::make_unique<RootRecord>(std::move(*record));
}

std::size_t RootAnalysis::prepare_threads(std::size_t work) {
  // What a memory holds, and who observes, are for one thread.
  const bool alone = request_.memory != nullptr || request_.observe || !request_.files.is_concurrent();
  const std::size_t jobs = alone ? 1 : std::clamp<std::size_t>(work, 1, request_.terraform.jobs);
  while (judges_.size() < jobs) {
    judges_.emplace_back(request_, workspace_, inventory_, artifacts_, nullptr, keeps_);
  }
  if (request_.memory == nullptr) {
    std::ranges::for_each(judges_, [&](RootJudge& judge) { judge.rules().quiet().expect(repeated_); });
  }
  return jobs;
}

void RootAnalysis::judge(Planned& one, std::size_t worker, bool again) {
  if (one.recalled == nullptr && !is_obsolete() && !is_out_of_time()) {
    one.judged = judges_[worker].run(one.directory, one.environment, again);
    count_one();
  }
}

std::span<RootAnalysis::Planned> RootAnalysis::environments_of(const std::string& directory) {
  const auto begin = std::ranges::lower_bound(plan_, directory, {}, &Planned::directory);
  const auto end = std::ranges::upper_bound(plan_, directory, {}, &Planned::directory);
  return {begin, end};
}

bool RootAnalysis::recall_visit(const std::string& directory, terraform::FoundSecrets& found) {
  const std::string* const bytes = keeps_ ? request_.kept->roots.visit(directory) : nullptr;
  const auto is_recalled = [](const Planned& one) { return one.recalled != nullptr; };
  if (bytes == nullptr || !std::ranges::all_of(environments_of(directory), is_recalled)) {
    return false;
  }
  const std::optional<terraform::VisitRecord> record = decoded_visit(*bytes, artifacts_);
  if (!record || !workspace_.recall_visit(directory, *record, found)) {
    return false;
  }
  kept_.add_visit(directory, *bytes);
  return true;
}

void RootAnalysis::visit_all(terraform::FoundSecrets& found) {
  begin_with(workspace_.passing());
  std::vector<std::string> open;
  std::ranges::remove_copy_if(workspace_.passing(), std::back_inserter(open),
                              [&](const std::string& directory) { return recall_visit(directory, found); });
  std::vector<std::string> records(keeps_ ? open.size() : 0);  // of visits, as bytes
  source::work_on(open.size(), prepare_threads(open.size()), [&](std::size_t index, std::size_t worker) {
    const std::span<Planned> environments = environments_of(open[index]);
    try {
      const auto record = workspace_.visit(open[index], found, [&] {
        std::ranges::for_each(environments, [&](Planned& one) { judge(one, worker, &one != &environments.back()); });
      });
      if (keeps_ && record) {
        records[index] = encoded(*record, artifacts_);
      }
    } catch (const std::bad_alloc&) {
      workspace_.give_up_visit(open[index]);
      for (Planned& one : environments) {
        one.recalled.reset();
        one.judged = std::make_unique<JudgedRoot>();
        one.judged->enough_memory = false;
      }
    }
  });
  workspace_.end_visits();
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (!records[i].empty()) {
      kept_.add_visit(open[i], std::move(records[i]));
    }
  }
}

void RootAnalysis::judge_others() {
  std::vector<std::string> others;
  std::ranges::set_difference(workspace_.roots(), workspace_.passing(), std::back_inserter(others));
  std::erase_if(others, [&](const std::string& root) { return !is_wanted(root); });
  const std::size_t first = plan_.size();
  begin_with(others);
  source::work_on(plan_.size() - first, prepare_threads(plan_.size() - first),
                  [&](std::size_t index, std::size_t worker) { judge(plan_[first + index], worker, true); });
}

void RootAnalysis::take_judged(const std::string& directory, const terraform::NamedEnvironment* environment,
                               JudgedRoot& root) {
  if (!root.enough_memory) {
    // What one root module takes too much of, others have: it is left out, and said to be.
    problems_.push_back({.severity = findings::DiagnosticSeverity::kError,
                         .code = "memory-limit",
                         .message = "there is not enough memory to analyse " + directory,
                         .hint = "--max-memory, or the system, allows no more",
                         .region = {},
                         .path = directory});
    return;
  }
  take_(root.record);
  if (root.kept != nullptr) {
    keeping_.push_back({directory,
                        environment == nullptr ? std::nullopt : std::optional(environment->name),
                        {std::move(root.kept->reads), {}, std::move(root.kept->record)}});
  }
}

void RootAnalysis::hand_over() {
  std::ranges::stable_sort(plan_, {}, &Planned::directory);
  for (Planned& one : plan_) {
    if (is_obsolete()) {
      break;
    }
    if (one.recalled != nullptr) {
      take_(*one.recalled);
      one.recalled.reset();
    } else if (one.judged != nullptr) {
      take_judged(one.directory, one.environment, *one.judged);
      one.judged.reset();
    } else if (late_.empty() || late_.back() != one.directory) {
      late_.push_back(one.directory);
    }
  }
  plan_.clear();
}

void RootAnalysis::judge_unreached() {
  while (!is_obsolete()) {
    std::vector<std::string> rest = workspace_.unreached();
    if (is_out_of_time()) {
      std::erase_if(rest, [&](const std::string& directory) { return !is_wanted(directory); });
      late_.insert(late_.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
      return;
    }
    const auto next = std::ranges::find_if(rest, [&](const std::string& directory) { return is_wanted(directory); });
    if (next == rest.end()) {
      return;
    }
    if (const std::unique_ptr<RootRecord> known = recall(*next, nullptr)) {
      take_(*known);
    } else {
      take_judged(*next, nullptr, *judges_.front().run(*next, nullptr, true));
      count_one();
    }
  }
}

void RootAnalysis::keep_texts() {
  // What fixes looked at is remembered by those that made them: it counts for all.
  std::set<std::string> texts;
  for (const RootJudge& judge : judges_) {
    texts.insert(judge.texts().begin(), judge.texts().end());
  }
  for (Keeping& one : keeping_) {
    one.entry.texts = texts;
    kept_.add(one.directory, one.environment, std::move(one.entry));
  }
  keeping_.clear();
}

void RootAnalysis::report_late() {
  for (const std::string& directory : late_) {
    problems_.push_back({.severity = findings::DiagnosticSeverity::kError,
                         .code = "time-limit",
                         .message = "there was no time left to analyse " + directory,
                         .hint = "--max-time allows more",
                         .region = {},
                         .path = directory});
  }
}

}  // namespace gabion::engine
