// Who has which policies: everything in a configuration that gives a role, a user, a group or a permission set its
// permissions, taken together. Rule functions ask it what a principal may do and how it could get more.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/iam_functions.h"
#include "engine/policy_memo.h"
#include "eval/value.h"
#include "iam/document.h"
#include "iam/effective.h"
#include "iam/escalation.h"
#include "model/model.h"

namespace gabion::engine {

class PolicyReadings;
class ReferenceIndex;

/// The principals of one configuration. A policy that nothing in it attaches to a principal of it counts as one:
/// whoever gets it has at least that.
class Permissions {
 public:
  /// The memo must outlive the configuration; the references, readings and options are those of the configuration, and
  /// the readings must outlive this.
  Permissions(const model::Configuration& configuration, const source::ArtifactStore& artifacts,
              ReferenceIndex& references, PolicyMemo& memo, PolicyReadings& readings, const iam::ReadOptions& options);

  /// Index of the principal that a resource is.
  [[nodiscard]] std::optional<std::size_t> principal_of(const model::Resource& resource) const;
  [[nodiscard]] const iam::EscalationPrincipal& principal(std::size_t index) const { return estate_.principals[index]; }
  /// The policies as values, for questions about them; unknown ones included, those of the boundary not.
  [[nodiscard]] std::vector<eval::Value> values(std::size_t index) const;
  /// Are these all of its policies for sure?
  [[nodiscard]] bool certain(std::size_t index) const;
  /// Characters of all its inline policies together, as IAM counts them; what is not known of them counts nothing.
  [[nodiscard]] std::size_t inline_size(std::size_t index) const { return inline_sizes_[index]; }
  /// Is some request of the question allowed? `key` tells the question from others: each is asked once.
  [[nodiscard]] const iam::Permission& may(std::size_t index, const IamQuestion& question,
                                           const std::string& key) const;
  /// What was found for a principal; searched for all when first asked.
  [[nodiscard]] const iam::Escalations& escalations(std::size_t index) const;

 private:
  friend class PermissionsBuilder;
  /// A policy as a value. Hardly anybody asks for those of AWS, so that their texts are written for whoever does.
  struct Given {
    eval::Value value;
    std::shared_ptr<const PolicyMemo::Managed> unwritten;  ///< null: `value` is it
  };

  /// Writes the text of a policy of AWS for all who have it.
  void write(std::shared_ptr<const PolicyMemo::Managed> policy) const;

  const model::Configuration& configuration_;
  PolicyMemo& memo_;
  PolicyReadings& readings_;
  iam::Estate estate_;
  mutable std::vector<std::vector<Given>> given_;
  std::unordered_map<const model::Resource*, std::size_t> index_;
  std::vector<std::size_t> inline_sizes_;
  mutable std::vector<iam::Escalations> escalations_;
  mutable std::unordered_map<std::string, iam::Permission> asked_;
};

}  // namespace gabion::engine
