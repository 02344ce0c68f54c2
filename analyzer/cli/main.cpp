// The program: connects the commands with the process.
#include <unistd.h>

#include <cstring>
#include <iostream>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"

extern "C" char** environ;

int main(int argc, char** argv) {
  std::ios::sync_with_stdio(false);
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
  const int status = gabion::cli::run(argc, argv, environment);
  std::cout.flush();
  // A report that did not arrive is no report.
  return std::cout.good() ? status : 2;
}
