#include "report/html.h"

#include <nettle/base64.h>
#include <nettle/sha2.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "model/address.h"
#include "report/compliance.h"
#include "report/coverage.h"
#include "report/groups.h"
#include "report/html_finding.h"
#include "report/markup.h"
#include "report/unicode.h"
#include "source/ascii.h"

namespace gabion::report {
namespace {

constexpr std::array<findings::Severity, 4> kSeverities = {findings::Severity::kCritical, findings::Severity::kHigh,
                                                           findings::Severity::kMedium, findings::Severity::kLow};

/// "sha256-..." of an element's text, as a Content-Security-Policy names it.
std::string source_hash(std::string_view text) {
  sha256_ctx context{};
  sha256_init(&context);
  sha256_update(&context, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
  std::array<std::uint8_t, SHA256_DIGEST_SIZE> digest{};
  sha256_digest(&context, digest.size(), digest.data());
  std::string encoded(BASE64_ENCODE_RAW_LENGTH(digest.size()), '\0');
  base64_encode_raw(encoded.data(), digest.size(), digest.data());
  return "sha256-" + encoded;
}

std::string link_to(std::string_view parameter, std::string_view value, const std::string& markup) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : printable(value)) {
    const auto byte = static_cast<std::uint8_t>(c);
    const bool plain = source::is_alphanumeric(c) || c == '-';
    encoded += plain ? std::string(1, c) : std::string{'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]};
  }
  return "<a href=\"#" + std::string(parameter) + "=" + encoded + "\">" + markup + "</a>";
}

std::string cell(std::uint64_t number) {
  return "<td class=\"number\">" + std::to_string(number) + "</td>";
}

/// Numbers of one rule or module.
struct Sums {
  std::array<std::uint64_t, 4> open{};  ///< index is the severity
  std::uint64_t suppressed = 0;
  std::uint64_t undecided = 0;

  void add(const findings::Finding& finding) {
    ++(finding.suppression ? suppressed : open[static_cast<std::size_t>(finding.severity)]);
  }
  [[nodiscard]] std::uint64_t total() const { return open[0] + open[1] + open[2] + open[3]; }
};

/// Writes the sections of a page.
class Page {
 public:
  Page(const Report& report, std::ostream& out)
      : report_(report), out_(out), groups_(group_findings(report.findings, true)), controls_(assess(report)) {
    // The worst first; what is suppressed at the end.
    groups_.sort(
        [](const findings::Brief& first) { return std::pair(first.suppressed, -static_cast<int>(first.severity)); });
    for (const findings::RuleDescription* rule : report.rules) {
      by_rule_.try_emplace(rule->id).first->second.first = rule;
    }
    for (const findings::Finding& finding : report.findings) {
      auto& [rule, sums] = by_rule_[id_of(finding.rule)];
      rule = finding.rule;
      sums.add(finding);
      sums_of(model::module_of(finding.resource)).add(finding);
    }
    for (const findings::Unresolved& question : report.undecided) {
      ++by_rule_[id_of(question.rule)].second.undecided;
      ++sums_of(model::module_of(question.resource)).undecided;
    }
  }

  void write() {
    head();
    overview();
    findings();
    rules();
    modules();
    controls();
    coverage();
    out_ << "</main>\n<script>" << html_script() << "</script>\n</body>\n</html>\n";
  }

 private:
  Sums& sums_of(std::string_view module) {
    const auto known = by_module_.find(module);
    return known != by_module_.end() ? known->second : by_module_[std::string(module)];
  }

  void head() {
    out_ << "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         << "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '"
         << source_hash(html_style()) << "'; script-src '" << source_hash(html_script())
         << "'; base-uri 'none'; form-action 'none'\">\n"
         << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         << "<meta name=\"referrer\" content=\"no-referrer\">\n<title>gabion report</title>\n<style>" << html_style()
         << "</style>\n</head>\n<body>\n<main>\n";
  }

  void card(std::string_view style, std::uint64_t number, std::string_view label) {
    out_ << "<li class=\"" << style << "\"><b>" << number << "</b>" << label << "</li>\n";
  }

