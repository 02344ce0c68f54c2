// Error tolerance: parses a file strictly and, when that fails, asks tree-sitter (our grammar in
// grammars/terraform) which blocks and attributes are whole, parses those strictly, and reports the rest.
#pragma once

#include "syntax/hcl/parser.h"

namespace gabion::syntax::hcl {

/// The body of a file, whole or in part. Diagnostics say what was left out, where, what was expected, and a hint; at
/// most some twenty, then a note. `complete` is false in the body of the file when anything in it was left out, and in
/// the body of a block when something was left out of just that body: its other attributes and blocks are as written.
/// Every attribute and block comes from the strict parser; nothing is guessed. Any bytes will do.
[[nodiscard]] ParsedBody parse_tolerantly(const source::Artifact& artifact, source::Arena& arena,
                                          const source::Limits& limits);

}  // namespace gabion::syntax::hcl
