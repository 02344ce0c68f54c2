// How many instructions a run takes, which is the same on a busy machine and on an idle one: the program and the floor
// under callgrind, on inputs that every machine has. Fails when the ratio of the two got worse by more than a tenth.
//   instructions PROGRAM FLOOR REFERENCE [--update]
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "inputs.h"
#include "process.h"

namespace {

namespace fs = std::filesystem;
namespace bench = gabion::bench;

/// Counts of one input, in instructions.
struct Counts {
  std::uint64_t program = 0;
  std::uint64_t without_rules = 0;
  std::uint64_t floor = 0;

  [[nodiscard]] double ratio() const { return static_cast<double>(program) / static_cast<double>(floor); }
};

/// Zero when it could not be counted.
std::uint64_t count(std::vector<std::string> command, const fs::path& scratch) {
  const fs::path log = scratch / "log";
  std::vector<std::string> whole{"/usr/bin/env", "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                                 "--log-file=" + log.string()};
  whole.insert(whole.end(), command.begin(), command.end());
  (void)bench::run_once(whole);
  std::ifstream in(log);
  for (std::string line; std::getline(in, line);) {
    const std::size_t at = line.find("refs:");
    if (at == std::string::npos) {
      continue;
    }
    std::uint64_t total = 0;
    for (const char c : line.substr(at)) {
      total =
          std::isdigit(static_cast<unsigned char>(c)) != 0 ? total * 10 + static_cast<std::uint64_t>(c - '0') : total;
    }
    return total;
  }
  return 0;
}

std::map<std::string, Counts> read(const char* path) {
  std::map<std::string, Counts> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    std::istringstream fields(line);
    std::string name;
    Counts counts;
    if (std::getline(fields, name, '\t') && fields >> counts.program >> counts.without_rules >> counts.floor) {
      out.emplace(name, counts);
    }
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: instructions PROGRAM FLOOR REFERENCE [--update]\n");
    return 2;
  }
  const bool update = argc > 4 && std::string(argv[4]) == "--update";
  const bench::Scratch scratch;
  if (scratch.path().empty()) {
    return 2;
  }
  const std::vector<std::pair<std::string, std::function<void(const fs::path&)>>> inputs = {
      {"nothing", [](const fs::path& root) { fs::create_directories(root); }},
      {"the example", [](const fs::path& root) { bench::copies(root, 1); }},
      {"30 examples", [](const fs::path& root) { bench::copies(root, 30); }},
      {"5000 instances", [](const fs::path& root) { bench::instances(root, 5000); }},
      {"200 modules", [](const fs::path& root) { bench::directories(root, 200); }},
      {"200 roots", [](const fs::path& root) { bench::roots(root, 200); }},
  };
  const std::map<std::string, Counts> reference = read(argv[3]);
  std::string written;
  bool worse = false;
  std::printf("millions of instructions\n%-16s %10s %10s %10s %8s %8s %10s\n", "input", "program", "no rules", "floor",
              "ratio", "rules", "reference");
  for (const auto& [name, make] : inputs) {
    const fs::path directory = scratch.path() / "input";
    fs::remove_all(directory);
    make(directory);
    const Counts counts{
        .program = count({argv[1], "scan", "--jobs", "1", "--no-config", directory.string()}, scratch.path()),
        .without_rules = count({argv[1], "scan", "--jobs", "1", "--no-config", "--skip-rule", "*", directory.string()},
                               scratch.path()),
        .floor = count({argv[2], directory.string()}, scratch.path())};
    if (counts.program == 0 || counts.without_rules == 0 || counts.floor == 0) {
      std::fprintf(stderr, "instructions: nothing was counted; is valgrind installed?\n");
      return 2;
    }
    const auto known = reference.find(name);
    const double before = known == reference.end() ? counts.ratio() : known->second.ratio();
    constexpr double kAllowed = 1.1;
    const bool this_worse = counts.ratio() > before * kAllowed;
    worse = worse || this_worse;
    const auto millions = [](std::uint64_t number) { return static_cast<double>(number) / 1e6; };
    std::printf("%-16s %10.1f %10.1f %10.1f %7.1fx %7.1fx %9.1fx%s\n", name.c_str(), millions(counts.program),
                millions(counts.without_rules), millions(counts.floor), counts.ratio(),
                static_cast<double>(counts.program) / static_cast<double>(counts.without_rules), before,
                this_worse ? "  worse" : "");
    std::fflush(stdout);
    written += name + '\t' + std::to_string(counts.program) + '\t' + std::to_string(counts.without_rules) + '\t' +
               std::to_string(counts.floor) + '\n';
  }
  if (update) {
    std::ofstream(argv[3]) << written;
  }
  return worse && !update ? 1 : 0;
}
