// Where expressions may hold nothing but constants: defaults of variables, variables files, types.
#pragma once

#include "eval/evaluator.h"
#include "syntax/hcl/ast.h"

namespace gabion::terraform {

/// Scope in which no name means anything.
class ConstantScope final : public eval::Scope {
 public:
  [[nodiscard]] Resolved resolve(const syntax::hcl::Traversal& reference, eval::Context& context) const override;
};

}  // namespace gabion::terraform
