// A hash of places, for tables of what is reported.
#pragma once

#include <cstdint>

#include "source/region.h"

namespace gabion::source {

/// Of where a region begins.
[[nodiscard]] inline std::uint64_t hash_of(const Region& region) {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15U;
  return static_cast<std::uint64_t>(region.artifact) * kFactor + region.begin;
}

}  // namespace gabion::source
