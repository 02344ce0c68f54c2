#include "syntax/json/ast.h"

namespace gabion::syntax::json {

const Value* Value::member(std::string_view name) const {
  for (std::size_t i = members.size(); i > 0; --i) {
    const Member& candidate = members[i - 1];
    if (candidate.name_parts.empty() && candidate.name == name) {
      return &candidate.value;
    }
  }
  return nullptr;
}

}  // namespace gabion::syntax::json
