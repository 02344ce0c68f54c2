// The actions that methods of escalation are made of, by number, and which of them policies could allow. Most
// principals have hardly any: methods that need others are left out before anything is asked of the prover. Called by
// escalation.cpp only.
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "iam/effective.h"
#include "iam/escalation_methods.h"

namespace gabion::iam {

/// By number, with room for more than there are.
using ActionSet = std::bitset<256>;

/// Actions of the steps of all methods of the table.
class StepActions {
 public:
  /// Made at first use and never changed.
  [[nodiscard]] static const StepActions& instance();

  [[nodiscard]] std::size_t count() const { return names_.size(); }
  [[nodiscard]] const ActionSet& all() const { return all_; }
  /// Number of an action that some step has.
  [[nodiscard]] std::size_t number_of(std::string_view action) const;
  /// Numbers of the steps of a method of the table.
  [[nodiscard]] std::span<const std::size_t> of(const EscalationMethod& method) const {
    return methods_[place_of(method)].steps;
  }
  /// The same as a set.
  [[nodiscard]] const ActionSet& needed_by(const EscalationMethod& method) const {
    return methods_[place_of(method)].needed;
  }
  /// Is there a boundary in requests of a step of a method of the table?
  [[nodiscard]] bool takes_boundary(const EscalationMethod& method, const EscalationStep& step) const {
    return takes_boundary_[of(method)[static_cast<std::size_t>(&step - method.steps.data())]];
  }

  /// Those that some statement of the document could allow on something. What is left out is certain.
  [[nodiscard]] ActionSet allowed_by(const PolicyDocument& document) const;

 private:
  StepActions();

  struct Method {
    std::vector<std::size_t> steps;
    ActionSet needed;
  };
  [[nodiscard]] static std::size_t place_of(const EscalationMethod& method) {
    return static_cast<std::size_t>(&method - escalation_methods().data());
  }
  /// Does some name begin as the pattern does? In doubt it does.
  [[nodiscard]] bool may_cover(std::string_view pattern) const;
  /// Adds those that a pattern without holes covers.
  void add_covered(std::string_view pattern, ActionSet& out) const;

  std::vector<std::string_view> names_;  ///< sorted without regard to case
  std::bitset<4096> beginnings_;         ///< of them, by hashes: most patterns are about others
  std::vector<Method> methods_;
  std::vector<bool> takes_boundary_;
  ActionSet all_;
};

/// What policies could allow of these actions, for many principals who have the same policies.
class AllowedSteps {
 public:
  /// Those for which could_allow() holds.
  [[nodiscard]] ActionSet of(const EffectivePolicies& policies);

 private:
  [[nodiscard]] ActionSet some_of(const std::vector<AttachedPolicy>& policies);

  std::unordered_map<const PolicyDocument*, ActionSet> known_;
};

}  // namespace gabion::iam
