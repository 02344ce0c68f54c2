// Runs the built program in a directory of its own and collects what it wrote. Used by every test of this folder.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace gabion::e2e {

/// Whether the program has a sanitizer in it, which needs memory of its own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
inline constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

/// What one run of a program gave.
struct Outcome {
  int status = -1;  ///< exit status; 128 and more when a signal ended it
  std::string out;
  std::string err;
  long peak_kib = 0;  ///< the most memory that it had at one time

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
  /// Writes a script that can be run.
  void write_program(std::string_view name, std::string_view script) const;
  [[nodiscard]] std::string read(std::string_view name) const;
  [[nodiscard]] std::filesystem::path path(std::string_view name = "") const;
  /// PATH with a directory of the project before those of the system, whatever the caller's own holds.
  [[nodiscard]] std::string search_path(std::string_view directory) const;

  /// Runs gabion in the directory.
  [[nodiscard]] Outcome gabion(const std::vector<std::string>& arguments, std::string_view input = {},
                               const std::map<std::string, std::string>& environment = {}) const;
  /// Runs any program in the directory, found in PATH; status 127 when there is none.
  [[nodiscard]] Outcome run(const std::vector<std::string>& command, std::string_view input = {},
                            const std::map<std::string, std::string>& environment = {}) const;
  /// Whether a program is there to be used.
  [[nodiscard]] bool has(const std::string& program) const;

 private:
  std::filesystem::path root_;
};

/// Text `count` times.
[[nodiscard]] std::string repeat(std::string_view text, std::size_t count);

/// The findings of a report in JSON that are not suppressed: each its rule, a blank, and its resource.
[[nodiscard]] std::vector<std::string> findings_of(const Outcome& outcome);

/// The resources of these findings.
[[nodiscard]] std::vector<std::string> resources(const Outcome& outcome);

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
