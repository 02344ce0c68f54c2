// What a reader takes for one thing: findings (or open questions) of one rule with one message at one place, whatever
// the number of instances. Used by the formats that people read, and by those that show one remark a line of code.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.h"

namespace gabion::report {

/// Findings of one rule with the same message at the same place; at least one.
using FindingGroup = std::vector<const findings::Finding*>;
using UnresolvedGroup = std::vector<const findings::Unresolved*>;
/// Notes or warnings that say the same, each about another place: a variable that something else declares is named in
/// many. Or one error.
using DiagnosticGroup = std::vector<const findings::Diagnostic*>;

/// Groups to look at one after the other.
class FindingGroups {
 public:
  [[nodiscard]] std::size_t size() const { return order_.size(); }
  [[nodiscard]] bool empty() const { return order_.empty(); }
  /// Stays until another one is asked for.
  [[nodiscard]] const FindingGroup& operator[](std::size_t index) const;
  /// Number of the first finding of a group.
  [[nodiscard]] std::size_t first(std::size_t index) const { return members_[begins_[order_[index]]]; }
  /// Those of lower rank first, else as before; `rank` is asked about the first finding of each.
  template <class Rank>
  void sort(const Rank& rank) {
    std::ranges::stable_sort(order_, {},
                             [&](std::uint32_t group) { return rank(findings_.brief(members_[begins_[group]])); });
  }

  class Iterator {
   public:
    Iterator(const FindingGroups& groups, std::size_t index) : groups_(&groups), index_(index) {}
    [[nodiscard]] const FindingGroup& operator*() const { return (*groups_)[index_]; }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    [[nodiscard]] friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    const FindingGroups* groups_;
    std::size_t index_;
  };
  [[nodiscard]] Iterator begin() const { return {*this, 0}; }
  [[nodiscard]] Iterator end() const { return {*this, size()}; }

 private:
  friend FindingGroups group_findings(const findings::FindingRange& findings, bool with_suppressed);

  findings::FindingRange findings_;
  std::vector<std::uint32_t> members_;  ///< numbers of findings, group after group
  std::vector<std::uint32_t> begins_;   ///< of the groups in there, and the end
  std::vector<std::uint32_t> order_;    ///< of the groups
  mutable FindingGroup shown_;
  mutable std::deque<findings::Finding> unpacked_;
};

/// In the order of first appearance. A view of the findings.
[[nodiscard]] FindingGroups group_findings(const findings::FindingRange& findings, bool with_suppressed);
[[nodiscard]] std::vector<UnresolvedGroup> group_unresolved(std::span<const findings::Unresolved> unresolved);
[[nodiscard]] std::vector<DiagnosticGroup> group_diagnostics(std::span<const findings::Diagnostic> diagnostics);

/// Groups that are not suppressed, the worst first, else in the order of the report: for services that show only the
/// first ones.
[[nodiscard]] FindingGroups worst_first(const findings::FindingRange& findings);

/// Addresses of all instances, in order, made printable; those without one are left out. Where root modules share an
/// address, each says in which it is.
[[nodiscard]] std::vector<std::string> instances_of(const FindingGroup& group);
[[nodiscard]] std::vector<std::string> instances_of(const UnresolvedGroup& group);
/// Directory of the root module that it was found in.
[[nodiscard]] std::string root_of(const findings::Finding& finding);
/// Environments of all instances, in the order met.
[[nodiscard]] std::vector<std::string> environments_of(const FindingGroup& group);
/// "environment prod", "environments test, dev" in which a problem was met; empty where that makes no difference.
[[nodiscard]] std::string environments_of(const findings::Diagnostic& diagnostic);
/// "reported, fails nothing", "fails nothing before 2026-12-01" of a finding that is only observed; empty for others.
[[nodiscard]] std::string observation_of(const findings::Finding& finding);
/// Kind, reason, owner and last day of a suppression, printable; empty where there is none.
[[nodiscard]] std::string suppression_of(const findings::Finding& finding);
/// "a, b and 3 more": at most `shown` items, one less than that when some are left out.
[[nodiscard]] std::string list_of(const std::vector<std::string>& items, std::size_t shown);

/// "1 file", "2 files", "3 policies", "4 fixes".
[[nodiscard]] std::string plural(std::uint64_t number, std::string_view noun);

/// The rule's id, or "unknown-rule".
[[nodiscard]] std::string_view id_of(const findings::RuleDescription* rule);
/// The rule's title, or the finding's message where there is none.
[[nodiscard]] std::string_view title_of(const findings::Finding& finding);

}  // namespace gabion::report
