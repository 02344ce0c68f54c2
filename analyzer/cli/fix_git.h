// Asks git whether there are changes that are not committed, so that what `gabion fix --write` does can be told apart
// from what a person did, and undone.
#pragma once

#include <string>

#include "source/expected.h"
#include "source/file_system.h"

namespace gabion::cli {

/// Nothing when the path is in no git work tree, or in a clean one. An error says that there are uncommitted changes,
/// or why that cannot be told.
[[nodiscard]] source::Expected<source::Unit> refuse_dirty_tree(const std::string& path,
                                                               const source::FileSystem& files);

}  // namespace gabion::cli
