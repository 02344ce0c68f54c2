// The report as a table: one line a finding, for spreadsheets and databases.
#pragma once

#include <ostream>

#include "report/report.h"

namespace gabion::report {

/// CSV by RFC 4180 with a line of names, every cell in quotes. No cell is a formula: what a spreadsheet would calculate
/// begins with an apostrophe.
void write_csv(const Report& report, std::ostream& out);

}  // namespace gabion::report
