// Stable identity of findings: over rule, resource address and normalised evidence, not over lines or
// paths, so that moves and reformatting keep it and different instances differ.
#pragma once

#include <string>
#include <string_view>

namespace gabion::findings {

/// 32 lower-case hexadecimal digits (128 bits of a stable hash) of the parts, in order.
[[nodiscard]] std::string fingerprint(std::string_view rule_id, std::string_view resource, std::string_view evidence);

}  // namespace gabion::findings
