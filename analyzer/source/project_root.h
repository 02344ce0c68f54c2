// How far a project goes. Nothing outside of it is read, whatever a scanned file names: the analysis and everything
// that resolves paths for it ask here. Only what lies around the given path decides, never what is written in a file.
#pragma once

#include <string>

#include "source/file_system.h"

namespace gabion::source {

/// The top of the project around a directory (a canonical path): the nearest directory at or above it that is under
/// version control (.git, .hg, .svn, .jj). Without one, the unpacked archive of a repository is told by what only its
/// top holds (a licence, .gitignore, .github and the like), but neither a top-level directory nor a home directory is
/// taken for one. Where nothing tells, the directory itself.
[[nodiscard]] std::string project_root(const FileSystem& files, const std::string& directory);

/// Whether a path, all links followed, is the directory (a canonical path) or lies below it. What does not exist lies
/// where the nearest directory above it that does.
[[nodiscard]] bool lies_within(const FileSystem& files, const std::string& path, const std::string& directory);

}  // namespace gabion::source
