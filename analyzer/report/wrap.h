// Breaks prose into lines of a terminal. Used by the text report and by what the command line explains.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gabion::report {

/// The text with line ends instead of spaces where a line would be wider than `width`; `used` columns of the first line
/// are taken, later lines begin with `indent` spaces. Words wider than a line are left whole: a terminal breaks them,
/// and a path or an address can still be copied. The text is printable.
[[nodiscard]] std::string wrap(std::string_view text, std::uint32_t width, std::uint32_t used, std::uint32_t indent);

}  // namespace gabion::report
