// What the output formats print: findings, open questions and problems with the input, and the sums over them. Made
// by the command line; the formats know nothing about how findings came to be, and print the same bytes for the same
// report.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "findings/diagnostic.h"
#include "findings/finding.h"
#include "findings/ledger.h"
#include "findings/range.h"
#include "source/artifact.h"

namespace gabion::report {

/// Findings by severity, one for each instance address; suppressed ones are counted apart.
struct Counts {
  std::uint64_t critical = 0;
  std::uint64_t high = 0;
  std::uint64_t medium = 0;
  std::uint64_t low = 0;
  std::uint64_t suppressed = 0;
  std::uint64_t observed = 0;  ///< of those above: reported, but not counted against the run

  [[nodiscard]] std::uint64_t total() const { return critical + high + medium + low; }
};

[[nodiscard]] Counts count(const findings::FindingRange& findings);

/// What was analysed.
struct Summary {
  std::uint64_t files = 0;
  std::uint64_t modules = 0;
  std::uint64_t resources = 0;
  std::uint64_t policies = 0;
  std::uint64_t rules = 0;
  Counts counts;
  bool incomplete = false;  ///< something was not analysed; a diagnostic says what
};

/// Lines of files (first and last, 1-based) by path.
using ShownLines = std::map<std::string, std::vector<std::pair<std::uint32_t, std::uint32_t>>, std::less<>>;

/// Everything a format needs. Findings are sorted (findings::sort); suppressed ones may be among them.
struct Report {
  const source::ArtifactStore& artifacts;
  findings::FindingRange findings;
  std::span<const findings::Unresolved> unresolved;
  std::span<const findings::Diagnostic> diagnostics;
  Summary summary;
  std::vector<const findings::RuleDescription*> rules;  ///< all that ran, findings or not
  std::string tool_name = "gabion";
  std::string tool_version;
  std::string base;  ///< absolute working directory that relative paths start from; empty when it is not to be told
  std::string workspace{};  ///< absolute directory that a service's paths start from; empty: the working directory
  bool compared = false;    ///< with a baseline: what it knows is suppressed with the kind "baseline", the rest is new
  bool show_known = false;  ///< formats that only list what is to be done also list what the baseline knows
  /// All open questions, whether they are to be shown or not: for what has to be called undecided.
  std::span<const findings::Unresolved> undecided{};
  const findings::Ledger* ledger = nullptr;  ///< what the analysis covers; null when nothing is to be said of it
  const ShownLines* shown_lines = nullptr;   ///< what a comparison with an earlier version shows; null: everything
  std::int64_t started = 0;                  ///< seconds since 1970 UTC, for the formats that must tell
  std::int64_t finished = 0;
};

/// A text for each severity, from low to critical.
using SeverityTexts = std::array<std::string_view, 4>;
[[nodiscard]] inline std::string_view text_for(findings::Severity severity, const SeverityTexts& texts) {
  return texts[static_cast<std::size_t>(severity)];
}

/// Path of the artifact as printed, or an empty text for no place.
[[nodiscard]] std::string_view path_of(const source::Region& region, const source::ArtifactStore& artifacts);
/// Path that a diagnostic is about: that of its region, else the one it names.
[[nodiscard]] std::string_view path_of(const findings::Diagnostic& diagnostic, const source::ArtifactStore& artifacts);
/// "path:line:column" of a place in a file of that path, "path" where the file is all that is known; empty for no path.
[[nodiscard]] std::string position_text(const source::Region& region, std::string_view path,
                                        const source::ArtifactStore& artifacts);
/// Path as services know it: relative to the workspace where it is below that, without "." and "..".
[[nodiscard]] std::string service_path(std::string_view path, const Report& report);
/// Whether nothing is wrong: no finding that counts, and everything was analysed.
[[nodiscard]] bool is_clean(const Report& report);
/// "error", "warning", "note".
[[nodiscard]] std::string_view name(findings::DiagnosticSeverity severity);

}  // namespace gabion::report
