#include "report/json.h"

#include <map>
#include <string>
#include <utility>

#include "report/coverage.h"
#include "report/json_writer.h"

namespace gabion::report {
namespace {

/// Writes the parts of a report; knows where things are.
class Writer {
 public:
  Writer(const Report& report, std::ostream& out) : report_(report), json_(out) {}

  void write() {
    json_.begin_object();
    json_.member_number("schema_version", kJsonSchemaVersion);
    json_.begin_object("tool");
    json_.member("name", report_.tool_name);
    json_.member("version", report_.tool_version);
    json_.end_object();
    json_.begin_array("findings");
    for (const findings::Finding& finding : report_.findings) {
      if (report_.show_known || !finding.suppression || finding.suppression->kind != "baseline") {
        write_finding(finding);
      }
    }
    json_.end_array();
    json_.begin_array("unresolved");
    for (const findings::Unresolved& unresolved : report_.unresolved) {
      write_unresolved(unresolved);
    }
    json_.end_array();
    json_.begin_array("diagnostics");
    for (const findings::Diagnostic& diagnostic : report_.diagnostics) {
      write_diagnostic(diagnostic);
    }
    json_.end_array();
    write_summary();
    json_.end_object();
  }

 private:
  void write_rule(const findings::RuleDescription* rule, findings::Severity severity) {
    json_.key("rule");
    json_.repeated(rules_[{rule, severity}], [&] { write_rule_object(rule, severity); });
  }

  void write_rule_object(const findings::RuleDescription* rule, findings::Severity severity) {
    json_.begin_object();
    json_.member("id", rule == nullptr ? std::string_view() : rule->id);
    json_.member("title", rule == nullptr ? std::string_view() : rule->title);
    json_.member("severity", findings::name(severity));
    json_.begin_array("aliases");
    if (rule != nullptr) {
      for (const std::string_view alias : rule->aliases) {
        json_.string(alias);
      }
    }
    json_.end_array();
    json_.end_object();
  }

  void write_file_and_line(const source::Region& region) {
    if (region.valid()) {
      json_.member("file", path_of(region, report_.artifacts));
      json_.member_number("line", report_.artifacts.begin_of(region).line);
    } else {
      json_.member_null("file");
      json_.member_null("line");
    }
  }

  void write_position(std::string_view name, const source::Position& position) {
    json_.begin_object(name);
    json_.member_number("line", position.line);
    json_.member_number("column", position.column);
    json_.end_object();
  }

  void write_finding(const findings::Finding& finding) {
    json_.begin_object();
    write_rule(finding.rule, finding.severity);
    json_.member("resource", finding.resource);
    json_.member("root", finding.root.empty() ? std::string_view(".") : std::string_view(finding.root));
    json_.member("message", finding.message);
    write_file_and_line(finding.region);
    if (finding.region.valid()) {
      json_.begin_object("range");
      write_position("start", report_.artifacts.begin_of(finding.region));
      write_position("end", report_.artifacts.end_of(finding.region));
      json_.end_object();
    } else {
      json_.member_null("range");
    }
    json_.begin_array("trace");
    for (const findings::TraceStep& step : finding.trace) {
      json_.begin_object();
      write_file_and_line(step.region);
      json_.member("message", step.message);
      json_.end_object();
    }
    json_.end_array();
    write_witness(finding.witness);
    write_fix(finding.fix);
    json_.member("fingerprint", finding.fingerprint);
    write_environments(finding.environments);
    if (finding.suppression) {
      json_.begin_object("suppressed");
      json_.member("kind", finding.suppression->kind);
      json_.member("reason", finding.suppression->reason);
      if (!finding.suppression->owner.empty()) {
        json_.member("owner", finding.suppression->owner);
      }
      if (!finding.suppression->until.empty()) {
        json_.member("until", finding.suppression->until);
      }
      json_.end_object();
    } else {
      json_.member_null("suppressed");
    }
    if (finding.observation) {
      json_.begin_object("observed");
      json_.member("enforce_from", finding.observation->enforce_from);
      json_.end_object();
    }
    json_.end_object();
  }

  void write_witness(const source::Boxed<findings::Witness>& witness) {
    if (!witness) {
      json_.member_null("witness");
      return;
    }
    json_.begin_object("witness");
    json_.member("principal", witness->principal);
    json_.member("action", witness->action);
    if (witness->resource) {
      json_.member("resource", *witness->resource);
    } else {
      json_.member_null("resource");
    }
    json_.begin_object("context");
    for (const auto& [key, values] : witness->context) {
      json_.key(key);
      write_context_value(values);
    }
    json_.end_object();
    json_.end_object();
  }

