// Edits of one statement of an IAM policy in its own notation: an object (in an expression, a heredoc or a JSON file),
// or a block of the data source aws_iam_policy_document. Called by fix_policy, which finds the text behind a statement.
#pragma once

#include <string_view>
#include <vector>

#include "engine/fix_policy.h"
#include "engine/fix_tree.h"
#include "engine/fix_value.h"
#include "engine/layout.h"

namespace gabion::engine {

/// The entries of a value: elements of a list, or the value itself.
[[nodiscard]] std::vector<FixValue> entries(const FixValue& value);
[[nodiscard]] FixValue as_list(const FixValue& value);
/// Does an entry to take out name this text? Action names are compared without regard to case.
[[nodiscard]] bool names(const FixValue& wanted, std::string_view text);
/// A condition to take out: by its key, or {operator, key}.
[[nodiscard]] bool names_condition(const FixValue& wanted, std::string_view op, std::string_view key);

/// The whole element is to be taken out.
[[nodiscard]] bool is_whole(const FixValue& wanted);
/// What the text becomes; nothing when the replacements do not name it.
[[nodiscard]] const FixValue* replacement(const FixValue& replacements, std::string_view text);

/// "NotAction" for "Action" and the other way round; empty for elements that have no opposite.
[[nodiscard]] std::string_view opposite_of(std::string_view element);

/// Appends the edits that make the change, or answers false.
[[nodiscard]] bool change_object(const TreeEditor& editor, const FixNode& statement, const PolicyChange& change,
                                 std::vector<findings::Edit>& edits);
[[nodiscard]] bool change_block(const source::Artifact& artifact, const syntax::hcl::Block& block,
                                const PolicyChange& change, FixSyntax& syntax, std::vector<findings::Edit>& edits);

/// A statement as a block of the data source.
[[nodiscard]] NewBlock statement_block(FixValue statement, const FixStyle& style);

}  // namespace gabion::engine
