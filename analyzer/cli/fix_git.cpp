#include "cli/fix_git.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

extern char** environ;

namespace gabion::cli {
namespace {

constexpr std::string_view kHint = "commit or stash them, or give --allow-dirty";

/// The directory above that holds ".git", or empty.
std::string work_tree(const std::string& path, const source::FileSystem& files) {
  const auto real = files.canonical(path);
  if (!real) {
    return {};
  }
  std::string directory = *real;
  while (true) {
    if (files.status(directory == "/" ? "/.git" : directory + "/.git")) {
      return directory;
    }
    if (directory == "/" || directory == ".") {
      return {};
    }
    directory = source::directory_of(directory);
  }
}

/// Runs git and returns its status and what it printed (the start of it); -1 when it cannot be run.
int run_git(const std::vector<std::string>& arguments, std::string& output) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return -1;
  }
  std::vector<char*> words;
  for (const std::string& argument : arguments) {
    words.push_back(const_cast<char*>(argument.c_str()));  // NOLINT: posix_spawn takes them so and does not write
  }
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  const int failed = posix_spawnp(&child, "git", &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  static_cast<void>(close(ends[1]));
  if (failed != 0) {
    static_cast<void>(close(ends[0]));
    return -1;
  }
  constexpr std::size_t kEnough = 64 * 1024;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t count = read(ends[0], buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      break;
    }
    if (output.size() < kEnough) {
      output.append(buffer.data(), static_cast<std::size_t>(count));
    }
  }
  static_cast<void>(close(ends[0]));
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

source::Expected<source::Unit> refuse_dirty_tree(const std::string& path, const source::FileSystem& files) {
  const std::string tree = work_tree(path, files);
  if (tree.empty()) {
    return source::Unit{};
  }
  std::string output;
  const int status = run_git(
      {"git", "--no-optional-locks", "-C", tree, "status", "--porcelain", "-z", "--untracked-files=normal"}, output);
  if (status != 0) {
    return source::Error{.message = "there is a git work tree, but git cannot say whether it has uncommitted changes",
                         .path = tree,
                         .hint = "check that git works there, or give --allow-dirty"};
  }
  if (output.empty()) {
    return source::Unit{};
  }
  // "XY name" up to the first NUL.
  const std::string first = output.size() > 3 ? output.substr(3, output.find('\0') - 3) : std::string();
  return source::Error{.message = "the git work tree has uncommitted changes, for example in " + first,
                       .path = tree,
                       .hint = std::string(kHint)};
}

}  // namespace gabion::cli