  /// A key with one value is a text, as in a request; several, or none, are an array.
  void write_context_value(const std::optional<std::vector<std::string>>& values) {
    if (!values) {
      json_.null();
    } else if (values->size() == 1) {
      json_.string(values->front());
    } else {
      json_.begin_array();
      for (const std::string& value : *values) {
        json_.string(value);
      }
      json_.end_array();
    }
  }

  void write_fix(const std::optional<findings::Fix>& fix) {
    if (!fix) {
      json_.member_null("fix");
      return;
    }
    json_.begin_object("fix");
    json_.member("title", fix->title);
    json_.member("safety", findings::name(fix->safety));
    json_.begin_array("edits");
    for (const findings::Edit& edit : fix->edits) {
      json_.begin_object();
      json_.member("file", path_of(edit.region, report_.artifacts));
      json_.member_number("start", edit.region.begin);
      json_.member_number("end", edit.region.end);
      json_.member("text", edit.text);
      json_.end_object();
    }
    json_.end_array();
    json_.end_object();
  }

  void write_environments(const std::vector<std::string>& environments) {
    json_.begin_array("environments");
    for (const std::string& environment : environments) {
      json_.string(environment);
    }
    json_.end_array();
  }

  void write_unresolved(const findings::Unresolved& unresolved) {
    json_.begin_object();
    write_rule(unresolved.rule, unresolved.rule == nullptr ? findings::Severity::kMedium : unresolved.rule->severity);
    json_.member("resource", unresolved.resource);
    json_.member("message", unresolved.message);
    write_file_and_line(unresolved.region);
    write_environments(unresolved.environments);
    json_.end_object();
  }

  void write_diagnostic(const findings::Diagnostic& diagnostic) {
    json_.begin_object();
    json_.member("severity", name(diagnostic.severity));
    json_.member("code", diagnostic.code);
    const std::string_view path = path_of(diagnostic, report_.artifacts);
    if (path.empty()) {
      json_.member_null("file");
    } else {
      json_.member("file", path);
    }
    if (diagnostic.region.valid()) {
      const source::Position begin = report_.artifacts.begin_of(diagnostic.region);
      json_.member_number("line", begin.line);
      json_.member_number("column", begin.column);
    } else {
      json_.member_null("line");
      json_.member_null("column");
    }
    json_.member("message", diagnostic.message);
    json_.member("hint", diagnostic.hint);
    write_environments(diagnostic.environments);
    json_.end_object();
  }

  void write_summary() {
    const Summary& summary = report_.summary;
    json_.begin_object("summary");
    json_.member_number("files", summary.files);
    json_.member_number("modules", summary.modules);
    json_.member_number("resources", summary.resources);
    json_.member_number("policies", summary.policies);
    json_.member_number("rules", summary.rules);
    json_.begin_object("findings");
    json_.member_number("critical", summary.counts.critical);
    json_.member_number("high", summary.counts.high);
    json_.member_number("medium", summary.counts.medium);
    json_.member_number("low", summary.counts.low);
    json_.end_object();
    json_.member_number("suppressed", summary.counts.suppressed);
    json_.member_boolean("incomplete", summary.incomplete);
    write_coverage();
    json_.end_object();
  }

  /// Only where there is an account of it.
  void write_coverage() {
    if (report_.ledger == nullptr) {
      return;
    }
    const findings::Ledger& ledger = *report_.ledger;
    json_.begin_object("coverage");
    json_.key("percent");
    json_.tenths(coverage_tenths(ledger));
    for (const findings::Covered kind : findings::kAllCovered) {
      const findings::CoverageSums& sums = ledger.of(kind);
      json_.begin_object(kind == findings::Covered::kPolicy ? std::string("policies")
                                                            : std::string(findings::name(kind)) + "s");
      json_.member_number("analysed", sums.whole);
      json_.member_number("partly", sums.partly);
      json_.member_number("not", sums.none);
      json_.end_object();
    }
    json_.begin_array("gaps");
    for (const findings::CoverageGap& gap : ledger.gaps) {
      json_.begin_object();
      json_.member("kind", findings::name(gap.kind));
      json_.member("state", gap.state == findings::CoverageState::kPartly ? "partly" : "not");
      json_.member("what", gap.what);
      json_.member("why", gap.why);
      write_file_and_line(gap.region);
      json_.end_object();
    }
    json_.end_array();
    json_.end_object();
  }

  const Report& report_;
  JsonWriter json_;
  /// As they were written: few rules have most of the findings.
  std::map<std::pair<const findings::RuleDescription*, findings::Severity>, std::string> rules_;
};

}  // namespace

void write_json(const Report& report, std::ostream& out) {
  Writer(report, out).write();
}

}  // namespace gabion::report
