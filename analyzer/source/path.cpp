#include <vector>

#include "source/file_system.h"

namespace gabion::source {
namespace {

/// Appends the components of `path` to `parts`, resolving "." and ".." lexically.
void append_components(std::string_view path, bool absolute, std::vector<std::string_view>& parts) {
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, slash - at);
    at = slash + 1;
    if (part.empty() || part == ".") {
      continue;
    }
    const bool up = part == "..";
    if (up && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!up || !absolute) {  // nothing is above the root
      parts.push_back(part);
    }
  }
}

}  // namespace

std::string join_path(std::string_view parent, std::string_view child) {
  const bool child_wins = child.starts_with('/');
  const bool absolute = child_wins || parent.starts_with('/');
  std::vector<std::string_view> parts;
  if (!child_wins) {
    append_components(parent, absolute, parts);
  }
  append_components(child, absolute, parts);
  std::string joined;
  joined.reserve(parent.size() + child.size() + 1);
  for (const std::string_view part : parts) {
    if (absolute || !joined.empty()) {
      joined += '/';
    }
    joined += part;
  }
  if (joined.empty()) {
    joined = absolute ? "/" : ".";
  }
  return joined;
}

std::string directory_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) {
    return ".";
  }
  return std::string(path.substr(0, slash == 0 ? 1 : slash));
}

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace gabion::source
