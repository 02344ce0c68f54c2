// What the program asks git: where the work tree is, what changed since a revision, and what a file was then. Only git
// itself is run, and it only reads. Used by fix, by scan --changed-since and by the hooks.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "source/expected.h"
#include "source/file_system.h"

namespace gabion::cli {

/// What a run of git gave.
struct GitOutput {
  int status = -1;  ///< -1 when it could not be run
  std::string text;
};

/// Runs git with these arguments; `input` is its standard input.
[[nodiscard]] GitOutput run_git(const std::vector<std::string>& arguments, std::string_view input = {});

/// The directory above a path that holds ".git", or empty.
[[nodiscard]] std::string work_tree_of(const std::string& path, const source::FileSystem& files);

/// The work tree and how it was in a revision.
struct Changes {
  std::string top;                     ///< absolute directory of the work tree
  std::vector<std::string> paths;      ///< absolute; changed, added and deleted files, the untracked among them
  std::vector<std::string> untracked;  ///< absolute
  /// Absolute path to the text then; nothing where there was no file.
  std::map<std::string, std::optional<std::string>, std::less<>> before;
};

/// Compares the work tree around `path` with a revision. An error says what git could not do.
[[nodiscard]] source::Expected<Changes> changes_since(const std::string& revision, const std::string& path,
                                                      const source::FileSystem& files);

/// A file system in which some files have another text, or are absent, and everything else is as in another. For one
/// thread at a time.
class ChangedFileSystem final : public source::FileSystem {
 public:
  using Files = std::map<std::string, std::optional<std::string>, std::less<>>;
  /// Files by absolute path; nothing for those that are absent.
  ChangedFileSystem(const source::FileSystem& base, Files files);
  [[nodiscard]] source::Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override;
  [[nodiscard]] source::Expected<std::vector<source::Entry>> list(const std::string& path) const override;
  [[nodiscard]] source::Expected<source::Status> status(const std::string& path) const override;
  [[nodiscard]] source::Expected<std::string> canonical(const std::string& path) const override;

 private:
  [[nodiscard]] std::string absolute(const std::string& path) const;

  const source::FileSystem& base_;
  Files files_;
  /// Directories of the files that are there, with the entries that the base may lack.
  std::map<std::string, std::map<std::string, source::EntryKind>, std::less<>> directories_;
  std::string here_;
  mutable std::map<std::string, std::string, std::less<>> real_;  ///< directories with links resolved, once asked for
};

}  // namespace gabion::cli
