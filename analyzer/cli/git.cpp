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
#include <cstdint>
#include <deque>
#include <iterator>
#include <set>

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

source::Error git_error(const std::string& revision, const std::string& top) {
  return {.message = "git cannot compare the work tree with \"" + revision + "\"",
          .path = top,
          .hint = "check that the revision exists (a shallow clone may lack it: fetch it first)"};
}

/// A file that differs from a revision: its name from the top of the work tree, and what holds its text then.
struct Difference {
  std::string name;
  std::string object;  ///< id of the text then; empty where there was no file
};

/// The answer of `git diff --raw -z`: ":MODE MODE ID ID STATUS", name, for each file.
std::vector<Difference> differences(std::string_view text) {
  std::vector<Difference> result;
  const std::vector<std::string> list = fields(text);
  constexpr std::string_view kLink = ":120000";
  for (std::size_t i = 0; i + 1 < list.size(); i += 2) {
    const std::string& what = list[i];
    const std::size_t begin = what.find(' ', what.find(' ') + 1) + 1;
    std::string object = what.substr(begin, what.find(' ', begin) - begin);
    // A link has no text of its own; what it led to is compared by its own name.
    if (what.starts_with(kLink) || object.find_first_not_of('0') == std::string::npos) {
      object.clear();
    }
    result.push_back({list[i + 1], std::move(object)});
  }
  return result;
}

/// Texts of objects, by id: the answers of `git cat-file --batch`. Fewer when git could not give all.
std::map<std::string, std::string> texts_of(const std::set<std::string>& objects, const std::string& top) {
  std::map<std::string, std::string> result;
  std::string wanted;
  for (const std::string& object : objects) {
    wanted.append(object).append("\n");
  }
  if (wanted.empty()) {
    return result;
  }
  const GitOutput batch = run_git({"-C", top, "cat-file", "--batch"}, wanted);
  std::string_view rest = batch.text;
  for (const std::string& object : objects) {
    const std::size_t end = rest.find('\n');
    const std::string_view header = rest.substr(0, end);
    const std::size_t space = header.rfind(' ');
    std::size_t size = 0;
    if (end == std::string_view::npos || space == std::string_view::npos ||
        std::from_chars(header.data() + space + 1, header.data() + header.size(), size).ec != std::errc() ||
        rest.size() - end - 1 < size) {
      break;
    }
    result.emplace(object, rest.substr(end + 1, size));
    rest.remove_prefix(std::min(rest.size(), end + 1 + size + 1));
  }
  return result;
}

std::vector<std::string> diff_arguments(const Base& base, const std::string& top, bool branch_point) {
  std::vector<std::string> result{
      "-C", top, "diff", "--no-ext-diff", "--no-renames", "--ignore-submodules", "--raw", "--no-abbrev", "-z"};
  if (branch_point) {
    result.emplace_back("--merge-base");
  }
  result.insert(result.end(), {"--end-of-options", base.revision, "--"});
  return result;
}

}  // namespace

