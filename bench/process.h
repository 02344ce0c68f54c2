// Runs a program and measures what it took. Shared by the programs here that measure whole runs: a program of its own
// rather than a script, because a process starts with its parent's peak of memory.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

extern "C" char** environ;

namespace gabion::bench {

struct Measurement {
  double wall_ms = 0;
  double cpu_ms = 0;
  long peak_kib = 0;
  int status = 0;
};

inline double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

/// The variables of this program but for those that lead to a cache: what is measured is work, not memory of it.
inline std::vector<char*> without_cache() {
  std::vector<char*> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string variable = *entry;
    if (!variable.starts_with("HOME=") && !variable.starts_with("XDG_CACHE_HOME=")) {
      variables.push_back(*entry);
    }
  }
  variables.push_back(nullptr);
  return variables;
}

/// One run with its output thrown away. Status 127 when it could not be started.
inline Measurement run_once(std::vector<std::string> arguments) {
  std::vector<char*> argv;
  for (std::string& argument : arguments) {
    argv.push_back(argument.data());
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  Measurement measurement;
  std::vector<char*> variables = without_cache();
  pid_t child = 0;
  const auto begin = std::chrono::steady_clock::now();
  const int error = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    measurement.status = 127;
    return measurement;
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  const std::chrono::duration<double, std::milli> wall = std::chrono::steady_clock::now() - begin;
  measurement.wall_ms = wall.count();
  measurement.cpu_ms = milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime);
  measurement.peak_kib = usage.ru_maxrss;
  measurement.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return measurement;
}

/// So many runs by turns of all commands, after one of each that fills the caches: what else the machine does in the
/// meantime touches all of them alike. `before` is called before every run.
template <class Before>
std::vector<std::vector<Measurement>> by_turns(const std::vector<std::vector<std::string>>& commands, int runs,
                                               Before before) {
  std::vector<std::vector<Measurement>> result(commands.size());
  for (int run = 0; run <= std::max(runs, 1); ++run) {
    for (std::size_t at = 0; at < commands.size(); ++at) {
      before();
      const Measurement one = run_once(commands[at]);
      if (run > 0) {
        result[at].push_back(one);
      }
    }
  }
  return result;
}

inline std::vector<std::vector<Measurement>> by_turns(const std::vector<std::vector<std::string>>& commands, int runs) {
  return by_turns(commands, runs, [] {});
}

/// So many runs of one command, after one that fills the caches.
inline std::vector<Measurement> repeated(const std::vector<std::string>& command, int runs) {
  return std::move(by_turns({command}, runs).front());
}

template <class T>
T median(std::vector<Measurement>& runs, T Measurement::*what) {
  std::sort(runs.begin(), runs.end(), [&](const Measurement& a, const Measurement& b) { return a.*what < b.*what; });
  return runs[runs.size() / 2].*what;
}

/// The least that a run took: whatever else the machine does only adds to it.
template <class T>
T least(const std::vector<Measurement>& runs, T Measurement::*what) {
  T result = runs.front().*what;
  for (const Measurement& run : runs) {
    result = std::min(result, run.*what);
  }
  return result;
}

/// The number in an argument of the command line; the other one when it is not given or none.
inline int number_argument(int argc, char** argv, int at, int otherwise) {
  if (at < argc) {
    const std::string_view text = argv[at];
    std::from_chars(text.data(), text.data() + text.size(), otherwise);
  }
  return otherwise;
}

/// A directory for as long as the object lives. Its name is empty when there is none to be had.
class Scratch {
 public:
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "gabion-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) {
      path_ = name;
    } else {
      std::perror("a directory for the inputs");
    }
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    if (!path_.empty()) {
      std::error_code ignored;
      std::filesystem::remove_all(path_, ignored);
    }
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace gabion::bench
