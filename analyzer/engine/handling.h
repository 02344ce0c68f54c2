// What becomes of findings once they are made: suppressed, only observed, changed or dropped for the directory they are
// in; and the findings about suppressions themselves. analyze() asks for every configuration that was judged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/fix.h"
#include "engine/prepared_rules.h"
#include "engine/rule_set.h"
#include "engine/suppression.h"
#include "findings/finding.h"
#include "model/model.h"
#include "source/artifact.h"
#include "source/file_system.h"
#include "source/gitignore.h"

namespace gabion::engine {

/// `suppression-policy` of the configuration file.
struct SuppressionPolicy {
  bool require_reason = false;
  bool require_owner = false;
  bool require_until = false;
  std::vector<std::string> never;         ///< ids or globs of rules that cannot be suppressed
  std::set<CommentStyle> ignored_styles;  ///< other scanners whose comments do not count
};

/// Rules that are only observed.
struct ObservationSetting {
  std::string rules;         ///< id or glob
  std::string enforce_from;  ///< first day on which they count; empty: not decided
};

/// One entry of `overrides`: what is different below some directories.
struct OverrideSetting {
  std::vector<std::string> paths;                                      ///< patterns in the syntax of .gitignore
  std::vector<std::string> skip;                                       ///< ids or globs
  std::vector<std::pair<std::string, findings::Severity>> severities;  ///< id or glob; the last one counts
  std::vector<ObservationSetting> observe;
  Parameters parameters;  ///< of the root modules in these directories
};

/// What the configuration file says about findings. Paths are relative to its directory.
struct HandlingSettings {
  std::string path;       ///< of the configuration file; empty without one
  std::string today;      ///< YYYY-MM-DD; empty: nothing ends
  bool partial = false;   ///< only some files of modules are analysed: what callers would bring is not known
  bool editable = false;  ///< the configuration file lies below what is analysed, so that fixes may change it
  SuppressionPolicy policy;
  std::vector<Suppression> suppressions;
  std::vector<ObservationSetting> observe;
  std::vector<OverrideSetting> overrides;
};

/// The rules whose findings are about suppressions. They judge no configuration; selecting them and their severities
/// works as for others.
[[nodiscard]] std::span<const RuleData> suppression_rules();

/// That a suppression was needed.
struct SuppressionUse {
  std::string path;        ///< of the file with the comment; empty: an entry of the configuration file
  std::size_t number = 0;  ///< of the comment in its file, or of the entry
  std::size_t name = 0;    ///< of its names of rules the one that counts
  std::string refused;     ///< rule that cannot be suppressed, or empty
  friend bool operator==(const SuppressionUse&, const SuppressionUse&) = default;
};

/// Handles the findings of one analysis. Borrowed things must outlive it.
class Handler {
 public:
  Handler(const HandlingSettings& settings, const RuleSet& rules, const source::FileSystem& files,
          source::ArtifactStore& artifacts, const source::Limits& limits);
  Handler(const Handler&) = delete;
  Handler& operator=(const Handler&) = delete;
  ~Handler();

  /// Handles the findings from `first` on, which may become fewer. The configuration is the one they were found in, or
  /// null where they are about several.
  void apply(const model::Configuration* configuration, std::vector<findings::Finding>& findings, std::size_t first);
  /// Who is told which suppressions apply() and note() find to be needed; null: nobody.
  void tell(std::vector<SuppressionUse>* uses) { uses_ = uses; }
  /// Takes trees of files from there, until it is told otherwise; may be empty.
  void take_trees(KnownTree from) { known_tree_ = std::move(from); }
  /// The suppressions that note() would find to be needed.
  [[nodiscard]] std::vector<SuppressionUse> uses_of(const model::Configuration* configuration,
                                                    const findings::Unresolved& note);
  /// Takes suppressions for needed, as an earlier analysis of the same texts found. False, and nothing done, when some
  /// are not there.
  [[nodiscard]] bool recall(std::span<const SuppressionUse> uses);
  /// The parameters for a root module: those of the run, with those of the overrides for its directory. Null: those of
  /// the run as they are.
  [[nodiscard]] std::unique_ptr<Parameters> parameters_for(const std::string& directory,
                                                           const Parameters& parameters) const;
  /// What could not be decided keeps suppressions from being called unused. Of notes about parameters nobody is told:
  /// which root module they come up in hangs on the others.
  void note(const model::Configuration* configuration, std::span<const findings::Unresolved> unresolved);
  /// Appends findings about suppressions. `complete` says whether everything was analysed: otherwise nothing is unused.
  /// With `directories`, only the files in these were judged, and nothing is said of others.
  void finish(bool complete, const std::set<std::string>* directories, std::vector<findings::Finding>& findings,
              std::vector<FixProposal>& proposals);

