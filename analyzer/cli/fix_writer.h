// Writes a set of changed files so that nothing is ever half done: every file is at all times its old or its new
// version, whatever happens to the program, and when one cannot be written the others get their old version back.
// Called by `gabion fix --write`.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "source/expected.h"
#include "source/file_system.h"

namespace gabion::cli {

/// Path to text before and after.
using ChangedFiles = std::map<std::string, std::pair<std::string, std::string>>;

/// Replaces all files, or none: an error says which one could not be, and that the others are as before, or, where the
/// system refuses even that, where their old versions are. A file that no longer holds its text before is never
/// replaced. Modes are kept, symbolic links stay and lead to the new text.
[[nodiscard]] source::Expected<source::Unit> write_all(const ChangedFiles& files, const source::FileSystem& disk);

/// Takes away what a run that was killed left in a directory.
void clean_up_after_others(const std::string& directory);

}  // namespace gabion::cli
