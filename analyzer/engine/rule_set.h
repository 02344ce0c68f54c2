// The rules of one run: built-in and users' own, selected by id or glob, with the static descriptions that reports
// need.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/rule_data.h"
#include "findings/finding.h"
#include "source/arena.h"
#include "source/expected.h"
#include "source/file_system.h"

namespace gabion::engine {

/// A rule that takes part in a run.
struct Rule {
  const RuleData* data = nullptr;
  findings::RuleDescription description;
  findings::Severity severity = findings::Severity::kMedium;  ///< after configuration
};

/// Owns descriptions (findings point at them) and the data of users' rules. Not copied, not moved once findings exist.
class RuleSet {
 public:
  RuleSet() = default;
  RuleSet(const RuleSet&) = delete;
  RuleSet& operator=(const RuleSet&) = delete;

  /// Adds rules whose data outlives the set. An error when an id is taken.
  [[nodiscard]] source::Expected<source::Unit> add(std::span<const RuleData> rules);
  /// Reads every *.yaml and *.yml below a directory (or one file) as rules. All errors of all files are returned.
  [[nodiscard]] std::vector<source::Error> load(const source::FileSystem& files, const std::string& path);
  /// Errors for fixes that lead to a rule which is neither in the set nor one of `others`. Asked when all rules are
  /// there.
  [[nodiscard]] std::vector<source::Error> misnamed(std::span<const RuleData> others = {}) const;
  /// Keeps the rules that match one of `only` (all, when empty) and none of `skip`; ids or globs with * and ?. Also a
  /// peer's id (an alias) selects. An error names a pattern that matches no rule.
  [[nodiscard]] source::Expected<source::Unit> select(std::span<const std::string> only,
                                                      std::span<const std::string> skip);

  [[nodiscard]] const std::deque<Rule>& rules() const { return rules_; }
  /// Whether a pattern, as for select, names a rule that was ever added, selected or not.
  [[nodiscard]] bool knows(std::string_view pattern) const;
  /// The rule of that id or alias, or null.
  [[nodiscard]] const Rule* find(std::string_view id) const;
  /// Changes a rule's severity; false when there is no rule of that id.
  [[nodiscard]] bool set_severity(std::string_view id, findings::Severity severity);
  /// Sorted by id, once all are added.
  void sort();

 private:
  source::Arena arena_;
  std::deque<Rule> rules_;
  std::vector<const RuleData*> deselected_;
};

/// Glob over ids and names: * is any run of characters, ? any one.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace gabion::engine