 private:
  struct Known;
  struct Place;

  [[nodiscard]] std::vector<Known*> known_in(source::ArtifactId artifact);
  [[nodiscard]] std::string path_in_project(std::string_view path) const;
  [[nodiscard]] std::string path_in_project(source::ArtifactId artifact);
  [[nodiscard]] const RuleData* data_of(std::string_view id);
  [[nodiscard]] bool names(const Suppression& suppression, std::string_view pattern, const RuleData& rule) const;
  [[nodiscard]] std::vector<source::Region> places_of(const model::Configuration* configuration,
                                                      std::string_view resource, source::Region region) const;
  [[nodiscard]] bool selects(const Suppression& suppression, const model::Configuration* configuration,
                             std::string_view resource) const;
  /// Every suppression that is about the rule at this place, and which of its names says so.
  [[nodiscard]] std::vector<std::pair<Known*, std::size_t>> matches(const model::Configuration* configuration,
                                                                    std::string_view rule, std::string_view resource,
                                                                    source::Region region);
  /// False when the finding is dropped.
  [[nodiscard]] bool change(findings::Finding& finding);
  void suppress(findings::Finding& finding, const model::Configuration* configuration);
  [[nodiscard]] SuppressionUse use_of(const Known& known, std::size_t name) const;
  [[nodiscard]] Known* find(const SuppressionUse& use);
  [[nodiscard]] std::string problem_of(const Suppression& suppression) const;
  [[nodiscard]] bool is_over(const Suppression& suppression) const;
  void report(const Known& known, std::string_view rule, std::string message, bool removable,
              std::vector<findings::Edit> edits, std::vector<findings::Finding>& findings,
              std::vector<FixProposal>& proposals);
  void place_entries();

  const HandlingSettings& settings_;
  const RuleSet& rules_;
  const source::FileSystem& files_;
  source::ArtifactStore& artifacts_;
  const source::Limits& limits_;
  std::vector<std::unique_ptr<Known>> known_;  ///< entries of the configuration first
  std::size_t entries_ = 0;
  std::vector<source::IgnorePatterns> override_paths_;
  std::map<source::ArtifactId, std::vector<Known*>> by_artifact_;
  std::map<source::ArtifactId, std::string> paths_;
  std::unordered_map<std::string_view, const RuleData*> data_;
  std::string here_;                      ///< canonical working directory
  std::string top_;                       ///< canonical directory of the configuration file
  std::vector<Suppression> own_entries_;  ///< entries as the file says them now
  std::vector<SuppressionUse>* uses_ = nullptr;
  KnownTree known_tree_;
};

/// A fix that would also mend what is suppressed (another instance of the same text) is not offered. First all that is
/// suppressed is noted, then the fixes of the rest are looked at.
class LeftAlone {
 public:
  void note(const findings::Finding& finding, const std::vector<FixProposal>& proposals);
  /// True when that changed the finding.
  bool apply(findings::Finding& finding, std::vector<FixProposal>& proposals) const;

 private:
  struct Hash {
    [[nodiscard]] std::size_t operator()(const std::vector<findings::Edit>& edits) const;
  };
  std::unordered_set<std::vector<findings::Edit>, Hash> edits_;
  std::set<std::uint32_t> untouched_;  ///< numbers of proposals
};

/// Whether one of the patterns matches the path or a directory above it.
[[nodiscard]] bool excludes(const source::IgnorePatterns& patterns, std::string_view path);

}  // namespace gabion::engine
