#include "syntax/suricata/ast.h"

#include <algorithm>

namespace gabion::syntax::suricata {

const Option* Rule::option(std::string_view name) const {
  const auto found = std::ranges::find(options, name, &Option::name);
  return found == options.end() ? nullptr : &*found;
}

}  // namespace gabion::syntax::suricata
