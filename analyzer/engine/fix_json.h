// Blocks that a fix adds, in Terraform's JSON syntax: expressions become strings with interpolations, nested blocks
// objects. Used by FixBuilder where the judged resource stands in a .tf.json file.
#pragma once

#include <string>
#include <string_view>

#include "engine/fix_value.h"
#include "engine/layout.h"

namespace gabion::engine {

/// The value that JSON syntax has for an expression in HCL: literals as they are, lists and objects of them, anything
/// else as "${...}".
[[nodiscard]] FixValue json_syntax(std::string_view hcl);

/// The object for a block's body. Nested blocks of one type become a list when there are several.
[[nodiscard]] FixValue json_syntax(const NewBlock& block);

/// Adds a member, and those that are objects under the same name one member at a time.
void merge_member(FixValue& object, std::string_view name, FixValue value);

}  // namespace gabion::engine
