// The files of a project as rules about files see them, and the values in them that must not be printed. Used by
// Workspace.
#pragma once

#include <memory>

#include "model/model.h"
#include "secrets/redactor.h"
#include "terraform/found_secrets.h"
#include "terraform/library.h"

namespace gabion::terraform {

/// A configuration that holds files alone. `found` says what is in those whose syntax is gone. What nobody read so far
/// (variables files that no root module takes, backend configurations, JSON) is read here; problems with it are not
/// reported, as it may not be Terraform's.
[[nodiscard]] std::unique_ptr<model::Configuration> read_source_files(Library& library, secrets::Redactor& redactor,
                                                                      const FoundSecrets& found);

}  // namespace gabion::terraform
