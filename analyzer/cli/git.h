// What the program asks git: where the work tree is, what changed since a revision, and what a file was then. Only git
// itself is run, and it only reads. Used by fix, by scan --changed-since and by the hooks.
#pragma once

#include <functional>
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

/// A git that runs beside us; the end of the object waits for its end.
class GitRun {
 public:
  /// Starts git with these arguments; `input` is its standard input.
  explicit GitRun(const std::vector<std::string>& arguments, std::string_view input = {});
  GitRun(const GitRun&) = delete;
  GitRun& operator=(const GitRun&) = delete;
  ~GitRun();
  /// Reads what it writes until it ends. To be called once.
  [[nodiscard]] GitOutput finish();

 private:
  int wait();
  int output_ = -1;
  int child_ = -1;
};

/// Runs git with these arguments to its end.
[[nodiscard]] GitOutput run_git(const std::vector<std::string>& arguments, std::string_view input = {});

/// Fields that end with NUL, as git writes lists of names with -z.
[[nodiscard]] std::vector<std::string> fields(std::string_view text);

/// The directory above a path that holds ".git", or empty.
[[nodiscard]] std::string work_tree_of(const std::string& path, const source::FileSystem& files);

/// Commits that are being merged into HEAD in this work tree, none when no merge is under way.
[[nodiscard]] std::vector<std::string> merged_commits(const std::string& top, const source::FileSystem& files);

/// A revision to compare with.
struct Base {
  std::string revision;
  bool branch_point = false;  ///< where HEAD left it, as `git diff A...B`; the revision itself when they share nothing
};

/// Absolute paths to texts; nothing where there was no file.
using FilesBefore = std::map<std::string, std::optional<std::string>, std::less<>>;

/// How the files that git tracks differ from a revision.
struct Changes {
  std::vector<std::string> paths;  ///< absolute, sorted; changed, added and deleted files
  FilesBefore before;
};

/// The work tree and how it was in some revisions.
struct WorkTree {
  std::string top;                     ///< absolute directory
  std::vector<std::string> untracked;  ///< absolute, sorted; without what is ignored
  std::vector<Changes> since;          ///< for each revision
};

/// Compares the work tree around `path` with revisions. While git looks, `meanwhile` runs. An error says what git could
/// not do.
[[nodiscard]] source::Expected<WorkTree> compare_work_tree(const std::vector<Base>& bases, const std::string& path,
                                                           const source::FileSystem& files,
                                                           const std::function<void()>& meanwhile);

/// A file system in which some files have another text, or are absent, and everything else is as in another. For one
/// thread at a time.
class ChangedFileSystem final : public source::FileSystem {
 public:
  /// Files by absolute path; nothing for those that are absent.
  ChangedFileSystem(const source::FileSystem& base, FilesBefore files);
  [[nodiscard]] source::Expected<std::string> read(const std::string& path, std::uint64_t max_bytes) const override;
  [[nodiscard]] source::Expected<std::vector<source::Entry>> list(const std::string& path) const override;
  [[nodiscard]] source::Expected<source::Status> status(const std::string& path) const override;
  [[nodiscard]] source::Expected<std::string> canonical(const std::string& path) const override;

 private:
  [[nodiscard]] std::string absolute(const std::string& path) const;

  const source::FileSystem& base_;
  FilesBefore files_;
  /// Directories of the files that are there, with the entries that the base may lack.
  std::map<std::string, std::map<std::string, source::EntryKind>, std::less<>> directories_;
  std::string here_;
  mutable std::map<std::string, std::string, std::less<>> real_;  ///< directories with links resolved, once asked for
};

}  // namespace gabion::cli
