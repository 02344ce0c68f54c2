#include "cache/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <memory>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "source/descriptor.h"

namespace gabion::cache {
namespace {

using source::CloseDirectory;
using source::Descriptor;

/// Begins every entry; another number when the layout of sealed entries changes.
constexpr std::string_view kMagic = "gabion cache 1\n";
constexpr std::size_t kHeader = kMagic.size() + sizeof(Digest);
/// Below the directory that the user names, so that nothing of theirs is among the entries.
constexpr const char* kPlace = "v1";
constexpr const char* kEntries = "entries";
constexpr std::string_view kTemporary = ".new-";
/// Nobody takes longer to write an entry; what is older was left by a process that was killed.
constexpr time_t kAbandoned = 3600;

source::Error failure(const std::string& what, int number) {
  return {.message = what + ": " + std::generic_category().message(number), .path = {}, .hint = {}};
}

/// Makes the directory and those above it, as far as they are missing.
bool make_directories(const std::string& path) {
  for (std::size_t slash = path.find('/', 1);; slash = path.find('/', slash + 1)) {
    const std::string part = path.substr(0, slash);
    if (::mkdir(part.c_str(), S_IRWXU) != 0 && errno != EEXIST) {
      struct stat status {};
      if (::stat(part.c_str(), &status) != 0) {
        return false;
      }
    }
    if (slash == std::string::npos) {
      return true;
    }
  }
}

/// Opens a directory in another one, made if need be, that is the user's and nobody else can write to; no link.
source::Expected<int> open_private(int above, const char* name) {
  if (::mkdirat(above, name, S_IRWXU) != 0 && errno != EEXIST) {
    return failure("its directory cannot be made", errno);
  }
  constexpr int kHow = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  Descriptor directory(::openat(above, name, kHow));  // NOLINT(cppcoreguidelines-pro-type-vararg,hicpp-vararg)
  struct stat status {};
  if (directory.get() < 0 || ::fstat(directory.get(), &status) != 0) {
    return failure("its directory cannot be opened", errno);
  }
  if (status.st_uid != ::geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    return source::Error{.message = "others can write to its directory", .path = {}, .hint = {}};
  }
  return directory.release();
}

bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// Reads at most so many bytes; nothing when there are more, or fewer than the file had when it was opened.
std::optional<std::string> read_all(int file, std::uint64_t size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  std::size_t filled = 0;
  while (filled < bytes.size()) {
    const ssize_t count = ::read(file, bytes.data() + filled, bytes.size() - filled);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return std::nullopt;
    }
    filled += static_cast<std::size_t>(count);
  }
  return bytes;
}

/// Creates a file that is not there yet.
int create_at(int directory, const char* name) {
  constexpr int kHow = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  return ::openat(directory, name, kHow, S_IRUSR | S_IWUSR);  // NOLINT(cppcoreguidelines-pro-type-vararg,hicpp-vararg)
}

/// Tells git, and tools for backups, that nothing here is of interest. A scan of a tree with a cache in it leaves the
/// entries alone for the same reason.
void mark(int directory) {
  constexpr std::string_view kTag =
      "Signature: 8a477f597d28d172789f06886806bc55\n"
      "# A cache of gabion. It can be removed at any time. See https://bford.info/cachedir/\n";
  for (const auto& [name, text] :
       std::array<std::pair<const char*, std::string_view>, 2>{{{".gitignore", "*\n"}, {"CACHEDIR.TAG", kTag}}}) {
    if (const Descriptor file(create_at(directory, name)); file.get() >= 0) {
      static_cast<void>(write_all(file.get(), text));
    }
  }
}

bool is_entry(std::string_view name) {
  return name.size() == 2 * sizeof(Digest) && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

Digest checksum(const Digest& key, std::string_view contents) {
  return Hasher().text({reinterpret_cast<const char*>(key.data()), key.size()}).text(contents).finish();
}

/// What stands before the contents of an entry.
std::string header(const Digest& key, std::string_view contents) {
  const Digest sum = checksum(key, contents);
  std::string bytes(kMagic);
  bytes.append(reinterpret_cast<const char*>(sum.data()), sum.size());
  return bytes;
}

}  // namespace

std::string sealed(const Digest& key, std::string_view contents) {
  return header(key, contents).append(contents);
}

std::optional<std::string_view> unsealed(const Digest& key, std::string_view bytes) {
  if (bytes.size() < kHeader || !bytes.starts_with(kMagic)) {
    return std::nullopt;
  }
  const std::string_view contents = bytes.substr(kHeader);
  const Digest sum = checksum(key, contents);
  const bool whole = std::equal(sum.begin(), sum.end(), bytes.begin() + kMagic.size(),
                                [](std::uint8_t a, char b) { return a == static_cast<unsigned char>(b); });
  return whole ? std::optional(contents) : std::nullopt;
}

source::Expected<Store> Store::open(const std::string& directory, StoreLimits limits) {
  if (!make_directories(directory)) {
    return failure("its directory cannot be made", errno);
  }
  constexpr int kHow = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  const Descriptor above(::open(directory.c_str(), kHow));  // NOLINT(cppcoreguidelines-pro-type-vararg,hicpp-vararg)
  if (above.get() < 0) {
    return failure("its directory cannot be opened", errno);
  }
  const auto place = open_private(above.get(), kPlace);
  if (!place) {
    return place.error();
  }
  const Descriptor own(*place);
  mark(own.get());
  const auto entries = open_private(own.get(), kEntries);
  if (!entries) {
    return entries.error();
  }
  return Store(*entries, limits);
}

Store::Store(Store&& other) noexcept : directory_(std::exchange(other.directory_, -1)), limits_(other.limits_) {}

Store::~Store() {
  if (directory_ >= 0) {
    ::close(directory_);
  }
}

std::optional<std::string> Store::read(const Digest& key) const {
  constexpr int kHow = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const std::string name = hexadecimal(key);
  const Descriptor file(
      ::openat(directory_, name.c_str(), kHow));  // NOLINT(cppcoreguidelines-pro-type-vararg,hicpp-vararg)
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != ::geteuid() ||
      status.st_size < 0 || static_cast<std::uint64_t>(status.st_size) > limits_.entry_bytes + kHeader) {
    return std::nullopt;
  }
  std::optional<std::string> bytes = read_all(file.get(), static_cast<std::uint64_t>(status.st_size));
  if (!bytes || !unsealed(key, *bytes)) {
    return std::nullopt;
  }
  static_cast<void>(::futimens(file.get(), nullptr));  // used now
  bytes->erase(0, kHeader);
  return bytes;
}

