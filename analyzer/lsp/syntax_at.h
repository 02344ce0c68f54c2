// What stands at a place of a file: the blocks around it, the attribute, the expressions from the outermost to the
// innermost. Hover, definition and code actions begin here.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "syntax/hcl/ast.h"

namespace gabion::lsp {

struct SyntaxAt {
  std::vector<const syntax::hcl::Block*> blocks;  ///< the outermost first
  const syntax::hcl::Attribute* attribute = nullptr;
  bool on_name = false;                                     ///< of the attribute
  bool on_header = false;                                   ///< of the innermost block
  std::vector<const syntax::hcl::Expression*> expressions;  ///< the outermost first
  std::vector<const syntax::hcl::TemplatePart*> loops;      ///< directives whose variables are known here
};

/// Trees nest no deeper than Limits::nesting, and chains are followed so far.
[[nodiscard]] SyntaxAt syntax_at(const syntax::hcl::Body& body, std::uint32_t offset);

}  // namespace gabion::lsp
