// What a Suricata rule looks for: contents and patterns with the buffers and modifiers that belong to them. Internal
// to the Suricata parser.
#pragma once

#include <span>

#include "source/arena.h"
#include "syntax/suricata/ast.h"
#include "syntax/suricata/problems.h"

namespace gabion::syntax::suricata {

/// The matches of a rule in order. Sticky buffers (tls.sni) apply to what follows, older modifiers (http_host) to the
/// content before them.
[[nodiscard]] std::span<const Match> read_matches(std::span<const Option> options, source::Arena& arena,
                                                  Problems& problems);

}  // namespace gabion::syntax::suricata
