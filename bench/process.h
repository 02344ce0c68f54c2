// Runs a program and measures what it took. Shared by the programs here that measure whole runs: a program of its own
// rather than a script, because a process starts with its parent's peak of memory.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
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

template <class T>
T median(std::vector<Measurement>& runs, T Measurement::*what) {
  std::sort(runs.begin(), runs.end(), [&](const Measurement& a, const Measurement& b) { return a.*what < b.*what; });
  return runs[runs.size() / 2].*what;
}

}  // namespace gabion::bench
