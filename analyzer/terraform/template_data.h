// The data source template_file of the template provider, which is archived and still used: configurations of before
// Terraform 0.12 write their policies with it.
#pragma once

#include <span>

#include "eval/evaluator.h"
#include "model/model.h"
#include "source/region.h"

namespace gabion::terraform {

/// `rendered`, where `template` is known; nothing where it is not, or no template.
[[nodiscard]] std::span<const eval::Member> rendered_template(const model::Body& body, const eval::Symbol& owner,
                                                              source::Region region, eval::Context& context);

}  // namespace gabion::terraform
