// How time and memory of a whole run grow with its input: instances of one resource, calls of a module, directories
// with modules, root modules, depth of calls, policies, the size of one file. Prints CPU times beside the floor (find,
// read, parse the same files), the exponent of the growth between neighbouring sizes (1 is linear, 2 quadratic), and
// the peak of memory beside the bytes of the input. With a directory it also writes growth.json and growth.svg there.
//   scaling PROGRAM FLOOR [RUNS] [DIRECTORY]
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "inputs.h"
#include "plot.h"
#include "process.h"

namespace {

namespace fs = std::filesystem;
namespace bench = gabion::bench;
using bench::Measurement;

struct Series {
  const char* name;
  std::vector<int> sizes;
  std::function<void(const fs::path&, int)> make;
};

/// One line of the results.
struct Row {
  std::string input;
  int size = 0;
  std::uint64_t bytes = 0;
  double cpu_ms = 0;
  double floor_ms = 0;
  double peak_mib = 0;
  double exponent = 0;  ///< since the size before; 0 for the first
};

void write_json(const fs::path& path, double start_ms, const std::vector<Row>& rows) {
  std::ofstream out(path);
  out << "{\n  \"start_ms\": " << bench::rounded(start_ms, 1) << ",\n  \"runs\": [";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row& row = rows[i];
    out << (i == 0 ? "\n" : ",\n") << "    {\"input\": \"" << row.input << "\", \"size\": " << row.size
        << ", \"bytes\": " << row.bytes << ", \"cpu_ms\": " << bench::rounded(row.cpu_ms, 1)
        << ", \"floor_ms\": " << bench::rounded(row.floor_ms, 1)
        << ", \"peak_mib\": " << bench::rounded(row.peak_mib, 1)
        << ", \"exponent\": " << (row.exponent == 0 ? "null" : bench::rounded(row.exponent, 2)) << "}";
  }
  out << "\n  ]\n}\n";
}

void write_plot(const fs::path& path, const std::vector<Row>& rows) {
  std::vector<bench::Line> lines;
  for (const Row& row : rows) {
    if (lines.empty() || lines.back().name != row.input) {
      lines.push_back({row.input, {}});
    }
    lines.back().points.emplace_back(static_cast<double>(row.bytes) / 1e3, row.cpu_ms);
  }
  std::ofstream(path) << bench::plot(lines, "kilobytes of input", "milliseconds of CPU time");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: scaling PROGRAM FLOOR [RUNS] [DIRECTORY]\n");
    return 2;
  }
  const int runs = bench::number_argument(argc, argv, 3, 5);
  const bench::Scratch scratch;
  if (scratch.path().empty()) {
    return 2;
  }
  const std::vector<Series> series = {{"instances of one resource", {100, 1000, 10000, 100000}, bench::instances},
                                      {"elements of a set", {1250, 2500, 5000, 10000}, bench::elements},
                                      {"calls of one module", {1, 10, 100, 1000}, bench::calls},
                                      {"directories with modules", {1, 10, 100, 1000}, bench::directories},
                                      {"root modules", {1, 10, 100, 1000}, bench::roots},
                                      {"copies of the example", {1, 10, 100}, bench::copies},
                                      {"depth of 40 chains of calls", {1, 2, 4, 8}, bench::depth},
                                      {"policies that differ", {30, 100, 300, 1000}, bench::policies},
                                      {"megabytes of one file", {1, 5, 20}, bench::megabytes}};
  const std::string empty = scratch.path() / "empty";
  fs::create_directories(empty);
  const double start =
      bench::least(bench::repeated({argv[1], "scan", "--jobs", "1", "--no-config", empty}, runs), &Measurement::cpu_ms);
  std::printf("least of %d runs; exponents without the %.1f ms that an empty directory takes\n", runs, start);
  std::printf("%-28s %7s %10s %10s %8s %9s %9s %11s\n", "input", "size", "CPU ms", "floor ms", "ratio", "exponent",
              "peak MiB", "per byte");
  constexpr const char* kMany = "1000000";  // more than are expanded by default
  std::vector<Row> rows;
  for (const Series& one : series) {
    double before = 0;
    for (std::size_t i = 0; i < one.sizes.size(); ++i) {
      const std::string directory = scratch.path() / "input";
      fs::remove_all(directory);
      one.make(directory, one.sizes[i]);
      const std::vector<Measurement> program =
          bench::repeated({argv[1], "scan", "--jobs", "1", "--no-config", "--max-instances", kMany, directory}, runs);
      constexpr double kKibibytes = 1024;
      Row row{.input = one.name,
              .size = one.sizes[i],
              .bytes = bench::bytes_below(directory),
              .cpu_ms = bench::least(program, &Measurement::cpu_ms),
              .floor_ms = bench::least(bench::repeated({argv[2], directory}, runs), &Measurement::cpu_ms),
              .peak_mib = static_cast<double>(bench::least(program, &Measurement::peak_kib)) / kKibibytes};
      const double rest = std::max(row.cpu_ms - start, 0.01);
      std::printf("%-28s %7d %10.1f %10.1f %7.1fx ", i == 0 ? one.name : "", row.size, row.cpu_ms, row.floor_ms,
                  row.cpu_ms / std::max(row.floor_ms, 0.01));
      if (i > 0) {
        row.exponent = std::log(rest / before) / std::log(static_cast<double>(one.sizes[i]) / one.sizes[i - 1]);
        std::printf("%9.2f", row.exponent);
      } else {
        std::printf("%9s", "");
      }
      std::printf(" %9.1f %10.1fx\n", row.peak_mib,
                  row.peak_mib * kKibibytes * kKibibytes / static_cast<double>(std::max<std::uint64_t>(row.bytes, 1)));
      std::fflush(stdout);  // the next size may take long
      before = rest;
      rows.push_back(row);
    }
  }
  if (argc > 4) {
    write_json(fs::path(argv[4]) / "growth.json", start, rows);
    write_plot(fs::path(argv[4]) / "growth.svg", rows);
  }
  return 0;
}
