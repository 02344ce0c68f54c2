// What a change of some files can have consequences for: the modules that they belong to, everything that calls those,
// and everything that these call. Used by the hooks, which must be quick: files are looked at, not parsed.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "source/discovery.h"
#include "source/file_system.h"

namespace gabion::engine {

/// Directories of the modules that are affected by changes of these files, deleted ones among them. Paths are as in the
/// inventory; a change of a file that no module can be told for (a variables file of another directory) affects all.
/// What called what before the change counts as well: `before` is the version before, or null when there is none.
[[nodiscard]] std::set<std::string> affected_directories(const source::FileSystem& files,
                                                         const source::FileSystem* before,
                                                         const source::Inventory& inventory,
                                                         const std::vector<std::string>& changed);

/// The files of these directories that make up modules, and those changed files that exist, of any other kind that is
/// analysed: what to give to analyze().
[[nodiscard]] std::vector<std::string> affected_files(const source::Inventory& inventory,
                                                      const std::set<std::string>& directories,
                                                      const std::vector<std::string>& changed);

}  // namespace gabion::engine
