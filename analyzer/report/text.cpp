#include "report/text.h"

#include <cstdint>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "report/groups.h"
#include "report/text_entry.h"
#include "report/wrap.h"
#include "source/hash.h"
#include "source/hash_index.h"
#include "source/region_hash.h"

namespace gabion::report {
namespace {

/// "12 findings at 4 places: 1 critical, 8 high, 3 low"
std::string describe_counts(const Counts& counts, std::size_t places, const Style& style) {
  using findings::Severity;
  const std::pair<Severity, std::uint64_t> parts[] = {{Severity::kCritical, counts.critical},
                                                      {Severity::kHigh, counts.high},
                                                      {Severity::kMedium, counts.medium},
                                                      {Severity::kLow, counts.low}};
  std::string text = style.paint(Role::kStrong, plural(counts.total(), "finding"));
  if (places > 0 && places < counts.total()) {
    text += " at " + plural(places, "place");
  }
  std::string_view separator = ": ";
  for (const auto& [severity, number] : parts) {
    if (number > 0) {
      text.append(separator);
      text += style.paint(role_of(severity), std::to_string(number) + " " + std::string(findings::name(severity)));
      separator = ", ";
    }
  }
  return text;
}

/// Different changes to the files: the instances of one block share theirs.
struct FixCounts {
  std::size_t safe = 0;
  std::size_t unsafe = 0;
};
FixCounts count_fixes(const findings::FindingRange& findings) {
  FixCounts counts;
  source::HashIndex known;
  findings::Finding room;
  findings::Finding other_room;
  for (std::uint32_t i = 0; i < findings.size(); ++i) {
    if (findings.brief(i).suppressed) {
      continue;
    }
    const std::optional<findings::Fix>& fix = findings.get(i, room).fix;
    if (!fix || fix->safety == findings::Safety::kManual) {
      continue;
    }
    std::uint64_t hash = static_cast<std::uint64_t>(fix->safety);
    for (const findings::Edit& edit : fix->edits) {
      hash = 31 * hash + source::hash_of(edit.text) + source::hash_of(edit.region);
    }
    const auto is_same = [&](std::uint32_t other) {
      const std::optional<findings::Fix>& one = findings.get(other, other_room).fix;
      return one->safety == fix->safety && one->edits == fix->edits;
    };
    if (!known.find(hash, is_same)) {
      known.add(hash, i);
      ++(fix->safety == findings::Safety::kSafe ? counts.safe : counts.unsafe);
    }
  }
  return counts;
}

void write_summary(const Report& report, const TextOptions& options, std::size_t places, const Style& style,
                   std::ostream& out) {
  const Summary& summary = report.summary;
  const Counts& counts = summary.counts;
  out << (counts.total() == 0 ? style.paint(Role::kStrong, "no findings") : describe_counts(counts, places, style))
      << '\n';

  out << "checked " << plural(summary.resources, "resource") << " and " << plural(summary.policies, "policy") << " of "
      << plural(summary.modules, "module") << " in " << plural(summary.files, "file") << " with "
      << plural(summary.rules, "rule");
  if (options.elapsed_milliseconds) {
    out << " in " << *options.elapsed_milliseconds << " ms";
  }
  out << '\n';

  const auto [safe, unsafe] = count_fixes(report.findings);
  // A fix is proved by analysing everything again, so a scan does not promise it.
  if (safe > 0) {
    out << plural(safe, "possible fix") << ": `gabion fix` shows what it can prove, `gabion fix --write` applies it\n";
  }
  if (unsafe > 0) {
    out << plural(unsafe, "possible fix") << " that " << (unsafe == 1 ? "needs" : "need")
        << " a look first: `gabion fix --unsafe`\n";
  }
  if (!report.unresolved.empty() && !options.show_unresolved) {
    out << plural(report.unresolved.size(), "question") << " left open because of unknown values: see "
        << "`--show-unresolved`\n";
  }
  if (counts.observed > 0) {
    out << plural(counts.observed, "finding") << " only observed, not counted against the run\n";
  }
  if (counts.suppressed > 0 && !options.show_suppressed) {
    out << plural(counts.suppressed, "finding") << " suppressed: see `--show-suppressed`\n";
  }
  if (summary.incomplete) {
    out << style.paint(Role::kWarning, "the analysis is incomplete") << ": see the errors above\n";
  }
}

}  // namespace

void write_text(const Report& report, const TextOptions& options, std::ostream& out) {
  EntryContext context{report.artifacts, options, Style(options.colour, !options.link_base.empty()), {}};
  std::size_t places = 0;
  for (const FindingGroup& group : group_findings(report.findings, options.show_suppressed)) {
    write_finding(group, context, out);
    out << '\n';
    places += group.front()->suppression ? 0 : 1;
  }
  if (options.show_unresolved) {
    for (const UnresolvedGroup& group : group_unresolved(report.unresolved)) {
      write_unresolved(group, context, out);
      out << '\n';
    }
  }
  for (const DiagnosticGroup& group : group_diagnostics(report.diagnostics)) {
    write_diagnostic(group, context, out);
    out << '\n';
  }
  if (!options.wrap) {
    write_summary(report, options, places, context.style, out);
    return;
  }
  constexpr std::uint32_t kIndent = 2;
  std::ostringstream summary;
  write_summary(report, options, places, context.style, summary);
  std::istringstream lines(summary.str());
  for (std::string line; std::getline(lines, line);) {
    // Colours are no columns: the few lines that have some are short.
    out << (line.find('\x1b') == std::string::npos ? wrap(line, options.width, 0, kIndent) : line) << '\n';
  }
}

}  // namespace gabion::report
