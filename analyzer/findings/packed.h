// Findings at rest. There may be very many of them until everything is analysed and a report is written, and then each
// is looked at for a moment: here they take a tenth of the memory that they take as objects.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "findings/finding.h"
#include "source/artifact.h"
#include "source/region.h"

namespace gabion::findings {

/// What is known of a finding without unpacking it.
struct Brief {
  const RuleDescription* rule = nullptr;
  Severity severity = Severity::kMedium;
  bool suppressed = false;
  bool observed = false;
};
[[nodiscard]] inline Brief brief_of(const Finding& finding) {
  return {finding.rule, finding.severity, finding.suppression.has_value(), finding.observation.has_value()};
}
/// Whether it can fail a run.
[[nodiscard]] inline bool counts(const Brief& finding) {
  return !finding.suppressed && !finding.observed;
}

struct PackedPart;

/// A list of findings as bytes. Nothing that it reads comes from elsewhere.
class PackedFindings {
 public:
  /// The findings of these parts in their order; the lists that they are of are empty then.
  [[nodiscard]] static PackedFindings joined(std::span<const PackedPart> parts);

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  void add(const Finding& finding);
  /// Nothing is added any more: what helps to find equal texts is dropped.
  void close();
  /// Unpacks one; `to` is overwritten, and its memory used again.
  void read(std::size_t index, Finding& to) const;
  void replace(std::size_t index, const Finding& finding);
  /// Of one that had no fingerprint, and no other identities.
  void set_fingerprint(std::size_t index, std::string_view fingerprint);

  [[nodiscard]] Brief brief(std::size_t index) const;
  [[nodiscard]] std::string fingerprint(std::size_t index) const;
  [[nodiscard]] bool is_guess(std::size_t index) const { return has(entries_[index], kGuess); }

  /// The order of every report: path, region, id of the rule, resource, message; what has no place comes first. Ids of
  /// artifacts depend on the order of reading, paths do not. Equal ones stay in their order.
  void sort(const source::ArtifactStore& artifacts);
  /// Leaves one of those that are the same (rule, place, resource, message and root module), which must be sorted: the
  /// first, in the environments of all, and suppressed only where all are.
  void merge_equal();
  template <class Predicate>
  void erase_if(const Predicate& predicate) {
    std::erase_if(entries_, [&](const Entry& entry) { return predicate(brief(entry)); });
  }

 private:
  enum Flag : std::uint8_t { kSuppressed = 1, kObserved = 2, kGuess = 4 };
  struct Entry {
    const RuleDescription* rule = nullptr;
    source::Region region;
    std::uint32_t block = 0;
    std::uint32_t environments = 0;  ///< which of the lists
    std::uint16_t at = 0;            ///< where in the block
    Severity severity = Severity::kMedium;
    std::uint8_t flags = 0;
  };
  struct Texts {
    std::string_view resource;
    std::string_view message;
    std::string_view root;
  };

  [[nodiscard]] static bool has(const Entry& entry, Flag flag) { return (entry.flags & flag) != 0; }
  [[nodiscard]] static Brief brief(const Entry& entry) {
    return {entry.rule, entry.severity, has(entry, kSuppressed), has(entry, kObserved)};
  }
  [[nodiscard]] Entry pack(const Finding& finding);
  [[nodiscard]] Texts texts(const Entry& entry) const;
  [[nodiscard]] std::string& room();
  [[nodiscard]] std::size_t place_of_fingerprint(const Entry& entry) const;
  [[nodiscard]] std::uint32_t list_of(const std::vector<std::string>& environments);
  void merge(Entry& entry, const Entry& other);

  std::deque<Entry> entries_;
  std::vector<std::string> blocks_;
  std::vector<std::vector<std::string>> environments_;  ///< each list once
  std::vector<std::uint32_t> recent_;                   ///< by hash, where texts of the last block begin, plus one
};

/// Some of a list that follow each other. The list must outlive it.
struct PackedPart {
  PackedFindings* list = nullptr;
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
  [[nodiscard]] Brief brief(std::size_t index) const { return list->brief(begin + index); }
  void read(std::size_t index, Finding& to) const { list->read(begin + index, to); }
};

}  // namespace gabion::findings
