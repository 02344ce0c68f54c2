// All access to files goes through this interface, so that tests, the command line and an editor with
// unsaved buffers run the same path. Paths are as given by the caller, '/'-separated.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "source/expected.h"

namespace gabion::source {

/// Kind of a directory entry; a symbolic link is reported as such, never silently followed.
enum class EntryKind : std::uint8_t { kFile, kDirectory, kSymlink, kOther };

/// One entry of a directory.
struct Entry {
  std::string name;
  EntryKind kind = EntryKind::kOther;
};

/// What stat says about a path (following symbolic links).
struct Status {
  EntryKind kind = EntryKind::kOther;
  std::uint64_t size = 0;
};

/// Read access to a tree of files.
class FileSystem {
 public:
  FileSystem() = default;
  FileSystem(const FileSystem&) = delete;
  FileSystem& operator=(const FileSystem&) = delete;
  virtual ~FileSystem() = default;

  /// Whole contents; an error when the file does not exist, is not readable, is no regular file (a pipe never makes the
  /// caller wait), or is over `max_bytes`.
  [[nodiscard]] virtual Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const = 0;
  /// What read() gives for each of several files. A disk is asked for many of them before the first is waited for.
  [[nodiscard]] virtual std::vector<Expected<std::string>> read_all(std::span<const std::string> paths,
                                                                    std::uint64_t max_bytes) const;
  /// Entries sorted by name in byte order, without "." and "..".
  [[nodiscard]] virtual Expected<std::vector<Entry>> list(const std::string& path) const = 0;
  [[nodiscard]] virtual Expected<Status> status(const std::string& path) const = 0;
  /// Absolute path with all symbolic links resolved.
  [[nodiscard]] virtual Expected<std::string> canonical(const std::string& path) const = 0;
  /// Whether several threads may read at the same time.
  [[nodiscard]] virtual bool is_concurrent() const { return false; }
};

/// The real file system.
class DiskFileSystem final : public FileSystem {
 public:
  [[nodiscard]] Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override;
  [[nodiscard]] std::vector<Expected<std::string>> read_all(std::span<const std::string> paths,
                                                            std::uint64_t max_bytes) const override;
  [[nodiscard]] Expected<std::vector<Entry>> list(const std::string& path) const override;
  [[nodiscard]] Expected<Status> status(const std::string& path) const override;
  [[nodiscard]] Expected<std::string> canonical(const std::string& path) const override;
  [[nodiscard]] bool is_concurrent() const override { return true; }
};

/// Files in memory, for tests and for the proof of fixes. Directories exist through their files. Relative paths start
/// in a working directory that has parents, so "../x" is a place of its own.
class MemoryFileSystem final : public FileSystem {
 public:
  /// Adds or replaces a file; the path is normalised ("a//b/../c" is "a/c").
  void write(std::string_view path, std::string contents);
  /// Adds a symbolic link.
  void link(std::string_view path, std::string target);
  [[nodiscard]] Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override;
  [[nodiscard]] Expected<std::vector<Entry>> list(const std::string& path) const override;
  [[nodiscard]] Expected<Status> status(const std::string& path) const override;
  [[nodiscard]] Expected<std::string> canonical(const std::string& path) const override;
  [[nodiscard]] bool is_concurrent() const override { return true; }

 private:
  std::map<std::string, std::string, std::less<>> files_;
  std::map<std::string, std::string, std::less<>> links_;
};

/// Another file system with some files replaced: unsaved buffers, or a fix under proof. A file is found by any path
/// that leads to it through the same last name (absolute, relative, through linked directories).
class OverlayFileSystem final : public FileSystem {
 public:
  explicit OverlayFileSystem(const FileSystem& base) : base_(base) {}
  /// Replaces or adds a file of an existing directory.
  void write(std::string_view path, std::string contents);
  [[nodiscard]] Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override;
  [[nodiscard]] Expected<std::vector<Entry>> list(const std::string& path) const override;
  [[nodiscard]] Expected<Status> status(const std::string& path) const override;
  [[nodiscard]] Expected<std::string> canonical(const std::string& path) const override;
  [[nodiscard]] bool is_concurrent() const override { return base_.is_concurrent(); }

 private:
  /// The absolute path that names the file in `files_`, whether the base has it or not.
  [[nodiscard]] std::string key_of(const std::string& path) const;
  /// Contents of a replaced file, or null.
  [[nodiscard]] const std::string* find(const std::string& path) const;

  const FileSystem& base_;
  std::map<std::string, std::string, std::less<>> files_;
};

/// Joins and normalises two '/'-separated paths lexically: join_path("a/b", "../c") is "a/c", join_path(".", "./a/") is
/// "a", and nothing left is ".". An absolute `child` wins.
[[nodiscard]] std::string join_path(std::string_view parent, std::string_view child);
/// Everything before the last '/' ("/" for "/a"), or "." when there is none.
[[nodiscard]] std::string directory_of(std::string_view path);
/// Everything after the last '/'.
[[nodiscard]] std::string_view name_of(std::string_view path);

}  // namespace gabion::source
