// Strings as JSON writes them. Used by jsonencode and by whatever prints values as JSON.
#pragma once

#include <string>
#include <string_view>

namespace gabion::eval {

/// Appends the text in quotes. With `html`, <, > and & are escaped too, as jsonencode() does; U+2028 and U+2029 always.
void append_json_string(std::string& out, std::string_view text, bool html);

}  // namespace gabion::eval
