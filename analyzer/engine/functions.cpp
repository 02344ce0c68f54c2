#include "engine/functions.h"

#include <algorithm>
#include <vector>

namespace gabion::engine {

std::array<std::span<const RuleFunction>, 8> rule_function_tables() {
  return {reference_functions(),  policy_functions(),  text_functions(),         suricata_functions(),
          permission_functions(), service_functions(), policy_review_functions(), secret_functions()};
}

const RuleFunction* find_rule_function(std::string_view name) {
  for (const std::span<const RuleFunction> table : rule_function_tables()) {
    for (const RuleFunction& function : table) {
      if (function.name == name) {
        return &function;
      }
    }
  }
  return nullptr;
}

}  // namespace gabion::engine
