// File descriptors, directories and modes of POSIX for the folders that read and write files themselves: whatever is
// opened is closed at the end of a scope.
#pragma once

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "source/file_system.h"

namespace gabion::source {

/// Closes a file descriptor at the end of a scope; a negative number is none.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) {
      ::close(number_);
    }
  }
  [[nodiscard]] int get() const { return number_; }
  /// Gives it to somebody else, who closes it.
  [[nodiscard]] int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

/// Closes a directory that opendir(3) opened: for std::unique_ptr.
struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

/// What `st_mode` of stat(2) says of an entry.
[[nodiscard]] EntryKind kind_of_mode(mode_t mode);

}  // namespace gabion::source
