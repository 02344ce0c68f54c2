// Findings that are known already: written to a file once, or found in an older version of the tree, and told apart
// from new ones. Used by `gabion baseline`, `scan --baseline` and `scan --changed-since`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/settings.h"
#include "findings/finding.h"
#include "source/artifact.h"
#include "source/expected.h"
#include "source/file_system.h"

namespace gabion::engine {

inline constexpr std::string_view kBaselineFileName = ".gabion-baseline.json";

/// What is kept of a known finding. The texts are for people, and for matching when the root module moved.
struct KnownFinding {
  std::vector<std::string> identities;  ///< fingerprints, as Finding::identities; not empty
  std::string rule;
  std::string resource;
  std::string message;
  std::string root;
  std::string file;
};

/// The findings that can fail a run.
[[nodiscard]] std::vector<KnownFinding> known_findings(std::span<const findings::Finding> findings,
                                                       const source::ArtifactStore& artifacts);

/// The file: JSON, an entry a line, sorted, so that changes can be read and merged.
[[nodiscard]] std::string baseline_text(std::vector<KnownFinding> known);
[[nodiscard]] source::Expected<std::vector<KnownFinding>> parse_baseline(std::string_view path, std::string_view text);

/// Which known finding each of the others is, by index, or -1. Every known one stands for one finding: first those with
/// the same fingerprint under any address it had, then those that differ in the directory of the root module only.
[[nodiscard]] std::vector<std::ptrdiff_t> match(std::span<const KnownFinding> known,
                                                std::span<const KnownFinding> present);

/// The file of known findings: what somebody gives, what the configuration says, or the usual name beside it.
[[nodiscard]] std::string baseline_path(const std::string& given, const Settings& settings);
[[nodiscard]] source::Expected<std::vector<KnownFinding>> read_baseline(const std::string& path,
                                                                        const source::FileSystem& files);

/// Suppresses the findings that the baseline knows.
void suppress_known(const std::vector<KnownFinding>& known, std::vector<findings::Finding>& findings,
                    const source::ArtifactStore& artifacts);

}  // namespace gabion::engine