std::vector<std::string> fields(std::string_view text) {
  std::vector<std::string> result;
  while (!text.empty()) {
    const std::size_t end = text.find('\0');
    result.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return result;
}

GitRun::GitRun(const std::vector<std::string>& arguments, std::string_view input) {
  std::array<int, 2> ends{};
  const int in = as_file(input);
  if (in < 0) {
    return;
  }
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    static_cast<void>(close(in));
    return;
  }
  // What the settings of a repository could make git run, and what it would fetch over the network.
  std::vector<std::string> texts{"git", "--no-optional-locks",      "-c", "core.fsmonitor=false",
                                 "-c",  "core.hooksPath=/dev/null", "-c", "protocol.allow=never"};
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
  const int failed = posix_spawnp(&child_, "git", &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  static_cast<void>(close(ends[1]));
  static_cast<void>(close(in));
  output_ = ends[0];
  if (failed != 0) {
    child_ = -1;
  }
}

GitRun::~GitRun() {
  static_cast<void>(wait());
}

GitOutput GitRun::finish() {
  GitOutput result;
  if (child_ >= 0) {
    result.text = read_all(output_);
  }
  result.status = wait();
  return result;
}

int GitRun::wait() {
  if (output_ >= 0) {
    static_cast<void>(close(output_));
    output_ = -1;
  }
  if (child_ < 0) {
    return -1;
  }
  int status = 0;
  while (waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  child_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

GitOutput run_git(const std::vector<std::string>& arguments, std::string_view input) {
  return GitRun(arguments, input).finish();
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

std::vector<std::string> merged_commits(const std::string& top, const source::FileSystem& files) {
  constexpr std::uint64_t kMaxBytes = 64 * 1024;
  std::string directory = source::join_path(top, ".git");
  // In a linked work tree it is a file that says where the directory is.
  if (const auto text = files.read(directory, kMaxBytes)) {
    constexpr std::string_view kMark = "gitdir: ";
    if (!text->starts_with(kMark)) {
      return {};
    }
    directory = source::join_path(top, text->substr(kMark.size(), text->find_last_not_of("\r\n") + 1 - kMark.size()));
  }
  const auto text = files.read(source::join_path(directory, "MERGE_HEAD"), kMaxBytes);
  std::vector<std::string> result;
  for (std::string_view rest = text ? std::string_view(*text) : std::string_view(); !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    if (end > 0) {
      result.emplace_back(rest.substr(0, end));
    }
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  return result;
}

source::Expected<WorkTree> compare_work_tree(const std::vector<Base>& bases, const std::string& path,
                                             const source::FileSystem& files, const std::function<void()>& meanwhile) {
  WorkTree tree;
  tree.top = work_tree_of(path, files);
  if (tree.top.empty()) {
    return source::Error{
        .message = "this is in no git work tree", .path = path, .hint = "there is no earlier version to compare with"};
  }
  std::deque<GitRun> diffs;
  for (const Base& base : bases) {
    diffs.emplace_back(diff_arguments(base, tree.top, base.branch_point));
  }
  GitRun others({"-C", tree.top, "ls-files", "--others", "--exclude-standard", "-z"});
  meanwhile();
  std::vector<std::vector<Difference>> found;
  std::set<std::string> objects;
  for (std::size_t i = 0; i < bases.size(); ++i) {
    GitOutput diff = diffs[i].finish();
    if (diff.status != 0 && bases[i].branch_point) {
      diff = run_git(diff_arguments(bases[i], tree.top, false));
    }
    if (diff.status != 0) {
      return git_error(bases[i].revision, tree.top);
    }
    found.push_back(differences(diff.text));
    for (const Difference& difference : found.back()) {
      if (!difference.object.empty()) {
        objects.insert(difference.object);
      }
    }
  }
  const std::map<std::string, std::string> texts = texts_of(objects, tree.top);
  for (std::size_t i = 0; i < bases.size(); ++i) {
    Changes changes;
    for (const Difference& difference : found[i]) {
      std::optional<std::string>& before = changes.before[source::join_path(tree.top, difference.name)];
      if (difference.object.empty()) {
        continue;
      }
      const auto text = texts.find(difference.object);
      if (text == texts.end()) {
        return git_error(bases[i].revision, tree.top);
      }
      before = text->second;
    }
    for (const auto& [name, text] : changes.before) {
      changes.paths.push_back(name);
    }
    tree.since.push_back(std::move(changes));
  }
  const GitOutput listed = others.finish();
  if (listed.status != 0) {
    return git_error(bases.front().revision, tree.top);
  }
  for (const std::string& name : fields(listed.text)) {
    tree.untracked.push_back(source::join_path(tree.top, name));
  }
  std::sort(tree.untracked.begin(), tree.untracked.end());
  return tree;
}

ChangedFileSystem::ChangedFileSystem(const source::FileSystem& base, FilesBefore files)
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
                       [&file = name](const source::Entry& entry) { return entry.name == file; })) {
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
