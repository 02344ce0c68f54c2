#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string_view>
#include <system_error>

#include "source/ascii.h"
#include "source/descriptor.h"
#include "source/file_system.h"

namespace gabion::source {

EntryKind kind_of_mode(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return EntryKind::kFile;
    case S_IFDIR:
      return EntryKind::kDirectory;
    case S_IFLNK:
      return EntryKind::kSymlink;
    default:
      return EntryKind::kOther;
  }
}

namespace {

struct FreeMemory {
  void operator()(char* memory) const { std::free(memory); }  // NOLINT(cppcoreguidelines-no-malloc)
};

Error system_error(std::string_view what, int number, const std::string& path) {
  std::string reason = std::generic_category().message(number);
  if (!reason.empty()) {
    reason.front() = to_lower(reason.front());
  }
  Error error;
  error.message.append(what).append(": ").append(reason);
  error.path = path;
  return error;
}

Error too_large(std::uint64_t max_bytes, const std::string& path) {
  Error error;
  error.message = "cannot read: larger than " + std::to_string(max_bytes) + " bytes";
  error.path = path;
  return error;
}

EntryKind kind_of_entry(const dirent& entry, int directory) {
  switch (entry.d_type) {
    case DT_REG:
      return EntryKind::kFile;
    case DT_DIR:
      return EntryKind::kDirectory;
    case DT_LNK:
      return EntryKind::kSymlink;
    case DT_UNKNOWN: {  // some file systems do not tell
      struct stat status {};
      if (::fstatat(directory, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
        return kind_of_mode(status.st_mode);
      }
      return EntryKind::kOther;
    }
    default:
      return EntryKind::kOther;
  }
}

/// read(2) that goes on after a signal.
ssize_t read_some(int file, char* to, std::size_t size) {
  ssize_t got = 0;
  do {
    got = ::read(file, to, size);
  } while (got < 0 && errno == EINTR);
  return got;
}

/// Opens a file to read it, without waiting: a named pipe without a writer would keep us for ever. Regular files do not
/// mind.
int open_file(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);  // NOLINT(*-vararg)
}

/// The contents of an open file; `number` is the error of opening it, if that failed.
Expected<std::string> read_open(const Descriptor& file, int number, const std::string& path, std::uint64_t max_bytes) {
  if (file.get() < 0) {
    return system_error("cannot read", number, path);
  }
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) {
    return system_error("cannot read", errno, path);
  }
  if (!S_ISREG(status.st_mode)) {
    Error error;
    error.message = S_ISDIR(status.st_mode) ? "cannot read: is a directory" : "cannot read: is not a regular file";
    error.path = path;
    return error;
  }
  const auto expected = static_cast<std::uint64_t>(status.st_size);
  if (expected > max_bytes) {
    return too_large(max_bytes, path);
  }
  // Files of /proc say that they are empty: read those (and only those) until their end.
  constexpr std::size_t kChunk = 4096;
  const bool size_known = expected != 0;
  std::string bytes;
  bytes.resize(size_known ? static_cast<std::size_t>(expected) : kChunk);
  std::size_t filled = 0;
  while (true) {
    if (filled == bytes.size()) {
      if (size_known) {
        break;
      }
      bytes.resize(bytes.size() * 2);
    }
    const ssize_t got = read_some(file.get(), bytes.data() + filled, bytes.size() - filled);
    if (got < 0) {
      return system_error("cannot read", errno, path);
    }
    if (got == 0) {
      break;
    }
    filled += static_cast<std::size_t>(got);
    if (filled > max_bytes) {
      return too_large(max_bytes, path);
    }
  }
  bytes.resize(filled);
  if (!size_known) {
    bytes.shrink_to_fit();
  }
  return bytes;
}

}  // namespace

Expected<std::string> DiskFileSystem::read(const std::string& path, std::uint64_t max_bytes) const {
  const Descriptor file(open_file(path));
  return read_open(file, errno, path, max_bytes);
}

std::vector<Expected<std::string>> DiskFileSystem::read_all(std::span<const std::string> paths,
                                                            std::uint64_t max_bytes) const {
  // Few enough for the number of files that a process may have open, also when several threads read.
  constexpr std::size_t kAtOnce = 128;
  std::vector<Expected<std::string>> result;
  result.reserve(paths.size());
  while (result.size() < paths.size()) {
    const std::span<const std::string> batch =
        paths.subspan(result.size()).first(std::min(kAtOnce, paths.size() - result.size()));
    std::deque<Descriptor> files;
    std::vector<int> numbers;
    for (const std::string& path : batch) {
      const int file = open_file(path);
      const int number = errno;
      if (file < 0 && !files.empty() && (number == EMFILE || number == ENFILE)) {
        break;  // the rest when these are closed
      }
      files.emplace_back(file);
      numbers.push_back(number);
      // The system fetches it while others are opened.
      static_cast<void>(::posix_fadvise(file, 0, 0, POSIX_FADV_WILLNEED));
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
      result.push_back(read_open(files[i], numbers[i], batch[i], max_bytes));
    }
  }
  return result;
}

Expected<std::vector<Entry>> DiskFileSystem::list(const std::string& path) const {
  const std::unique_ptr<DIR, CloseDirectory> directory(::opendir(path.c_str()));
  if (!directory) {
    return system_error("cannot list", errno, path);
  }
  std::vector<Entry> entries;
  while (true) {
    errno = 0;
    const dirent* entry = ::readdir(directory.get());  // NOLINT(concurrency-mt-unsafe): one stream, one thread
    if (entry == nullptr) {
      if (errno != 0) {
        return system_error("cannot list", errno, path);
      }
      break;
    }
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      entries.push_back({std::string(name), kind_of_entry(*entry, ::dirfd(directory.get()))});
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

Expected<Status> DiskFileSystem::status(const std::string& path) const {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return system_error("cannot open", errno, path);
  }
  return Status{kind_of_mode(status.st_mode), static_cast<std::uint64_t>(status.st_size)};
}

Expected<std::string> DiskFileSystem::canonical(const std::string& path) const {
  const std::unique_ptr<char, FreeMemory> resolved(::realpath(path.c_str(), nullptr));
  if (!resolved) {
    return system_error("cannot resolve", errno, path);
  }
  return std::string(resolved.get());
}

}  // namespace gabion::source
