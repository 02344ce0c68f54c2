// Prints a tree back to the bytes it came from (the round trip that tests rely on), and to a compact
// S-expression for people and for differential tests.
#pragma once

#include <string>

#include "source/artifact.h"
#include "syntax/hcl/ast.h"

namespace gabion::syntax::hcl {

/// Source text rebuilt from the tree: every token comes from a node's region, everything between nodes is checked to
/// be white space, comments or punctuation of the grammar. For a tree of a valid file the result equals the file.
[[nodiscard]] std::string print_source(const Body& body, const source::Artifact& artifact);
/// Structure without places, one node a line: for golden tests and for comparing parsers.
[[nodiscard]] std::string print_tree(const Body& body);
[[nodiscard]] std::string print_tree(const Expression& expression);

}  // namespace gabion::syntax::hcl
