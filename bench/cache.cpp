// What the cache brings, all by turns in one run: a scan without it, one that fills it, one of the same files, one of
// the same files after a fresh checkout (all have other times), and one after an edit of one file. On 150 copies
// of the example, or on a copy of a directory.
//   cache PROGRAM [RUNS] [DIRECTORY]
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "inputs.h"
#include "process.h"

namespace {

namespace fs = std::filesystem;
using gabion::bench::Measurement;
using gabion::bench::median;
using gabion::bench::run_once;

/// Gives every file the time of now, as a checkout does.
void touch_all(const fs::path& root) {
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) {
      static_cast<void>(::utimensat(AT_FDCWD, entry.path().c_str(), nullptr, 0));
    }
  }
}

/// Times of files count once they are some seconds old.
void let_times_settle() {
  constexpr std::chrono::seconds kSettled{3};
  std::this_thread::sleep_for(kSettled);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: cache PROGRAM [RUNS] [DIRECTORY]\n");
    return 2;
  }
  int runs = 9;
  if (argc > 2) {
    const std::string text = argv[2];
    std::from_chars(text.data(), text.data() + text.size(), runs);
  }
  const std::string program = fs::absolute(argv[1]).string();
  std::string scratch = (fs::temp_directory_path() / "gabion-cache-XXXXXX").string();
  if (::mkdtemp(scratch.data()) == nullptr) {
    std::perror("cache");
    return 2;
  }
  const fs::path tree = fs::path(scratch) / "tree";
  if (argc > 3) {
    fs::copy(argv[3], tree, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  } else {
    constexpr int kCopies = 150;
    gabion::bench::copies(tree, kCopies);
  }
  const std::string filled = scratch + "/filled";
  const std::string fresh = scratch + "/fresh";
  const auto scan = [&](const std::string& cache) {
    const Measurement one =
        run_once({"/usr/bin/env", "-C", tree.string(), program, "scan", "--no-config", "--cache", cache});
    if (one.status != 0 && one.status != 1 && one.status != 3) {
      std::fprintf(stderr, "cache: a scan ended with status %d\n", one.status);
      std::exit(2);
    }
    return one;
  };
  let_times_settle();
  static_cast<void>(scan(filled));

  struct Case {
    const char* name;
    std::vector<Measurement> runs;
  };
  std::vector<Case> cases = {{"without", {}},  {"filling", {}},  {"warm", {}},
                             {"checkout", {}}, {"one edit", {}}, {"start", {}}};
  for (int run = 0; run < std::max(runs, 1); ++run) {
    cases[0].runs.push_back(scan("off"));
    fs::remove_all(fresh);
    cases[1].runs.push_back(scan(fresh));
    cases[2].runs.push_back(scan(filled));
    cases[5].runs.push_back(run_once({"/usr/bin/env", "-C", tree.string(), program, "--version"}));
  }
  for (int run = 0; run < std::max(runs, 1); ++run) {
    touch_all(tree);
    cases[3].runs.push_back(scan(filled));
    std::ofstream(tree / "edited.tf") << "locals {\n  run = " << run << "\n}\n";
    cases[4].runs.push_back(scan(filled));
  }
  const double cold = median(cases[0].runs, &Measurement::wall_ms);
  const double cold_cpu = std::max(median(cases[0].runs, &Measurement::cpu_ms), 0.01);
  std::printf("median of %d runs\n%-10s %10s %10s %10s %10s\n", runs, "scan", "wall ms", "CPU ms", "of wall", "of CPU");
  for (Case& one : cases) {
    const double wall = median(one.runs, &Measurement::wall_ms);
    const double cpu = median(one.runs, &Measurement::cpu_ms);
    std::printf("%-10s %10.1f %10.1f %9.1f%% %9.1f%%\n", one.name, wall, cpu, 100 * wall / cold, 100 * cpu / cold_cpu);
  }
  std::error_code ignored;
  fs::remove_all(scratch, ignored);
  return 0;
}
