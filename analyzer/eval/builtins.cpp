// Finds built-in functions in the tables of eval/functions.
#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "eval/function.h"
#include "eval/named_entries.h"

namespace gabion::eval {

namespace {

// Implemented by the evaluator itself.
constexpr auto kSpecialFunctions = std::to_array<std::string_view>({"can", "templatefile", "templatestring", "try"});

std::array<std::span<const Builtin>, 9> tables() {
  return {string_functions(), collection_functions(), number_functions(),     encoding_functions(),  hash_functions(),
          time_functions(),   network_functions(),    filesystem_functions(), conversion_functions()};
}

std::vector<std::string_view> all_names() {
  std::vector<std::string_view> names(kSpecialFunctions.begin(), kSpecialFunctions.end());
  for (const std::span<const Builtin> table : tables()) {
    std::ranges::transform(table, std::back_inserter(names), &Builtin::name);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace

const Builtin* find_builtin(std::string_view name) {
  // Made at first use from constant tables and never changed.
  static const NamedEntries<Builtin> functions(tables());
  return functions.find(name.starts_with("core::") ? name.substr(6) : name);
}

std::span<const std::string_view> function_names() {
  static const std::vector<std::string_view> names = all_names();
  return names;
}

}  // namespace gabion::eval
