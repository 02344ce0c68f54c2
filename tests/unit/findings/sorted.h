// Findings in the order of reports.
#pragma once

#include <vector>

#include "findings/packed.h"
#include "source/artifact.h"

namespace gabion::findings {

inline void sort(std::vector<Finding>& findings, const source::ArtifactStore& artifacts) {
  PackedFindings packed;
  for (const Finding& finding : findings) {
    packed.add(finding);
  }
  packed.sort(artifacts);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    packed.read(i, findings[i]);
  }
}

}  // namespace gabion::findings
