// The rules about suppressions. They have no conditions: handling.cpp makes their findings.
#include <array>

#include "engine/handling.h"

namespace gabion::engine {
namespace {

constexpr std::array<std::string_view, 1> kReferences = {
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317733"};

constexpr std::array<std::string_view, 1> kTargets = {"suppression"};

constexpr FixData kRemoval = [] {
  FixData fix;
  fix.title = {"remove the suppression", 1, 1};
  return fix;
}();

/// Conditions are in handling.cpp; these only say that there is a fix.
constexpr std::array<CheckData, 1> kRemovable = [] {
  CheckData check;
  check.fix = &kRemoval;
  return std::array{check};
}();

constexpr RuleData rule(std::string_view id, std::string_view title, findings::Severity severity, bool removable,
                        std::string_view why) {
  RuleData data;
  data.id = id;
  data.title = title;
  data.severity = severity;
  data.since = "0.1.0";
  data.why = why;
  data.references = kReferences;
  data.targets = kTargets;
  if (removable) {
    data.checks = kRemovable;
  }
  return data;
}

constexpr std::array<RuleData, 4> kRules = {
    rule("suppression-expired", "A suppression has ended", findings::Severity::kLow, true,
         "An exception was granted until a day that has passed. What it suppressed is reported again; the comment or\n"
         "entry that grants nothing any more misleads those who read it. Renew it with a new day, or remove it.\n"),
    rule(
        "suppression-invalid", "A suppression does not count", findings::Severity::kMedium, false,
        "It names no rule, a rule that does not exist or a day that is none, nothing follows that it could be about,\n"
        "or it lacks what suppression-policy in the configuration requires: a reason, an owner, an end. Whoever wrote\n"
        "it believes that something is suppressed that is not.\n"),
    rule("suppression-refused", "A suppression is about a rule that cannot be suppressed", findings::Severity::kMedium,
         true,
         "The configuration lists rules that nobody may suppress. The finding is reported all the same; the\n"
         "suppression has no effect.\n"),
    rule("suppression-unused", "A suppression suppresses nothing", findings::Severity::kLow, true,
         "What it was written for was mended, moved away or never there. Left alone it would hide the next finding of\n"
         "its rule at this place, which nobody has looked at.\n"),
};

}  // namespace

std::span<const RuleData> suppression_rules() {
  return kRules;
}

}  // namespace gabion::engine
