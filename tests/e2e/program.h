// Runs the built program in a directory of its own and collects what it wrote. Used by every test of this folder.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace gabion::e2e {

/// What one run of a program gave.
struct Outcome {
  int status = -1;  ///< exit status; 128 and more when a signal ended it
  std::string out;
  std::string err;

  /// Standard output as JSON; a discarded value when it is none.
  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(out, nullptr, false); }
};

/// A directory that exists as long as the object, with files given by the test.
class Project {
 public:
  Project();
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;
  ~Project();
  /// XDG_CACHE_HOME of the programs, beside the directory: nothing is taken from the user's own cache.
  [[nodiscard]] std::filesystem::path cache() const;

  /// Writes a file, and the directories above it; the name may hold any byte.
  void write(std::string_view name, std::string_view contents) const;
  [[nodiscard]] std::string read(std::string_view name) const;
  [[nodiscard]] std::filesystem::path path(std::string_view name = "") const;

  /// Runs gabion in the directory.
  [[nodiscard]] Outcome gabion(const std::vector<std::string>& arguments, std::string_view input = {},
                               const std::map<std::string, std::string>& environment = {}) const;
  /// Runs any program in the directory, found in PATH; status 127 when there is none.
  [[nodiscard]] Outcome run(const std::vector<std::string>& command, std::string_view input = {},
                            const std::map<std::string, std::string>& environment = {}) const;

 private:
  std::filesystem::path root_;
};

/// Text `count` times.
[[nodiscard]] std::string repeat(std::string_view text, std::size_t count);

/// A key with one finding (aws-kms-key-rotation) that has a safe fix.
inline constexpr std::string_view kBadKey = R"(resource "aws_kms_key" "a" {
  description         = "audit"
  enable_key_rotation = false
}
)";

/// A key without findings.
inline constexpr std::string_view kGoodKey = R"(resource "aws_kms_key" "a" {
  enable_key_rotation     = true
  deletion_window_in_days = 30
}
)";

}  // namespace gabion::e2e
