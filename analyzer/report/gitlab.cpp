#include "report/gitlab.h"

#include <nettle/base64.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "findings/fingerprint.h"
#include "report/diff.h"
#include "report/groups.h"
#include "report/json_writer.h"
#include "report/markup.h"
#include "report/text_entry.h"
#include "report/unicode.h"

namespace gabion::report {
namespace {

/// What GitLab stores of a vulnerability.
constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxSolution = 7000;
constexpr std::size_t kMaxDescription = 1024 * 1024;
constexpr std::size_t kMaxIdentifiers = 20;
/// Bytes of a file that a patch takes the place of.
constexpr std::size_t kMaxPatched = std::size_t{32} * 1024;

/// "2026-01-31T12:00:00", the one form that the schema accepts.
std::string timestamp(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm parts{};
  std::array<char, 32> text{};
  if (gmtime_r(&time, &parts) == nullptr || std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts) == 0) {
    return "1970-01-01T00:00:00";
  }
  return text.data();
}

/// 32 hexadecimal digits in the form of a UUID.
std::string uuid(const std::string& digits) {
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" + digits.substr(12, 4) + "-" + digits.substr(16, 4) +
         "-" + digits.substr(20);
}

std::string base64(const std::string& text) {
  std::string result(BASE64_ENCODE_RAW_LENGTH(text.size()), '\0');
  base64_encode_raw(result.data(), text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
  return result;
}

std::string_view severity_of(findings::Severity severity) {
  return text_for(severity, {"Low", "Medium", "High", "Critical"});
}

/// Writes one SAST report.
class SastWriter {
 public:
  SastWriter(const Report& report, std::ostream& out)
      : report_(report), ids_(unique_fingerprints(report.findings)), json_(out) {}

  void write() {
    json_.begin_object();
    json_.member("schema",
                 "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/v15.0.4/dist/"
                 "sast-report-format.json");
    json_.member("version", kGitlabSchemaVersion);
    write_scan();
    json_.begin_array("vulnerabilities");
    std::size_t number = 0;
    for (const findings::Finding& finding : report_.findings) {
      const std::string& id = ids_[number++];
      if (!finding.suppression) {
        write_vulnerability(finding, id);
      }
    }
    json_.end_array();
    write_remediations();
    json_.end_object();
  }

 private:
  void write_tool(std::string_view name) {
    json_.begin_object(name);
    json_.member("id", report_.tool_name);
    json_.member("name", report_.tool_name);
    json_.member("version", report_.tool_version.empty() ? std::string_view("0") : report_.tool_version);
    json_.begin_object("vendor");
    json_.member("name", report_.tool_name);
    json_.end_object();
    json_.end_object();
  }

  void write_scan() {
    json_.begin_object("scan");
    write_tool("analyzer");
    write_tool("scanner");
    json_.member("type", "sast");
    json_.member("start_time", timestamp(report_.started));
    json_.member("end_time", timestamp(report_.finished));
    json_.member("status", "success");
    json_.begin_array("messages");
    for (const findings::Diagnostic& diagnostic : report_.diagnostics) {
      json_.begin_object();
      json_.member("level", diagnostic.severity == findings::DiagnosticSeverity::kNote ? "info" : "warn");
      const std::string_view path = path_of(diagnostic, report_.artifacts);
      std::string text = path.empty() ? "" : printable(path) + ": ";
      if (!diagnostic.environments.empty()) {
        text = environments_of(diagnostic) + ": " + text;
      }
      json_.member("value", text + printable(diagnostic.message));
      json_.end_object();
    }
    json_.end_array();
    json_.end_object();
  }

  void write_identifier(std::string_view type, const std::string& name, std::string_view value) {
    json_.begin_object();
    json_.member("type", type);
    json_.member("name", name);
    json_.member("value", value);
    json_.end_object();
  }

  void write_identifiers(const findings::Finding& finding) {
    json_.begin_array("identifiers");
    const std::string_view id = id_of(finding.rule);
    write_identifier("gabion_rule_id", "gabion " + std::string(id), id);
    std::size_t count = 1;
    if (finding.rule != nullptr) {
      for (const auto& [framework, controls] : finding.rule->controls) {
        for (const std::string_view control : controls) {
          if (count++ < kMaxIdentifiers) {
            write_identifier(framework, std::string(framework) + " " + std::string(control), control);
          }
        }
      }
    }
    json_.end_array();
  }

  void write_location(const source::Region& region) {
    json_.begin_object("location");
    if (region.valid()) {
      json_.member("file", service_path(path_of(region, report_.artifacts), report_));
      json_.member_number("start_line", report_.artifacts.begin_of(region).line);
      json_.member_number("end_line", report_.artifacts.end_of(region).line);
    }
    json_.end_object();
  }

  void write_detail(std::string_view key, std::string_view name, const std::string& value) {
    json_.begin_object(key);
    json_.member("type", "text");
    json_.member("name", name);
    json_.member("value", value);
    json_.end_object();
  }

  void write_details(const findings::Finding& finding) {
    json_.begin_object("details");
    if (!finding.resource.empty()) {
      write_detail("resource", "Resource", printable(finding.resource));
      write_detail("root", "Root module", root_of(finding));
    }
    if (finding.witness) {
      write_detail("witness", "Request that slips through", describe(*finding.witness));
    }
    if (finding.observation) {
      write_detail("observed", "Only observed", observation_of(finding));
    }
    if (!finding.environments.empty()) {
      write_detail("environments", "Environments", list_of(environments_of({&finding}), finding.environments.size()));
    }
    const bool has_places = std::any_of(finding.trace.begin(), finding.trace.end(),
                                        [](const findings::TraceStep& step) { return step.region.valid(); });
    if (has_places) {
      json_.begin_object("trace");
      json_.member("type", "list");
      json_.member("name", "Where the value comes from");
      json_.begin_array("items");
      for (const findings::TraceStep& step : finding.trace) {
        if (step.region.valid()) {
          json_.begin_object();
          json_.member("type", "file-location");
          json_.member("file_name", service_path(path_of(step.region, report_.artifacts), report_));
          json_.member_number("line_start", report_.artifacts.begin_of(step.region).line);
          json_.member_number("line_end", report_.artifacts.end_of(step.region).line);
          json_.end_object();
        }
      }
      json_.end_array();
      json_.end_object();
    }
    json_.end_object();
  }

  void write_vulnerability(const findings::Finding& finding, const std::string& id) {
    json_.begin_object();
    json_.member("id", uuid(id));
    json_.member("name", cut(title_of(finding), kMaxName));
    // Both are Markdown to GitLab.
    std::string description = markdown(finding.message);
    if (finding.rule != nullptr && !finding.rule->why.empty()) {
      description += "\n\n" + markdown(finding.rule->why);
    }
    json_.member("description", cut(description, kMaxDescription));
    json_.member("severity", finding.observation ? std::string_view("Info") : severity_of(finding.severity));
    if (finding.fix) {
      json_.member("solution", cut(markdown(finding.fix->title), kMaxSolution));
    }
    write_identifiers(finding);
    if (finding.rule != nullptr && !finding.rule->references.empty()) {
      json_.begin_array("links");
      for (const std::string_view reference : finding.rule->references) {
        if (reference.starts_with("http://") || reference.starts_with("https://")) {
          json_.begin_object();
          json_.member("url", reference);
          json_.end_object();
        }
      }
      json_.end_array();
    }
    write_location(finding.region);
    write_details(finding);
    json_.end_object();
  }

  /// Findings that one change mends share it.
  void write_remediations() {
    std::map<std::string, std::pair<std::string, std::vector<std::string>>> by_diff;  // titles and ids
    std::vector<std::string> order;
    std::size_t number = 0;
    for (const findings::Finding& finding : report_.findings) {
      const std::string& own = ids_[number++];
      if (finding.suppression || !finding.fix || finding.fix->safety != findings::Safety::kSafe) {
        continue;
      }
      std::string diff = diff_of(*finding.fix);
      if (diff.empty()) {
        continue;
      }
      auto& [title, ids] = by_diff[diff];
      if (ids.empty()) {
        title = finding.fix->title;
        order.push_back(std::move(diff));
      }
      ids.push_back(uuid(own));
    }
    json_.begin_array("remediations");
    for (const std::string& diff : order) {
      const auto& [title, ids] = by_diff[diff];
      json_.begin_object();
      json_.begin_array("fixes");
      for (const std::string& id : ids) {
        json_.begin_object();
        json_.member("id", id);
        json_.end_object();
      }
      json_.end_array();
      json_.member("summary", title.empty() ? std::string("change the configuration") : printable(title));
      json_.member("diff", base64(diff));
      json_.end_object();
    }
    json_.end_array();
  }

  /// Empty when there is no patch for it.
  [[nodiscard]] std::string diff_of(const findings::Fix& fix) const {
    const auto files = edited_files(fix.edits, report_.artifacts, Extent::kEditedParts);
    std::ostringstream out;
    if (files) {
      for (const EditedFile& file : *files) {
        // A file that is one line would be in each of them as a whole.
        if (file.before.size() > kMaxPatched) {
          return {};
        }
        // A patch without the secret that stands in it does not fit, and with it nobody may see it.
        if (!write_diff(service_path(report_.artifacts.get(file.artifact).path(), report_), file.before, file.after,
                        {.first_line = file.first_line, .guard = report_.artifacts.guard()}, out)) {
          return {};
        }
      }
    }
    return out.str();
  }

  const Report& report_;
  std::vector<std::string> ids_;
  JsonWriter json_;
};

std::string_view codeclimate_severity(findings::Severity severity) {
  return text_for(severity, {"minor", "major", "critical", "blocker"});
}

/// One issue; `body` is Markdown.
struct Issue {
  std::string_view check;
  std::string description;
  std::string body;
  std::string_view severity;
  std::string_view category;
  std::string path;
  source::Region region;
  std::string fingerprint;
};

void write_issue(const Issue& issue, const source::ArtifactStore& artifacts, JsonWriter& json) {
  json.begin_object();
  json.member("type", "issue");
  json.member("check_name", issue.check);
  json.member("description", issue.description);
  if (!issue.body.empty()) {
    json.begin_object("content");
    json.member("body", issue.body);
    json.end_object();
  }
  json.begin_array("categories");
  json.string(issue.category);
  json.end_array();
  json.member("severity", issue.severity);
  json.member("fingerprint", issue.fingerprint);
  json.begin_object("location");
  json.member("path", issue.path);
  json.begin_object("lines");
  json.member_number("begin", issue.region.valid() ? artifacts.begin_of(issue.region).line : 1);
  json.member_number("end", issue.region.valid() ? artifacts.end_of(issue.region).line : 1);
  json.end_object();
  json.end_object();
  json.end_object();
}

}  // namespace

std::vector<std::string> unique_fingerprints(const findings::FindingRange& findings) {
  std::map<std::string, std::uint64_t> seen;
  std::vector<std::string> result;
  result.reserve(findings.size());
  for (const findings::Finding& finding : findings) {
    const std::uint64_t number = seen[finding.fingerprint]++;
    const bool usable = finding.fingerprint.size() == 32;
    result.push_back(number == 0 && usable
                         ? finding.fingerprint
                         : findings::fingerprint(id_of(finding.rule), finding.fingerprint, std::to_string(number)));
  }
  return result;
}

void write_gitlab(const Report& report, std::ostream& out) {
  SastWriter(report, out).write();
}

bool set_gitlab_times(std::string& written, std::int64_t seconds) {
  const std::string time = timestamp(seconds);
  // Quotes of texts are escaped, so that only the members themselves look like this.
  for (const std::string_view member : {"\"start_time\": \"", "\"end_time\": \""}) {
    const std::size_t at = written.find(member);
    if (at == std::string::npos || written.size() - at < member.size() + time.size()) {
      return false;
    }
    written.replace(at + member.size(), time.size(), time);
  }
  return true;
}

void write_codeclimate(const Report& report, std::ostream& out) {
  JsonWriter json(out);
  const std::vector<std::string> ids = unique_fingerprints(report.findings);
  json.begin_array();
  std::size_t number = 0;
  for (const findings::Finding& finding : report.findings) {
    const std::string& id = ids[number++];
    if (finding.suppression) {
      continue;
    }
    const std::string resource = finding.resource.empty() ? "" : " (" + printable(finding.resource) + ")";
    write_issue({id_of(finding.rule), printable(finding.message) + resource,
                 finding.rule == nullptr ? std::string() : markdown(finding.rule->why),
                 finding.observation ? std::string_view("info") : codeclimate_severity(finding.severity), "Security",
                 service_path(path_of(finding.region, report.artifacts), report), finding.region, id},
                report.artifacts, json);
  }
  std::map<std::string, std::uint64_t> seen;
  for (const findings::Diagnostic& diagnostic : report.diagnostics) {
    const std::string_view path = path_of(diagnostic, report.artifacts);
    if (diagnostic.severity == findings::DiagnosticSeverity::kNote || path.empty()) {
      continue;
    }
    const std::string id = findings::fingerprint(diagnostic.code, path, diagnostic.message);
    write_issue(
        {diagnostic.code, printable(diagnostic.message), markdown(diagnostic.hint),
         diagnostic.severity == findings::DiagnosticSeverity::kError ? "critical" : "minor", "Bug Risk",
         service_path(path, report), diagnostic.region, findings::fingerprint(id, std::to_string(seen[id]++), "")},
        report.artifacts, json);
  }
  json.end_array();
}

}  // namespace gabion::report
