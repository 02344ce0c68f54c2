// The report as one page for auditors: it needs no network and no other file, shows everything without JavaScript, and
// with it can be searched and filtered. Looks right on a phone and on paper.
#pragma once

#include <ostream>
#include <string_view>

#include "report/report.h"

namespace gabion::report {

/// One HTML document. A Content-Security-Policy allows the page's own style and script (by their hashes) and nothing
/// else; every text of the report is escaped. The state of the filter is in the fragment of the address:
/// #q=text&severity=critical,high&rule=ID&module=ADDRESS&state=suppressed.
void write_html(const Report& report, std::ostream& out);

/// The style and the script of the page, as they stand between their tags.
[[nodiscard]] std::string_view html_style();
[[nodiscard]] std::string_view html_script();

}  // namespace gabion::report
