// A directory on disk for one test, removed at its end. Paths given to it are relative to that directory; tests of
// discovery change into it, so that printed paths are short.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace gabion::source {

/// Makes the directory and, unless told otherwise, makes it the working directory until it goes.
class TemporaryTree {
 public:
  TemporaryTree() : before_(std::filesystem::current_path()) {
    std::string name = (std::filesystem::temp_directory_path() / "gabion-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      std::abort();
    }
    root_ = std::filesystem::canonical(name);
    std::filesystem::current_path(root_);
  }
  TemporaryTree(const TemporaryTree&) = delete;
  TemporaryTree& operator=(const TemporaryTree&) = delete;
  ~TemporaryTree() {
    std::error_code ignored;
    std::filesystem::current_path(before_, ignored);
    std::filesystem::remove_all(root_, ignored);
  }

  /// Writes a file and the directories above it.
  void write(std::string_view path, std::string_view contents = "") const {
    const std::filesystem::path file = root_ / path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << contents;
  }
  void directory(std::string_view path) const { std::filesystem::create_directories(root_ / path); }
  void link(std::string_view path, std::string_view target) const {
    const std::filesystem::path file = root_ / path;
    std::filesystem::create_directories(file.parent_path());
    std::filesystem::create_symlink(std::filesystem::path(target), file);
  }
  /// Absolute path of something in the tree, or of the tree.
  [[nodiscard]] std::string path(std::string_view below = "") const {
    return below.empty() ? root_.string() : (root_ / below).string();
  }

 private:
  std::filesystem::path before_;
  std::filesystem::path root_;
};

}  // namespace gabion::source
