// What an analysis reports: findings with their place, the way the value got there (trace), the request
// that slips through (witness) and the fix. A Finding owns its strings; it may outlive the syntax trees.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/artifact.h"
#include "source/boxed.h"
#include "source/region.h"

namespace gabion::findings {

enum class Severity : std::uint8_t { kLow, kMedium, kHigh, kCritical };

/// "low", "medium", "high", "critical".
[[nodiscard]] std::string_view name(Severity severity);
[[nodiscard]] std::optional<Severity> severity_from_name(std::string_view text);

/// One step of the way a value took: the first one is next to the finding, the last one is where the value was written.
struct TraceStep {
  source::Region region;
  std::string message;  ///< for example "rotate = false given here"
};

/// A concrete request that a policy treats wrongly.
struct Witness {
  std::string principal;
  std::string action;
  std::optional<std::string> resource;  ///< absent where the request names none (trust policies)
  /// Context keys with their values; no value means "key absent", several mean a multivalued key.
  std::map<std::string, std::optional<std::vector<std::string>>> context;
};

/// Replaces the bytes of `region` by `text`; an empty region inserts.
struct Edit {
  source::Region region;
  std::string text;
  friend bool operator==(const Edit&, const Edit&) = default;
};

enum class Safety : std::uint8_t {
  kSafe,    ///< same model but for the attribute named; replaces nothing, takes no access away
  kUnsafe,  ///< may replace a resource, narrow access or cost money
  kManual,  ///< a person must fill a hole
};
[[nodiscard]] std::string_view name(Safety safety);

/// No number of a proposal.
inline constexpr std::uint32_t kNoProposal = 0xffffffffU;

/// A change that makes the finding disappear: edits sorted by region, not overlapping, all or none.
struct Fix {
  std::string title;
  Safety safety = Safety::kSafe;
  std::vector<Edit> edits;               ///< none: a person has to do it, the title says what
  bool guess = false;                    ///< nothing but a proof tells whether the edits mend anything
  std::uint32_t proposal = kNoProposal;  ///< for the engine: what the fix was made from
};

/// Why a finding is not counted.
struct Suppression {
  std::string kind;  ///< "inline", "baseline", "configuration"
  std::string reason;
  source::Region region;
  std::string owner{};  ///< who answers for it
  std::string until{};  ///< last day on which it counts, YYYY-MM-DD
};

/// A rule that is being introduced: its findings are reported and fail nothing yet.
struct Observation {
  std::string enforce_from;  ///< day from which they count, YYYY-MM-DD; empty: not decided
};

/// The static part of a rule, as reports need it. Lives as long as the rule set.
struct RuleDescription {
  std::string_view id;
  std::string_view title;
  Severity severity = Severity::kMedium;
  std::string_view why;                      ///< one paragraph
  std::string_view since;                    ///< version that introduced the rule
  std::vector<std::string_view> references;  ///< URLs
  std::vector<std::string_view> aliases;     ///< ids of the peers' rules that test the same
  std::vector<std::pair<std::string_view, std::vector<std::string_view>>> controls;  ///< framework, controls
};

/// One violation at one instance address.
struct Finding {
  const RuleDescription* rule = nullptr;
  Severity severity = Severity::kMedium;  ///< the rule's, unless configuration changed it
  std::string resource;                   ///< instance address, for example "module.x.aws_kms_key.a[0]"
  std::string message;
  source::Region region;  ///< narrowest text that is wrong
  std::vector<TraceStep> trace;
  source::Boxed<Witness> witness;
  std::optional<Fix> fix;
  std::string fingerprint;  ///< see fingerprint.h
  source::Boxed<Suppression> suppression;
  /// Names of the environments in which it occurs, in their order; empty where none are configured.
  std::vector<std::string> environments{};
  source::Boxed<Observation> observation{};
  std::string root{};                           ///< directory of the root module; empty for the working directory
  std::vector<std::string> former_addresses{};  ///< of the instance, before `moved` blocks; the latest first
  /// Fingerprints under all addresses, the oldest first, which is `fingerprint`.
  std::vector<std::string> identities{};
};

/// Whether it can fail a run.
[[nodiscard]] inline bool counts(const Finding& finding) {
  return !finding.suppression && !finding.observation;
}

/// A rule that could not decide, and on what it hangs. Reported with --show-unresolved.
struct Unresolved {
  const RuleDescription* rule = nullptr;
  std::string resource;
  std::string message;  ///< "depends on var.rotate, which has no value"
  source::Region region;
  std::vector<std::string> environments{};  ///< as for findings
  bool about_parameter = false;             ///< nothing in the input is in doubt: a parameter is not set
};

}  // namespace gabion::findings
