#include "report/sarif.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "report/groups.h"
#include "report/json_writer.h"
#include "report/sarif_rules.h"
#include "report/uri.h"

namespace gabion::report {
namespace {

constexpr std::string_view kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
constexpr std::string_view kBaseId = "%SRCROOT%";

/// Plain text of a message: what would be read as a placeholder or as an embedded link is escaped
/// (SARIF 3.11.5, 3.11.6). Other braces stay: most readers show them as they are, and Terraform's messages are full of
/// them.
std::string message_text(std::string_view text) {
  const bool has_link = text.find("](") != std::string_view::npos;
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '{') {
      const std::size_t end = text.find_first_not_of("0123456789", i + 1);
      if (end != std::string_view::npos && end > i + 1 && text[end] == '}') {
        result.append("{{").append(text.substr(i + 1, end - i - 1)).append("}}");
        i = end;
        continue;
      }
    }
    if (has_link && (c == '[' || c == ']')) {
      result += '\\';
    }
    result += c;
  }
  return result;
}

/// Writes one log; knows the places and the indices that its parts refer to each other by.
class Writer {
 public:
  Writer(const Report& report, const SarifOptions& options, std::ostream& out)
      : report_(report), options_(options), json_(out) {
    for (const findings::RuleDescription* rule : report.rules) {
      add_rule(rule);
    }
    for (std::size_t i = 0; i < report.findings.size(); ++i) {
      add_rule(report.findings.brief(i).rule);
    }
    index_artifacts();
  }

  void write() {
    json_.begin_object();
    json_.member("$schema", kSchema);
    json_.member("version", "2.1.0");
    json_.begin_array("runs");
    json_.begin_object();
    write_tool();
    write_invocation();
    json_.begin_object("automationDetails");
    json_.member("id", options_.category + "/");
    json_.end_object();
    json_.begin_object("originalUriBaseIds");
    json_.begin_object(kBaseId);
    if (!report_.base.empty()) {
      json_.member("uri", uri_of_directory(report_.base));
    }
    write_message("description", "directory that the paths of this run are relative to");
    json_.end_object();
    json_.end_object();
    write_artifacts();
    json_.begin_array("results");
    for (const findings::Finding& finding : report_.findings) {
      write_result(finding);
    }
    json_.end_array();
    json_.member("columnKind", "unicodeCodePoints");
    json_.end_object();
    json_.end_array();
    json_.end_object();
  }

 private:
  void add_rule(const findings::RuleDescription* rule) {
    if (rule != nullptr && rule_index_.try_emplace(rule->id, rules_.size()).second) {
      rules_.push_back(rule);
    }
  }

  /// All texts of the project, and whatever else is referred to, by path.
  void index_artifacts() {
    std::set<std::pair<std::string_view, source::ArtifactId>> used;
    const auto use = [&](const source::Region& region) {
      if (region.valid()) {
        used.emplace(path_of(region, report_.artifacts), region.artifact);
      }
    };
    for (std::size_t i = 0; i < report_.artifacts.size(); ++i) {
      const source::Artifact& artifact = report_.artifacts.added(i);
      if (artifact.role() == source::Role::kProject) {
        used.emplace(artifact.path(), artifact.id());
      }
    }
    for (const findings::Finding& finding : report_.findings) {
      use(finding.region);
      for (const findings::TraceStep& step : finding.trace) {
        use(step.region);
      }
      if (finding.fix) {
        for (const findings::Edit& edit : finding.fix->edits) {
          use(edit.region);
        }
      }
      if (finding.suppression) {
        use(finding.suppression->region);
      }
    }
    for (const findings::Diagnostic& diagnostic : report_.diagnostics) {
      use(diagnostic.region);
    }
    for (const auto& [path, id] : used) {
      artifact_index_.emplace(id, artifacts_.size());
      artifacts_.push_back(id);
    }
  }

  void write_message(std::string_view name, std::string_view text) {
    json_.begin_object(name);
    json_.member("text", text);
    json_.end_object();
  }

  void write_tool() {
    json_.begin_object("tool");
    json_.begin_object("driver");
    json_.member("name", report_.tool_name);
    json_.member("version", report_.tool_version);
    json_.member("semanticVersion", report_.tool_version);
    json_.begin_array("rules");
    for (const findings::RuleDescription* rule : rules_) {
      write_sarif_rule(*rule, json_);
    }
    json_.end_array();
    json_.end_object();
    json_.end_object();
  }

