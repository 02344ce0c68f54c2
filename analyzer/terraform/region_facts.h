// The data sources that tell about the account a provider works in: aws_region, aws_partition, aws_caller_identity and
// aws_service_principal. Their answers follow from the provider's configuration without asking AWS. Used when a data
// source is evaluated.
#pragma once

#include <span>
#include <string_view>

#include "eval/evaluator.h"
#include "model/model.h"
#include "terraform/module.h"

namespace gabion::terraform {

/// Data sources of this type say where and in which account the provider works.
[[nodiscard]] bool tells_account(std::string_view type);

/// The name of the partition that a region (known, known in part, or null) belongs to. Where the region does not tell,
/// it is `assumed`, or the standard partition when that is empty too: nearly all configurations are written for it, and
/// without a partition no ARN in their policies could be compared with anything.
[[nodiscard]] eval::Value partition_of(const eval::Value& region, std::string_view assumed, eval::Context& context);

/// The attributes of the data source that the provider's facts tell. A `region` argument of the
/// data source itself comes first.
[[nodiscard]] std::span<const eval::Member> account_facts(const model::Body& body, const model::ProviderFacts& facts,
                                                          std::string_view type, eval::Context& context);

}  // namespace gabion::terraform
