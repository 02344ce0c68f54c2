// A report whose every text tries to break out of the format that it is printed in. Used by the tests of the formats.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "findings/finding.h"
#include "findings/fingerprint.h"
#include "report/report.h"
#include "source/artifact.h"
#include "unit/findings/sorted.h"

namespace gabion::report {

/// What nobody may be able to write into a report.
inline constexpr std::array<std::string_view, 12> kAttacks = {
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(2)>",
    "\x1b[2J\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "first\n::error file=x::spoofed\r\nsecond",
    "\u202Egpj.exe\u202C \u2066left\u2069 zero\u200Bwidth \u009B31m",
    "=HYPERLINK(\"http://evil.example\")",
    "##[add-mask]x ::stop-commands::t",
    "]]> <!-- & &amp; &#60;",
    "``` ` | \\| [a](javascript:alert(3)) ![x](http://evil.example)",
    "@admin #12 http://evil.example www.evil.example",
    "bad utf-8 \xFF\xC3 end",
    "\U000E0041\uFEFF tag",
};

/// One finding, one question and one problem for each attack, with the attack in every text.
class Hostile {
 public:
  Hostile() {
    rule_.id = "hostile-rule";
    rule_.title = kAttacks[0];
    rule_.why = kAttacks[1];
    rule_.severity = findings::Severity::kHigh;
    rule_.references = {"javascript:alert(4)", "https://docs.example/<b>"};
    rule_.controls = {{kAttacks[0], {kAttacks[1]}}};
    rule_.aliases = {kAttacks[5]};
    for (std::size_t i = 0; i < kAttacks.size(); ++i) {
      const std::string attack(kAttacks[i]);
      const auto id = artifacts.add(std::to_string(i) + attack + ".tf", attack + "\n" + attack + "\n").id();
      const source::Region region{id, 0, static_cast<std::uint32_t>(attack.size())};
      findings::Finding finding;
      finding.rule = &rule_;
      finding.severity = static_cast<findings::Severity>(i % 4);
      finding.resource = "module.x[\"" + attack + "\"].t." + attack;
      finding.message = attack;
      finding.region = region;
      finding.fingerprint = findings::fingerprint("hostile-rule", attack, "");
      finding.trace = {{region, attack}, {{}, attack}};
      finding.witness = findings::Witness{attack, attack, attack, {{attack, std::vector<std::string>{attack, attack}}}};
      finding.fix = findings::Fix{attack, findings::Safety::kSafe, {{region, attack + "!"}}};
      finding.environments = {attack};
      if (i == 3) {
        finding.suppression = findings::Suppression{attack, attack, region};
      }
      findings.push_back(finding);
      unresolved.push_back({&rule_, finding.resource, attack, region});
      findings::Diagnostic diagnostic;
      diagnostic.severity = static_cast<findings::DiagnosticSeverity>(i % 3);
      diagnostic.code = "hostile";
      diagnostic.message = attack;
      diagnostic.hint = attack;
      if (i % 2 == 0) {
        diagnostic.region = region;
      } else {
        diagnostic.path = attack;
      }
      diagnostics.push_back(diagnostic);
    }
    findings::sort(findings, artifacts);
  }
  Hostile(const Hostile&) = delete;
  Hostile& operator=(const Hostile&) = delete;

  [[nodiscard]] Report report() const {
    Report result{artifacts, findings, unresolved, diagnostics, {}, {&rule_}, "gabion", "0.1.0", "/home/user/x"};
    result.undecided = unresolved;
    result.summary.counts = count(findings);
    result.summary.files = kAttacks.size();
    result.summary.rules = 1;
    result.summary.incomplete = true;
    return result;
  }

  source::ArtifactStore artifacts;
  std::vector<findings::Finding> findings;
  std::vector<findings::Unresolved> unresolved;
  findings::Diagnostics diagnostics;

 private:
  findings::RuleDescription rule_;
};

}  // namespace gabion::report
