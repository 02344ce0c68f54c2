#include "engine/functions.h"

#include <algorithm>
#include <vector>

namespace gabion::engine {

const RuleFunction* find_rule_function(std::string_view name) {
  for (const std::span<const RuleFunction> table : {reference_functions(), policy_functions(), text_functions()}) {
    for (const RuleFunction& function : table) {
      if (function.name == name) {
        return &function;
      }
    }
  }
  return nullptr;
}

}  // namespace gabion::engine
