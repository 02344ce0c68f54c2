// What managed policies of a configuration are for: those that only limit what roles and users may do grant nobody
// anything. Rule functions ask, so that rules about what policies grant leave these out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "eval/value.h"
#include "model/model.h"
#include "source/hash.h"

namespace gabion::engine {

class ReferenceIndex;

/// The uses of all policies, collected in one walk when first asked for. Policies are told apart by their blocks, not
/// by instances: one other use of any instance counts for all of them.
class PolicyUses {
 public:
  explicit PolicyUses(const model::Configuration& configuration) : configuration_(configuration) {}

  /// Is the policy surely a permissions boundary, and surely nothing else? Whatever else may attach it counts: a
  /// reference from anywhere but a policy document, an output of the root module, an argument of a module that is not
  /// here, an attachment by its ARN or name. Outputs and arguments may say by their names that they are for boundaries.
  [[nodiscard]] bool only_bounds(const model::Resource& policy, ReferenceIndex& references);

 private:
  using Names = std::unordered_set<std::string, source::TextHash, std::equal_to<>>;

  /// What values refer to.
  struct Uses {
    Names blocks;  ///< addresses, without keys, of resources
    Names paths;   ///< what stands behind ":policy/" in ARNs

    void add(const eval::Value& value, int depth);
    void add(const eval::Symbol* symbol);
    void add_arn(std::string_view arn);
  };

  void collect();
  void collect(const model::Resource& resource);
  void collect(const model::Body& body);
  void collect(std::string_view name, const eval::Value& value);
  /// Does an output, or an argument of a module that is not here, say that it is for a boundary?
  [[nodiscard]] bool may_go_out_as_boundary();

  const model::Configuration& configuration_;
  Uses uses_;
  Uses bounds_;  ///< under names which say that they are for boundaries
  bool collected_ = false;
  std::optional<bool> may_go_out_as_boundary_;
};

}  // namespace gabion::engine
