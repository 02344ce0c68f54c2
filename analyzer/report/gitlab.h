// Reports for GitLab: a SAST report (security-report-schemas 15.0.4) for merge requests and the vulnerability report,
// and a Code Quality report (the part of Code Climate's format that GitLab reads) for the widget of merge requests.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

#include "report/report.h"

namespace gabion::report {

inline constexpr std::string_view kGitlabSchemaVersion = "15.0.4";

/// Suppressed findings are left out. The ids follow from the fingerprints; safe fixes are remediations, as patches that
/// `git apply` takes.
void write_gitlab(const Report& report, std::ostream& out);

/// Lets a report tell another time for both the beginning and the end of the scan. False when it tells none.
[[nodiscard]] bool set_gitlab_times(std::string& written, std::int64_t seconds);

/// One issue a finding. Problems with the input are issues too, so that a file that was not read is seen.
void write_codeclimate(const Report& report, std::ostream& out);

/// Fingerprints of the findings, made different where several findings share one: services keep only one of these.
[[nodiscard]] std::vector<std::string> unique_fingerprints(const findings::FindingRange& findings);

}  // namespace gabion::report
