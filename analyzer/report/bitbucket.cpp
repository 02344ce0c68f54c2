#include "report/bitbucket.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "report/gitlab.h"
#include "report/groups.h"
#include "report/json_writer.h"
#include "report/markup.h"
#include "report/text_entry.h"
#include "report/unicode.h"

namespace gabion::report {
namespace {

/// Lengths that the interface accepts.
constexpr std::size_t kMaxSummary = 450;
constexpr std::size_t kMaxDetails = 2000;
constexpr std::size_t kShownInstances = 10;

std::string_view severity_of(findings::Severity severity) {
  return text_for(severity, {"LOW", "MEDIUM", "HIGH", "CRITICAL"});
}

/// One remark on a line of code.
struct Annotation {
  std::string id;
  std::string type;
  std::string_view severity;
  std::string title;
  std::string summary;
  std::string details;
  std::string path;
  std::uint32_t line = 0;
};

Annotation annotation_of(const FindingGroup& group, std::string id, const Report& report) {
  const findings::Finding& finding = *group.front();
  Annotation annotation{std::move(id),
                        "VULNERABILITY",
                        finding.observation ? std::string_view("LOW") : severity_of(finding.severity),
                        printable(title_of(finding)),
                        printable(finding.message),
                        {},
                        {},
                        0};
  if (finding.region.valid()) {
    annotation.path = service_path(path_of(finding.region, report.artifacts), report);
    annotation.line = report.artifacts.begin_of(finding.region).line;
  }
  std::string& details = annotation.details;
  details = std::string(id_of(finding.rule));
  if (const std::vector<std::string> instances = instances_of(group); !instances.empty()) {
    details += "\n" + list_of(instances, kShownInstances);
  }
  if (finding.observation) {
    details += "\nobserved: " + observation_of(finding);
  }
  if (finding.witness) {
    details += "\nrequest that slips through: " + describe(*finding.witness);
  }
  if (finding.fix) {
    details += "\npossible fix: " + printable(finding.fix->title);
  }
  return annotation;
}

void write(const Annotation& annotation, JsonWriter& json) {
  json.begin_object();
  json.member("external_id", annotation.id);
  json.member("annotation_type", annotation.type);
  json.member("result", "FAILED");
  json.member("severity", annotation.severity);
  json.member("title", cut(annotation.title, kMaxSummary));
  json.member("summary", cut(annotation.summary, kMaxSummary));
  json.member("details", cut(annotation.details, kMaxDetails));
  if (!annotation.path.empty()) {
    json.member("path", annotation.path);
  }
  if (annotation.line > 0) {
    json.member_number("line", annotation.line);
  }
  json.end_object();
}

void write_number(std::string_view title, std::uint64_t value, JsonWriter& json) {
  json.begin_object();
  json.member("title", title);
  json.member("type", "NUMBER");
  json.member_number("value", value);
  json.end_object();
}

}  // namespace

void write_bitbucket(const Report& report, std::ostream& out) {
  std::vector<Annotation> annotations;
  std::size_t number = 0;
  for (const findings::Diagnostic& diagnostic : report.diagnostics) {
    const std::string_view path = path_of(diagnostic, report.artifacts);
    if (diagnostic.severity != findings::DiagnosticSeverity::kError || path.empty()) {
      continue;
    }
    annotations.push_back({"gabion-problem-" + std::to_string(++number), "BUG", "HIGH", "Not analysed completely",
                           printable(diagnostic.message), printable(diagnostic.hint), service_path(path, report),
                           diagnostic.region.valid() ? report.artifacts.begin_of(diagnostic.region).line : 0});
  }
  const std::vector<std::string> ids = unique_fingerprints(report.findings);
  const FindingGroups groups = worst_first(report.findings);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    annotations.push_back(annotation_of(groups[i], "gabion-" + ids[groups.first(i)], report));
  }
  const std::size_t hidden =
      annotations.size() > kBitbucketAnnotations ? annotations.size() - kBitbucketAnnotations : 0;
  annotations.resize(annotations.size() - hidden);

  JsonWriter json(out);
  json.begin_object();
  json.begin_object("report");
  json.member("title", "gabion");
  const Summary& summary = report.summary;
  std::string details = plural(summary.counts.total(), "finding") + " in " + plural(summary.resources, "resource") +
                        " and " + plural(summary.policies, "policy") + ", checked with " +
                        plural(summary.rules, "rule") + ".";
  if (summary.incomplete) {
    details += " The analysis is incomplete.";
  }
  if (hidden > 0) {
    details += " " + plural(hidden, "place") + " beyond the limit of annotations left out.";
  }
  json.member("details", details);
  json.member("report_type", "SECURITY");
  json.member("reporter", "gabion");
  json.member("result", is_clean(report) ? "PASSED" : "FAILED");
  json.begin_array("data");
  write_number("Critical", summary.counts.critical, json);
  write_number("High", summary.counts.high, json);
  write_number("Medium", summary.counts.medium, json);
  write_number("Low", summary.counts.low, json);
  write_number("Suppressed", summary.counts.suppressed, json);
  json.end_array();
  json.end_object();
  json.begin_array("annotations");
  for (std::size_t begin = 0; begin < annotations.size(); begin += kBitbucketAnnotationsAtOnce) {
    json.begin_array();
    for (std::size_t i = begin; i < std::min(annotations.size(), begin + kBitbucketAnnotationsAtOnce); ++i) {
      write(annotations[i], json);
    }
    json.end_array();
  }
  json.end_array();
  json.end_object();
}

}  // namespace gabion::report
