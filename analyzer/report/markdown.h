// The report in Markdown, for the description of a pull request, a comment or the summary of a job.
#pragma once

#include <cstddef>
#include <ostream>

#include "report/report.h"

namespace gabion::report {

struct MarkdownOptions {
  /// The whole report has at most so many bytes (0: any number): details of the last findings give way to a line that
  /// counts them. A comment on GitHub takes 65,536 characters.
  std::size_t max_bytes = 65536;
};

/// A line that sums up, a table of counts, then the findings with the worst first, each folded: place, instances, the
/// way of the value, the request that slips through and the change that mends it; then what was not analysed.
void write_markdown(const Report& report, const MarkdownOptions& options, std::ostream& out);

}  // namespace gabion::report
