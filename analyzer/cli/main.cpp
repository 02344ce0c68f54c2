// The program: connects the commands with the process.
#include <malloc.h>
#include <unistd.h>

#include <cstring>
#include <iostream>
#include <new>
#include <string_view>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "eval/memory.h"
#include "source/memory_shortage.h"
#include "syntax/memory.h"

extern "C" char** environ;

namespace {

/// An analysis makes and drops millions of small blocks and ends soon: what it freed is kept for what it makes next.
void prepare_heap() {
#ifdef __GLIBC__
  constexpr int kMegabyte = 1024 * 1024;
  mallopt(M_MXFAST, 160);  // the most that it takes
  mallopt(M_TOP_PAD, kMegabyte);
  mallopt(M_TRIM_THRESHOLD, 512 * kMegabyte);
  mallopt(M_MMAP_THRESHOLD, 32 * kMegabyte);
#endif
}

/// For the start, and for libraries that cannot say that there is no memory. No file is half written: none is being
/// written then.
[[noreturn]] void end_without_memory() {
  constexpr std::string_view kText = "gabion: error: there is not enough memory to finish\n";
  static_cast<void>(!write(STDERR_FILENO, kText.data(), kText.size()));
  _exit(gabion::cli::kIncomplete);
}

int run(int argc, char** argv) {
  gabion::cli::Interruption interruption;
  const gabion::source::DiskFileSystem files;
  gabion::cli::Environment environment{std::cin,
                                       std::cout,
                                       std::cerr,
                                       files,
                                       {},
                                       isatty(STDIN_FILENO) == 1,
                                       isatty(STDOUT_FILENO) == 1,
                                       isatty(STDERR_FILENO) == 1,
                                       &interruption};
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (const char* equals = std::strchr(*entry, '='); equals != nullptr) {
      environment.variables.emplace(std::string(*entry, static_cast<std::size_t>(equals - *entry)), equals + 1);
    }
  }
  if (environment.out_is_terminal && environment.variables["COLUMNS"].empty()) {
    if (const auto columns = gabion::cli::columns_of(STDOUT_FILENO)) {
      environment.variables["COLUMNS"] = std::to_string(*columns);
    }
  }
  return gabion::cli::run(argc, argv, environment);
}

}  // namespace

int main(int argc, char** argv) {
  prepare_heap();
  gabion::syntax::on_memory_shortage(end_without_memory);
  gabion::eval::on_memory_shortage(end_without_memory);
  gabion::source::end_guarded_shortage_with(end_without_memory);
  try {
    std::ios::sync_with_stdio(false);
    const int status = run(argc, argv);
    std::cout.flush();
    // A report that did not arrive is no report.
    return std::cout.good() ? status : 2;
  } catch (const std::bad_alloc&) {
    end_without_memory();
  }
}
