// Evaluates the body of a block: attributes, nested blocks, dynamic blocks at any depth. Used for resources, data
// sources, providers and the other blocks that rules look at.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "eval/evaluator.h"
#include "model/model.h"
#include "syntax/hcl/ast.h"

namespace gabion::terraform {

class Expansion;

/// Names at the top of a body that say how Terraform treats the block rather than what it configures.
enum class MetaArguments : std::uint8_t { kNone, kResource, kProvider, kCall };

/// What a body evaluates to.
struct EvaluatedBody {
  model::Body body;
  eval::Value value;  ///< attributes that are not null, and nested blocks as lists of objects
};

/// The object of a data source with attributes that its provider is known to compute. What is written keeps its value.
[[nodiscard]] eval::Value with_computed(const EvaluatedBody& evaluated, std::span<const eval::Member> computed,
                                        const eval::Symbol& owner, eval::Context& context);

/// `owner` names the object in symbols of what the provider computes ("aws_kms_key.k[0]"); null makes a closed object.
[[nodiscard]] EvaluatedBody evaluate_body(const syntax::hcl::Body& body, const eval::Scope& scope, MetaArguments meta,
                                          const eval::Symbol* owner, eval::Context& context, Expansion& expansion);

}  // namespace gabion::terraform
