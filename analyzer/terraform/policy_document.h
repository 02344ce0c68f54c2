// The data source aws_iam_policy_document: computes its `json`, `minified_json` and `id` exactly as the AWS provider
// renders them, and symbolically where something is not known. Used when a data source is evaluated.
#pragma once

#include <span>

#include "eval/evaluator.h"
#include "model/model.h"
#include "source/region.h"

namespace gabion::terraform {

class Expansion;

/// The computed attributes. `json` tells what it encodes (StringDetail::encoded),
/// so that policies can be judged and placed element by element; a document that the provider would refuse is reported
/// and leaves them unknown.
[[nodiscard]] std::span<const eval::Member> rendered_policy(const model::Body& body, const eval::Symbol& owner,
                                                            source::Region region, eval::Context& context,
                                                            Expansion& expansion);

}  // namespace gabion::terraform
