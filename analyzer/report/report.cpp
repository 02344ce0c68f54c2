#include "report/report.h"

#include <filesystem>

namespace gabion::report {

Counts count(const findings::FindingRange& findings) {
  Counts counts;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const findings::Brief finding = findings.brief(i);
    if (finding.suppressed) {
      ++counts.suppressed;
      continue;
    }
    counts.observed += finding.observed ? 1 : 0;
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

std::string position_text(const source::Region& region, std::string_view path, const source::ArtifactStore& artifacts) {
  std::string text(path);
  if (!path.empty() && region.valid()) {
    const source::Position begin = artifacts.begin_of(region);
    text += ":" + std::to_string(begin.line) + ":" + std::to_string(begin.column);
  }
  return text;
}

std::string service_path(std::string_view path, const Report& report) {
  const std::filesystem::path written(path);
  if (report.base.empty()) {
    return written.lexically_normal().generic_string();
  }
  const std::filesystem::path whole = (std::filesystem::path(report.base) / written).lexically_normal();
  const std::filesystem::path from(report.workspace.empty() ? report.base : report.workspace);
  const std::string relative = whole.lexically_relative(from.lexically_normal()).generic_string();
  return relative.empty() || relative.starts_with("..") ? whole.generic_string() : relative;
}

bool is_clean(const Report& report) {
  return report.summary.counts.total() == report.summary.counts.observed && !report.summary.incomplete;
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
