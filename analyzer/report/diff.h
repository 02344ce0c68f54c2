// Unified diffs: between two texts, and of edits against the artifacts they change. Used for `gabion fix`, whose output
// `git apply` and `patch` take, and for the previews in the text report.
#pragma once

#include <cstdint>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "findings/finding.h"
#include "source/artifact.h"

namespace gabion::report {

/// One line of a diff. The text has its line end, unless it is the last one of a file without.
struct DiffLine {
  enum class Kind : std::uint8_t { kContext, kRemoved, kAdded };
  Kind kind = Kind::kContext;
  std::string_view text;
};

/// Changed lines with the unchanged ones around them. Line numbers are 1-based.
struct Hunk {
  std::uint32_t old_line = 1;
  std::uint32_t old_count = 0;
  std::uint32_t new_line = 1;
  std::uint32_t new_count = 0;
  std::vector<DiffLine> lines;
};

/// Unchanged lines around changed ones in a diff that is to be applied.
inline constexpr std::uint32_t kDiffContext = 3;

/// Hunks that lead from one text to the other, with `context` unchanged lines around each. The views are into the
/// texts. A minimal diff, except that texts with thousands of differences are replaced as a whole.
[[nodiscard]] std::vector<Hunk> diff_lines(std::string_view before, std::string_view after,
                                           std::uint32_t context = kDiffContext);

/// The text with the edits applied, or nothing when they overlap, are not sorted or reach outside of the text.
[[nodiscard]] std::optional<std::string> apply_edits(std::string_view text, std::span<const findings::Edit> edits);

/// One file as edits change it, or as much of it as was asked for.
struct EditedFile {
  source::ArtifactId artifact = source::kNoArtifact;
  std::uint32_t first_line = 1;  ///< 1-based line that the texts begin with
  std::string_view before;
  std::string after;
};

enum class Extent : std::uint8_t {
  kWholeFile,
  kEditedLines,  ///< from the first to the last line that is edited: enough for a preview, and cheap in large files
  kEditedParts,  ///< these, and around them the lines that a diff shows for context
};

/// The files that the edits change, in order of their paths. Nothing when the edits cannot be applied.
[[nodiscard]] std::optional<std::vector<EditedFile>> edited_files(std::span<const findings::Edit> edits,
                                                                  const source::ArtifactStore& artifacts,
                                                                  Extent extent = Extent::kWholeFile);

struct DiffOptions {
  std::uint32_t context = kDiffContext;
  std::uint32_t first_line = 1;  ///< of the texts in their file
  bool colour = false;
  const source::TextGuard* guard = nullptr;  ///< hides secrets
  bool printable = false;  ///< for a terminal: control characters are escaped, so that it can no longer be applied
};

/// Unified diff of one file with its header; nothing when the texts are equal. False: a secret was taken out of it, so
/// that it cannot be applied.
bool write_diff(std::string_view path, std::string_view before, std::string_view after, const DiffOptions& options,
                std::ostream& out);

}  // namespace gabion::report
