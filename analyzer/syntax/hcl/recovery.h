// Error tolerance: parses a file strictly and, when that fails, asks tree-sitter (our grammar in
// grammars/terraform) which blocks and attributes are whole, parses those strictly, and reports the rest.
#pragma once

#include "syntax/hcl/parser.h"

namespace gabion::syntax::hcl {

/// The body of a file, whole or in part. Diagnostics say what was left out, where, what was expected, and a hint.
/// `body->complete` is false when something was left out.
[[nodiscard]] ParsedBody parse_tolerantly(const source::Artifact& artifact, source::Arena& arena,
                                          const source::Limits& limits);

}  // namespace gabion::syntax::hcl
