// What the statements of a policy say to each other: one that can never match, one that says nothing new, one whose
// grants are all denied. Called by `gabion policy analyze` and the rule function policy_remarks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "iam/prove.h"

namespace gabion::iam {

enum class RemarkKind : std::uint8_t {
  kNeverMatches,  ///< no request satisfies all of its elements
  kRedundant,     ///< every request it matches is matched by others of the same effect
  kShadowed,      ///< an Allow whose requests are all denied
};
/// "never-matches", "redundant", "shadowed".
[[nodiscard]] std::string_view name(RemarkKind kind);

/// A proven remark about one statement.
struct Remark {
  RemarkKind kind = RemarkKind::kNeverMatches;
  std::size_t statement = 0;
  std::vector<std::size_t> by;          ///< statements that cover or deny it; as few as are needed
  std::vector<std::size_t> conditions;  ///< kNeverMatches: its conditions that exclude each other
  std::string because;                  ///< one sentence, no full stop
  std::vector<std::string> assumed;     ///< facts that it hangs on
  source::Region region;                ///< of the statement, or of the conditions
};

/// What a review found, and where it stopped.
struct Review {
  std::vector<Remark> remarks;
  /// Statements that were not compared with all the others: their questions need more work than one review may do.
  std::vector<std::size_t> unfinished;
};

/// Remarks in the order of the statements. Of statements that repeat each other the first one stays: all that are
/// redundant can be removed together. What cannot be proven is not remarked.
[[nodiscard]] Review review(const PolicyDocument& document, PolicyKind kind, const Assumptions& assumptions = {});

/// Two documents compared in both directions.
struct Equivalence {
  Truth equivalent = Truth::kUnknown;  ///< they allow and explicitly deny the same
  Proof gained;                        ///< no: the witness is allowed by `changed` only
  Proof lost;                          ///< no: the witness is allowed by `old` only
  Proof newly_denied;                  ///< no: the witness is explicitly denied by `changed` only
  Proof no_longer_denied;              ///< no: the witness is explicitly denied by `old` only
};
[[nodiscard]] Equivalence compare_both(const PolicyDocument& old, const PolicyDocument& changed, PolicyKind kind,
                                       const Assumptions& assumptions = {});

}  // namespace gabion::iam
