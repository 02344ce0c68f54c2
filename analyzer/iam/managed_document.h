// How policies of AWS read: what read_policy() would give for their JSON text, straight from the facts. Called where a
// policy of AWS is attached.
#pragma once

#include "aws/managed_policies.h"
#include "iam/document.h"

namespace gabion::iam {

/// The policy as a document, without places.
[[nodiscard]] PolicyReading read_managed_policy(const aws::ManagedPolicy& policy);

}  // namespace gabion::iam
