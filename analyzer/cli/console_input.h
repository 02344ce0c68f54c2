// Whether what somebody typed so far goes on in the next line. Used by the console at a terminal; it only counts what
// opens and closes and leaves everything else to the parser.
#pragma once

#include <string_view>

namespace gabion::cli {

/// True while a bracket, an interpolation, a comment or a heredoc is open at the end of the text.
[[nodiscard]] bool goes_on(std::string_view text);

}  // namespace gabion::cli
