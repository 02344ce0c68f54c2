#include "syntax/hcl/parser.h"

#include "syntax/hcl/builder.h"

namespace gabion::syntax::hcl {

ParsedBody parse_file(const source::Artifact& artifact, source::Arena& arena, const source::Limits& limits) {
  return parse_body(artifact, artifact.whole(), arena, limits);
}

ParsedBody parse_body(const source::Artifact& artifact, source::Region region, source::Arena& arena,
                      const source::Limits& limits) {
  Builder builder(artifact, region, arena, limits);
  ParsedBody result;
  result.body = builder.whole_body();
  result.diagnostics = builder.take_diagnostics();
  return result;
}

ParsedExpression parse_expression(const source::Artifact& artifact, source::Region region, source::Arena& arena,
                                  const source::Limits& limits) {
  Builder builder(artifact, region, arena, limits);
  ParsedExpression result;
  result.expression = builder.whole_expression();
  result.diagnostics = builder.take_diagnostics();
  return result;
}

ParsedExpression parse_template(const source::Artifact& artifact, source::Region region, source::Arena& arena,
                                const source::Limits& limits) {
  Builder builder(artifact, region, arena, limits);
  ParsedExpression result;
  result.expression = builder.whole_template();
  result.diagnostics = builder.take_diagnostics();
  return result;
}

}  // namespace gabion::syntax::hcl