  void write_invocation() {
    json_.begin_array("invocations");
    json_.begin_object();
    json_.member_boolean("executionSuccessful", !report_.summary.incomplete);
    json_.begin_array("toolExecutionNotifications");
    for (const findings::Diagnostic& diagnostic : report_.diagnostics) {
      json_.begin_object();
      if (!diagnostic.code.empty()) {
        json_.begin_object("descriptor");
        json_.member("id", diagnostic.code);
        json_.end_object();
      }
      json_.member("level", name(diagnostic.severity));
      const std::string hint = diagnostic.hint.empty() ? "" : " (" + diagnostic.hint + ")";
      const std::string where = diagnostic.environments.empty() ? "" : " in " + environments_of(diagnostic);
      write_message("message", message_text(diagnostic.message + where + hint));
      if (diagnostic.region.valid()) {
        json_.begin_array("locations");
        write_location(diagnostic.region, {}, {}, 0);
        json_.end_array();
      } else if (!diagnostic.path.empty()) {
        json_.begin_array("locations");
        json_.begin_object();
        json_.begin_object("physicalLocation");
        write_artifact_location(diagnostic.path);
        json_.end_object();
        json_.end_object();
        json_.end_array();
      }
      json_.end_object();
    }
    json_.end_array();
    json_.end_object();
    json_.end_array();
  }

  void write_artifact_location_members(std::string_view path) {
    json_.member("uri", uri_of_path(path));
    if (!path.starts_with('/')) {
      json_.member("uriBaseId", kBaseId);
    }
  }

  void write_artifact_location(std::string_view path) {
    json_.begin_object("artifactLocation");
    write_artifact_location_members(path);
    json_.end_object();
  }

  void write_artifact_location(source::ArtifactId id) {
    json_.begin_object("artifactLocation");
    write_artifact_location_members(report_.artifacts.get(id).path());
    json_.member_number("index", artifact_index_.at(id));
    json_.end_object();
  }

  void write_artifacts() {
    json_.begin_array("artifacts");
    for (const source::ArtifactId id : artifacts_) {
      const source::Artifact& artifact = report_.artifacts.get(id);
      json_.begin_object();
      json_.begin_object("location");
      write_artifact_location_members(artifact.path());
      json_.end_object();
      json_.member_number("length", artifact.bytes().size());
      if (artifact.role() == source::Role::kProject) {
        json_.begin_array("roles");
        json_.string("analysisTarget");
        json_.end_array();
      }
      json_.end_object();
    }
    json_.end_array();
  }

  void write_region(std::string_view name, const source::Region& region) {
    const source::Position begin = report_.artifacts.begin_of(region);
    const source::Position end = report_.artifacts.end_of(region);
    json_.begin_object(name);
    json_.member_number("startLine", begin.line);
    json_.member_number("startColumn", begin.column);
    json_.member_number("endLine", end.line);
    json_.member_number("endColumn", end.column);
    json_.member_number("byteOffset", region.begin);
    json_.member_number("byteLength", region.size());
    json_.end_object();
  }

  /// A location: the place, if it has one, with the resource and a message, if there are any. An id of 0 is none.
  void write_location(const source::Region& region, std::string_view resource, std::string_view message,
                      std::uint64_t id) {
    json_.begin_object();
    if (id > 0) {
      json_.member_number("id", id);
    }
    if (region.valid()) {
      json_.begin_object("physicalLocation");
      write_artifact_location(region.artifact);
      write_region("region", region);
      json_.end_object();
    }
    if (!resource.empty()) {
      json_.begin_array("logicalLocations");
      json_.begin_object();
      json_.member("fullyQualifiedName", resource);
      json_.member("kind", "resource");
      json_.end_object();
      json_.end_array();
    }
    if (!message.empty()) {
      write_message("message", message_text(message));
    }
    json_.end_object();
  }

  void write_result(const findings::Finding& finding) {
    json_.begin_object();
    if (finding.rule != nullptr) {
      json_.member("ruleId", finding.rule->id);
      json_.member_number("ruleIndex", rule_index_.at(finding.rule->id));
    }
    json_.member("level", finding.observation ? std::string_view("note") : sarif_level(finding.severity));
    if (report_.compared) {
      const bool known = finding.suppression && finding.suppression->kind == "baseline";
      json_.member("baselineState", known ? "unchanged" : "new");
    }
    write_message("message", message_text(finding.message));
    json_.begin_array("locations");
    if (finding.region.valid() || !finding.resource.empty()) {
      write_location(finding.region, finding.resource, {}, 0);
    }
    json_.end_array();
    write_trace(finding);
    write_fix(finding);
    write_suppressions(finding);
    if (!finding.fingerprint.empty()) {
      json_.begin_object("partialFingerprints");
      json_.member("gabion/v1", finding.fingerprint);
      json_.end_object();
    }
    json_.begin_object("properties");
    json_.member("severity", findings::name(finding.severity));
    json_.member("root", root_of(finding));
    if (finding.observation) {
      json_.member("observed", finding.observation->enforce_from.empty()
                                   ? std::string("until it is enforced")
                                   : "until " + finding.observation->enforce_from);
    }
    if (!finding.environments.empty()) {
      json_.begin_array("environments");
      for (const std::string& environment : finding.environments) {
        json_.string(environment);
      }
      json_.end_array();
    }
    if (finding.witness) {
      write_witness(*finding.witness);
    }
    json_.end_object();
    json_.end_object();
  }

