#include "source/project_root.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace gabion::source {
namespace {

constexpr std::array<std::string_view, 4> kVersionControl = {".git", ".hg", ".svn", ".jj"};
constexpr std::array<std::string_view, 11> kTopOfArchive = {"LICENSE",
                                                            "LICENSE.md",
                                                            "LICENSE.txt",
                                                            "LICENCE",
                                                            "COPYING",
                                                            ".gitignore",
                                                            ".gitattributes",
                                                            ".github",
                                                            ".gitlab-ci.yml",
                                                            ".editorconfig",
                                                            ".pre-commit-config.yaml"};

/// Top-level directories and those of users hold more than one project.
bool is_shared(std::string_view directory) {
  const auto depth = std::count(directory.begin(), directory.end(), '/');
  return depth <= 1 || (depth == 2 && directory.starts_with("/home/"));
}

std::optional<std::string> nearest_with(const FileSystem& files, const std::string& directory,
                                        std::span<const std::string_view> names) {
  for (std::string at = directory;; at = directory_of(at)) {
    const bool found = std::any_of(names.begin(), names.end(), [&](std::string_view name) {
      return files.status(join_path(at, name)).has_value();
    });
    if (found) {
      return at;
    }
    if (at == "/" || at == "." || at.empty()) {
      return std::nullopt;
    }
  }
}

}  // namespace

std::string project_root(const FileSystem& files, const std::string& directory) {
  if (auto top = nearest_with(files, directory, kVersionControl)) {
    return std::move(*top);
  }
  if (auto top = nearest_with(files, directory, kTopOfArchive); top && !is_shared(*top)) {
    return std::move(*top);
  }
  return directory;
}

bool lies_within(const FileSystem& files, const std::string& path, const std::string& directory) {
  std::string at = path;
  auto canonical = files.canonical(at);
  while (!canonical && at != directory_of(at)) {
    at = directory_of(at);
    canonical = files.canonical(at);
  }
  return canonical && (*canonical == directory || directory == "/" || canonical->starts_with(directory + "/"));
}

}  // namespace gabion::source
