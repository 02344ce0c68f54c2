// Trees of files that somebody has already, for whoever would parse them once more.
#pragma once

#include <functional>

#include "source/artifact.h"
#include "syntax/hcl/ast.h"

namespace gabion::engine {

/// Gives the tree of a file in HCL that is there already, with nothing left out of it; null where there is none. How
/// long it lasts is said where one is taken.
using KnownTree = std::function<const syntax::hcl::Body*(const source::Artifact& artifact)>;

}  // namespace gabion::engine
