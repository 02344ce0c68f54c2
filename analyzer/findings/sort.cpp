#include <algorithm>
#include <tuple>

#include "findings/finding.h"

namespace gabion::findings {

void sort(std::vector<Finding>& findings, const source::ArtifactStore& artifacts) {
  // Ids of artifacts depend on the order of reading, paths do not. Findings without a place come first.
  const auto path = [&](const Finding& finding) {
    return finding.region.valid() ? artifacts.get(finding.region.artifact).path() : std::string_view();
  };
  const auto rule = [](const Finding& finding) {
    return finding.rule == nullptr ? std::string_view() : finding.rule->id;
  };
  const auto key = [&](const Finding& finding) {
    return std::tuple(path(finding), finding.region.begin, finding.region.end, rule(finding),
                      std::string_view(finding.resource), std::string_view(finding.message));
  };
  std::stable_sort(findings.begin(), findings.end(),
                   [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
}

}  // namespace gabion::findings
