// Parser of Suricata rules: one rule a line, a backslash at a line's end continues it, # starts a comment.
// Sources of the facts: the Suricata user guide (rules format, payload keywords, transformations), and the Network
// Firewall developer guide on what it does not take.
#pragma once

#include <cstddef>
#include <string_view>

#include "source/arena.h"
#include "syntax/suricata/ast.h"

namespace gabion::syntax::suricata {

/// Problems beyond this number are not listed.
inline constexpr std::size_t kMaxProblems = 100;

/// Reads all rules of a text, which must outlive the result. Linear in the length of the text.
[[nodiscard]] RuleFile parse(std::string_view text, source::Arena& arena);

}  // namespace gabion::syntax::suricata
