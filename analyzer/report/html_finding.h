// The parts of the HTML report that show source: findings with their code, trace, witness and fix. Used by html.cpp.
#pragma once

#include <ostream>
#include <string>

#include "report/groups.h"
#include "report/report.h"

namespace gabion::report {

/// A folded element for one group of findings.
void write_html_finding(const FindingGroup& group, const Report& report, std::ostream& out);

/// The lines of a region with some around them, the region marked; nothing where there is no place.
[[nodiscard]] std::string html_code(const source::Region& region, const Report& report);

/// "path:line", as code.
[[nodiscard]] std::string html_place(const source::Region& region, std::string_view path, const Report& report);

/// "critical" in its colour. The word is one of ours.
[[nodiscard]] std::string html_badge(std::string_view word);

}  // namespace gabion::report
