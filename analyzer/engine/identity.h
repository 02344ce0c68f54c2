// What makes a finding the same one tomorrow: its rule, the root module, the address of the instance (and the addresses
// that `moved` blocks say it had) and what was seen. Lines, files and layout do not count. Used by analyze().
#pragma once

#include <span>

#include "findings/finding.h"
#include "findings/packed.h"
#include "model/model.h"

namespace gabion::engine {

/// Notes in findings of one configuration which root module they belong to and what their addresses were.
void trace_addresses(const model::Configuration& configuration, std::span<findings::Finding> findings);

/// Computes fingerprint and identities of a finding from what is noted in it.
void identify(findings::Finding& finding);

/// Findings that are alike in all that (two rules of a security group that both let everybody in) get fingerprints of
/// their own, in the order of the report. For reports and baselines; a fix does not care which of them it mends.
void tell_apart(std::span<findings::Finding> findings);
void tell_apart(findings::PackedFindings& findings);

}  // namespace gabion::engine
