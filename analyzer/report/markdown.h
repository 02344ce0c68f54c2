// The report in Markdown, for the description of a pull request, a comment or the summary of a job.
#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace gabion::report {

struct MarkdownOptions {
  /// The whole report has at most so many bytes (0: any number): details of the last findings give way to a line that
  /// counts them. A comment on GitHub takes 65,536 characters.
  std::size_t max_bytes = 65536;
};

/// Lines in a block of code; the fence is longer than any in them.
[[nodiscard]] std::string code_block(std::string_view language, const std::vector<std::string>& lines);
/// What a fix changes, as a block of code that shows a diff; empty when it cannot be applied.
[[nodiscard]] std::string diff_block(const findings::Fix& fix, const Report& report);
/// What was found at how many places, and what was checked.
[[nodiscard]] std::string markdown_heading(const Report& report, std::size_t places);
/// What is wrong with the input, in about so many bytes (0: any number); empty when nothing is.
[[nodiscard]] std::string markdown_problems(const Report& report, std::size_t max_bytes);

/// A line that sums up, a table of counts, then the findings with the worst first, each folded: place, instances, the
/// way of the value, the request that slips through and the change that mends it; then what was not analysed.
void write_markdown(const Report& report, const MarkdownOptions& options, std::ostream& out);

}  // namespace gabion::report
