#include "terraform/relative_path.h"

#include <algorithm>
#include <vector>

namespace gabion::terraform {
namespace {

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> parts;
  std::size_t at = 0;
  while (at < path.size()) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, slash - at);
    if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    at = slash + 1;
  }
  return parts;
}

}  // namespace

std::string relative_path(std::string_view from, std::string_view to) {
  if (from.starts_with('/') != to.starts_with('/')) {
    return std::string(to);
  }
  const auto start = components(from);
  const auto target = components(to);
  std::size_t common = 0;
  while (common < start.size() && common < target.size() && start[common] == target[common]) {
    ++common;
  }
  std::string result;
  for (std::size_t index = common; index < start.size(); ++index) {
    if (start[index] == "..") {
      return std::string(to);
    }
    result += result.empty() ? ".." : "/..";
  }
  for (std::size_t index = common; index < target.size(); ++index) {
    if (!result.empty()) {
      result += '/';
    }
    result += target[index];
  }
  return result.empty() ? "." : result;
}

}  // namespace gabion::terraform
