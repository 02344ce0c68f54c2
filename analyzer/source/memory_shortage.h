// What happens when memory ends inside of a library that an exception would leave in pieces.
#pragma once

#include <new>

namespace gabion::source {

/// Has `end` called when memory ends where a MemoryGuard lives; it must not return. Called once, at the start of the
/// program; without it an allocation throws there as everywhere.
void end_guarded_shortage_with(std::new_handler end);

/// While one lives, an allocation of its thread that fails calls what was given above instead of throwing: RE2 compiles
/// expressions in steps between which its objects cannot be destroyed.
class MemoryGuard {
 public:
  MemoryGuard();
  MemoryGuard(const MemoryGuard&) = delete;
  MemoryGuard& operator=(const MemoryGuard&) = delete;
  ~MemoryGuard();
};

}  // namespace gabion::source
