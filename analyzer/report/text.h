// The report for people: every finding with its place underlined in the source, the way the value got there, the
// request that slips through and the fix; then problems with the input; then one line that sums up.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "report/report.h"

namespace gabion::report {

struct TextOptions {
  bool colour = false;
  std::uint32_t width = 100;  ///< columns; source lines are cut to it
  bool wrap = false;          ///< sentences are broken to the width too; else they are left to the reader
  std::string link_base{};    ///< absolute directory; places become links to files (OSC 8). Empty: no links
  bool explain = false;       ///< with the first finding of each rule, why it matters and where to read more
  bool show_unresolved = false;
  bool show_suppressed = false;
  std::optional<std::uint64_t> elapsed_milliseconds;  ///< left out of reports that must be the same every time
};

/// Findings of one rule with one message at one place are one entry that names its instances. Everything that comes
/// from the input is made printable first, so that no file can steer the terminal.
void write_text(const Report& report, const TextOptions& options, std::ostream& out);

}  // namespace gabion::report
