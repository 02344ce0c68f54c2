#include "source/stamp.h"

#include <sys/stat.h>

#include <cerrno>

#include "source/descriptor.h"

namespace gabion::source {
namespace {

std::int64_t nanoseconds(const timespec& time) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  return static_cast<std::int64_t>(time.tv_sec) * kSecond + static_cast<std::int64_t>(time.tv_nsec);
}

}  // namespace

std::optional<Stamp> stamp_of(const std::string& path) {
  struct stat status {};
  Stamp stamp;
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) {
      return std::nullopt;
    }
    stamp.absent = errno;
    return stamp;
  }
  stamp.kind = kind_of_mode(status.st_mode);
  stamp.device = static_cast<std::uint64_t>(status.st_dev);
  stamp.inode = static_cast<std::uint64_t>(status.st_ino);
  stamp.size = static_cast<std::uint64_t>(status.st_size);
  stamp.modified = nanoseconds(status.st_mtim);
  stamp.changed = nanoseconds(status.st_ctim);
  return stamp;
}

std::optional<Stamp> no_stamp(const std::string& /*path*/) {
  return std::nullopt;
}

}  // namespace gabion::source
