// What a look at a path tells about what is there, without reading it. The cache asks, to see that nothing changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "source/file_system.h"

namespace gabion::source {

/// What differs whenever what a path names was replaced or written to. A symbolic link is not followed.
struct Stamp {
  int absent = 0;  ///< nothing is there: the error number that says so (not found, or below a file); the rest is 0 then
  EntryKind kind = EntryKind::kOther;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t modified = 0;  ///< nanoseconds since 1970
  std::int64_t changed = 0;   ///< the same, of the inode: programs cannot set it back

  friend bool operator==(const Stamp&, const Stamp&) = default;
};

/// Of a path on disk; nothing when nobody may look there.
[[nodiscard]] std::optional<Stamp> stamp_of(const std::string& path);
/// For files that are not on disk: nothing, whatever the path.
[[nodiscard]] std::optional<Stamp> no_stamp(const std::string& path);

}  // namespace gabion::source
