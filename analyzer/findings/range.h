// Findings to look at one after the other, whether they are objects or packed. Used by reports.
#pragma once

#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <vector>

#include "findings/finding.h"
#include "findings/packed.h"

namespace gabion::findings {

/// A view; what it is a view of must outlive it.
class FindingRange {
 public:
  FindingRange() = default;
  FindingRange(std::span<const Finding> findings) : findings_(findings) {}     // NOLINT(google-explicit-constructor)
  FindingRange(const std::vector<Finding>& findings) : findings_(findings) {}  // NOLINT(google-explicit-constructor)
  FindingRange(const PackedFindings& packed) : packed_(&packed) {}             // NOLINT(google-explicit-constructor)

  [[nodiscard]] std::size_t size() const { return packed_ != nullptr ? packed_->size() : findings_.size(); }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] Brief brief(std::size_t index) const {
    return packed_ != nullptr ? packed_->brief(index) : brief_of(findings_[index]);
  }
  /// One of them; a packed one is unpacked to `room`.
  [[nodiscard]] const Finding& get(std::size_t index, Finding& room) const {
    if (packed_ == nullptr) {
      return findings_[index];
    }
    packed_->read(index, room);
    return room;
  }

  /// What it gives stays until it is moved on.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Finding;
    using difference_type = std::ptrdiff_t;
    using pointer = const Finding*;
    using reference = const Finding&;

    Iterator() = default;
    Iterator(const FindingRange& range, std::size_t index) : range_(&range), index_(index) {}

    [[nodiscard]] const Finding& operator*() const {
      if (range_->packed_ == nullptr) {
        return range_->findings_[index_];
      }
      if (!is_read_) {
        range_->packed_->read(index_, room_ ? *room_ : room_.emplace());
        is_read_ = true;
      }
      return *room_;
    }
    [[nodiscard]] const Finding* operator->() const { return &**this; }
    Iterator& operator++() {
      ++index_;
      is_read_ = false;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    [[nodiscard]] friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    const FindingRange* range_ = nullptr;
    std::size_t index_ = 0;
    mutable std::optional<Finding> room_;
    mutable bool is_read_ = false;
  };
  [[nodiscard]] Iterator begin() const { return {*this, 0}; }
  [[nodiscard]] Iterator end() const { return {*this, size()}; }

 private:
  std::span<const Finding> findings_;
  const PackedFindings* packed_ = nullptr;
};

}  // namespace gabion::findings
