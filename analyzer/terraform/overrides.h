// Override files (override.tf, *_override.tf): merges their blocks into the blocks of the other files as Terraform
// does. Called by Library once per module; the merged blocks keep the regions of what was written.
#pragma once

#include <string_view>
#include <vector>

#include "findings/diagnostic.h"
#include "source/arena.h"
#include "syntax/hcl/ast.h"

namespace gabion::terraform {

/// True for "override.tf", "x_override.tf" and their JSON and OpenTofu forms.
[[nodiscard]] bool is_override_file(std::string_view file_name);

/// Merges one override file's top-level blocks into `blocks`. An override of nothing becomes a diagnostic and is added
/// as if it were written in an ordinary file.
void apply_overrides(std::vector<const syntax::hcl::Block*>& blocks, const syntax::hcl::Body& overriding,
                     source::Arena& arena, findings::Diagnostics& diagnostics);

}  // namespace gabion::terraform
