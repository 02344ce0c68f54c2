// The report for scripts: one JSON object, described in docs and stable by its schema version.
#pragma once

#include <cstdint>
#include <ostream>

#include "report/report.h"

namespace gabion::report {

/// Grows when a member changes its meaning or goes away; new members do not count.
inline constexpr std::uint64_t kJsonSchemaVersion = 1;

/// Lines and columns are 1-based, columns count code points, a range ends before its end. Offsets are bytes, 0-based.
/// "severity" is the one the finding has by configuration. A finding without a place has null for file, line and
/// range. A trace starts next to the finding and ends where the value was written.
void write_json(const Report& report, std::ostream& out);

}  // namespace gabion::report
