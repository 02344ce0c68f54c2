// How policies of one configuration read, for all who need to know: rules, what principals may do, and fixes look at
// the same policies. Used by Views and Permissions.
#pragma once

#include <memory>
#include <unordered_map>

#include "eval/value.h"
#include "iam/document.h"

namespace gabion::engine {

/// Remembers readings by the values that were read, which must last as long. Not thread-safe.
class PolicyReadings {
 public:
  using Reading = std::shared_ptr<const iam::PolicyReading>;

  /// Null where nobody has read it. A policy that was put together reads the same wherever its value is used, a plain
  /// text as long as it is said to come from the same place.
  [[nodiscard]] Reading find(const eval::Value& policy) const;
  /// The same, of a policy of which nothing was resolved: so it reads without a resolver as well.
  [[nodiscard]] Reading find_unresolved(const eval::Value& policy) const;
  /// Reads a policy, if nobody has done so. The options must always be the same.
  Reading read(const eval::Value& policy, const iam::ReadOptions& options);
  /// How a policy reads is known.
  void add(const eval::Value& policy, Reading reading);

  /// Was the text of a policy put together (jsonencode, a policy document)? It reads as what it was put together of,
  /// which knows its places.
  [[nodiscard]] static bool put_together(const eval::Value& policy);

 private:
  struct Read {
    const eval::Origin* origin = nullptr;  ///< of the value that was read
    Reading reading;
    bool resolved = true;
  };
  [[nodiscard]] const Read* known(const eval::Value& policy) const;

  std::unordered_map<const eval::Node*, Read> reads_;
};

}  // namespace gabion::engine
