#include "report/markdown.h"

#include <algorithm>
#include <string>
#include <vector>

#include "report/diff.h"
#include "report/groups.h"
#include "report/markup.h"
#include "report/text_entry.h"
#include "report/unicode.h"

namespace gabion::report {
namespace {

constexpr std::size_t kShownInstances = 20;
constexpr std::size_t kShownDiffLines = 60;
constexpr std::size_t kShownLineBytes = 2000;
/// Kept for the line that counts what is left out.
constexpr std::size_t kReserve = 200;

std::string place(const source::Region& region, std::string_view path, const Report& report) {
  std::string text = service_path(path, report);
  if (region.valid()) {
    text += ":" + std::to_string(report.artifacts.begin_of(region).line);
  }
  return markdown_code(text);
}

std::string without_line_end(std::string_view line, const Report& report) {
  while (line.ends_with('\n') || line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return printable(source::shown(line, report.artifacts.guard()));
}

}  // namespace

std::string code_block(std::string_view language, const std::vector<std::string>& lines) {
  std::size_t longest = 2;
  for (const std::string& line : lines) {
    std::size_t run = 0;
    for (const char c : line) {
      run = c == '`' ? run + 1 : 0;
      longest = std::max(longest, run);
    }
  }
  const std::string fence(longest + 1, '`');
  std::string text = fence + std::string(language) + "\n";
  for (const std::string& line : lines) {
    text += line + "\n";
  }
  return text + fence + "\n";
}

std::string diff_block(const findings::Fix& fix, const Report& report) {
  const auto files = edited_files(fix.edits, report.artifacts, Extent::kEditedLines);
  if (!files) {
    return {};
  }
  std::vector<std::string> lines;
  for (const EditedFile& file : *files) {
    for (const Hunk& hunk : diff_lines(file.before, file.after, 0)) {
      for (const DiffLine& line : hunk.lines) {
        lines.push_back((line.kind == DiffLine::Kind::kRemoved ? "-" : "+") +
                        cut(without_line_end(line.text, report), kShownLineBytes));
      }
    }
  }
  if (lines.size() > kShownDiffLines) {
    const std::size_t hidden = lines.size() - kShownDiffLines;
    lines.resize(kShownDiffLines);
    lines.push_back(" ... " + plural(hidden, "more line"));
  }
  return lines.empty() ? std::string() : "\n" + code_block("diff", lines);
}

namespace {

/// One finding in full.
std::string entry(const FindingGroup& group, const Report& report) {
  const findings::Finding& finding = *group.front();
  const std::vector<std::string> instances = instances_of(group);
  std::string text = "<details>\n<summary><b>" + std::string(findings::name(finding.severity)) + "</b> " +
                     markdown_html(finding.message);
  if (finding.region.valid()) {
    text += " &mdash; <code>" +
            xml(service_path(path_of(finding.region, report.artifacts), report) + ":" +
                std::to_string(report.artifacts.begin_of(finding.region).line)) +
            "</code>";
  }
  text += "</summary>\n\n";
  text += "- rule: " + markdown_code(id_of(finding.rule)) + ", " + markdown(title_of(finding)) + "\n";
  if (!instances.empty()) {
    text += "- " + (instances.size() == 1 ? std::string("resource") : plural(instances.size(), "instance")) + ": ";
    const std::size_t shown = std::min(instances.size(), kShownInstances);
    for (std::size_t i = 0; i < shown; ++i) {
      text += (i == 0 ? "" : ", ") + markdown_code(instances[i]);
    }
    text += shown < instances.size() ? " and " + std::to_string(instances.size() - shown) + " more\n" : "\n";
  }
  if (const std::vector<std::string> environments = environments_of(group); !environments.empty()) {
    text += "- environments: " + markdown(list_of(environments, environments.size())) + "\n";
  }
  if (finding.observation) {
    text += "- observed: " + markdown(observation_of(finding)) + "\n";
  }
  for (const findings::TraceStep& step : finding.trace) {
    text += "- from: " + markdown(step.message);
    text +=
        step.region.valid() ? " (" + place(step.region, path_of(step.region, report.artifacts), report) + ")\n" : "\n";
  }
  if (finding.witness) {
    text += "- request that slips through: " + markdown_code(describe(*finding.witness)) + "\n";
  }
  if (finding.rule != nullptr && !finding.rule->why.empty()) {
    text += "\n" + markdown(finding.rule->why) + "\n";
  }
  if (finding.fix) {
    text += "\npossible fix (" + std::string(findings::name(finding.fix->safety)) +
            "): " + markdown(finding.fix->title) + "\n" + diff_block(*finding.fix, report);
  }
  return text + "\n</details>\n\n";
}

std::string problem(const findings::Diagnostic& diagnostic, const Report& report) {
  const std::string_view path = path_of(diagnostic, report.artifacts);
  return "- " + std::string(name(diagnostic.severity)) + ": " +
         (path.empty() ? "" : place(diagnostic.region, path, report) + " ") + markdown(diagnostic.message) +
         (diagnostic.environments.empty() ? "" : " in " + markdown(environments_of(diagnostic))) +
         (diagnostic.hint.empty() ? "" : " (" + markdown(diagnostic.hint) + ")") + "\n";
}

}  // namespace

std::string markdown_heading(const Report& report, std::size_t places) {
  const Summary& summary = report.summary;
  const Counts& counts = summary.counts;
  std::string text = "### gabion: ";
  text += counts.total() == 0 ? "no findings" : plural(counts.total(), "finding");
  text += places > 0 && places < counts.total() ? " at " + plural(places, "place") : "";
  text += "\n\n";
  if (summary.incomplete) {
    text += "**The analysis is incomplete:** see the problems at the end.\n\n";
  }
  if (counts.total() > 0) {
    text += "| critical | high | medium | low | suppressed |\n|---:|---:|---:|---:|---:|\n";
    for (const std::uint64_t number : {counts.critical, counts.high, counts.medium, counts.low, counts.suppressed}) {
      text += "| " + std::to_string(number) + " ";
    }
    text += "|\n\n";
  }
  return text + "Checked " + plural(summary.resources, "resource") + " and " + plural(summary.policies, "policy") +
         " of " + plural(summary.modules, "module") + " in " + plural(summary.files, "file") + " with " +
         plural(summary.rules, "rule") + ".\n\n";
}

std::string markdown_problems(const Report& report, std::size_t max_bytes) {
  std::string problems;
  std::size_t left = 0;
  for (const findings::Diagnostic& diagnostic : report.diagnostics) {
    const std::string part = problem(diagnostic, report);
    if (max_bytes == 0 || problems.size() + part.size() < max_bytes) {
      problems += part;
    } else {
      ++left;
    }
  }
  if (left > 0) {
    problems += "- and " + plural(left, "more problem") + "\n";
  }
  return problems.empty() ? problems : "Problems with the input:\n\n" + problems;
}

void write_markdown(const Report& report, const MarkdownOptions& options, std::ostream& out) {
  const FindingGroups groups = worst_first(report.findings);
  std::string text = markdown_heading(report, groups.size());
  const auto fits = [&](const std::string& part) {
    return options.max_bytes == 0 || text.size() + part.size() + kReserve <= options.max_bytes;
  };
  // Problems are kept when details of findings are not: they say what the findings cannot.
  const std::string problems = markdown_problems(report, options.max_bytes / 4);
  std::size_t left = 0;
  for (const FindingGroup& group : groups) {
    std::string part = left > 0 ? std::string() : entry(group, report);
    if (left == 0 && fits(part + problems)) {
      text += part;
    } else {
      ++left;
    }
  }
  if (left > 0) {
    text += "... and " + plural(left, "more place") + ", left out because a text of this kind has a greatest size.\n\n";
  }
  out << text + problems;
}

}  // namespace gabion::report
