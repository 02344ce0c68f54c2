// The files of this repository, for the tests about the repository. In a git checkout only what git tracks counts, so
// that somebody's notes beside the sources fail no test; elsewhere everything outside build folders does.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gabion::house {

/// A file with its path from the top of the repository.
struct RepositoryFile {
  std::string path;
  std::string text;
};

/// All files, in byte order of their paths.
[[nodiscard]] const std::vector<RepositoryFile>& repository_files();

/// Lines of a text without their ends.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

/// Lines of a file of this repository that are neither empty nor comments.
[[nodiscard]] std::set<std::string> listed_in(std::string_view path);

[[nodiscard]] bool is_cpp(std::string_view path);
[[nodiscard]] bool is_header(std::string_view path);

}  // namespace gabion::house
