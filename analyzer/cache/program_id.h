// Which program this is: two that were built from different sources or by different compilers have different ids. What
// one of them remembered is of no use to another.
#pragma once

#include <string>

namespace gabion::cache {

/// The build id that the linker wrote into the program; empty when there is none.
[[nodiscard]] std::string program_id();

}  // namespace gabion::cache
