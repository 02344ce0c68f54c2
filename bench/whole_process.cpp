// Runs the program and the floor by turns on each input and prints medians: time, CPU time, memory, and the ratio of
// the two. A program of its own rather than a script, because a process starts with its parent's peak of memory.
//   whole_process PROGRAM FLOOR [RUNS] [DIRECTORY...]
// Without directories: nothing, one file, the example, and an estate of three hundred copies of the example.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

extern "C" char** environ;

namespace {

struct Measurement {
  double wall_ms = 0;
  double cpu_ms = 0;
  long peak_kib = 0;
  int status = 0;
};

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

/// One run with its output thrown away. Status 127 when it could not be started.
Measurement run_once(std::vector<std::string> arguments) {
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
  pid_t child = 0;
  const auto begin = std::chrono::steady_clock::now();
  const int error = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
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

/// The inputs that every machine has.
std::vector<std::pair<std::string, std::string>> default_inputs(const std::filesystem::path& scratch) {
  namespace fs = std::filesystem;
  const fs::path example = fs::path(GABION_SOURCE_DIR) / "testdata" / "example";
  fs::create_directories(scratch / "empty");
  fs::create_directories(scratch / "one");
  fs::copy_file(example / "modules" / "private-bucket" / "main.tf", scratch / "one" / "main.tf");
  fs::create_directories(scratch / "estate");
  constexpr int kCopies = 300;
  for (int copy = 0; copy < kCopies; ++copy) {
    fs::copy(example, scratch / "estate" / ("root" + std::to_string(copy)), fs::copy_options::recursive);
  }
  return {{"nothing", scratch / "empty"},
          {"one file", scratch / "one"},
          {"the example", example},
          {"300 examples", scratch / "estate"}};
}

void compare(const std::string& name, const std::string& directory, const std::string& program,
             const std::string& floor, int runs) {
  std::vector<Measurement> of_program;
  std::vector<Measurement> of_floor;
  for (int run = 0; run <= runs; ++run) {
    const Measurement one = run_once({program, "scan", directory});
    const Measurement other = run_once({floor, directory});
    if (run > 0) {  // the first one fills the caches
      of_program.push_back(one);
      of_floor.push_back(other);
    }
  }
  const double wall = median(of_program, &Measurement::wall_ms);
  const double cpu = median(of_program, &Measurement::cpu_ms);
  const double floor_wall = median(of_floor, &Measurement::wall_ms);
  const double floor_cpu = median(of_floor, &Measurement::cpu_ms);
  const auto mebibytes = [](long kibibytes) { return static_cast<double>(kibibytes) / 1024; };
  std::printf("%-14s %8.1f %8.1f %8.1f   %8.1f %8.1f %8.1f   %6.1fx %6.1fx   %d\n", name.c_str(), wall, cpu,
              mebibytes(median(of_program, &Measurement::peak_kib)), floor_wall, floor_cpu,
              mebibytes(median(of_floor, &Measurement::peak_kib)), wall / floor_wall, cpu / floor_cpu,
              median(of_program, &Measurement::status));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: whole_process PROGRAM FLOOR [RUNS] [DIRECTORY...]\n");
    return 2;
  }
  int runs = 15;
  if (argc > 3) {
    const std::string text = argv[3];
    std::from_chars(text.data(), text.data() + text.size(), runs);
  }
  std::vector<std::pair<std::string, std::string>> inputs;
  std::string scratch = (std::filesystem::temp_directory_path() / "gabion-bench-XXXXXX").string();
  if (::mkdtemp(scratch.data()) == nullptr) {
    std::perror("whole_process");
    return 2;
  }
  if (argc > 4) {
    for (int at = 4; at < argc; ++at) {
      inputs.emplace_back(std::filesystem::path(argv[at]).filename().string(), argv[at]);
    }
  } else {
    inputs = default_inputs(scratch);
  }
  // On a busy machine trust the CPU times: waiting for a processor counts as wall time.
  std::printf("median of %d runs: the program, the floor, and the ratio of the two\n", runs);
  std::printf("%-14s %8s %8s %8s   %8s %8s %8s   %7s %7s   %s\n", "input", "wall ms", "CPU ms", "MiB", "wall ms",
              "CPU ms", "MiB", "wall", "CPU", "exit");
  for (const auto& [name, directory] : inputs) {
    compare(name, directory, argv[1], argv[2], std::max(runs, 1));
  }
  std::error_code ignored;
  std::filesystem::remove_all(scratch, ignored);
  return 0;
}
