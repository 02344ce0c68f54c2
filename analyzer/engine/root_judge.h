// One thread's part of an analysis: evaluates root modules and judges them, one after the other. What each of them
// gives is kept apart, so that the whole does not hang on which thread took which. Used by analyze().
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/analysis.h"
#include "engine/handling.h"
#include "engine/judge.h"
#include "engine/prepared_rules.h"
#include "engine/root_record.h"
#include "findings/packed.h"
#include "model/model.h"
#include "source/artifact.h"
#include "source/discovery.h"
#include "terraform/load.h"

namespace gabion::engine {

/// What one root module gave in one environment.
struct JudgedRoot {
  /// What a later run can go on with.
  struct Kept {
    std::string record;  ///< as bytes
    terraform::RootReads reads;
  };
  RootRecord record;
  std::unique_ptr<Kept> kept;  ///< where something is to be
  bool enough_memory = true;   ///< otherwise there is nothing
};

/// The rules as the configuration file wants them for a directory: prepared once for each set of parameters.
class LocalRules {
 public:
  LocalRules(const AnalysisRequest& request, source::ArtifactStore& artifacts);

  [[nodiscard]] PreparedRules& common() { return common_; }
  [[nodiscard]] PreparedRules& of(const std::string& directory, const Handler& handler);

 private:
  struct Local {
    std::unique_ptr<Parameters> parameters;
    std::unique_ptr<PreparedRules> rules;
  };
  const AnalysisRequest& request_;
  source::ArtifactStore& artifacts_;
  std::optional<PreparedRules> own_;
  PreparedRules& common_;
  std::map<std::string, Local> local_;
};

/// For one thread at a time. Everything borrowed must outlive it, and it what it gives: names of parameters are its
/// own.
class RootJudge {
 public:
  /// `handler` handles the findings; null: one of its own, if the request has any. `keeps`: records are given as bytes
  /// too.
  RootJudge(const AnalysisRequest& request, terraform::Workspace& workspace, const source::Inventory& inventory,
            source::ArtifactStore& artifacts, Handler* handler, bool keeps);
  RootJudge(const RootJudge&) = delete;
  RootJudge& operator=(const RootJudge&) = delete;

  /// Evaluates and judges a root module; `again` says whether that may come once more while it is visited. Never throws
  /// for want of memory.
  [[nodiscard]] std::unique_ptr<JudgedRoot> run(const std::string& directory,
                                                const terraform::NamedEnvironment* environment, bool again);

  [[nodiscard]] PreparedRules& rules() { return rules_.common(); }
  /// Those of all records that it gave, which are parts of it.
  [[nodiscard]] findings::PackedFindings& findings() { return findings_; }
  /// Says how to judge, as the request wants it.
  void prepare(Verdicts& verdicts);
  /// A text file that a fix adds to, empty when there is none yet; null when it is not below the given paths or cannot
  /// be read.
  const source::Artifact* open_text(const std::string& path);
  /// All that were asked for.
  [[nodiscard]] const std::set<std::string>& texts() const { return texts_; }

 private:
  void judge_whole(const std::string& directory, const terraform::NamedEnvironment* environment,
                   const model::Configuration& configuration, JudgedRoot& root);

  const AnalysisRequest& request_;
  terraform::Workspace& workspace_;
  const source::Inventory& inventory_;
  source::ArtifactStore& artifacts_;
  std::optional<Handler> own_handler_;
  Handler* handler_;
  bool keeps_;
  LocalRules rules_;
  Verdicts verdicts_;  ///< of the root module at hand
  findings::PackedFindings findings_;
  std::set<std::string> texts_;
};

}  // namespace gabion::engine
