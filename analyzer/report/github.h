// The report as workflow commands of GitHub Actions: annotations on the lines of a pull request.
#pragma once

#include <cstddef>
#include <ostream>

#include "report/report.h"

namespace gabion::report {

/// Annotations of one kind (error, warning, notice) that a step can show; the log has all.
inline constexpr std::size_t kGithubAnnotations = 10;
/// Bytes that the summaries of a step may have together; GitHub drops what is larger.
inline constexpr std::size_t kGithubSummaryBytes = 1024 * 1024;

/// One command a line: critical and high findings are errors, medium ones warnings, low ones notices; problems with the
/// input come before findings, the worst findings before others, because only the first of each kind are shown. When
/// there are more, a notice before them says so.
void write_github(const Report& report, std::ostream& out);

}  // namespace gabion::report
