// Version of the program, set by the build.
#pragma once

#ifndef GABION_VERSION
#define GABION_VERSION "0.0.0-dev"
#endif

namespace gabion::cli {

inline constexpr const char* kVersion = GABION_VERSION;

}  // namespace gabion::cli
