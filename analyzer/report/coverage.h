// The account of what an analysis covers, in words: for `--statistics` and for the formats.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "report/report.h"

namespace gabion::report {

/// Tenths of a percent, rounded down: 100.0 means all.
[[nodiscard]] std::uint64_t coverage_tenths(const findings::Ledger& ledger);
/// "98.5 %".
[[nodiscard]] std::string coverage_percent(const findings::Ledger& ledger);

/// Where a gap is: "path:line", or what it is called.
[[nodiscard]] std::string place_of(const findings::CoverageGap& gap, const Report& report);

/// A line for each kind of thing, then one for each gap, printable.
void write_coverage(const Report& report, std::ostream& out);

}  // namespace gabion::report