  void overview() {
    const Summary& summary = report_.summary;
    const Counts& counts = summary.counts;
    out_ << "<h1>gabion report</h1>\n<p class=\"faint\">Checked " << plural(summary.resources, "resource") << " and "
         << plural(summary.policies, "policy") << " of " << plural(summary.modules, "module") << " in "
         << plural(summary.files, "file") << " with " << plural(summary.rules, "rule") << " &#183; "
         << xml(report_.tool_name) << ' ' << xml(report_.tool_version)
         << "</p>\n<nav><a href=\"#findings\">Findings</a><a href=\"#rules\">Rules</a>"
         << "<a href=\"#modules\">Modules</a><a href=\"#controls\">Controls</a><a "
            "href=\"#coverage\">Coverage</a></nav>\n";
    if (summary.incomplete) {
      out_
          << "<p class=\"notice unknown\">The analysis is incomplete: <a href=\"#coverage\">coverage</a> says what was "
             "not analysed, and why.</p>\n";
    } else if (counts.total() == 0) {
      out_ << "<p class=\"notice passed\">No findings, and everything was analysed.</p>\n";
    }
    out_ << "<ul class=\"cards\">\n";
    card("critical", counts.critical, "critical");
    card("high", counts.high, "high");
    card("medium", counts.medium, "medium");
    card("low", counts.low, "low");
    card("suppressed", counts.suppressed, "suppressed");
    if (counts.observed > 0) {
      card("suppressed", counts.observed, "only observed");
    }
    card("unknown", report_.undecided.size(), "undecided");
    out_ << "</ul>\n";
  }

  void filter() {
    out_ << "<form id=\"filter\">\n<input type=\"search\" name=\"q\" placeholder=\"Search\" aria-label=\"Search\">\n";
    for (const findings::Severity severity : kSeverities) {
      out_ << "<label><input type=\"checkbox\" name=\"severity\" value=\"" << findings::name(severity) << "\" checked>"
           << findings::name(severity) << "</label>\n";
    }
    out_ << "<select name=\"rule\" aria-label=\"Rule\"><option value=\"\">all rules</option>";
    for (const auto& [id, entry] : by_rule_) {
      if (entry.second.total() + entry.second.suppressed > 0) {
        out_ << "<option value=\"" << xml(id) << "\">" << xml(id) << "</option>";
      }
    }
    out_ << "</select>\n<select name=\"module\" aria-label=\"Module\"><option value=\"\">all modules</option>";
    for (const auto& [module, sums] : by_module_) {
      if (sums.total() + sums.suppressed > 0) {
        out_ << "<option value=\"" << (module.empty() ? "/" : xml(module)) << "\">"
             << (module.empty() ? "root module" : xml(module)) << "</option>";
      }
    }
    out_ << "</select>\n<select name=\"state\" aria-label=\"State\"><option value=\"\">open and suppressed</option>"
         << "<option value=\"open\">open</option><option value=\"suppressed\">suppressed</option>"
         << "<option value=\"observed\">only observed</option>"
         << "<option value=\"fixable\">with a safe fix</option></select>\n"
         << "<button type=\"button\" id=\"open\">Open or close all</button>\n<button type=\"reset\">Reset</button>\n"
         << "<output id=\"shown\"></output>\n</form>\n";
  }

  void findings() {
    out_ << "<h2 id=\"findings\">Findings</h2>\n";
    if (groups_.empty()) {
      out_ << "<p>None.</p>\n";
      return;
    }
    filter();
    for (const FindingGroup& group : groups_) {
      write_html_finding(group, report_, out_);
    }
  }

  void table(std::string_view first) {
    out_ << "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">" << first << "</th>";
    for (const std::string_view name : {"critical", "high", "medium", "low", "suppressed", "undecided"}) {
      out_ << "<th scope=\"col\" class=\"number\">" << name << "</th>";
    }
    out_ << "</tr></thead>\n<tbody>\n";
  }

  void row(const std::string& name, const Sums& sums) {
    out_ << "<tr><td>" << name << "</td>";
    for (const findings::Severity severity : kSeverities) {
      out_ << cell(sums.open[static_cast<std::size_t>(severity)]);
    }
    out_ << cell(sums.suppressed) << cell(sums.undecided) << "</tr>\n";
  }

