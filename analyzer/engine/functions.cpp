#include "engine/functions.h"

#include "eval/named_entries.h"

namespace gabion::engine {

std::array<std::span<const RuleFunction>, 8> rule_function_tables() {
  return {reference_functions(),  policy_functions(),  text_functions(),          suricata_functions(),
          permission_functions(), service_functions(), policy_review_functions(), secret_functions()};
}

const RuleFunction* find_rule_function(std::string_view name) {
  // Made at first use from constant tables and never changed.
  static const eval::NamedEntries<RuleFunction> functions(rule_function_tables());
  return functions.find(name);
}

}  // namespace gabion::engine
