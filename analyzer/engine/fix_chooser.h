// Chooses which fixes a round tries: of each finding the next of its ways that may be made, and no two that meet.
// Remembers what was tried, what people said, and why a fix was not applied. Used by plan_fixes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/fix_proof.h"

namespace gabion::engine {

/// A fix under consideration, for whoever decides whether to apply it.
struct OfferedFix {
  const findings::Finding& finding;
  const findings::Fix& fix;
  std::string_view why;  ///< why it is made there
  const source::ArtifactStore& artifacts;
};

struct FixOptions {
  bool unsafe = false;             ///< also fixes that may replace a resource, narrow access or cost money
  std::uint32_t max_rounds = 100;  ///< every round fixes something, so this is a stop for the unforeseen
  /// Asked for every fix before it is applied; empty: all are.
  std::function<bool(const OfferedFix& offered)> accept{};
};

enum class SkipKind : std::uint8_t { kNone, kManual, kUnsafe, kUnproved, kDeclined, kConflict };

/// A fix that was not applied, and why.
struct SkippedFix {
  std::string rule;
  std::string resource;
  std::string file;
  std::uint32_t line = 0;
  SkipKind kind = SkipKind::kNone;
  std::string reason;
  std::string title;                                       ///< of the fix, if there is one
  std::vector<std::pair<std::string, std::string>> texts;  ///< manual fixes: file and what it would become
};

/// Findings that the same edits fix: instances of one resource.
using FixUnit = std::vector<ChosenFix>;

[[nodiscard]] std::vector<ChosenFix> all_of(std::span<const FixUnit> units);

/// Borrows what it is given.
class FixChooser {
 public:
  FixChooser(const FixOptions& options, const FixProgress& progress) : options_(options), progress_(progress) {}

  /// Units without conflicts among each other to try now; the others wait. None: there is nothing left to try.
  [[nodiscard]] std::vector<FixUnit> units();

  /// Can both not be made at once?
  [[nodiscard]] bool meet(const FixAlternative& a, const FixAlternative& b) const;

  /// The fix does not prove by itself; the next way to fix its finding is tried in its place.
  void refuse(const ChosenFix& fix, const std::string& problem);

  /// The fixes are applied.
  void take(std::span<const ChosenFix> fixes);

  /// The fixes that were not applied of findings that are still there, by file and line.
  [[nodiscard]] std::vector<SkippedFix> skipped() const;

 private:
  /// What a finding is known by over the rounds: edits move its line. Root modules may have resources of one address.
  [[nodiscard]] std::string key(const findings::Finding& finding) const;
  void skip(const findings::Finding& finding, SkipKind kind, std::string reason, const findings::Fix* fix = nullptr);
  /// The alternative to try next for a finding, or nothing.
  [[nodiscard]] std::optional<ChosenFix> choose(const findings::Finding& finding);
  [[nodiscard]] bool accepted(const ChosenFix& fix);
  [[nodiscard]] std::vector<FixUnit> untried();

  const FixOptions& options_;
  const FixProgress& progress_;
  std::map<std::string, std::size_t> next_;  ///< alternative to try, by key()
  std::map<std::string, bool> answers_;      ///< of the person asked
  std::map<std::string, SkippedFix> skipped_;
  std::set<std::string> waiting_;  ///< keys of what did not prove alone
  bool compose_ = false;           ///< insertions at one place are combined
  bool changed_ = false;           ///< something was applied since those that wait were tried
};

}  // namespace gabion::engine