  void rules() {
    out_ << "<h2 id=\"rules\">Rules</h2>\n";
    table("rule");
    std::size_t silent = 0;
    for (const auto& [id, entry] : by_rule_) {
      const auto& [rule, sums] = entry;
      const bool reports = sums.total() + sums.suppressed > 0;
      if (!reports && sums.undecided == 0) {
        ++silent;
        continue;
      }
      const std::string name = "<code>" + xml(id) + "</code>";
      row((reports ? link_to("rule", id, name) : name) + (rule == nullptr ? "" : "<br>" + xml(rule->title)), sums);
    }
    out_ << "</tbody></table></div>\n";
    if (silent > 0) {
      out_ << "<p class=\"faint\">" << plural(silent, "rule") << " found nothing.</p>\n";
    }
  }

  void modules() {
    out_ << "<h2 id=\"modules\">Modules</h2>\n";
    if (by_module_.empty()) {
      out_ << "<p>No module has a finding.</p>\n";
      return;
    }
    table("module");
    for (const auto& [module, sums] : by_module_) {
      const std::string name = module.empty() ? "root module" : "<code>" + xml(module) + "</code>";
      row(sums.total() + sums.suppressed > 0 ? link_to("module", module.empty() ? "/" : module, name) : name, sums);
    }
    out_ << "</tbody></table></div>\n";
  }

  void controls() {
    out_ << "<h2 id=\"controls\">Controls</h2>\n";
    if (controls_.empty()) {
      out_ << "<p>No rule that ran is mapped to a control.</p>\n";
      return;
    }
    out_ << "<p class=\"faint\">A control is tested as far as there are rules for it. Failed: a rule found something. "
            "Unknown: a rule could not decide, or a part was not analysed. Passed: neither.</p>\n";
    std::string_view framework;
    for (std::size_t i = 0; i < controls_.size(); ++i) {
      if (i == 0 || controls_[i].framework != framework) {
        out_ << (i == 0 ? "" : "</tbody></table></div>\n");
        framework = controls_[i].framework;
        framework_head(framework);
      }
      control_row(controls_[i]);
    }
    out_ << "</tbody></table></div>\n";
  }

  void framework_head(std::string_view framework) {
    std::array<std::uint64_t, 3> sums{};
    for (const Control& control : controls_) {
      if (control.framework == framework) {
        ++sums[static_cast<std::size_t>(control.state)];
      }
    }
    out_ << "<h3>" << xml(framework) << "</h3>\n<ul class=\"cards\">\n";
    for (const ControlState state : {ControlState::kPassed, ControlState::kFailed, ControlState::kUnknown}) {
      card(name(state), sums[static_cast<std::size_t>(state)], name(state));
    }
    out_
        << "</ul>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">control</th><th scope=\"col\">state</th>"
        << "<th scope=\"col\" class=\"number\">findings</th><th scope=\"col\" class=\"number\">suppressed</th>"
        << "<th scope=\"col\" class=\"number\">undecided</th><th scope=\"col\">rules</th></tr></thead>\n<tbody>\n";
  }

  void control_row(const Control& control) {
    out_ << "<tr><td><code>" << xml(control.id) << "</code></td><td>" << html_badge(name(control.state)) << "</td>"
         << cell(control.findings) << cell(control.suppressed) << cell(control.undecided) << "<td>";
    for (std::size_t i = 0; i < control.rules.size(); ++i) {
      const std::string_view id = control.rules[i]->id;
      const Sums& sums = by_rule_[id].second;
      const std::string name = "<code>" + xml(id) + "</code>";
      out_ << (i == 0 ? "" : "<br>") << (sums.total() + sums.suppressed > 0 ? link_to("rule", id, name) : name);
    }
    out_ << "</td></tr>\n";
  }

  void coverage() {
    out_ << "<h2 id=\"coverage\">Coverage</h2>\n";
    if (report_.ledger != nullptr) {
      ledger(*report_.ledger);
    }
    problems();
    questions();
  }

