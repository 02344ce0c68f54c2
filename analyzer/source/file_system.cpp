#include "source/file_system.h"

namespace gabion::source {

std::vector<Expected<std::string>> FileSystem::read_all(std::span<const std::string> paths,
                                                        std::uint64_t max_bytes) const {
  std::vector<Expected<std::string>> result;
  result.reserve(paths.size());
  for (const std::string& path : paths) {
    result.push_back(read(path, max_bytes));
  }
  return result;
}

}  // namespace gabion::source