source::Expected<source::Unit> Store::write(const Digest& key, std::string_view contents) const {
  if (contents.size() > limits_.entry_bytes) {
    return source::Error{.message = "there is too much to remember", .path = {}, .hint = {}};
  }
  std::uint64_t random = 0;
  if (::getrandom(&random, sizeof(random), GRND_NONBLOCK) != static_cast<ssize_t>(sizeof(random))) {
    random = 0;  // the process' number keeps names apart well enough: a name that is taken is not written to
  }
  const std::string temporary = std::string(kTemporary) + std::to_string(::getpid()) + "-" + std::to_string(random);
  const std::string name = hexadecimal(key);
  {
    const Descriptor file(create_at(directory_, temporary.c_str()));
    if (file.get() < 0) {
      return failure("an entry cannot be made", errno);
    }
    if (!write_all(file.get(), header(key, contents)) || !write_all(file.get(), contents)) {
      const int number = errno;
      static_cast<void>(::unlinkat(directory_, temporary.c_str(), 0));
      return failure("an entry cannot be written", number);
    }
  }
  if (::renameat(directory_, temporary.c_str(), directory_, name.c_str()) != 0) {
    const int number = errno;
    static_cast<void>(::unlinkat(directory_, temporary.c_str(), 0));
    return failure("an entry cannot be put in its place", number);
  }
  // To look at every entry takes longer than a small scan: one entry in sixteen does it for the others, and those that
  // would matter in between do it for themselves.
  constexpr std::uint64_t kSeldom = 16;
  constexpr std::uint64_t kMatters = 64;
  if (random % kSeldom == 0 || contents.size() >= limits_.total_bytes / kMatters) {
    make_room(name);
  }
  return source::Unit{};
}

void Store::make_room(const std::string& kept) const {
  constexpr int kHow = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  // Another descriptor: what reads a directory moves the offset of the one it is given.
  const int again = ::openat(directory_, ".", kHow);  // NOLINT(cppcoreguidelines-pro-type-vararg,hicpp-vararg)
  const std::unique_ptr<DIR, CloseDirectory> directory(again < 0 ? nullptr : ::fdopendir(again));
  if (!directory) {
    if (again >= 0) {
      ::close(again);
    }
    return;
  }
  struct Entry {
    timespec used{};
    std::string name;
    std::uint64_t size = 0;
  };
  std::vector<Entry> entries;
  std::uint64_t total = 0;
  const time_t now = ::time(nullptr);
  while (const dirent* entry = ::readdir(directory.get())) {  // NOLINT(concurrency-mt-unsafe): one stream, one thread
    const std::string_view name = entry->d_name;
    const bool temporary = name.starts_with(kTemporary);
    struct stat status {};
    if ((!temporary && !is_entry(name)) || ::fstatat(directory_, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(status.st_mode)) {
      continue;
    }
    if (temporary) {
      if (status.st_mtim.tv_sec + kAbandoned < now) {
        static_cast<void>(::unlinkat(directory_, entry->d_name, 0));
      }
      continue;
    }
    const auto size = static_cast<std::uint64_t>(std::max<off_t>(status.st_size, 0));
    total += size;
    if (name != kept) {
      entries.push_back({status.st_mtim, std::string(name), size});
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.used.tv_sec, a.used.tv_nsec, a.name) < std::tie(b.used.tv_sec, b.used.tv_nsec, b.name);
  });
  for (const Entry& entry : entries) {
    if (total <= limits_.total_bytes) {
      break;
    }
    static_cast<void>(::unlinkat(directory_, entry.name.c_str(), 0));
    total -= entry.size;
  }
}

}  // namespace gabion::cache
