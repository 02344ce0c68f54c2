// The data sources aws_region and aws_partition, whose answers follow from the provider's region without asking AWS.
// Used when a data source is evaluated.
#pragma once

#include <string_view>

#include "eval/evaluator.h"
#include "terraform/body_evaluation.h"
#include "terraform/module.h"

namespace gabion::terraform {

[[nodiscard]] bool is_region_data(const ResourceDeclaration& declaration);

/// The data source's object with what the region tells; unchanged when the region is not known. A `region` argument of
/// the data source itself comes first.
[[nodiscard]] eval::Value with_region_facts(const EvaluatedBody& evaluated, const eval::Value& provider_region,
                                            std::string_view type, const eval::Symbol& owner, eval::Context& context);

}  // namespace gabion::terraform
