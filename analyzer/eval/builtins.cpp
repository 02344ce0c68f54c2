// Finds built-in functions in the tables of eval/functions.
#include <algorithm>
#include <array>
#include <vector>

#include "eval/function.h"

namespace gabion::eval {

namespace {

// Implemented by the evaluator itself.
constexpr auto kSpecialFunctions = std::to_array<std::string_view>({"can", "templatefile", "templatestring", "try"});

/// All entries of all tables, sorted by name.
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
    std::ranges::sort(entries_, {}, &Builtin::name);
    std::ranges::sort(names_);
  }

  [[nodiscard]] const Builtin* find(std::string_view name) const {
    const auto found = std::ranges::lower_bound(entries_, name, {}, &Builtin::name);
    return found != entries_.end() && (*found)->name == name ? *found : nullptr;
  }
  [[nodiscard]] std::span<const std::string_view> names() const { return names_; }

 private:
  std::vector<const Builtin*> entries_;
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
