// fuzz: syntax
// Any bytes: recovery ends, regions nest, and a file without diagnostics is printed back byte for byte.
#include <cstdint>
#include <string>

#include "input.h"
#include "syntax/hcl/print.h"
#include "syntax/hcl/recovery.h"

namespace hcl = gabion::syntax::hcl;
namespace source = gabion::source;

namespace {

using gabion::fuzz::require;
using gabion::fuzz::text_of;

/// The nesting is bounded by the parser's limit, and so is this walk.
void check(const hcl::Body& body, const source::Region& within) {
  require(within.contains(body.region));
  std::uint32_t last = body.region.begin;
  for (const hcl::Attribute& attribute : body.attributes) {
    require(last <= attribute.region.begin && body.region.contains(attribute.region));
    require(attribute.expression->kind != hcl::ExpressionKind::kError);
    last = attribute.region.end;
  }
  last = body.region.begin;
  for (const hcl::Block& block : body.blocks) {
    require(last <= block.region.begin && body.region.contains(block.region));
    require(block.region.contains(block.body->region));
    last = block.region.end;
    check(*block.body, block.region);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const source::Artifact artifact(source::ArtifactId{0}, "fuzz.tf", text_of(data, size), source::Role::kProject);
  source::Arena arena;
  source::Limits limits;
  limits.nesting = 120;  // sanitizers make frames large
  const hcl::ParsedBody parsed = hcl::parse_tolerantly(artifact, arena, limits);
  check(*parsed.body, artifact.whole());
  for (const auto& diagnostic : parsed.diagnostics) {
    require(artifact.whole().contains(diagnostic.region) && !diagnostic.message.empty());
  }
  require(!parsed.ok() || hcl::print_source(*parsed.body, artifact) == artifact.bytes());
  return 0;
}
