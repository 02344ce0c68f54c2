// How the time of a whole run grows with its input: instances of one resource, calls of a module, directories with
// modules, depth of calls. Prints CPU times beside the floor (find, read, parse the same files) and the exponent of the
// growth between neighbouring sizes: 1 is linear, 2 quadratic.
//   scaling PROGRAM FLOOR [RUNS]
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "process.h"

namespace {

namespace fs = std::filesystem;
using gabion::bench::Measurement;
using gabion::bench::median;
using gabion::bench::run_once;

void write(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// A module with a few resources that depend on its argument and on each other, and an output.
const std::string kModule = R"(variable "name" {
  type = string
}
locals {
  tags = { Name = var.name, Team = "platform" }
}
resource "aws_kms_key" "this" {
  description             = "key of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  tags                    = local.tags
}
resource "aws_s3_bucket" "this" {
  bucket = "logs-${var.name}"
  tags   = merge(local.tags, { Key = aws_kms_key.this.arn })
}
output "bucket" {
  value = aws_s3_bucket.this.arn
}
)";

void instances(const fs::path& root, int size) {
  write(root / "main.tf", "resource \"aws_kms_key\" \"k\" {\n  count                   = " + std::to_string(size) +
                              "\n  description             = \"key ${count.index}\"\n"
                              "  enable_key_rotation     = true\n  deletion_window_in_days = 30\n"
                              "  tags                    = { Name = \"k-${count.index}\" }\n}\n"
                              "output \"arns\" {\n  value = aws_kms_key.k[*].arn\n}\n");
}

void elements(const fs::path& root, int size) {
  // range() makes no more than 1024 numbers.
  write(root / "main.tf", "locals {\n  names = flatten([for i in range(" + std::to_string(size / 50) +
                              ") : [for j in range(50) : \"bucket-${i}-${j}\"]])\n}\n"
                              "resource \"aws_s3_bucket\" \"b\" {\n"
                              "  for_each = toset(local.names)\n  bucket   = each.key\n}\n"
                              "resource \"aws_s3_bucket_versioning\" \"v\" {\n  for_each = aws_s3_bucket.b\n"
                              "  bucket   = each.value.id\n"
                              "  versioning_configuration {\n    status = \"Enabled\"\n  }\n}\n");
}

void calls(const fs::path& root, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) {
    const std::string name = "m" + std::to_string(i);
    text += "module \"" + name + "\" {\n  source = \"./module\"\n  name   = \"" + name + "\"\n}\n";
  }
  write(root / "main.tf", text);
  write(root / "module" / "main.tf", kModule);
}

void directories(const fs::path& root, int size) {
  std::string text;
  for (int i = 0; i < size; ++i) {
    const std::string name = "m" + std::to_string(i);
    text += "module \"" + name + "\" {\n  source = \"./modules/" + name + "\"\n  name   = \"" + name + "\"\n}\n";
    write(root / "modules" / name / "main.tf", kModule);
  }
  write(root / "main.tf", text);
}

/// One chain of calls: each level passes its argument down and an output up.
void depth(const fs::path& root, int size) {
  constexpr int kChains = 40;
  fs::path at = root;
  for (int level = 0; level < size; ++level) {
    std::string text = level == 0 ? "" : kModule;
    for (int chain = 0; chain < (level == 0 ? kChains : 1); ++chain) {
      text += "module \"next" + std::to_string(chain) + "\" {\n  source = \"./next\"\n  name   = " +
              (level == 0 ? "\"c" + std::to_string(chain) + "\"" : "\"${var.name}x\"") + "\n}\n";
    }
    if (level > 0) {
      text += "output \"below\" {\n  value = module.next0.bucket\n}\n";
    }
    write(at / "main.tf", text);
    at /= "next";
  }
  write(at / "main.tf", kModule);
}

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
  const std::vector<Series> series = {{"instances of one resource", {1250, 2500, 5000, 10000}, instances},
                                      {"elements of a set", {150, 300, 600, 1200}, elements},
                                      {"calls of one module", {125, 250, 500, 1000}, calls},
                                      {"directories with modules", {125, 250, 500, 1000}, directories},
                                      {"depth of 40 chains of calls", {1, 2, 4, 8}, depth}};
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
