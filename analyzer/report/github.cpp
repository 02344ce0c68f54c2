#include "report/github.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "report/groups.h"
#include "report/text_entry.h"
#include "report/unicode.h"

namespace gabion::report {
namespace {

constexpr std::size_t kShownInstances = 10;

/// Kinds in the order of their weight.
constexpr std::array<std::string_view, 3> kKinds = {"error", "warning", "notice"};

std::size_t kind_of(findings::Severity severity) {
  switch (severity) {
    case findings::Severity::kCritical:
    case findings::Severity::kHigh:
      return 0;
    case findings::Severity::kMedium:
      return 1;
    case findings::Severity::kLow:
      break;
  }
  return 2;
}

/// Text of a command: lines may be several.
std::string command_data(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '%':
        result += "%25";
        break;
      case '\r':
        result += "%0D";
        break;
      case '\n':
        result += "%0A";
        break;
      default:
        result += c;
    }
  }
  return result;
}

/// Value of a property of a command.
std::string property(std::string_view text) {
  std::string result;
  for (const char c : command_data(printable(text))) {
    if (c == ':') {
      result += "%3A";
    } else if (c == ',') {
      result += "%2C";
    } else {
      result += c;
    }
  }
  return result;
}

/// One command on its way.
struct Annotation {
  std::size_t kind = 0;
  std::string properties;
  std::string text;
};

void add(std::string& properties, std::string_view name, std::string_view value) {
  properties.append(properties.empty() ? "" : ",").append(name).append("=").append(property(value));
}

/// A path that begins with a space or a slash is no file of the workspace, and a command without file is still shown.
std::string place_properties(const source::Region& region, std::string_view path, const Report& report) {
  std::string properties;
  if (path.empty()) {
    return properties;
  }
  add(properties, "file", service_path(path, report));
  if (region.valid()) {
    const source::Position begin = report.artifacts.begin_of(region);
    const source::Position end = report.artifacts.end_of(region);
    add(properties, "line", std::to_string(begin.line));
    add(properties, "endLine", std::to_string(end.line));
    // Columns are understood within one line only.
    if (begin.line == end.line) {
      add(properties, "col", std::to_string(begin.column));
      add(properties, "endColumn", std::to_string(end.column));
    }
  }
  return properties;
}

Annotation annotation_of(const FindingGroup& group, const Report& report) {
  const findings::Finding& finding = *group.front();
  Annotation annotation{finding.observation ? kKinds.size() - 1 : kind_of(finding.severity),
                        place_properties(finding.region, path_of(finding.region, report.artifacts), report),
                        {}};
  add(annotation.properties, "title", title_of(finding));
  std::string& text = annotation.text;
  text = std::string(findings::name(finding.severity)) + "[" + printable(id_of(finding.rule)) +
         "]: " + printable(finding.message);
  const auto line = [&](std::string_view label, const std::string& value) {
    if (!value.empty()) {
      text.append("\n").append(label).append(": ").append(value);
    }
  };
  if (finding.region.valid()) {
    line("at", printable(service_path(path_of(finding.region, report.artifacts), report)) + ":" +
                   std::to_string(report.artifacts.begin_of(finding.region).line));
  }
  const std::vector<std::string> instances = instances_of(group);
  line(instances.size() == 1 ? "resource" : plural(instances.size(), "instance"), list_of(instances, kShownInstances));
  line("observed", observation_of(finding));
  line("environments", list_of(environments_of(group), kShownInstances));
  if (finding.witness) {
    line("request that slips through", describe(*finding.witness));
  }
  if (finding.fix) {
    line("possible fix", printable(finding.fix->title));
  }
  return annotation;
}

Annotation annotation_of(const findings::Diagnostic& diagnostic, const Report& report) {
  Annotation annotation{diagnostic.severity == findings::DiagnosticSeverity::kError ? std::size_t{0} : std::size_t{1},
                        place_properties(diagnostic.region, path_of(diagnostic, report.artifacts), report),
                        {}};
  add(annotation.properties, "title", annotation.kind == 0 ? "Not analysed completely" : "Probably not what was meant");
  annotation.text = printable(diagnostic.message);
  if (!diagnostic.hint.empty()) {
    annotation.text += "\nhint: " + printable(diagnostic.hint);
  }
  if (!diagnostic.environments.empty()) {
    annotation.text += "\nin: " + environments_of(diagnostic);
  }
  return annotation;
}

}  // namespace

void write_github(const Report& report, std::ostream& out) {
  std::vector<Annotation> annotations;
  for (const auto severity : {findings::DiagnosticSeverity::kError, findings::DiagnosticSeverity::kWarning}) {
    for (const findings::Diagnostic& diagnostic : report.diagnostics) {
      if (diagnostic.severity == severity) {
        annotations.push_back(annotation_of(diagnostic, report));
      }
    }
  }
  for (const FindingGroup& group : worst_first(report.findings)) {
    annotations.push_back(annotation_of(group, report));
  }
  std::array<std::size_t, kKinds.size()> numbers{};
  for (const Annotation& annotation : annotations) {
    ++numbers[annotation.kind];
  }
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind) {
    if (numbers[kind] > kGithubAnnotations) {
      out << "::notice title=gabion::" << numbers[kind] << ' ' << kKinds[kind] << "s, of which GitHub shows the first "
          << (kind == 2 ? kGithubAnnotations - 1 : kGithubAnnotations) << " here; the log has all\n";
    }
  }
  for (const Annotation& annotation : annotations) {
    out << "::" << kKinds[annotation.kind] << ' ' << annotation.properties << "::" << command_data(annotation.text)
        << '\n';
  }
}

}  // namespace gabion::report
