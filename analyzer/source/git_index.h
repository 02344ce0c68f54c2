// Which files git has in its index: what will be, or was, committed. Read from the index file itself, so that no
// program is started. Discovery asks it about files that must not be there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gabion::source {

/// Does the index (the bytes of .git/index; versions 2 to 4) have an entry of that path, relative to the top of the
/// work tree? Nothing when the bytes are no index that is understood.
[[nodiscard]] std::optional<bool> index_has(std::string_view index, std::string_view path);

}  // namespace gabion::source
