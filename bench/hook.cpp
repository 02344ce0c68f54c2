// What a pre-commit hook costs: `gabion scan --hook` about one changed file in a repository of 1,800 files, when the
// system has the files in memory and when it has to read them anew. The repository is made here, or given.
//   hook PROGRAM [RUNS] [REPOSITORY CHANGED_FILE]
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "inputs.h"
#include "process.h"

namespace {

namespace fs = std::filesystem;
using gabion::bench::Measurement;
using gabion::bench::median;
using gabion::bench::run_once;

/// 450 stacks of four files; each calls one of 50 modules, which belong to the stacks.
void make_repository(const fs::path& root) {
  constexpr int kStacks = 450;
  constexpr int kModules = 50;
  for (int i = 0; i < kStacks; ++i) {
    const std::string number = std::to_string(i);
    const fs::path stack = root / (i < kModules ? "modules" : "live") / ("s" + number);
    std::string main = gabion::bench::kModule;
    if (i >= kModules) {
      main += "module \"shared\" {\n  source = \"../../modules/s" + std::to_string(i % kModules) +
              "\"\n  name   = \"n" + number + "\"\n}\n";
    }
    gabion::bench::write(stack / "main.tf", main);
    gabion::bench::write(stack / "versions.tf", "terraform {\n  required_version = \">= 1.5\"\n}\n");
    gabion::bench::write(stack / "locals.tf", "locals {\n  number = " + number + "\n}\n");
    gabion::bench::write(stack / "more.tf",
                         "resource \"aws_sns_topic\" \"t\" {\n  name              = \"t-${local.number}\"\n"
                         "  kms_master_key_id = aws_kms_key.this.id\n}\n");
  }
}

bool git(const std::string& root, std::vector<std::string> arguments) {
  std::vector<std::string> command{
      "/usr/bin/git",        "-C", root, "-c", "user.name=bench", "-c", "user.email=b@example.com", "-c",
      "commit.gpgsign=false"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_once(command).status == 0;
}

/// Lets the system forget the contents of the files. It keeps their names.
void forget(const fs::path& root) {
  ::sync();
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) {
      const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
      if (file >= 0) {
        static_cast<void>(::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED));
        static_cast<void>(::close(file));
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: hook PROGRAM [RUNS] [REPOSITORY CHANGED_FILE]\n");
    return 2;
  }
  int runs = 9;
  if (argc > 2) {
    const std::string text = argv[2];
    std::from_chars(text.data(), text.data() + text.size(), runs);
  }
  const std::string program = fs::absolute(argv[1]).string();
  std::string scratch = (fs::temp_directory_path() / "gabion-hook-XXXXXX").string();
  if (::mkdtemp(scratch.data()) == nullptr) {
    std::perror("hook");
    return 2;
  }
  std::string repository = scratch;
  std::vector<std::string> changes = {"live/s77/main.tf", "modules/s7/main.tf"};
  if (argc > 4) {
    repository = argv[3];
    changes = {argv[4]};
  } else {
    make_repository(scratch);
    if (!git(scratch, {"init", "-q"}) || !git(scratch, {"add", "-A"}) || !git(scratch, {"commit", "-q", "-m", "x"})) {
      std::fprintf(stderr, "hook: git does not work\n");
      return 2;
    }
  }
  std::printf("%-24s %6s %10s %10s %10s\n", "changed", "", "wall ms", "worst ms", "CPU ms");
  for (const std::string& changed : changes) {
    if (argc <= 4) {
      std::ofstream(fs::path(repository) / changed, std::ios::app)
          << "resource \"aws_kms_key\" \"new\" {\n  enable_key_rotation = false\n}\n";
    }
    for (const bool cold : {false, true}) {
      std::vector<Measurement> all;
      for (int run = 0; run <= std::max(runs, 1); ++run) {
        if (cold) {
          forget(repository);
        }
        const Measurement one =
            run_once({"/usr/bin/env", "-C", repository, program, "scan", "--hook", "--no-config", changed});
        if (one.status != 0 && one.status != 1) {
          std::fprintf(stderr, "hook: the scan of %s ended with status %d\n", changed.c_str(), one.status);
          return 2;
        }
        if (run > 0) {
          all.push_back(one);
        }
      }
      const double wall = median(all, &Measurement::wall_ms);
      std::printf("%-24s %6s %10.1f %10.1f ", changed.c_str(), cold ? "cold" : "warm", wall, all.back().wall_ms);
      std::printf("%10.1f\n", median(all, &Measurement::cpu_ms));
    }
    if (argc <= 4) {
      static_cast<void>(git(repository, {"checkout", "-q", "--", "."}));
    }
  }
  std::error_code ignored;
  fs::remove_all(scratch, ignored);
  return 0;
}
