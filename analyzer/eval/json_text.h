// Strings as JSON writes them. Used by jsonencode and by whatever prints values as JSON.
#pragma once

#include <string>
#include <string_view>

namespace gabion::eval {

/// Appends the text in quotes. With `html`, <, > and & are escaped too, as jsonencode() does; U+2028 and U+2029 always.
void append_json_string(std::string& out, std::string_view text, bool html);
/// Appends the escape of a control character, or of another one below U+0100: \u001f.
void append_escape(std::string& out, unsigned char c);

}  // namespace gabion::eval
