#include "cli/git.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <iterator>

extern char** environ;

namespace gabion::cli {
namespace {

/// A descriptor to read the text from, or -1.
int as_file(std::string_view text) {
  if (text.empty()) {
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
  }
  const int file = memfd_create("git-input", MFD_CLOEXEC);
  while (file >= 0 && !text.empty()) {
    const ssize_t count = write(file, text.data(), text.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      static_cast<void>(close(file));
      return -1;
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  if (file >= 0) {
    static_cast<void>(lseek(file, 0, SEEK_SET));
  }
  return file;
}

std::string read_all(int file) {
  std::string text;
  std::array<char, 16384> buffer{};
  while (true) {
    const ssize_t count = read(file, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return text;
    }
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

/// Fields that end with NUL.
std::vector<std::string> fields(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    const std::size_t end = text.find('\0');
    result.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return result;
}

source::Error git_error(const std::string& revision, const std::string& top) {
  return {.message = "git cannot compare the work tree with \"" + revision + "\"",
          .path = top,
          .hint = "check that the revision exists (a shallow clone may lack it: fetch it first)"};
}

/// Texts of files in a revision: the answers of `git cat-file --batch`, in order.
source::Expected<source::Unit> read_before(const std::string& revision, const std::vector<std::string>& names,
                                           Changes& changes) {
  std::string wanted;
  for (const std::string& name : names) {
    wanted.append(revision).append(":").append(name).append("\n");
  }
  const GitOutput batch = run_git({"-C", changes.top, "cat-file", "--batch"}, wanted);
  std::string_view rest = batch.text;
  for (const std::string& name : names) {
    const std::size_t end = rest.find('\n');
    const std::string_view header = rest.substr(0, end);
    const std::size_t space = header.rfind(' ');
    std::size_t size = 0;
    if (end == std::string_view::npos || space == std::string_view::npos ||
        std::from_chars(header.data() + space + 1, header.data() + header.size(), size).ec != std::errc() ||
        rest.size() < end + 1 + size) {
      return git_error(revision, changes.top);
    }
    changes.before[source::join_path(changes.top, name)] = std::string(rest.substr(end + 1, size));
    rest.remove_prefix(std::min(rest.size(), end + 1 + size + 1));
  }
  return source::Unit{};
}

}  // namespace

GitOutput run_git(const std::vector<std::string>& arguments, std::string_view input) {
  GitOutput result;
  std::array<int, 2> ends{};
  const int in = as_file(input);
  if (in < 0 || pipe2(ends.data(), O_CLOEXEC) != 0) {
    return result;
  }
  std::vector<std::string> texts{"git", "--no-optional-locks"};
  texts.insert(texts.end(), arguments.begin(), arguments.end());
  std::vector<char*> words;
  for (std::string& text : texts) {
    words.push_back(text.data());
  }
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  const int failed = posix_spawnp(&child, "git", &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  static_cast<void>(close(ends[1]));
  static_cast<void>(close(in));
  if (failed == 0) {
    result.text = read_all(ends[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  static_cast<void>(close(ends[0]));
  return result;
}

std::string work_tree_of(const std::string& path, const source::FileSystem& files) {
  const auto real = files.canonical(path);
  if (!real) {
    return {};
  }
  std::string directory = *real;
  while (true) {
    if (files.status(source::join_path(directory, ".git"))) {
      return directory;
    }
    if (directory == "/" || directory == ".") {
      return {};
    }
    directory = source::directory_of(directory);
  }
}

source::Expected<Changes> changes_since(const std::string& revision, const std::string& path,
                                        const source::FileSystem& files) {
  Changes changes;
  changes.top = work_tree_of(path, files);
  if (changes.top.empty()) {
    return source::Error{
        .message = "this is in no git work tree", .path = path, .hint = "there is no earlier version to compare with"};
  }
  const GitOutput diff = run_git({"-C", changes.top, "diff", "--no-ext-diff", "--no-renames", "--ignore-submodules",
                                  "--name-status", "-z", "--end-of-options", revision, "--"});
  if (diff.status != 0) {
    return git_error(revision, changes.top);
  }
  const std::vector<std::string> list = fields(diff.text);
  std::vector<std::string> old;
  for (std::size_t i = 0; i + 1 < list.size(); i += 2) {
    const std::string& name = list[i + 1];
    changes.paths.push_back(source::join_path(changes.top, name));
    // A name with a line end cannot be asked for; no file of ours has one.
    if (list[i] == "A" || name.find('\n') != std::string::npos) {
      changes.before[changes.paths.back()] = std::nullopt;
    } else {
      old.push_back(name);
    }
  }
  if (!old.empty()) {
    if (auto read = read_before(revision, old, changes); !read) {
      return read.error();
    }
  }
  const GitOutput others = run_git({"-C", changes.top, "ls-files", "--others", "--exclude-standard", "-z"});
  if (others.status != 0) {
    return git_error(revision, changes.top);
  }
  for (const std::string& name : fields(others.text)) {
    changes.untracked.push_back(source::join_path(changes.top, name));
    if (changes.before.emplace(changes.untracked.back(), std::nullopt).second) {
      changes.paths.push_back(changes.untracked.back());
    }
  }
  std::sort(changes.paths.begin(), changes.paths.end());
  return changes;
}

ChangedFileSystem::ChangedFileSystem(const source::FileSystem& base, Files files)
    : base_(base), files_(std::move(files)) {
  if (const auto here = base.canonical(".")) {
    here_ = *here;
  }
  for (const auto& [path, text] : files_) {
    if (!text) {
      continue;
    }
    std::string child = path;
    source::EntryKind kind = source::EntryKind::kFile;
    while (child != "/" && child != ".") {
      const std::string parent = source::directory_of(child);
      const bool fresh = directories_[parent].emplace(std::string(source::name_of(child)), kind).second;
      if (!fresh) {
        break;
      }
      child = parent;
      kind = source::EntryKind::kDirectory;
    }
  }
}

/// The path by which a file is known here, whether it exists or not.
std::string ChangedFileSystem::absolute(const std::string& path) const {
  const std::string joined = source::join_path(here_, path);
  if (files_.contains(joined) || directories_.contains(joined)) {
    return joined;
  }
  const std::string directory = source::directory_of(joined);
  const auto [known, fresh] = real_.try_emplace(directory, directory);
  if (fresh) {
    if (const auto real = base_.canonical(directory)) {
      known->second = *real;
    }
  }
  return source::join_path(known->second, source::name_of(joined));
}

source::Expected<std::string> ChangedFileSystem::read(const std::string& path, std::uint64_t max_bytes) const {
  const auto known = files_.find(absolute(path));
  if (known == files_.end()) {
    return base_.read(path, max_bytes);
  }
  if (!known->second) {
    return source::Error{.message = "the file does not exist", .path = path, .hint = {}};
  }
  if (known->second->size() > max_bytes) {
    return source::Error{.message = "the file is too large", .path = path, .hint = {}};
  }
  return *known->second;
}

source::Expected<std::vector<source::Entry>> ChangedFileSystem::list(const std::string& path) const {
  const std::string directory = absolute(path);
  const auto added = directories_.find(directory);
  auto entries = base_.list(path);
  if (!entries) {
    if (added == directories_.end()) {
      return entries;
    }
    entries = std::vector<source::Entry>{};
  }
  std::erase_if(*entries, [&](const source::Entry& entry) {
    const auto known = files_.find(source::join_path(directory, entry.name));
    return known != files_.end() && !known->second;
  });
  if (added != directories_.end()) {
    for (const auto& [name, kind] : added->second) {
      if (std::none_of(entries->begin(), entries->end(),
                       [&](const source::Entry& entry) { return entry.name == name; })) {
        entries->push_back({name, kind});
      }
    }
    std::sort(entries->begin(), entries->end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  }
  return entries;
}

source::Expected<source::Status> ChangedFileSystem::status(const std::string& path) const {
  const std::string key = absolute(path);
  const auto known = files_.find(key);
  if (known != files_.end()) {
    if (!known->second) {
      return source::Error{.message = "the file does not exist", .path = path, .hint = {}};
    }
    return source::Status{source::EntryKind::kFile, known->second->size()};
  }
  auto status = base_.status(path);
  if (!status && directories_.contains(key)) {
    return source::Status{source::EntryKind::kDirectory, 0};
  }
  return status;
}

source::Expected<std::string> ChangedFileSystem::canonical(const std::string& path) const {
  const std::string key = absolute(path);
  const auto known = files_.find(key);
  if (known != files_.end() && !known->second) {
    return source::Error{.message = "the file does not exist", .path = path, .hint = {}};
  }
  if (known != files_.end() || directories_.contains(key)) {
    return key;
  }
  return base_.canonical(path);
}

}  // namespace gabion::cli
