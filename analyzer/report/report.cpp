#include "report/report.h"

namespace gabion::report {

Counts count(std::span<const findings::Finding> findings) {
  Counts counts;
  for (const findings::Finding& finding : findings) {
    if (finding.suppression) {
      ++counts.suppressed;
      continue;
    }
    switch (finding.severity) {
      case findings::Severity::kCritical:
        ++counts.critical;
        break;
      case findings::Severity::kHigh:
        ++counts.high;
        break;
      case findings::Severity::kMedium:
        ++counts.medium;
        break;
      case findings::Severity::kLow:
        ++counts.low;
        break;
    }
  }
  return counts;
}

std::string_view path_of(const source::Region& region, const source::ArtifactStore& artifacts) {
  return region.valid() ? artifacts.get(region.artifact).path() : std::string_view();
}

std::string_view path_of(const findings::Diagnostic& diagnostic, const source::ArtifactStore& artifacts) {
  return diagnostic.region.valid() ? path_of(diagnostic.region, artifacts) : std::string_view(diagnostic.path);
}

std::string_view name(findings::DiagnosticSeverity severity) {
  switch (severity) {
    case findings::DiagnosticSeverity::kError:
      return "error";
    case findings::DiagnosticSeverity::kWarning:
      return "warning";
    case findings::DiagnosticSeverity::kNote:
      break;
  }
  return "note";
}

}  // namespace gabion::report
