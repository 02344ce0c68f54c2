#include "terraform/constant_scope.h"

namespace gabion::terraform {

eval::Scope::Resolved ConstantScope::resolve(const syntax::hcl::Traversal& reference, eval::Context& context) const {
  return {eval::make_error(context.arena, "references are not possible here, only constant values", reference.region),
          reference.steps.size()};
}

}  // namespace gabion::terraform
