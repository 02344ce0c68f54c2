// Judgements that had nothing to say, remembered by what was judged: many root modules are copies of each other, or the
// same module with the same arguments. A judgement of an equal configuration has nothing to say either, so it is left
// out. What is said is worked out each time, as it is said about other places.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/model.h"
#include "source/artifact.h"

namespace gabion::engine {

/// Which judgements of a configuration were quiet, in the order in which they are made.
struct QuietJudgements {
  bool complete = false;  ///< all of them were made
  std::vector<bool> quiet;
};

/// The quiet judgements of one run, by configuration.
class QuietMemo {
 public:
  /// Of configurations that are equal but for the directory in which they are; null for those that are too large to be
  /// compared, or that rules see in another way.
  [[nodiscard]] QuietJudgements* of(const model::Configuration& configuration, const source::ArtifactStore& artifacts);

 private:
  std::unordered_map<std::string, std::unique_ptr<QuietJudgements>> known_;
  std::size_t bytes_ = 0;
};

}  // namespace gabion::engine
