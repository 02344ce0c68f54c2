#include "report/junit.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "report/groups.h"
#include "report/markup.h"
#include "report/text_entry.h"

namespace gabion::report {
namespace {

/// A case: what stands inside of it is markup.
struct Case {
  std::string name;
  std::string inside;
};

struct Suite {
  std::vector<Case> cases;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
};

std::string name_of(const findings::Finding& finding, const Report& report) {
  const std::string where = position_text(finding.region, path_of(finding.region, report.artifacts), report.artifacts);
  return finding.resource.empty() ? where : where.empty() ? finding.resource : finding.resource + " (" + where + ")";
}

/// An element with a message and lines of text.
std::string element(std::string_view name, std::string_view type, std::string_view message,
                    const std::vector<std::string>& lines) {
  std::string text = "      <" + std::string(name) + " type=\"" + xml(type) + "\" message=\"" + xml(message) + "\">";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += (i == 0 ? "" : "\n") + xml(lines[i]);
  }
  return text + "</" + std::string(name) + ">\n";
}

std::vector<std::string> lines_of(const findings::Finding& finding, const Report& report) {
  std::vector<std::string> lines = {finding.message};
  lines.push_back("at " + position_text(finding.region, path_of(finding.region, report.artifacts), report.artifacts));
  for (const findings::TraceStep& step : finding.trace) {
    const std::string where = position_text(step.region, path_of(step.region, report.artifacts), report.artifacts);
    lines.push_back("from: " + step.message + (where.empty() ? "" : " (" + where + ")"));
  }
  for (const std::string& environment : finding.environments) {
    lines.push_back("environment: " + environment);
  }
  if (finding.witness) {
    lines.push_back("request that slips through: " + describe(*finding.witness));
  }
  if (finding.fix) {
    lines.push_back("possible fix: " + finding.fix->title);
  }
  if (finding.rule != nullptr && !finding.rule->why.empty()) {
    lines.emplace_back(finding.rule->why);
  }
  return lines;
}

void add_finding(const findings::Finding& finding, const Report& report, Suite& suite) {
  if (!counts(finding)) {
    const bool suppressed = finding.suppression.has_value();
    suite.cases.push_back({name_of(finding, report),
                           element("skipped", suppressed ? "suppressed" : "observed",
                                   suppressed ? suppression_of(finding) : observation_of(finding), {finding.message})});
    ++suite.skipped;
    return;
  }
  suite.cases.push_back({name_of(finding, report), element("failure", findings::name(finding.severity), finding.message,
                                                           lines_of(finding, report))});
  ++suite.failures;
}

Suite input_suite(const Report& report) {
  Suite suite;
  for (const findings::Diagnostic& diagnostic : report.diagnostics) {
    if (diagnostic.severity != findings::DiagnosticSeverity::kError) {
      continue;
    }
    const std::string where = position_text(diagnostic.region, path_of(diagnostic, report.artifacts), report.artifacts);
    std::vector<std::string> lines = {diagnostic.message};
    if (!diagnostic.hint.empty()) {
      lines.push_back("hint: " + diagnostic.hint);
    }
    if (!diagnostic.environments.empty()) {
      lines.push_back("in: " + environments_of(diagnostic));
    }
    suite.cases.push_back(
        {where.empty() ? diagnostic.message : where, element("error", diagnostic.code, diagnostic.message, lines)});
    ++suite.errors;
  }
  if (suite.cases.empty()) {
    suite.cases.push_back({"everything was analysed", {}});
  }
  return suite;
}

void write_suite(std::string_view id, std::string_view title, const Suite& suite, std::ostream& out) {
  out << "  <testsuite name=\"" << xml(id) << "\" tests=\"" << suite.cases.size() << "\" failures=\"" << suite.failures
      << "\" errors=\"" << suite.errors << "\" skipped=\"" << suite.skipped << "\">\n";
  std::set<std::string> names;
  for (const Case& one : suite.cases) {
    std::string name = one.name.empty() ? std::string(title) : one.name;
    const std::string first = name;
    for (int number = 2; !names.insert(name).second; ++number) {
      name = first + " #" + std::to_string(number);
    }
    // Jenkins takes what is before the last dot of the class for a package.
    out << "    <testcase name=\"" << xml(name) << "\" classname=\"gabion." << xml(id) << '"';
    if (one.inside.empty()) {
      out << "/>\n";
    } else {
      out << ">\n" << one.inside << "    </testcase>\n";
    }
  }
  out << "  </testsuite>\n";
}

}  // namespace

void write_junit(const Report& report, std::ostream& out) {
  // Rules that ran, and those of findings; by id.
  std::map<std::string_view, std::pair<std::string, Suite>> suites;
  for (const findings::RuleDescription* rule : report.rules) {
    suites[rule->id].first = rule->title;
  }
  for (const findings::Finding& finding : report.findings) {
    auto& [title, suite] = suites[id_of(finding.rule)];
    title = title_of(finding);
    add_finding(finding, report, suite);
  }
  Suite total;
  std::size_t tests = 0;
  const Suite input = input_suite(report);
  for (auto& [id, named] : suites) {
    Suite& suite = named.second;
    if (suite.cases.empty()) {
      suite.cases.push_back({"no findings", {}});
    }
    tests += suite.cases.size();
    total.failures += suite.failures;
  }
  out << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gabion\" tests=\""
      << tests + input.cases.size() << "\" failures=\"" << total.failures << "\" errors=\"" << input.errors << "\">\n";
  write_suite("input", "input", input, out);
  for (const auto& [id, named] : suites) {
    write_suite(id, named.first, named.second, out);
  }
  out << "</testsuites>\n";
}

}  // namespace gabion::report
