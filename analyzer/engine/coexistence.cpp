#include "engine/coexistence.h"

#include <string>
#include <string_view>

#include "syntax/hcl/ast.h"

namespace gabion::engine {
namespace {

/// What is written after count or for_each of a resource; empty without them.
std::string_view repetition(const model::Resource& resource, const source::ArtifactStore& artifacts) {
  if (resource.syntax == nullptr || resource.syntax->body == nullptr) {
    return {};
  }
  for (const std::string_view name : {"count", "for_each"}) {
    if (const syntax::hcl::Attribute* written = resource.syntax->body->attribute(name); written != nullptr) {
      return artifacts.text(written->expression->region);
    }
  }
  return {};
}

}  // namespace

bool exists_with(const model::Resource& candidate, const model::Resource* other,
                 const source::ArtifactStore& artifacts) {
  if (candidate.certain) {
    return true;
  }
  if (other == nullptr || other->certain || other->module != candidate.module) {
    return false;
  }
  const std::string_view how = repetition(candidate, artifacts);
  return how == repetition(*other, artifacts) || how == std::string(other->type) + "." + std::string(other->name);
}

}  // namespace gabion::engine
