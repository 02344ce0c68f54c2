#include "model/address.h"

#include <algorithm>

namespace gabion::model {

std::string_view module_of(std::string_view address) {
  // "module.NAME" with an optional key in brackets, which may hold any text in quotes, again and again.
  std::size_t end = 0;
  while (address.substr(end).starts_with(end == 0 ? "module." : ".module.")) {
    std::size_t at = end + (end == 0 ? 7 : 8);
    while (at < address.size() && address[at] != '.' && address[at] != '[') {
      ++at;
    }
    if (at < address.size() && address[at] == '[') {
      bool quoted = false;
      for (; at < address.size(); ++at) {
        if (quoted && address[at] == '\\') {
          ++at;
        } else if (address[at] == '"') {
          quoted = !quoted;
        } else if (!quoted && address[at] == ']') {
          break;
        }
      }
      at = std::min(at + 1, address.size());
    }
    end = at;
  }
  return address.substr(0, end);
}

}  // namespace gabion::model
