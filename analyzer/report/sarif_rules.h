// The part of a SARIF log that describes rules. Used by sarif.cpp.
#pragma once

#include <string_view>

#include "findings/finding.h"
#include "report/json_writer.h"

namespace gabion::report {

/// "error" for critical and high, "warning" for medium, "note" for low.
[[nodiscard]] std::string_view sarif_level(findings::Severity severity);

/// One reportingDescriptor object.
void write_sarif_rule(const findings::RuleDescription& rule, JsonWriter& json);

}  // namespace gabion::report
