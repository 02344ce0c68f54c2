#include "findings/ledger.h"

namespace gabion::findings {

std::string_view name(Covered kind) {
  switch (kind) {
    case Covered::kFile:
      return "file";
    case Covered::kBlock:
      return "block";
    case Covered::kModule:
      return "module";
    case Covered::kPolicy:
      break;
  }
  return "policy";
}

std::string_view name(CoverageState state) {
  switch (state) {
    case CoverageState::kWhole:
      return "analysed";
    case CoverageState::kPartly:
      return "partly";
    case CoverageState::kNot:
      break;
  }
  return "not analysed";
}

double Ledger::percent() const {
  std::uint64_t total = 0;
  std::uint64_t none = 0;
  for (const CoverageSums& one : sums) {
    total += one.total();
    none += one.none;
  }
  return total == 0 ? 100.0 : 100.0 * static_cast<double>(total - none) / static_cast<double>(total);
}

}  // namespace gabion::findings
