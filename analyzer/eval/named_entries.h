// Entries of constant tables, found by their names: every call of an expression asks for a function.
#pragma once

#include <bit>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "source/words.h"

namespace gabion::eval {

/// Borrows entries that have a `name`. Of two with one name the first is found.
template <class Entry>
class NamedEntries {
 public:
  explicit NamedEntries(std::span<const std::span<const Entry>> tables) {
    std::size_t count = 0;
    for (const std::span<const Entry> table : tables) {
      count += table.size();
    }
    constexpr std::size_t kSlotsOfEach = 4;
    slots_.resize(std::bit_ceil(count * kSlotsOfEach + 1));
    for (const std::span<const Entry> table : tables) {
      for (const Entry& entry : table) {
        const Entry*& slot = slots_[slot_of(entry.name)];
        slot = slot == nullptr ? &entry : slot;
      }
    }
  }

  /// Null when there is none of that name.
  [[nodiscard]] const Entry* find(std::string_view name) const { return slots_[slot_of(name)]; }

 private:
  /// Where the entry is, or would be.
  [[nodiscard]] std::size_t slot_of(std::string_view name) const {
    // Its length and three of its letters tell most names apart.
    const auto letter = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(name[at])); };
    const std::size_t hash =
        name.empty() ? 0 : name.size() + 5 * letter(0) + 23 * letter(name.size() / 2) + 59 * letter(name.size() - 1);
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at] != nullptr && !source::same_text(slots_[at]->name, name)) {
      at = (at + 1) & mask;
    }
    return at;
  }

  std::vector<const Entry*> slots_;  ///< a power of two, mostly null
};

}  // namespace gabion::eval
