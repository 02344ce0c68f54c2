// What a pre-commit hook costs: `gabion scan --hook` about one changed file in a repository of 1,800 files, when the
// system has the files in memory and when it has to read them anew. The repository is made here, or given.
//   hook PROGRAM [RUNS] [REPOSITORY CHANGED_FILE]
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
  const int runs = gabion::bench::number_argument(argc, argv, 2, 9);
  const std::string program = fs::absolute(argv[1]).string();
  const gabion::bench::Scratch scratch;
  if (scratch.path().empty()) {
    return 2;
  }
  const bool given = argc > 4;
  const std::string repository = given ? argv[3] : scratch.path().string();
  const std::vector<std::string> changes =
      given ? std::vector<std::string>{argv[4]} : std::vector<std::string>{"live/s77/main.tf", "modules/s7/main.tf"};
  if (!given) {
    make_repository(scratch.path());
    if (!git(repository, {"init", "-q"}) || !git(repository, {"add", "-A"}) ||
        !git(repository, {"commit", "-q", "-m", "x"})) {
      std::fprintf(stderr, "hook: git does not work\n");
      return 2;
    }
  }
  std::printf("%-20s %-6s %-28s %9s %9s %9s\n", "changed", "files", "", "least ms", "median ms", "CPU ms");
  for (const std::string& changed : changes) {
    if (!given) {
      std::ofstream(fs::path(repository) / changed, std::ios::app)
          << "resource \"aws_kms_key\" \"new\" {\n  enable_key_rotation = false\n}\n";
    }
    const auto there = [&](std::vector<std::string> command) {
      command.insert(command.begin(), {"/usr/bin/env", "-C", repository});
      return command;
    };
    const std::vector<std::string> hook = there({program, "scan", "--hook", "--no-config", changed});
    if (const int status = run_once(hook).status; status != 0 && status != 1) {
      std::fprintf(stderr, "hook: the scan of %s ended with status %d\n", changed.c_str(), status);
      return 2;
    }
    // What a hook cannot do without, in the same runs: to start, to ask git what changed, to read what it decides by.
    const std::vector<std::pair<const char*, std::vector<std::string>>> commands = {
        {"the hook", hook},
        {"start of the program", there({program, "--version"})},
        {"git diff --cached --raw HEAD", there({"/usr/bin/git", "diff", "--cached", "--raw", "HEAD"})},
        {"cat of all *.tf", there({"/bin/sh", "-c", "git ls-files -z '*.tf' | xargs -0 cat"})},
    };
    for (const bool cold : {false, true}) {
      std::vector<std::vector<std::string>> lines;
      for (const auto& [what, command] : commands) {
        lines.push_back(command);
      }
      auto all = gabion::bench::by_turns(lines, runs, [&] {
        if (cold) {
          forget(repository);
        }
      });
      for (std::size_t at = 0; at < commands.size(); ++at) {
        std::printf("%-20s %-6s %-28s %9.1f %9.1f %9.1f\n", at == 0 ? changed.c_str() : "", cold ? "cold" : "warm",
                    commands[at].first, gabion::bench::least(all[at], &Measurement::wall_ms),
                    median(all[at], &Measurement::wall_ms), median(all[at], &Measurement::cpu_ms));
      }
      std::fflush(stdout);
    }
    if (!given) {
      static_cast<void>(git(repository, {"checkout", "-q", "--", "."}));
    }
  }
  return 0;
}
