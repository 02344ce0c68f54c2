#include <array>

#include "findings/finding.h"

namespace gabion::findings {
namespace {

/// Index is the severity.
constexpr std::array<std::string_view, 4> kSeverityNames = {"low", "medium", "high", "critical"};

}  // namespace

std::string_view name(Severity severity) {
  return kSeverityNames[static_cast<std::size_t>(severity)];
}

std::optional<Severity> severity_from_name(std::string_view text) {
  for (std::size_t i = 0; i < kSeverityNames.size(); ++i) {
    if (kSeverityNames[i] == text) {
      return static_cast<Severity>(i);
    }
  }
  return std::nullopt;
}

std::string_view name(Safety safety) {
  switch (safety) {
    case Safety::kSafe:
      return "safe";
    case Safety::kUnsafe:
      return "unsafe";
    case Safety::kManual:
      break;
  }
  return "manual";
}

}  // namespace gabion::findings
