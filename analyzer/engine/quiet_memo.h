// Judgements that had nothing to say, remembered by what was judged: many root modules are copies of each other, or the
// same module with the same arguments. A judgement of an equal configuration has nothing to say either, so it is left
// out. What is said is worked out each time, as it is said about other places.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "model/model.h"
#include "source/artifact.h"
#include "source/hash.h"

namespace gabion::engine {

/// What is read of a block besides its kind.
struct BlockReads {
  bool everything = false;
  bool label = false;                        ///< or else what its header names
  std::vector<std::string_view> names = {};  ///< and these attributes and nested blocks

  void add(const BlockReads& other);
  /// An attribute or nested block.
  void add(std::string_view name);
  [[nodiscard]] bool has(std::string_view name) const;
};

/// Which judgements of a configuration were quiet, in the order in which they are made.
struct QuietJudgements {
  bool complete = false;  ///< all of them were made
  std::vector<bool> quiet;
};

/// The quiet judgements of one run, by configuration.
class QuietMemo {
 public:
  /// Says which directories may have configurations that are equal to others; without it any may. The others are not
  /// remembered. The set must outlive the memo.
  void expect(const std::unordered_set<std::string>& directories) { expected_ = &directories; }
  /// Of configurations that are equal but for the directory in which they are; null for those that are too large to be
  /// compared, not expected to be equal to any other, or that rules see in another way.
  [[nodiscard]] QuietJudgements* of(const model::Configuration& configuration, const source::ArtifactStore& artifacts);
  /// Between two runs: forgets everything when there is hardly room for another one.
  void make_room();

  /// Which of the rules for blocks of its kind, by their place among these, had nothing to say about a block in which
  /// the same is read. Only for rules that look at nothing else; what is read must be the same for all blocks of a
  /// kind. Null when too much is remembered.
  [[nodiscard]] std::vector<bool>* of(const model::ConfigurationBlock& block, const BlockReads& reads,
                                      const source::ArtifactStore& artifacts, std::size_t rules);

 private:
  const std::unordered_set<std::string>* expected_ = nullptr;
  std::unordered_map<std::string, std::unique_ptr<QuietJudgements>, source::TextHash, std::equal_to<>> known_;
  std::unordered_map<std::string, std::vector<bool>, source::TextHash, std::equal_to<>> blocks_;
  std::unordered_map<std::string_view, std::vector<bool>, source::TextHash> variables_;  ///< by what is written
  std::size_t bytes_ = 0;
};

}  // namespace gabion::engine
