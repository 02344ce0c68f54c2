// Finds things of a list by their names, in eight bytes for each slot: the list has the names, this has hashes and
// numbers. For what there are so many of that nodes of a map would take more than what they lead to.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace gabion::source {

class HashIndex {
 public:
  /// The first number that was added with the hash and for which `is(number)` holds.
  template <class Is>
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint64_t hash, Is is) const {
    if (slots_.empty()) {
      return std::nullopt;
    }
    const std::uint32_t kept = folded(hash);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = kept & mask; slots_[at].number != kFree; at = (at + 1) & mask) {
      if (slots_[at].hash == kept && is(slots_[at].number)) {
        return slots_[at].number;
      }
    }
    return std::nullopt;
  }

  /// Whoever adds a number knows that there is none of its name, or that the first of them counts.
  void add(std::uint64_t hash, std::uint32_t number) {
    if (4 * (size_ + 1) > 3 * slots_.size()) {
      grow();
    }
    place(slots_, {folded(hash), number});
    ++size_;
  }

 private:
  static constexpr std::uint32_t kFree = 0xffffffff;
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = kFree;
  };

  /// Of both halves. Hashes of texts are folded in the middle already, which doing it again would undo.
  static std::uint32_t folded(std::uint64_t hash) { return static_cast<std::uint32_t>(hash ^ (hash >> 29U)); }
  static void place(std::vector<Slot>& slots, Slot slot) {
    const std::size_t mask = slots.size() - 1;
    std::size_t at = slot.hash & mask;
    while (slots[at].number != kFree) {
      at = (at + 1) & mask;
    }
    slots[at] = slot;
  }
  void grow() {
    constexpr std::size_t kFirst = 16;
    std::vector<Slot> wider(std::max(kFirst, slots_.size() * 2));
    for (const Slot& slot : slots_) {
      if (slot.number != kFree) {
        place(wider, slot);
      }
    }
    slots_ = std::move(wider);
  }

  std::vector<Slot> slots_;  ///< a power of two, never full
  std::size_t size_ = 0;
};

}  // namespace gabion::source
