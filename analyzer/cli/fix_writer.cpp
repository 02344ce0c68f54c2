#include "cli/fix_writer.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <new>
#include <set>
#include <vector>

namespace gabion::cli {
namespace {

constexpr std::string_view kMarker = ".gabion-";

source::Error system_error(const std::string& path, std::string_view what) {
  return {.message = std::string(what) + ": " + std::strerror(errno), .path = path, .hint = "no file was changed"};
}

/// One file on its way: the new version waits beside it, and so does the old one until all are in place. Whatever takes
/// memory or room is done before the first file changes; from then on there are only names to be changed.
struct Replacement {
  std::string path;
  const std::string* before = nullptr;
  const std::string* after = nullptr;
  std::string fresh;
  std::string old;
  bool made = false;     ///< there was no such file before
  bool waiting = false;  ///< the new version is there under its first name
  bool kept = false;     ///< the old version is there under its second name
  bool done = false;
};

/// ".main.tf.gabion-123.new" beside main.tf: hidden, and no name that anything reads as configuration.
std::string beside(const std::string& path, std::string_view suffix) {
  const std::string directory = source::directory_of(path);
  return (directory == "/" ? "" : directory) + "/." + std::string(source::name_of(path)) + std::string(kMarker) +
         std::to_string(getpid()) + std::string(suffix);
}

bool write_bytes(int descriptor, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::write(descriptor, text.data() + done, text.size() - done);
    if (count < 0 && errno != EINTR) {
      return false;
    }
    done += count > 0 ? static_cast<std::size_t>(count) : 0;
  }
  return fsync(descriptor) == 0;
}

/// Makes the renames of a directory last.
void sync_directory(const std::string& directory) {
  const int descriptor = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor >= 0) {
    static_cast<void>(fsync(descriptor));
    static_cast<void>(close(descriptor));
  }
}

class Writer {
 public:
  explicit Writer(const source::FileSystem& disk) : disk_(disk) {}
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  /// Whatever is left of the way.
  ~Writer() {
    for (const Replacement& one : all_) {
      if (one.waiting) {
        static_cast<void>(unlink(one.fresh.c_str()));
      }
      if (one.kept) {
        static_cast<void>(unlink(one.old.c_str()));
      }
    }
  }

  source::Expected<source::Unit> run(const ChangedFiles& files) {
    all_.reserve(files.size());
    for (const auto& [name, texts] : files) {
      // Through symbolic links: they stay, the file they lead to changes.
      const auto real = disk_.canonical(name);
      Replacement one{
          .path = real ? *real : name, .before = &texts.first, .after = &texts.second, .fresh = {}, .old = {}};
      if (directories_.insert(source::directory_of(one.path)).second) {
        clean_up_after_others(source::directory_of(one.path));
      }
      all_.push_back(std::move(one));
    }
    for (Replacement& one : all_) {
      if (auto prepared = prepare(one); !prepared) {
        return prepared;
      }
    }
    try {
      for (Replacement& one : all_) {
        if (auto placed = place(one); !placed) {
          roll_back();
          return lost_ ? half_way(placed.error()) : placed;
        }
      }
    } catch (const std::bad_alloc&) {
      roll_back();
      throw;
    }
    for (const std::string& directory : directories_) {
      sync_directory(directory);
    }
    return source::Unit{};
  }

 private:
  static source::Error appeared(const Replacement& one) {
    return {.message = "the file appeared while the others were analysed",
            .path = one.path,
            .hint = "no file was changed; run gabion fix again"};
  }

  source::Expected<source::Unit> unchanged(const Replacement& one) const {
    if (one.made) {
      struct stat status {};
      return lstat(one.path.c_str(), &status) != 0 && errno == ENOENT ? source::Expected<source::Unit>(source::Unit{})
                                                                      : appeared(one);
    }
    const auto current = disk_.read(one.path, one.before->size() + 1);
    if (!current || *current != *one.before) {
      return source::Error{.message = "the file changed while it was analysed",
                           .path = one.path,
                           .hint = "no file was changed; run gabion fix again"};
    }
    return source::Unit{};
  }

