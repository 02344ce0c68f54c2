// What Terragrunt writes into each module: the backend of a remote_state block, and the providers and backends of
// generate blocks. Rules judge them as such. Used by read_source_files().
#pragma once

#include <vector>

#include "model/model.h"
#include "source/artifact.h"
#include "syntax/hcl/ast.h"

namespace gabion::terraform {

/// Adds the backend of each remote_state block, and the providers and backends that generate blocks write. Their
/// settings are what `config` or the text says; what needs Terragrunt to be known (its functions, locals, includes) is
/// unknown. A `config` that is no object makes no backend, and `contents` that are no heredoc of plain Terraform make
/// nothing.
void add_terragrunt(const syntax::hcl::Body& body, const source::Artifact& artifact,
                    model::Configuration& configuration, std::vector<model::ConfigurationBlock>& blocks);

}  // namespace gabion::terraform
