// The data source aws_iam_policy_document: computes its `json`, `minified_json` and `id` exactly as the AWS provider
// renders them, and symbolically where something is not known. Used when a data source is evaluated.
#pragma once

#include "eval/evaluator.h"
#include "source/region.h"
#include "terraform/body_evaluation.h"

namespace gabion::terraform {

/// The data source's object with the computed attributes added. `json` tells what it encodes (StringDetail::encoded),
/// so that policies can be judged and placed element by element; a document that the provider would refuse is reported
/// and leaves them unknown.
[[nodiscard]] eval::Value with_rendered_policy(const EvaluatedBody& evaluated, const eval::Symbol& owner,
                                               source::Region region, eval::Context& context, Expansion& expansion);

}  // namespace gabion::terraform
