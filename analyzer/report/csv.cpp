#include "report/csv.h"

#include <string>
#include <vector>

#include "model/address.h"
#include "report/groups.h"
#include "report/markup.h"
#include "report/text_entry.h"

namespace gabion::report {
namespace {

void write_row(const std::vector<std::string>& cells, std::ostream& out) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out << (i == 0 ? "" : ",") << csv(cells[i]);
  }
  out << "\r\n";
}

std::string joined(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    text += (text.empty() ? "" : "; ") + item;
  }
  return text;
}

std::vector<std::string> controls_of(const findings::RuleDescription* rule) {
  std::vector<std::string> result;
  if (rule != nullptr) {
    for (const auto& [framework, controls] : rule->controls) {
      for (const std::string_view control : controls) {
        result.push_back(std::string(framework) + " " + std::string(control));
      }
    }
  }
  return result;
}

}  // namespace

void write_csv(const Report& report, std::ostream& out) {
  write_row({"rule",     "title",   "severity",     "resource",   "module",   "file",        "line",
             "column",   "message", "environments", "suppressed", "reason",   "owner",       "until",
             "observed", "fix",     "safety",       "witness",    "controls", "fingerprint", "root"},
            out);
  for (const findings::Finding& finding : report.findings) {
    const bool placed = finding.region.valid();
    const source::Position begin = placed ? report.artifacts.begin_of(finding.region) : source::Position{};
    write_row({std::string(id_of(finding.rule)),
               std::string(title_of(finding)),
               std::string(findings::name(finding.severity)),
               finding.resource,
               std::string(model::module_of(finding.resource)),
               std::string(path_of(finding.region, report.artifacts)),
               placed ? std::to_string(begin.line) : "",
               placed ? std::to_string(begin.column) : "",
               finding.message,
               joined(finding.environments),
               finding.suppression ? finding.suppression->kind : "",
               finding.suppression ? finding.suppression->reason : "",
               finding.suppression ? finding.suppression->owner : "",
               finding.suppression ? finding.suppression->until : "",
               observation_of(finding),
               finding.fix ? finding.fix->title : "",
               finding.fix ? std::string(findings::name(finding.fix->safety)) : "",
               finding.witness ? describe(*finding.witness) : "",
               joined(controls_of(finding.rule)),
               finding.fingerprint,
               finding.root.empty() ? std::string(".") : finding.root},
              out);
  }
}

}  // namespace gabion::report
