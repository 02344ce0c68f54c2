// Texts that a configuration reads by names that are written out: scripts, templates. Works on the syntax alone, so
// that they are known whether or not what reads them is evaluated.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "source/artifact.h"
#include "syntax/hcl/ast.h"

namespace gabion::terraform {

/// False: the file surely calls none of them. One quick look at its bytes.
[[nodiscard]] bool may_read_texts(const source::Artifact& artifact);
/// Adds the paths that file(), templatefile() and their like are given in a body of the file.
void add_read_texts(const syntax::hcl::Body& body, const source::Artifact& artifact, std::set<std::string>& paths);

}  // namespace gabion::terraform
