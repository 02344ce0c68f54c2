#include "report/text.h"

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "report/text_entry.h"

namespace gabion::report {
namespace {

/// "1 file", "2 files", "3 policies", "4 fixes".
std::string plural(std::uint64_t number, std::string_view noun) {
  std::string text = std::to_string(number) + " " + std::string(noun);
  if (number == 1) {
    return text;
  }
  if (text.ends_with('y')) {
    text.pop_back();
    return text + "ies";
  }
  return text + (text.ends_with('x') ? "es" : "s");
}

/// Groups what a reader takes for one thing, in the order of first appearance.
std::vector<FindingGroup> group_findings(std::span<const findings::Finding> findings, bool with_suppressed) {
  using Key = std::tuple<source::Region, const findings::RuleDescription*, findings::Severity, std::string_view,
                         std::string_view, std::string_view, std::vector<std::string>>;
  std::map<Key, std::size_t> index;
  std::vector<FindingGroup> groups;
  for (const findings::Finding& finding : findings) {
    if (finding.suppression && !with_suppressed) {
      continue;
    }
    const std::string_view kind = finding.suppression ? std::string_view(finding.suppression->kind) : "";
    const std::string_view reason = finding.suppression ? std::string_view(finding.suppression->reason) : "";
    const Key key(finding.region, finding.rule, finding.severity, finding.message, kind, reason, finding.environments);
    const auto [known, is_new] = index.try_emplace(key, groups.size());
    if (is_new) {
      groups.emplace_back();
    }
    groups[known->second].push_back(&finding);
  }
  return groups;
}

std::vector<UnresolvedGroup> group_unresolved(std::span<const findings::Unresolved> unresolved) {
  using Key = std::tuple<source::Region, const findings::RuleDescription*, std::string_view, std::vector<std::string>>;
  std::map<Key, std::size_t> index;
  std::vector<UnresolvedGroup> groups;
  for (const findings::Unresolved& item : unresolved) {
    const auto [known, is_new] =
        index.try_emplace(Key(item.region, item.rule, item.message, item.environments), groups.size());
    if (is_new) {
      groups.emplace_back();
    }
    groups[known->second].push_back(&item);
  }
  return groups;
}

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
std::size_t count_fixes(std::span<const findings::Finding> findings, findings::Safety safety) {
  std::set<std::vector<std::pair<source::Region, std::string_view>>> fixes;
  for (const findings::Finding& finding : findings) {
    if (!finding.fix || finding.suppression || finding.fix->safety != safety) {
      continue;
    }
    std::vector<std::pair<source::Region, std::string_view>> edits;
    for (const findings::Edit& edit : finding.fix->edits) {
      edits.emplace_back(edit.region, edit.text);
    }
    fixes.insert(std::move(edits));
  }
  return fixes.size();
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

  const std::size_t safe = count_fixes(report.findings, findings::Safety::kSafe);
  const std::size_t unsafe = count_fixes(report.findings, findings::Safety::kUnsafe);
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
  if (counts.suppressed > 0 && !options.show_suppressed) {
    out << plural(counts.suppressed, "finding") << " suppressed: see `--show-suppressed`\n";
  }
  if (summary.incomplete) {
    out << style.paint(Role::kWarning, "the analysis is incomplete") << ": see the errors above\n";
  }
}

}  // namespace

void write_text(const Report& report, const TextOptions& options, std::ostream& out) {
  const EntryContext context{report.artifacts, options, Style(options.colour)};
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
  for (const findings::Diagnostic& diagnostic : report.diagnostics) {
    write_diagnostic(diagnostic, context, out);
    out << '\n';
  }
  write_summary(report, options, places, context.style, out);
}

}  // namespace gabion::report
