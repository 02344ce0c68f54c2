// The report as SARIF 2.1.0 (OASIS), for code scanning services and editors.
#pragma once

#include <ostream>
#include <string>

#include "report/report.h"

namespace gabion::report {

struct SarifOptions {
  /// Tells runs of different parts of one repository apart; services keep the alerts of each category by themselves.
  std::string category = "gabion";
};

/// One run. Columns count code points; regions have byte offsets too. Traces become code flows (in the order of the
/// flow: from where the value was written to where it is wrong), fixes that need no hand become fixes, suppressed
/// findings stay in the results with their suppressions.
void write_sarif(const Report& report, std::ostream& out, const SarifOptions& options = {});

}  // namespace gabion::report
