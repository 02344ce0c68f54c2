// The strict, newline-exact parser of HCL native syntax: the one authority on meaning. It never throws,
// prints or recurses without bound (384 KiB of stack are enough for the default limit of nesting). It accepts what
// HashiCorp's parser accepts, except bytes in strings and names that are not valid UTF-8. What it rejects goes to
// recovery.h. There is at most one syntax error a call, the first; attributes set twice are reported besides.
#pragma once

#include <string_view>

#include "findings/diagnostic.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "source/budget.h"
#include "syntax/hcl/ast.h"

namespace gabion::syntax::hcl {

/// A body and what was wrong. `body` is never null; with errors it holds what was parsed before the first one.
struct ParsedBody {
  const Body* body = nullptr;
  findings::Diagnostics diagnostics;
  [[nodiscard]] bool ok() const { return diagnostics.empty(); }
};
/// An expression and what was wrong; with errors `expression` may be an ErrorExpression, never null.
struct ParsedExpression {
  const Expression* expression = nullptr;
  findings::Diagnostics diagnostics;
  [[nodiscard]] bool ok() const { return diagnostics.empty(); }
};

/// Parses a whole file. A byte order mark at the start is accepted.
[[nodiscard]] ParsedBody parse_file(const source::Artifact& artifact, source::Arena& arena,
                                    const source::Limits& limits);
/// Parses the bytes of `region` as a body, as if it were a file (recovery parses whole blocks this way). A heredoc may
/// end with the region when a newline follows behind it.
[[nodiscard]] ParsedBody parse_body(const source::Artifact& artifact, source::Region region, source::Arena& arena,
                                    const source::Limits& limits);
/// Parses the bytes of `region` as one expression (newlines are allowed around it).
[[nodiscard]] ParsedExpression parse_expression(const source::Artifact& artifact, source::Region region,
                                                source::Arena& arena, const source::Limits& limits);
/// Parses the bytes of `region` as a bare template (templatefile, JSON strings).
[[nodiscard]] ParsedExpression parse_template(const source::Artifact& artifact, source::Region region,
                                              source::Arena& arena, const source::Limits& limits);

}  // namespace gabion::syntax::hcl
