// Finds built-in functions in the tables of eval/functions.
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <vector>

#include "eval/function.h"

namespace gabion::eval {

namespace {

// Implemented by the evaluator itself.
constexpr auto kSpecialFunctions = std::to_array<std::string_view>({"can", "templatefile", "templatestring", "try"});

/// All entries of all tables.
class Index {
 public:
  Index() {
    for (const std::span<const Builtin> table :
         {string_functions(), collection_functions(), number_functions(), encoding_functions(), hash_functions(),
          time_functions(), network_functions(), filesystem_functions(), conversion_functions()}) {
      for (const Builtin& builtin : table) {
        entries_.push_back(&builtin);
        names_.push_back(builtin.name);
      }
    }
    names_.insert(names_.end(), kSpecialFunctions.begin(), kSpecialFunctions.end());
    std::ranges::sort(names_);
    slots_.resize(std::bit_ceil(entries_.size() * 4));
    for (const Builtin* entry : entries_) {
      slots_[slot_of(entry->name)] = entry;
    }
  }

  [[nodiscard]] const Builtin* find(std::string_view name) const { return slots_[slot_of(name)]; }
  [[nodiscard]] std::span<const std::string_view> names() const { return names_; }

 private:
  /// Where the function is, or would be: every call asks.
  [[nodiscard]] std::size_t slot_of(std::string_view name) const {
    // Its length and three of its letters tell most names apart.
    const auto letter = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(name[at])); };
    const std::size_t hash =
        name.empty() ? 0 : name.size() + 5 * letter(0) + 23 * letter(name.size() / 2) + 59 * letter(name.size() - 1);
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at] != nullptr && slots_[at]->name != name) {
      at = (at + 1) & mask;
    }
    return at;
  }

  std::vector<const Builtin*> entries_;
  std::vector<const Builtin*> slots_;  ///< a power of two, mostly null
  std::vector<std::string_view> names_;
};

/// Built at first use from constant tables and never changed.
const Index& all_functions() {
  static const Index index;
  return index;
}

}  // namespace

const Builtin* find_builtin(std::string_view name) {
  return all_functions().find(name.starts_with("core::") ? name.substr(6) : name);
}

std::span<const std::string_view> function_names() {
  return all_functions().names();
}

}  // namespace gabion::eval
