// The names of the buckets of a configuration, as far as they are not known: whatever they are, they have no slash.
// Functions about the resources of a policy ask.
#pragma once

#include <unordered_set>

#include "eval/value.h"
#include "iam/text.h"
#include "model/model.h"

namespace gabion::engine {

/// Borrows the configuration.
class BucketNames {
 public:
  explicit BucketNames(const model::Configuration& configuration);

  /// Is it the name of a bucket, or a part of one?
  [[nodiscard]] bool has(const iam::Hole& hole) const;

 private:
  void add(const eval::Value& text);

  const model::Configuration& configuration_;
  std::unordered_set<const eval::Symbol*> parts_;
};

}  // namespace gabion::engine