  void ledger(const findings::Ledger& ledger) {
    out_ << "<p>" << coverage_percent(ledger)
         << " of all files, blocks, modules and policies were analysed, wholly or in "
         << "part.</p>\n<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">what</th>";
    for (const std::string_view name : {"analysed", "partly", "not analysed"}) {
      out_ << "<th scope=\"col\" class=\"number\">" << name << "</th>";
    }
    out_ << "</tr></thead>\n<tbody>\n";
    for (const findings::Covered kind : findings::kAllCovered) {
      const findings::CoverageSums& sums = ledger.of(kind);
      out_ << "<tr><td>" << (kind == findings::Covered::kPolicy ? "policies" : std::string(findings::name(kind)) + "s")
           << "</td>" << cell(sums.whole) << cell(sums.partly) << cell(sums.none) << "</tr>\n";
    }
    out_ << "</tbody></table></div>\n";
    if (ledger.gaps.empty()) {
      return;
    }
    out_ << "<h3>What was not analysed, or only in part</h3>\n<div class=\"scroll\"><table>\n<thead><tr>"
         << "<th scope=\"col\">what</th><th scope=\"col\">state</th><th scope=\"col\">place</th>"
         << "<th scope=\"col\">why</th></tr></thead>\n<tbody>\n";
    for (const findings::CoverageGap& gap : ledger.gaps) {
      out_ << "<tr><td>" << findings::name(gap.kind) << "</td><td>" << findings::name(gap.state) << "</td><td><code>"
           << xml(place_of(gap, report_)) << "</code></td><td>" << xml(gap.why) << "</td></tr>\n";
    }
    out_ << "</tbody></table></div>\n";
  }

  void problems() {
    out_ << "<h3>Problems with the input</h3>\n";
    if (report_.diagnostics.empty()) {
      out_ << "<p>None: every file was read and analysed.</p>\n";
      return;
    }
    out_ << "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">kind</th><th scope=\"col\">place</th>"
         << "<th scope=\"col\">what</th></tr></thead>\n<tbody>\n";
    for (const findings::Diagnostic& diagnostic : report_.diagnostics) {
      out_ << "<tr><td>" << name(diagnostic.severity) << "</td><td>"
           << html_place(diagnostic.region, path_of(diagnostic, report_.artifacts), report_) << "</td><td>"
           << xml(diagnostic.message + (diagnostic.environments.empty() ? "" : " in " + environments_of(diagnostic)))
           << (diagnostic.hint.empty() ? "" : "<br><span class=\"faint\">" + xml(diagnostic.hint) + "</span>")
           << "</td></tr>\n";
    }
    out_ << "</tbody></table></div>\n";
  }

  void questions() {
    out_ << "<h3>Questions left open</h3>\n";
    const std::vector<UnresolvedGroup> groups = group_unresolved(report_.undecided);
    if (groups.empty()) {
      out_ << "<p>None: every rule could decide.</p>\n";
      return;
    }
    out_ << "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">rule</th><th scope=\"col\">place</th>"
         << "<th scope=\"col\">resource</th><th scope=\"col\">why</th></tr></thead>\n<tbody>\n";
    for (const UnresolvedGroup& group : groups) {
      const findings::Unresolved& question = *group.front();
      out_ << "<tr><td><code>" << xml(id_of(question.rule)) << "</code></td><td>"
           << html_place(question.region, path_of(question.region, report_.artifacts), report_) << "</td><td><code>"
           << xml(question.resource) << "</code>"
           << (group.size() > 1 ? " and " + std::to_string(group.size() - 1) + " more" : std::string()) << "</td><td>"
           << xml(question.message) << "</td></tr>\n";
    }
    out_ << "</tbody></table></div>\n";
  }

  const Report& report_;
  std::ostream& out_;
  FindingGroups groups_;
  std::vector<Control> controls_;
  std::map<std::string_view, std::pair<const findings::RuleDescription*, Sums>> by_rule_;
  std::map<std::string, Sums, std::less<>> by_module_;
};

}  // namespace

void write_html(const Report& report, std::ostream& out) {
  Page(report, out).write();
}

}  // namespace gabion::report
