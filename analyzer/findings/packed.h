// Findings at rest. There may be very many of them until everything is analysed and a report is written, and then each
// is looked at for a moment: here they take a tenth of the memory that they take as objects.
#pragma once

#include <cstddef>
#include <cstdint>
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

/// A list of findings as bytes. Nothing that it reads comes from elsewhere.
class PackedFindings {
 public:
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  void reserve(std::size_t count) { entries_.reserve(count); }
  void add(const Finding& finding);
  /// Nothing is added any more: what helps to find equal texts is dropped.
  void close();
  /// Unpacks one; `to` is overwritten, and its memory used again.
  void read(std::size_t index, Finding& to) const;
  void replace(std::size_t index, const Finding& finding);
  /// It was found again: suppressed once only it is reported, and in the environments of both.
  void merge(std::size_t index, const Finding& other);

  [[nodiscard]] Brief brief(std::size_t index) const;
  [[nodiscard]] std::string fingerprint(std::size_t index) const;
  [[nodiscard]] bool is_guess(std::size_t index) const { return has(entries_[index], kGuess); }
  /// Whether the one is the same finding as the other: rule, place, resource, message and root module.
  [[nodiscard]] bool is_same(std::size_t index, const Finding& other) const;

  /// The order of every report.
  void sort(const source::ArtifactStore& artifacts);
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
  [[nodiscard]] std::uint32_t list_of(const std::vector<std::string>& environments);

  std::vector<Entry> entries_;
  std::vector<std::string> blocks_;
  std::vector<std::vector<std::string>> environments_;  ///< each list once
  std::vector<std::uint32_t> recent_;                   ///< by hash, where texts of the last block begin, plus one
};

}  // namespace gabion::findings
