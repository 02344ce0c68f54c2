// What analysing one root module gave, as bytes that a later run of the same program can go on with: while nothing that
// the module was worked out from has changed, it need not be evaluated and judged again. Used by analyze().
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/fix.h"
#include "engine/handling.h"
#include "engine/judge.h"
#include "engine/ledger_keeper.h"
#include "engine/rule_set.h"
#include "engine/unique.h"
#include "findings/diagnostic.h"
#include "findings/packed.h"
#include "source/artifact.h"
#include "terraform/load.h"

namespace gabion::engine {

/// All that one root module adds to the result of an analysis.
struct RootRecord {
  /// A parameter that was missed, and the suppressions that are needed should it be said here.
  struct Missed {
    MissedParameter parameter;
    std::vector<SuppressionUse> uses;
  };
  findings::PackedPart findings;  ///< handled; without fingerprints, which are made when secrets are known
  /// findings::Fix::proposal is the index of one, or none. Of those that are kept as bytes the alternatives alone.
  std::vector<FixProposal> proposals;
  std::vector<findings::Unresolved> unresolved;
  findings::Diagnostics diagnostics;       ///< of the evaluation
  findings::Diagnostics rule_diagnostics;  ///< of the rules
  std::vector<Claim> claims;
  std::vector<Missed> missed;
  std::vector<SuppressionUse> uses;
  std::uint32_t modules = 0;
  std::uint32_t resources = 0;
  std::uint32_t policies = 0;
  std::set<std::string> directories;
  CoveredParts covered;
};

/// As bytes; regions are kept with the paths of their artifacts.
[[nodiscard]] std::string encoded(const RootRecord& record, const source::ArtifactStore& artifacts);
/// Nothing when the bytes are no record, or name rules or artifacts that are not there, or places outside of them.
/// Takes any bytes. Findings are added to `findings`, names of parameters are kept in `names`.
[[nodiscard]] std::optional<RootRecord> decoded_root(std::string_view bytes, const RuleSet& rules,
                                                     const source::ArtifactStore& artifacts,
                                                     findings::PackedFindings& findings,
                                                     std::deque<std::string>& names);

/// What a visit found, likewise.
[[nodiscard]] std::string encoded(const terraform::VisitRecord& record, const source::ArtifactStore& artifacts);
[[nodiscard]] std::optional<terraform::VisitRecord> decoded_visit(std::string_view bytes,
                                                                  const source::ArtifactStore& artifacts);

/// The records of one analysis.
class KeptRoots {
 public:
  struct Entry {
    terraform::RootReads reads;
    std::set<std::string> texts;  ///< files that fixes looked at
    std::string record;
  };

  /// Nothing when the bytes are none of bytes(). Takes any bytes.
  [[nodiscard]] static std::optional<KeptRoots> from(std::string_view bytes);
  [[nodiscard]] std::string bytes() const;

  /// What the visit of a directory found, as bytes, or null.
  [[nodiscard]] const std::string* visit(const std::string& directory) const;
  void add_visit(const std::string& directory, std::string record);

  /// Leaves out the root modules that looked at one of these files, and visits of their directories.
  void leave_out(const std::set<std::string>& changed);

  /// The entry of a root module in an environment (its name, or nothing for none), or null.
  [[nodiscard]] const Entry* find(const std::string& directory, const std::optional<std::string>& environment) const;
  void add(const std::string& directory, const std::optional<std::string>& environment, Entry entry);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  /// Leaves out those whose bytes the predicate holds of.
  template <class Predicate>
  void erase_if(const Predicate& predicate) {
    std::erase_if(entries_, [&](const auto& entry) { return predicate(std::string_view(entry.second.record)); });
    std::erase_if(visits_, [&](const auto& entry) { return predicate(std::string_view(entry.second)); });
  }

 private:
  std::map<std::pair<std::string, std::optional<std::string>>, Entry> entries_;
  std::map<std::string, std::string> visits_;  ///< by directory
};

/// What earlier runs know of the parts of an analysis, and what this one leaves for later ones.
struct KeptAnalysis {
  KeptRoots roots;
  /// Is told when modules begin to be read, and when that is over: what is read otherwise says what to analyse and how.
  std::function<void(bool)> reading;
};

}  // namespace gabion::engine
