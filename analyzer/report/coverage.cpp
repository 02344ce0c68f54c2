#include "report/coverage.h"

#include "report/groups.h"
#include "report/unicode.h"

namespace gabion::report {

std::uint64_t coverage_tenths(const findings::Ledger& ledger) {
  return static_cast<std::uint64_t>(ledger.percent() * 10.0);
}

std::string coverage_percent(const findings::Ledger& ledger) {
  const std::uint64_t tenths = coverage_tenths(ledger);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

std::string place_of(const findings::CoverageGap& gap, const Report& report) {
  if (!gap.region.valid()) {
    return printable(gap.what);
  }
  std::string place = printable(path_of(gap.region, report.artifacts));
  if (gap.kind != findings::Covered::kFile) {
    place += ":" + std::to_string(report.artifacts.begin_of(gap.region).line);
  }
  return gap.what.empty() || gap.kind == findings::Covered::kFile ? place : printable(gap.what) + " (" + place + ")";
}

void write_coverage(const Report& report, std::ostream& out) {
  if (report.ledger == nullptr) {
    return;
  }
  const findings::Ledger& ledger = *report.ledger;
  out << "coverage: " << coverage_percent(ledger) << '\n';
  for (const findings::Covered kind : findings::kAllCovered) {
    const findings::CoverageSums& sums = ledger.of(kind);
    out << "  " << plural(sums.total(), findings::name(kind)) << ": " << sums.whole << " analysed, " << sums.partly
        << " partly, " << sums.none << " not\n";
  }
  for (const findings::CoverageGap& gap : ledger.gaps) {
    out << "  " << findings::name(gap.kind) << ' ' << findings::name(gap.state) << ": " << place_of(gap, report) << ": "
        << printable(gap.why) << '\n';
  }
}

}  // namespace gabion::report
