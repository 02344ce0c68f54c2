// The report as JUnit XML, the form that Jenkins, GitLab, Azure Pipelines and others read test results in.
#pragma once

#include <ostream>

#include "report/report.h"

namespace gabion::report {

/// A suite for each rule: a finding is a failed case, one that is suppressed or only observed a skipped case, and a
/// rule without findings one case that passed. A suite "input" has an error for each part that was not analysed. Valid
/// by the schema of Jenkins' xUnit plugin (junit-10.xsd); names of cases are different within their suite, as GitLab
/// needs it.
void write_junit(const Report& report, std::ostream& out);

}  // namespace gabion::report
