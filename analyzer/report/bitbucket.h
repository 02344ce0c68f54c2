// The report for Code Insights of Bitbucket: one JSON object with the bodies of the requests to make.
#pragma once

#include <cstddef>
#include <ostream>

#include "report/report.h"

namespace gabion::report {

inline constexpr std::size_t kBitbucketAnnotations = 1000;       ///< of one report; more are refused
inline constexpr std::size_t kBitbucketAnnotationsAtOnce = 100;  ///< of one request

/// {"report": body of PUT .../reports/gabion, "annotations": [bodies of POST .../reports/gabion/annotations]}. The
/// worst findings come first; what goes beyond the limit is counted in the report's details.
void write_bitbucket(const Report& report, std::ostream& out);

}  // namespace gabion::report
