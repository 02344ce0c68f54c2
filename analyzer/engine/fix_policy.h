// Edits of IAM policies wherever they are written: objects in jsonencode(), JSON in heredocs, template files and JSON
// files, and statement blocks of the data source aws_iam_policy_document. Finds the text behind each statement and
// edits its elements in their notation. Called by make_fix.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fix_tree.h"
#include "engine/fix_value.h"
#include "findings/finding.h"
#include "iam/document.h"

namespace gabion::engine {

/// What is changed in the statements chosen. Names of elements are IAM's: Action, Principal, Condition ...
struct PolicyChange {
  std::vector<FixMember> set;      ///< the element becomes this
  std::vector<FixMember> add;      ///< entries are added to the element
  std::vector<FixMember> remove;   ///< entries are taken out of the element; `true`: the element itself
  std::vector<FixMember> replace;  ///< texts of the element, each with what it becomes
  bool drop = false;               ///< the statement goes
  std::vector<FixValue> split;     ///< statements that are made of parts of it

  [[nodiscard]] bool empty() const {
    return !drop && set.empty() && add.empty() && remove.empty() && replace.empty() && split.empty();
  }

  /// Nothing that it writes has a reference.
  [[nodiscard]] bool self_contained() const;
  friend bool operator==(const PolicyChange&, const PolicyChange&) = default;
};

/// Makes a part of a statement one of its own. `part` names elements of the new statement; the others are the same as
/// in `described` (a statement as policy_statements() gives it), and actions of the part go out of the old one. A part
/// that has all actions of the statement changes that one instead.
void split_off(const FixValue& part, const FixValue& described, PolicyChange& change);

/// A statement to change, by its index in the document.
struct ChangedStatement {
  std::size_t index = 0;
  PolicyChange change;
};

/// What is changed in a document.
struct DocumentChange {
  std::vector<ChangedStatement> changed;
  std::vector<FixValue> appended;   ///< statements to add
  std::optional<FixValue> version;  ///< what Version becomes
};

/// Edits that make these changes; empty when something of it cannot be done in the text, and `problem` says what.
[[nodiscard]] std::vector<findings::Edit> edit_policy(const iam::PolicyDocument& document, DocumentChange change,
                                                      FixSyntax& syntax, const source::ArtifactStore& artifacts,
                                                      std::string& problem);

}  // namespace gabion::engine