  source::Expected<source::Unit> prepare(Replacement& one) {
    struct stat status {};
    one.made = one.before->empty() && lstat(one.path.c_str(), &status) != 0 && errno == ENOENT;
    if (auto same = unchanged(one); !same) {
      return same;
    }
    if (!one.made && stat(one.path.c_str(), &status) != 0) {
      return system_error(one.path, "cannot look at the file");
    }
    if (!one.made && access(one.path.c_str(), W_OK) != 0) {
      return system_error(one.path, "cannot write the file");
    }
    constexpr mode_t kNewFile = 0666;  // less what the user's mask takes away
    if (one.made) {
      one.fresh = beside(one.path, ".new");
      return write_beside(one, one.fresh, *one.after, kNewFile, nullptr, one.waiting);
    }
    one.old = beside(one.path, ".old");
    static_cast<void>(unlink(one.old.c_str()));
    one.kept = link(one.path.c_str(), one.old.c_str()) == 0;
    // Where there are no hard links, a copy of what was read.
    if (!one.kept) {
      if (auto copied = write_beside(one, one.old, *one.before, status.st_mode, &status, one.kept); !copied) {
        return copied;
      }
    }
    one.fresh = beside(one.path, ".new");
    return write_beside(one, one.fresh, *one.after, status.st_mode, &status, one.waiting);
  }

  /// Writes a file of our own beside one of the user's; with `owner`, it gets that one's owner and exact mode.
  static source::Expected<source::Unit> write_beside(const Replacement& one, const std::string& name,
                                                     const std::string& text, mode_t mode, const struct stat* owner,
                                                     bool& there) {
    const int descriptor = open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 07777U);
    there = descriptor >= 0;
    if (!there) {
      return system_error(one.path, "cannot write beside the file");
    }
    // The owner only where it may be given away; the mode always.
    if (owner != nullptr && fchown(descriptor, owner->st_uid, owner->st_gid) != 0) {
      errno = 0;
    }
    bool good = (owner == nullptr || fchmod(descriptor, mode & 07777U) == 0) && write_bytes(descriptor, text);
    good = close(descriptor) == 0 && good;
    return good ? source::Expected<source::Unit>(source::Unit{})
                : source::Expected<source::Unit>(system_error(one.path, "cannot write beside the file"));
  }

  source::Expected<source::Unit> place(Replacement& one) {
    if (auto same = unchanged(one); !same) {
      return same;
    }
    // A new file takes its name only when nobody else has taken it; where there are no hard links, that was asked
    // above.
    const bool linked = one.made && link(one.fresh.c_str(), one.path.c_str()) == 0;
    if (one.made && !linked && errno == EEXIST) {
      return appeared(one);
    }
    if (!linked && rename(one.fresh.c_str(), one.path.c_str()) != 0) {
      return system_error(one.path, "cannot replace the file");
    }
    one.waiting = linked;
    one.done = true;
    return source::Unit{};
  }

  /// Takes no memory, which may be what there is none of.
  void roll_back() {
    for (Replacement& one : all_) {
      if (!one.done) {
        continue;
      }
      const int failed = one.made ? unlink(one.path.c_str()) : rename(one.old.c_str(), one.path.c_str());
      lost_ = failed != 0 || lost_;
      one.kept = false;  // it has its first name again, or is all that is left of the old version
    }
  }

  /// The error where not even the way back was possible: old versions stay where they are.
  static source::Error half_way(source::Error error) {
    error.hint =
        "some files were changed and cannot be changed back; until fixes are written again, their old versions are "
        "beside them (.*.old)";
    return error;
  }

  const source::FileSystem& disk_;
  std::vector<Replacement> all_;
  std::set<std::string> directories_;
  bool lost_ = false;  ///< a file could not be changed back
};

}  // namespace

void clean_up_after_others(const std::string& directory) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    const std::size_t marker = name.rfind(kMarker);
    if (!name.starts_with('.') || marker == std::string::npos || !(name.ends_with(".new") || name.ends_with(".old"))) {
      continue;
    }
    const std::string digits = name.substr(marker + kMarker.size(), name.size() - 4 - marker - kMarker.size());
    if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    if (kill(static_cast<pid_t>(std::stol(digits)), 0) != 0 && errno == ESRCH) {
      static_cast<void>(unlink(entry.path().c_str()));
    }
  }
}

source::Expected<source::Unit> write_all(const ChangedFiles& files, const source::FileSystem& disk) {
  return Writer(disk).run(files);
}

}  // namespace gabion::cli
