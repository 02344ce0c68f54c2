#include "lsp/document.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lsp/message.h"

namespace gabion::lsp {

bool Document::change(const nlohmann::json& changes, Encoding encoding) {
  if (!changes.is_array()) {
    return false;
  }
  for (const Json& change : changes) {
    std::optional<std::string> text = text_member(change, "text");
    if (!text) {
      return false;
    }
    if (member(change, "range").is_null()) {
      text_ = std::move(*text);
      continue;
    }
    const std::optional<Range> range = range_from(member(change, "range"));
    if (!range) {
      return false;
    }
    const Positions positions(text_, encoding);
    const std::size_t start = positions.offset(range->start);
    const std::size_t end = positions.offset(range->end);
    text_.replace(std::min(start, end), std::max(start, end) - std::min(start, end), *text);
  }
  return true;
}

}  // namespace gabion::lsp
