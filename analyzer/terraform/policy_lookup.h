// The data source aws_iam_policy: finds the policy that it looks up among those of AWS and those of this configuration.
// Used when a data source is evaluated.
#pragma once

#include <span>

#include "eval/evaluator.h"
#include "model/model.h"

namespace gabion::terraform {

/// The attributes of the data source that are known of the policy. The text of its document is known after apply, as
/// AWS keeps it; what the text says is known (StringDetail::encoded), so that it can be judged. What cannot be found
/// stays unknown.
[[nodiscard]] std::span<const eval::Member> found_policy(const model::Body& body, const model::ProviderFacts& facts,
                                                         const eval::Symbol& owner, eval::Context& context);

}  // namespace gabion::terraform
