// The data source template_file of the template provider, which is archived and still used: configurations of before
// Terraform 0.12 write their policies with it.
#pragma once

#include "eval/evaluator.h"
#include "source/region.h"
#include "terraform/body_evaluation.h"

namespace gabion::terraform {

/// The data source's object with `rendered`, where `template` is known; where it is not, or no template, `rendered`
/// stays what the provider would tell.
[[nodiscard]] eval::Value with_rendered_template(const EvaluatedBody& evaluated, const eval::Symbol& owner,
                                                 source::Region region, eval::Context& context);

}  // namespace gabion::terraform
