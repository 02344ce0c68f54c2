// Header of a Suricata rule: action, protocol, addresses, ports and direction. Internal to the Suricata parser.
#pragma once

#include <cstddef>
#include <string_view>

#include "syntax/suricata/ast.h"
#include "syntax/suricata/problems.h"

namespace gabion::syntax::suricata {

/// Reads the header of the rule `text`, which starts at `begin` of the whole text. `options` becomes the offset in the
/// rule of what follows the opening parenthesis. False, with a problem noted, when it is no rule.
[[nodiscard]] bool read_header(std::string_view text, std::size_t begin, Rule& rule, std::size_t& options,
                               Problems& problems);

}  // namespace gabion::syntax::suricata
