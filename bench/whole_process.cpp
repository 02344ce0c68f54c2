// Runs the program, the program without rules and the floor by turns on each input and prints medians: time, CPU time,
// memory, and the ratios.
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

void compare(const std::string& name, const std::string& directory, const std::string& program,
             const std::string& floor, int runs) {
  auto all = gabion::bench::by_turns({{program, "scan", "--jobs", "1", "--no-config", directory},
                                      {program, "scan", "--jobs", "1", "--no-config", "--skip-rule", "*", directory},
                                      {floor, directory}},
                                     runs);
  std::vector<Measurement>& of_program = all[0];
  std::vector<Measurement>& without_rules = all[1];
  std::vector<Measurement>& of_floor = all[2];
  const double wall = median(of_program, &Measurement::wall_ms);
  const double cpu = median(of_program, &Measurement::cpu_ms);
  const double none_cpu = std::max(median(without_rules, &Measurement::cpu_ms), 0.01);
  const double floor_wall = median(of_floor, &Measurement::wall_ms);
  const double floor_cpu = median(of_floor, &Measurement::cpu_ms);
  const auto mebibytes = [](long kibibytes) { return static_cast<double>(kibibytes) / 1024; };
  std::printf("%-14s %8.1f %8.1f %8.1f   %8.1f   %8.1f %8.1f %8.1f   %6.1fx %6.1fx %6.1fx   %d\n", name.c_str(), wall,
              cpu, mebibytes(median(of_program, &Measurement::peak_kib)), none_cpu, floor_wall, floor_cpu,
              mebibytes(median(of_floor, &Measurement::peak_kib)), wall / floor_wall, cpu / std::max(floor_cpu, 0.01),
              cpu / none_cpu, median(of_program, &Measurement::status));
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
  for (const auto& [name, directory] : inputs) {
    compare(name, directory, argv[1], argv[2], runs);
  }
  return 0;
}