  void write_trace(const findings::Finding& finding) {
    if (finding.trace.empty()) {
      return;
    }
    json_.begin_array("relatedLocations");
    std::uint64_t id = 0;
    for (const findings::TraceStep& step : finding.trace) {
      write_location(step.region, {}, step.message, ++id);
    }
    json_.end_array();
    json_.begin_array("codeFlows");
    json_.begin_object();
    json_.begin_array("threadFlows");
    json_.begin_object();
    json_.begin_array("locations");
    const auto write_step = [&](const source::Region& region, std::string_view message) {
      json_.begin_object();
      json_.key("location");
      write_location(region, {}, message, 0);
      json_.end_object();
    };
    std::for_each(finding.trace.rbegin(), finding.trace.rend(),
                  [&](const findings::TraceStep& step) { write_step(step.region, step.message); });
    write_step(finding.region, finding.message);
    json_.end_array();
    json_.end_object();
    json_.end_array();
    json_.end_object();
    json_.end_array();
  }

  /// Readers apply what they find here, so a fix with a hole for a person to fill stays out.
  void write_fix(const findings::Finding& finding) {
    if (!finding.fix || finding.fix->edits.empty() || finding.fix->safety == findings::Safety::kManual) {
      return;
    }
    json_.begin_array("fixes");
    json_.begin_object();
    write_message("description", finding.fix->title);
    json_.begin_array("artifactChanges");
    std::vector<source::ArtifactId> files;
    for (const findings::Edit& edit : finding.fix->edits) {
      if (std::find(files.begin(), files.end(), edit.region.artifact) == files.end()) {
        files.push_back(edit.region.artifact);
      }
    }
    for (const source::ArtifactId file : files) {
      json_.begin_object();
      write_artifact_location(file);
      json_.begin_array("replacements");
      for (const findings::Edit& edit : finding.fix->edits) {
        if (edit.region.artifact != file) {
          continue;
        }
        json_.begin_object();
        write_region("deletedRegion", edit.region);
        write_message("insertedContent", edit.text);
        json_.end_object();
      }
      json_.end_array();
      json_.end_object();
    }
    json_.end_array();
    json_.begin_object("properties");
    json_.member("safety", findings::name(finding.fix->safety));
    json_.end_object();
    json_.end_object();
    json_.end_array();
  }

  /// Written for every result: an empty array says "not suppressed", a missing one "not known".
  void write_suppressions(const findings::Finding& finding) {
    json_.begin_array("suppressions");
    if (finding.suppression) {
      const findings::Suppression& suppression = *finding.suppression;
      json_.begin_object();
      json_.member("kind", suppression.kind == "inline" ? "inSource" : "external");
      json_.member("status", "accepted");
      if (!suppression.reason.empty()) {
        json_.member("justification", suppression.reason);
      }
      if (suppression.region.valid()) {
        json_.key("location");
        write_location(suppression.region, {}, {}, 0);
      }
      json_.begin_object("properties");
      json_.member("kind", suppression.kind);
      if (!suppression.owner.empty()) {
        json_.member("owner", suppression.owner);
      }
      if (!suppression.until.empty()) {
        json_.member("until", suppression.until);
      }
      json_.end_object();
      json_.end_object();
    }
    json_.end_array();
  }

  void write_witness(const findings::Witness& witness) {
    json_.begin_object("witness");
    json_.member("principal", witness.principal);
    json_.member("action", witness.action);
    if (witness.resource) {
      json_.member("resource", *witness.resource);
    } else {
      json_.member_null("resource");
    }
    json_.begin_object("context");
    for (const auto& [key, values] : witness.context) {
      if (!values) {
        json_.member_null(key);
        continue;
      }
      json_.begin_array(key);
      for (const std::string& value : *values) {
        json_.string(value);
      }
      json_.end_array();
    }
    json_.end_object();
    json_.end_object();
  }

  const Report& report_;
  const SarifOptions& options_;
  JsonWriter json_;
  std::vector<const findings::RuleDescription*> rules_;
  std::map<std::string_view, std::size_t> rule_index_;
  std::vector<source::ArtifactId> artifacts_;
  std::map<source::ArtifactId, std::size_t> artifact_index_;
};

}  // namespace

void write_sarif(const Report& report, std::ostream& out, const SarifOptions& options) {
  Writer(report, options, out).write();
}

}  // namespace gabion::report
