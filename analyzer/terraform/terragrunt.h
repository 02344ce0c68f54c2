// What Terragrunt's configurations say about states: a remote_state block is a backend that Terragrunt writes into each
// module, and rules judge it as one. Used by read_source_files().
#pragma once

#include <vector>

#include "model/model.h"
#include "syntax/hcl/ast.h"

namespace gabion::terraform {

/// Adds the backend of each remote_state block. Its settings are what `config` says; what needs Terragrunt to be known
/// (its functions, locals, includes) is unknown. A `config` that is no object makes no backend.
void add_remote_states(const syntax::hcl::Body& body, model::Configuration& configuration,
                       std::vector<model::ConfigurationBlock>& blocks);

}  // namespace gabion::terraform
