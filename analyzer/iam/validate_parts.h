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
inline constexpr char kHoleMark = '\x01';

/// A text with every hole as one control character, so that lengths and letters around it can be judged. Views what it
/// is made of, which most texts are without holes.
class Marked {
 public:
  explicit Marked(const Text& text);
  explicit Marked(Text&&) = delete;
  Marked(const Marked&) = delete;
  Marked& operator=(const Marked&) = delete;
  ~Marked() = default;

  [[nodiscard]] std::string_view view() const { return view_; }

 private:
  std::string made_;  ///< where there are holes
  std::string_view view_;
};

void check_actions(const Checker& checker);
void check_resources(const Checker& checker);
void check_principals(const Checker& checker);
void check_conditions(const Checker& checker);

}  // namespace gabion::iam
