// JSON and XML schemas of the formats, which are not part of the project: from the directory that the environment
// variable GABION_SCHEMAS names, else from ../shared/schemas beside the project.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

namespace gabion::report {

/// Path of a schema, or an empty one where it is not there.
inline std::filesystem::path schema_path(const std::string& name) {
  const char* directory = std::getenv("GABION_SCHEMAS");
  const std::filesystem::path path =
      (directory != nullptr ? std::filesystem::path(directory)
                            : std::filesystem::path(GABION_SOURCE_DIR) / ".." / "shared" / "schemas") /
      name;
  std::error_code ignored;
  return std::filesystem::exists(path, ignored) ? path : std::filesystem::path();
}

/// The schema, or null where it is not there.
inline nlohmann::json read_schema(const std::string& name) {
  const std::filesystem::path path = schema_path(name);
  if (path.empty()) {
    return nullptr;
  }
  std::ifstream file(path);
  return nlohmann::json::parse(file, nullptr, false);
}

}  // namespace gabion::report
