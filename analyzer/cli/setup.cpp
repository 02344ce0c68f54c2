#include "cli/setup.h"

#include <sys/resource.h>

#include <algorithm>
#include <iterator>

#include "cli/report_output.h"
#include "engine/date.h"
#include "report/unicode.h"

namespace gabion::cli {

namespace {

/// From now on allocations fail beyond so many bytes. What is left of an address space that the system bounds already
/// stays bounded.
void bound_memory(std::uint64_t bytes) {
  struct rlimit limit {};
  if (bytes == 0 || getrlimit(RLIMIT_DATA, &limit) != 0) {
    return;
  }
  limit.rlim_cur = std::min<rlim_t>(bytes, limit.rlim_max);
  static_cast<void>(setrlimit(RLIMIT_DATA, &limit));
}

}  // namespace

std::vector<source::Error> prepare(const Options& options, const Environment& environment, Run& run) {
  std::vector<source::Error> errors;
  bound_memory(options.input.max_memory);
  engine::InputOptions input = options.input;
  run.files = &environment.files;
  for (std::string& path : input.paths) {
    if (path == "-") {
      if (run.overlay != nullptr) {
        errors.push_back({.message = "standard input is named twice", .path = {}, .hint = "give - once"});
        return errors;
      }
      const std::string directory = source::directory_of(options.input.stdin_filename);
      if (const auto status = environment.files.status(directory);
          !status || status->kind != source::EntryKind::kDirectory) {
        errors.push_back({.message = "standard input has a name in a directory that does not exist",
                          .path = options.input.stdin_filename,
                          .hint = "check --stdin-filename"});
        return errors;
      }
      run.overlay = std::make_unique<source::OverlayFileSystem>(environment.files);
      run.overlay->write(options.input.stdin_filename,
                         std::string(std::istreambuf_iterator<char>(environment.in), std::istreambuf_iterator<char>()));
      run.files = run.overlay.get();
      path = options.input.stdin_filename;
    }
  }
  if (input.today.empty()) {
    input.today = engine::date_of(now(environment));
  }
  return engine::prepare(input, environment.files, environment.variables, run);
}

void print_error(const source::Error& error, std::ostream& err) {
  err << "gabion: error: ";
  if (!error.path.empty()) {
    err << report::printable(error.path);
    if (error.line > 0) {
      err << ':' << error.line;
      if (error.column > 0) {
        err << ':' << error.column;
      }
    }
    err << ": ";
  }
  err << report::printable(error.message);
  if (!error.hint.empty()) {
    err << " (" << report::printable(error.hint) << ')';
  }
  err << '\n';
}

}  // namespace gabion::cli
