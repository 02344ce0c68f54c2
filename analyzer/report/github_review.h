// The report as a review of a pull request on GitHub: the body of "create a review for a pull request" in its REST API,
// with a comment for each place and the safe fixes as suggestions that are applied by a click. A job posts it.
#pragma once

#include <cstddef>
#include <ostream>

#include "report/report.h"

namespace gabion::report {

/// Bytes that the text of a comment or of the review may have.
inline constexpr std::size_t kGithubCommentBytes = 65536;

/// Comments stand at lines of the new version. GitHub refuses a review with a comment outside of the lines that a pull
/// request shows: where the report says which these are, what lies elsewhere is listed in the text of the review.
void write_github_review(const Report& report, std::ostream& out);

}  // namespace gabion::report
