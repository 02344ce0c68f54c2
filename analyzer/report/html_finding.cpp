#include "report/html_finding.h"

#include <algorithm>
#include <set>
#include <vector>

#include "model/address.h"
#include "report/diff.h"
#include "report/excerpt.h"
#include "report/markup.h"

namespace gabion::report {
namespace {

constexpr std::uint32_t kLinesAround = 2;
/// A region of more lines than this is shown by its first and last ones.
constexpr std::uint32_t kWholeLines = 24;
constexpr std::uint32_t kFirstLines = 16;
constexpr std::uint32_t kWidth = 400;  ///< columns of a line of code
constexpr std::size_t kShownInstances = 200;

/// A line of code as text: tabs are spaces, what would deceive is escaped, long lines are cut.
std::string code(std::string_view line) {
  return xml(cut_line(line, kWidth));
}

/// One line with what is marked in it. A secret in the line is left out, and the mark with it.
std::string marked_line(std::string_view line, std::size_t begin, std::size_t end, const source::TextGuard* guard) {
  const bool secret = guard != nullptr && !guard->hidden(line).empty();
  if (secret || begin >= end || line.size() > kWidth) {
    return code(source::shown(line, guard));
  }
  return code(line.substr(0, begin)) + "<mark>" + code(line.substr(begin, end - begin)) + "</mark>" +
         code(line.substr(end));
}

std::string numbered(std::uint32_t number, std::string_view style, const std::string& text) {
  return "<span" + (style.empty() ? std::string() : " class=\"" + std::string(style) + "\"") + "><i>" +
         std::to_string(number) + "</i>" + text + "</span>";
}

void row(std::string_view name, const std::string& markup, std::ostream& out) {
  if (!markup.empty()) {
    out << "<tr><th scope=\"row\">" << name << "</th><td>" << markup << "</td></tr>\n";
  }
}

std::string coded(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShownInstances); ++i) {
    text += (i == 0 ? "<code>" : "<br><code>") + xml(names[i]) + "</code>";
  }
  if (names.size() > kShownInstances) {
    text += "<br>and " + std::to_string(names.size() - kShownInstances) + " more";
  }
  return text;
}

std::string suppression_with_place(const findings::Finding& finding, const Report& report) {
  std::string text = xml(suppression_of(finding));
  if (finding.suppression && finding.suppression->region.valid()) {
    const source::Region& region = finding.suppression->region;
    text += " " + html_place(region, path_of(region, report.artifacts), report);
  }
  return text;
}

void write_trace(const findings::Finding& finding, const Report& report, std::ostream& out) {
  if (finding.trace.empty()) {
    return;
  }
  out << "<h3>Where the value comes from</h3>\n<ol class=\"trace\">\n";
  for (const findings::TraceStep& step : finding.trace) {
    out << "<li>" << xml(step.message) << ' ' << html_place(step.region, path_of(step.region, report.artifacts), report)
        << html_code(step.region, report) << "</li>\n";
  }
  out << "</ol>\n";
}

void write_witness(const findings::Witness& witness, std::ostream& out) {
  out << "<h3>A request that slips through</h3>\n<table class=\"facts\"><tbody>\n";
  const auto value = [](const std::string& text) {
    return text.empty() ? std::string() : "<code>" + xml(text) + "</code>";
  };
  row("principal", value(witness.principal), out);
  row("action", value(witness.action), out);
  row("resource", witness.resource ? value(*witness.resource) : std::string(), out);
  for (const auto& [key, values] : witness.context) {
    std::string text;
    if (!values) {
      text = "absent";
    } else {
      for (const std::string& one : *values) {
        text += (text.empty() ? "<code>" : "<br><code>") + xml(one) + "</code>";
      }
      text = text.empty() ? "no values" : text;
    }
    row(xml(key), text, out);
  }
  out << "</tbody></table>\n";
}

void write_fix(const findings::Fix& fix, const Report& report, std::ostream& out) {
  out << "<h3>Possible fix (" << findings::name(fix.safety) << ")</h3>\n<p>" << xml(fix.title) << "</p>\n";
  const auto files = edited_files(fix.edits, report.artifacts, Extent::kEditedLines);
  if (!files) {
    return;
  }
  const source::TextGuard* guard = report.artifacts.guard();
  for (const EditedFile& file : *files) {
    out << "<p><code>" << xml(report.artifacts.get(file.artifact).path()) << "</code></p>\n<pre>";
    for (const Hunk& hunk : diff_lines(file.before, file.after, kLinesAround)) {
      std::uint32_t old_line = file.first_line - 1 + hunk.old_line;
      std::uint32_t new_line = file.first_line - 1 + hunk.new_line;
      for (const DiffLine& line : hunk.lines) {
        const bool removed = line.kind == DiffLine::Kind::kRemoved;
        const bool added = line.kind == DiffLine::Kind::kAdded;
        std::string_view text = line.text;
        while (text.ends_with('\n') || text.ends_with('\r')) {
          text.remove_suffix(1);
        }
        out << numbered(removed ? old_line : new_line,
                        removed ? "removed"
                        : added ? "added"
                                : "",
                        (removed ? "- "
                         : added ? "+ "
                                 : "  ") +
                            code(source::shown(text, guard)));
        old_line += added ? 0 : 1;
        new_line += removed ? 0 : 1;
      }
    }
    out << "</pre>\n";
  }
}

