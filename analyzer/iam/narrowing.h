// Leaves out of documents what cannot concern the requests of a question: most patterns of long policies, and most
// statements of policies that name other callers or resources than the question does. Called before a question is put.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "iam/document.h"
#include "iam/formula.h"
#include "iam/key_bounds.h"
#include "iam/key_facts.h"
#include "iam/pattern.h"

namespace gabion::iam {

/// What every request of a formula is bound to, as far as it can be told without a search. Borrows from the formula.
/// Remembers what it was compared with: not thread-safe.
class Subject {
 public:
  explicit Subject(const Formula& formula);

  [[nodiscard]] const Formula& formula() const { return *formula_; }
  /// Is there a bound at all? Without one every statement concerns the question.
  [[nodiscard]] bool bounded() const { return actions_ != nullptr || !callers_.empty() || !resources().empty(); }
  /// The document as far as it concerns such requests, without what only its readers ask for (Id, sizes). Statements
  /// that match none of them stay as shells that match nothing, so that indexes remain those of the document. Only
  /// documents with principals can be narrowed by callers.
  [[nodiscard]] PolicyDocument narrowed(const PolicyDocument& document, PolicyKind kind) const;
  /// Could a statement of the document that allows something concern such requests?
  [[nodiscard]] bool may_allow(const PolicyDocument& document, PolicyKind kind) const;
  /// The resources of a statement but those that no such request is about; are any left? `variables`: whether policy
  /// variables are live in its document.
  [[nodiscard]] bool narrow_resources(const Statement& statement, Truth variables, TextList& out) const;

  /// Is there a condition of the statement that holds of no such request?
  [[nodiscard]] bool excludes(const Statement& statement) const;

  /// Filters one of which the caller passes.
  using Either = std::vector<const PrincipalFilter*>;
  /// Those that hold of the caller of every request that satisfies the formula.
  static std::vector<Either> callers_of(const Formula& formula);
  /// Types that callers have of whom all of these hold.
  static PrincipalTypes types_of(const std::vector<Either>& callers);

 private:
  static const std::vector<Text>* named_actions(const Formula& formula);
  /// Patterns one of which the resource of every request that satisfies the formula matches: of each part one list.
  static void add_resources(const Formula& formula, std::vector<std::vector<Pattern>>& out);
  /// Of each list one matches. Made when asked for: most statements are about other actions.
  [[nodiscard]] const std::vector<std::vector<Pattern>>& resources() const;
  /// The pattern with the values that its variables have in every request that satisfies the formula, where it has one
  /// for each of them.
  [[nodiscard]] Pattern with_known_values(const Pattern& pattern) const;
  /// Is anything left of the statement when it is narrowed?
  [[nodiscard]] bool concerns(const Statement& statement, PolicyKind kind, Truth variables) const;
  void narrow(const Statement& statement, PolicyKind kind, Truth variables, Statement& out) const;
  /// Can a statement be narrowed by its actions, or by its principals?
  [[nodiscard]] bool by_actions(const Statement& statement) const;
  [[nodiscard]] static bool by_callers(const Statement& statement, PolicyKind kind);
  /// Does the text of a Resource element match none of the resources, whichever way open points are read?
  [[nodiscard]] bool is_apart(const Text& text, Truth variables) const;
  [[nodiscard]] bool find_apart(const Text& text, Truth variables) const;
  /// Could the identifier cover some caller of a request, in the most generous reading?
  [[nodiscard]] bool may_cover(const Identifier& identifier) const;

  /// Alternatives of a policy and policies of a principal have the same texts.
  struct Compared {
    Text text;
    Truth variables;
    bool apart;
  };
  static constexpr std::size_t kMostCompared = 64;

  const Formula* formula_;
  const std::vector<Text>* actions_ = nullptr;  ///< plain names, one of which is the action
  std::vector<Either> callers_;                 ///< all of them hold
  mutable std::optional<std::vector<std::vector<Pattern>>> resources_;
  mutable std::vector<Compared> compared_;
  mutable std::optional<KeyBounds> keys_;  ///< once a statement has conditions
};

/// Does a pattern of an Action element without holes cover the action? Policies of AWS have thousands of patterns, most
/// of which are of other services.
[[nodiscard]] inline bool covers_action(const Text& pattern, std::string_view action) {
  const std::string_view text = pattern.literal();
  const bool differs = !text.empty() && text.front() != '*' && text.front() != '?' && !action.empty() &&
                       fold_byte(text.front()) != fold_byte(action.front());
  return !differs && glob(text, action, true);
}

/// Patterns of an Action element about requests for one action. Those that surely cover it say so by its name, so that
/// statements which say the same of it read the same.
[[nodiscard]] std::vector<Text> actions_about(const std::vector<Text>& patterns, std::string_view action);

/// May some request be allowed by the statement, or by statements, at all, whatever they say about it?
[[nodiscard]] bool may_allow(const Statement& statement);
[[nodiscard]] bool may_allow(const PolicyDocument& document);

}  // namespace gabion::iam
