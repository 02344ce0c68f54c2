// All root modules of an analysis: which there are and in which environments, what an earlier run knows of them, and
// the threads that judge the rest. What each gives is handed over in the order of their directories, whoever judged it.
// Used by analyze().
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/analysis.h"
#include "engine/handling.h"
#include "engine/root_judge.h"
#include "engine/root_record.h"
#include "findings/diagnostic.h"
#include "source/artifact.h"
#include "source/discovery.h"
#include "terraform/found_secrets.h"
#include "terraform/load.h"

namespace gabion::engine {

/// Everything borrowed must outlive it.
class RootAnalysis {
 public:
  /// Is given the records in the order of root modules, each once. Their findings stay where they are.
  using Take = std::function<void(RootRecord&)>;

  /// `handler` handles the findings, or is null; `keeps`: what root modules give is also kept for later runs.
  RootAnalysis(const AnalysisRequest& request, terraform::Workspace& workspace, const source::Inventory& inventory,
               source::ArtifactStore& artifacts, Handler* handler, bool keeps, Take take);
  RootAnalysis(const RootAnalysis&) = delete;
  RootAnalysis& operator=(const RootAnalysis&) = delete;

  /// Analyses all that are wanted, once; ends early when nobody waits any more. Of files whose syntax is not kept
  /// `found` is told what must not be printed.
  void run(terraform::FoundSecrets& found);

  [[nodiscard]] bool is_obsolete() const { return request_.obsolete && request_.obsolete(); }
  /// Root modules that were not analysed, for want of memory or time.
  [[nodiscard]] const findings::Diagnostics& problems() const { return problems_; }
  /// Whether the time was enough.
  [[nodiscard]] bool had_time() const { return late_.empty(); }
  /// What a later run can go on with; what tells a secret is among it.
  [[nodiscard]] KeptRoots& kept() { return kept_; }
  /// One that can judge something else too, after run().
  [[nodiscard]] RootJudge& judge() { return judges_.front(); }

 private:
  /// A root module in one environment, and what became of it.
  struct Planned {
    std::string directory;
    const terraform::NamedEnvironment* environment = nullptr;
    std::unique_ptr<RootRecord> recalled{};
    std::unique_ptr<JudgedRoot> judged{};
  };
  struct Keeping {
    std::string directory;
    std::optional<std::string> environment;
    KeptRoots::Entry entry;
  };

  [[nodiscard]] bool is_wanted(const std::string& directory) const {
    return request_.focus == nullptr || wanted_.contains(directory);
  }
  [[nodiscard]] bool is_out_of_time() const {
    return request_.deadline && std::chrono::steady_clock::now() >= *request_.deadline;
  }
  /// Plans root modules, and recalls of them what is known.
  void begin_with(const std::vector<std::string>& roots);
  /// Null where nothing is known.
  [[nodiscard]] std::unique_ptr<RootRecord> recall(const std::string& directory,
                                                   const terraform::NamedEnvironment* environment);
  /// Root modules that surely are some: of their syntax there is at any time what the threads are at.
  void visit_all(terraform::FoundSecrets& found);
  [[nodiscard]] bool recall_visit(const std::string& directory, terraform::FoundSecrets& found);
  /// Those that turn out to be root modules when all calls are known.
  void judge_others();
  /// Modules that no call reached are analysed on their own; each may reach others.
  void judge_unreached();
  void judge(Planned& one, std::size_t worker, bool again);
  /// Those of the plan in a directory.
  [[nodiscard]] std::span<Planned> environments_of(const std::string& directory);
  /// By how many threads so many things are to be done; there is a judge for each.
  [[nodiscard]] std::size_t prepare_threads(std::size_t work);
  void count_one();
  void hand_over();
  void take_judged(const std::string& directory, const terraform::NamedEnvironment* environment, JudgedRoot& root);
  void keep_texts();
  void report_late();

  const AnalysisRequest& request_;
  terraform::Workspace& workspace_;
  const source::Inventory& inventory_;
  source::ArtifactStore& artifacts_;
  Handler* handler_;
  const bool keeps_;
  std::set<std::string> wanted_;  ///< directories, of a focused analysis
  std::vector<Planned> plan_;
  const Take take_;
  std::unordered_set<std::string> repeated_;  ///< directories that are evaluated more than once
  std::deque<RootJudge> judges_;              ///< one for each thread
  std::uint64_t evaluated_ = 0;
  std::mutex counting_;
  KeptRoots kept_;
  std::deque<std::string> names_;  ///< of parameters that earlier runs missed
  std::vector<Keeping> keeping_;
  std::vector<std::string> late_;  ///< what there was no time for
  findings::Diagnostics problems_;
};

}  // namespace gabion::engine
