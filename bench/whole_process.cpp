// Runs the program, the program without rules and the floor by turns on each input and prints medians: time, CPU time,
// memory, and the ratios; of several directories also those of all together.
//   whole_process PROGRAM FLOOR [RUNS] [DIRECTORY...]
// Without directories: nothing, one file, the example, and an estate of three hundred copies of the example.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "inputs.h"
#include "process.h"

namespace {

using gabion::bench::Measurement;
using gabion::bench::median;

/// The inputs that every machine has.
std::vector<std::pair<std::string, std::string>> default_inputs(const std::filesystem::path& scratch) {
  namespace fs = std::filesystem;
  const fs::path example = fs::path(GABION_SOURCE_DIR) / "testdata" / "example";
  fs::create_directories(scratch / "empty");
  fs::create_directories(scratch / "one");
  fs::copy_file(example / "modules" / "private-bucket" / "main.tf", scratch / "one" / "main.tf");
  constexpr int kCopies = 300;
  gabion::bench::copies(scratch / "estate", kCopies);
  return {{"nothing", scratch / "empty"},
          {"one file", scratch / "one"},
          {"the example", example},
          {"300 examples", scratch / "estate"}};
}

/// Of one input, or of several together.
struct Row {
  double wall = 0;  ///< ms
  double cpu = 0;   ///< ms
  double peak = 0;  ///< MiB; of several inputs, the most that one takes
  double none_cpu = 0;
  double floor_wall = 0;
  double floor_cpu = 0;
  double floor_peak = 0;
  int status = 0;

  void add(const Row& other) {
    wall += other.wall;
    cpu += other.cpu;
    peak = std::max(peak, other.peak);
    none_cpu += other.none_cpu;
    floor_wall += other.floor_wall;
    floor_cpu += other.floor_cpu;
    floor_peak = std::max(floor_peak, other.floor_peak);
    status = std::max(status, other.status);
  }
  void print(const std::string& name) const {
    constexpr double kLeast = 0.01;
    std::printf("%-14s %8.1f %8.1f %8.1f   %8.1f   %8.1f %8.1f %8.1f   %6.1fx %6.1fx %6.1fx   %d\n", name.c_str(), wall,
                cpu, peak, none_cpu, floor_wall, floor_cpu, floor_peak, wall / std::max(floor_wall, kLeast),
                cpu / std::max(floor_cpu, kLeast), cpu / std::max(none_cpu, kLeast), status);
  }
};

Row compare(const std::string& directory, const std::string& program, const std::string& floor, int runs) {
  auto all = gabion::bench::by_turns({{program, "scan", "--jobs", "1", "--no-config", directory},
                                      {program, "scan", "--jobs", "1", "--no-config", "--skip-rule", "*", directory},
                                      {floor, directory}},
                                     runs);
  const auto mebibytes = [](long kibibytes) { return static_cast<double>(kibibytes) / 1024; };
  return {.wall = median(all[0], &Measurement::wall_ms),
          .cpu = median(all[0], &Measurement::cpu_ms),
          .peak = mebibytes(median(all[0], &Measurement::peak_kib)),
          .none_cpu = median(all[1], &Measurement::cpu_ms),
          .floor_wall = median(all[2], &Measurement::wall_ms),
          .floor_cpu = median(all[2], &Measurement::cpu_ms),
          .floor_peak = mebibytes(median(all[2], &Measurement::peak_kib)),
          .status = median(all[0], &Measurement::status)};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: whole_process PROGRAM FLOOR [RUNS] [DIRECTORY...]\n");
    return 2;
  }
  const int runs = gabion::bench::number_argument(argc, argv, 3, 15);
  std::vector<std::pair<std::string, std::string>> inputs;
  const gabion::bench::Scratch scratch;
  if (scratch.path().empty()) {
    return 2;
  }
  if (argc > 4) {
    for (int at = 4; at < argc; ++at) {
      inputs.emplace_back(std::filesystem::path(argv[at]).filename().string(), argv[at]);
    }
  } else {
    inputs = default_inputs(scratch.path());
  }
  // On a busy machine trust the CPU times: waiting for a processor counts as wall time.
  std::printf(
      "median of %d runs: the program, without rules (CPU ms), the floor; the ratios of the first to the floor in wall "
      "and CPU time, and of CPU time with to that without rules\n",
      runs);
  std::printf("%-14s %8s %8s %8s   %8s   %8s %8s %8s   %7s %7s %7s   %s\n", "input", "wall ms", "CPU ms", "MiB",
              "no rules", "wall ms", "CPU ms", "MiB", "wall", "CPU", "rules", "exit");
  Row together;
  for (const auto& [name, directory] : inputs) {
    const Row row = compare(directory, argv[1], argv[2], runs);
    row.print(name);
    together.add(row);
  }
  if (argc > 5) {
    together.print("together");  // an estate: what one audit of all of them takes
  }
  return 0;
}
