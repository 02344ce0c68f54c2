// The parts of validate(), one per element of a statement. Used by validate.cpp alone; every check reports into the
// list that a Checker carries.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iam/validate.h"

namespace gabion::iam {

/// What the checks of one statement share.
struct Checker {
  const PolicyDocument& document;
  const Statement& statement;
  PolicyUse use;
  std::vector<PolicyProblem>& problems;

  void error(std::string code, std::string message, Region region, std::string hint = {},
             std::optional<Replacement> fix = {}, std::string_view element = {}) const;
  void warning(std::string code, std::string message, Region region, std::string hint = {},
               std::optional<Replacement> fix = {}, std::string_view element = {}) const;
  /// Where something that is missing would be said: the statement.
  [[nodiscard]] Region place() const { return statement.region; }
};

[[nodiscard]] std::string quoted(std::string_view text);
/// The text replaced by a better one; nothing when there is none.
[[nodiscard]] std::optional<Replacement> replacement(const Text& text, std::string_view better);
/// Is it one of the documents of IAM itself, whose grammar IAM checks?
[[nodiscard]] bool is_identity_document(PolicyUse use);
/// The text with every hole as one control character, so that lengths and letters around it can be judged.
[[nodiscard]] std::string with_marks(const Text& text);
inline constexpr char kHoleMark = '\x01';

void check_actions(const Checker& checker);
void check_resources(const Checker& checker);
void check_principals(const Checker& checker);
void check_conditions(const Checker& checker);

}  // namespace gabion::iam
