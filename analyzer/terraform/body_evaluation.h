// Evaluates the body of a block: attributes, nested blocks, dynamic blocks at any depth. Used for resources, data
// sources, providers and the other blocks that rules look at.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "eval/assumption.h"
#include "eval/evaluator.h"
#include "model/model.h"
#include "syntax/hcl/ast.h"

namespace gabion::terraform {

class Expansion;

/// Names at the top of a body that say how Terraform treats the block rather than what it configures.
enum class MetaArguments : std::uint8_t { kNone, kResource, kProvider, kCall };

/// `owner` is what the body belongs to ("aws_kms_key.k[0]"), for the names of what is not known in it; may be empty.
/// `assumed` is what holds where the body counts; the scope knows of it.
[[nodiscard]] model::Body evaluate_body(const syntax::hcl::Body& body, const eval::Scope& scope, MetaArguments meta,
                                        std::string_view owner, eval::Context& context, Expansion& expansion,
                                        std::span<const eval::Assumption> assumed = {});

/// What expressions see of a resource: attributes that are not null, nested blocks as lists of objects, and what its
/// provider is known to compute of the rest. What is written keeps its value. `owner` is the symbol of the object, by
/// which all else goes that the provider computes.
[[nodiscard]] eval::Value object_of(const model::Body& body, std::span<const eval::Member> computed,
                                    const eval::Symbol& owner, eval::Context& context);

/// What an expression sees of one written attribute of the resource `owner`. A name or id that may be null, so that the
/// provider finds one, is the name or id of that resource, whichever. What is looked up by some tags has others as
/// well.
[[nodiscard]] eval::Value attribute_seen(const model::Attribute& attribute, const eval::Symbol& owner,
                                         eval::Context& context);

}  // namespace gabion::terraform
