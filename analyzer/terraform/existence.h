// Under which conditions an instance exists, as far as its count or for_each is one: what may be assumed wherever the
// instance is described.
#pragma once

#include <span>
#include <vector>

#include "eval/assumption.h"
#include "syntax/hcl/ast.h"
#include "terraform/repetition.h"

namespace gabion::terraform {

class Module;

/// What holds where an instance exists that `expression`, its count or for_each in the module, may make or not.
[[nodiscard]] std::vector<eval::Assumption> conditions_of(const Repetition::Item& item,
                                                          const syntax::hcl::Expression* expression,
                                                          const Module& module, const eval::Scope& scope,
                                                          eval::Context& context);

}  // namespace gabion::terraform
