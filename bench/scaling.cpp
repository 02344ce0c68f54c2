// How the time of a whole run grows with its input: instances of one resource, calls of a module, directories with
// modules, root modules, depth of calls. Prints CPU times beside the floor (find, read, parse the same files) and the
// exponent of the growth between neighbouring sizes: 1 is linear, 2 quadratic.
//   scaling PROGRAM FLOOR [RUNS]
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "inputs.h"
#include "process.h"

namespace {

namespace fs = std::filesystem;
using gabion::bench::Measurement;
using gabion::bench::median;
using gabion::bench::run_once;

struct Series {
  const char* name;
  std::vector<int> sizes;
  std::function<void(const fs::path&, int)> make;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: scaling PROGRAM FLOOR [RUNS]\n");
    return 2;
  }
  int runs = 5;
  if (argc > 3) {
    const std::string text = argv[3];
    std::from_chars(text.data(), text.data() + text.size(), runs);
  }
  std::string scratch = (fs::temp_directory_path() / "gabion-scaling-XXXXXX").string();
  if (::mkdtemp(scratch.data()) == nullptr) {
    std::perror("scaling");
    return 2;
  }
  namespace bench = gabion::bench;
  const std::vector<Series> series = {{"instances of one resource", {12500, 25000, 50000, 100000}, bench::instances},
                                      {"elements of a set", {1250, 2500, 5000, 10000}, bench::elements},
                                      {"calls of one module", {125, 250, 500, 1000}, bench::calls},
                                      {"directories with modules", {125, 250, 500, 1000}, bench::directories},
                                      {"root modules", {125, 250, 500, 1000}, bench::roots},
                                      {"copies of the example", {25, 50, 100, 200}, bench::copies},
                                      {"depth of 40 chains of calls", {1, 2, 4, 8}, bench::depth}};
  const auto cpu = [&](std::vector<std::string> command) {
    std::vector<Measurement> all;
    for (int run = 0; run <= std::max(runs, 1); ++run) {
      const Measurement one = run_once(command);
      if (run > 0) {  // the first one fills the caches
        all.push_back(one);
      }
    }
    return median(all, &Measurement::cpu_ms);
  };
  fs::create_directories(fs::path(scratch) / "empty");
  const double start = cpu({argv[1], "scan", "--no-config", scratch + "/empty"});
  std::printf("median of %d runs; exponents without the %.1f ms that an empty directory takes\n", runs, start);
  std::printf("%-28s %7s %10s %10s %8s %9s\n", "input", "size", "CPU ms", "floor ms", "ratio", "exponent");
  for (const Series& one : series) {
    double before = 0;
    for (std::size_t i = 0; i < one.sizes.size(); ++i) {
      const std::string directory = scratch + "/input";
      fs::remove_all(directory);
      one.make(directory, one.sizes[i]);
      const double time = cpu({argv[1], "scan", "--no-config", directory});
      const double floor = cpu({argv[2], directory});
      const double rest = std::max(time - start, 0.01);
      std::printf("%-28s %7d %10.1f %10.1f %7.1fx ", i == 0 ? one.name : "", one.sizes[i], time, floor, time / floor);
      if (i > 0) {
        std::printf("%9.2f", std::log(rest / before) / std::log(static_cast<double>(one.sizes[i]) / one.sizes[i - 1]));
      }
      std::printf("\n");
      std::fflush(stdout);  // the next size may take long
      before = rest;
    }
  }
  std::error_code ignored;
  fs::remove_all(scratch, ignored);
  return 0;
}