void write_rule(const findings::RuleDescription& rule, std::ostream& out) {
  if (!rule.why.empty()) {
    out << "<h3>Why it matters</h3>\n<p>" << xml(rule.why) << "</p>\n";
  }
  std::string links;
  for (const std::string_view reference : rule.references) {
    if (reference.starts_with("https://") || reference.starts_with("http://")) {
      links += "<li><a href=\"" + xml(reference) + "\" rel=\"noopener noreferrer\">" + xml(reference) + "</a></li>";
    } else {
      links += "<li>" + xml(reference) + "</li>";
    }
  }
  if (!links.empty()) {
    out << "<ul>" << links << "</ul>\n";
  }
}

/// Module addresses as JSON within an attribute; the root is an empty text.
std::string modules_of(const FindingGroup& group) {
  std::set<std::string_view> modules;
  for (const findings::Finding* finding : group) {
    modules.insert(model::module_of(finding->resource));
  }
  std::string json = "[";
  for (const std::string_view module : modules) {
    std::string quoted;
    for (const char c : xml(module)) {
      quoted += c == '\\' ? "\\\\" : std::string(1, c);
    }
    // A quote is an entity here, which the attribute turns back into a quote: escaped for JSON too.
    for (std::size_t at = quoted.find("&quot;"); at != std::string::npos; at = quoted.find("&quot;", at + 7)) {
      quoted.insert(at, "\\");
    }
    json += (json.size() > 1 ? ",&quot;" : "&quot;") + quoted + "&quot;";
  }
  return json + "]";
}

}  // namespace

std::string html_badge(std::string_view word) {
  return "<span class=\"badge " + std::string(word) + "\">" + std::string(word) + "</span>";
}

std::string html_place(const source::Region& region, std::string_view path, const Report& report) {
  return path.empty() ? std::string() : "<code>" + xml(position_text(region, path, report.artifacts)) + "</code>";
}

std::string html_code(const source::Region& region, const Report& report) {
  if (!region.valid()) {
    return {};
  }
  const source::Artifact& artifact = report.artifacts.get(region.artifact);
  const source::LineIndex& lines = artifact.lines();
  const std::uint32_t first = lines.line(region.begin);
  const std::uint32_t last = region.end > region.begin ? lines.line(region.end - 1) : first;
  const std::uint32_t from = first > kLinesAround ? first - kLinesAround : 1;
  const std::uint32_t to =
      std::min(last + kLinesAround, lines.line(static_cast<std::uint32_t>(artifact.bytes().size())));
  std::string text = "<pre>";
  for (std::uint32_t line = from; line <= to; ++line) {
    if (line > last && line == to && lines.text_of_line(line).empty()) {
      break;  // what is after the last line end
    }
    if (last - first >= kWholeLines && line == first + kFirstLines) {
      line = last;
      text += "<span>...</span>";
    }
    const bool inside = line >= first && line <= last;
    const std::string_view bytes = lines.text_of_line(line);
    const std::uint32_t line_begin = lines.begin_of_line(line);
    const std::size_t begin = !inside ? bytes.size()
                              : region.begin > line_begin
                                  ? std::min<std::size_t>(region.begin - line_begin, bytes.size())
                                  : 0;
    const std::size_t end =
        !inside || region.end <= line_begin ? begin : std::min<std::size_t>(region.end - line_begin, bytes.size());
    text +=
        numbered(line, inside ? "hit" : "", marked_line(bytes, begin, std::max(begin, end), report.artifacts.guard()));
  }
  return text + "</pre>\n";
}

void write_html_finding(const FindingGroup& group, const Report& report, std::ostream& out) {
  const findings::Finding& finding = *group.front();
  const std::string severity(findings::name(finding.severity));
  const std::string style = finding.suppression ? "suppressed" : severity;
  std::string states = finding.suppression ? "suppressed" : finding.observation ? "open observed" : "open";
  states += finding.fix && finding.fix->safety == findings::Safety::kSafe ? " fixable" : "";
  out << "<details class=\"finding " << style << "\" data-severity=\"" << severity << "\" data-rule=\""
      << xml(id_of(finding.rule)) << "\" data-modules=\"" << modules_of(group) << "\" data-states=\"" << states
      << "\" data-instances=\"" << group.size() << "\">\n<summary>" << html_badge(severity) << ' '
      << (finding.suppression ? html_badge("suppressed") + " " : std::string())
      << (finding.observation ? html_badge("observed") + " " : std::string()) << xml(finding.message) << ' '
      << html_place(finding.region, path_of(finding.region, report.artifacts), report)
      << (group.size() > 1 ? " <b>&#215; " + std::to_string(group.size()) + "</b>" : std::string())
      << "</summary>\n<div>\n<table class=\"facts\"><tbody>\n";
  row("rule", "<code>" + xml(id_of(finding.rule)) + "</code> " + xml(title_of(finding)), out);
  const std::vector<std::string> instances = instances_of(group);
  row(instances.size() == 1 ? "resource" : plural(instances.size(), "instance"), coded(instances), out);
  row("environments", xml(list_of(environments_of(group), kShownInstances)), out);
  row("suppressed", suppression_with_place(finding, report), out);
  row("observed", xml(observation_of(finding)), out);
  row("fingerprint", group.size() == 1 ? "<code>" + xml(finding.fingerprint) + "</code>" : std::string(), out);
  out << "</tbody></table>\n" << html_code(finding.region, report);
  write_trace(finding, report, out);
  if (finding.witness) {
    write_witness(*finding.witness, out);
  }
  if (finding.fix) {
    write_fix(*finding.fix, report, out);
  }
  if (finding.rule != nullptr) {
    write_rule(*finding.rule, out);
  }
  out << "</div>\n</details>\n";
}

}  // namespace gabion::report
