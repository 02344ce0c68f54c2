#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/terminal.h"
#include "engine/fix_applier.h"
#include "report/diff.h"

namespace gabion::cli {
namespace {

source::Error system_error(const std::string& path, std::string_view what) {
  return {
      .message = std::string(what) + ": " + std::strerror(errno), .path = path, .hint = "nothing was changed there"};
}

/// Replaces a file by way of a neighbour and a rename, with the same mode. Nothing is written when the file no longer
/// holds what was analysed.
source::Expected<source::Unit> replace_file(const std::string& name, const std::string& before,
                                            const std::string& after, const source::FileSystem& files) {
  // Through symbolic links: they stay, the file they lead to changes.
  const auto real = files.canonical(name);
  const std::string& path = real ? *real : name;
  const auto current = files.read(path, before.size() + 1);
  if (!current || *current != before) {
    return source::Error{
        .message = "the file changed while it was analysed", .path = path, .hint = "run gabion fix again"};
  }
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    return system_error(path, "cannot look at the file");
  }
  const std::string temporary = path + ".gabion-" + std::to_string(getpid());
  const int descriptor = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 07777U);
  if (descriptor < 0) {
    return system_error(path, "cannot write beside the file");
  }
  std::size_t done = 0;
  bool good = fchmod(descriptor, status.st_mode & 07777U) == 0;
  while (good && done < after.size()) {
    const ssize_t count = ::write(descriptor, after.data() + done, after.size() - done);
    if (count < 0 && errno != EINTR) {
      good = false;
    } else if (count > 0) {
      done += static_cast<std::size_t>(count);
    }
  }
  good = good && fsync(descriptor) == 0;
  good = close(descriptor) == 0 && good;
  if (!good || rename(temporary.c_str(), path.c_str()) != 0) {
    const source::Error error = system_error(path, "cannot write the file");
    static_cast<void>(unlink(temporary.c_str()));
    return error;
  }
  return source::Unit{};
}

}  // namespace

int run_fix(const Options& options, Environment& environment) {
  Run run;
  if (const std::vector<source::Error> errors = prepare(options, environment, run); !errors.empty()) {
    for (const source::Error& error : errors) {
      print_error(error, environment.err);
    }
    return kUsage;
  }
  if (run.overlay != nullptr && options.fix.write) {
    print_error({.message = "standard input cannot be written to", .path = {}, .hint = "leave out --write"},
                environment.err);
    return kUsage;
  }
  source::ArtifactStore artifacts;
  const auto plan = engine::plan_fixes(run.request(), {.unsafe = options.fix.unsafe}, artifacts);
  if (!plan) {
    print_error(plan.error(), environment.err);
    return kUsage;
  }
  const bool colour = use_colour(options.color, environment.out_is_terminal, environment.variables);
  for (const auto& [path, texts] : plan->files) {
    if (options.fix.write) {
      if (const auto written = replace_file(path, texts.first, texts.second, *run.files); !written) {
        print_error(written.error(), environment.err);
        return kUsage;
      }
      environment.out << "fixed " << path << '\n';
    } else {
      report::write_diff(path, texts.first, texts.second,
                         {.context = 3, .colour = colour, .printable = environment.out_is_terminal}, environment.out);
    }
  }
  for (const engine::SkippedFix& skipped : plan->skipped) {
    environment.err << skipped.file << ':' << skipped.line << ": " << skipped.rule << " (" << skipped.resource
                    << "): " << skipped.reason << '\n';
  }
  environment.err << plan->fixed << (plan->fixed == 1 ? " finding " : " findings ")
                  << (options.fix.write ? "fixed" : "can be fixed") << ", " << plan->remaining.size() << " left";
  if (!options.fix.write && plan->fixed > 0) {
    environment.err << "; --write changes " << plan->files.size() << (plan->files.size() == 1 ? " file" : " files");
  }
  environment.err << '\n';
  for (const findings::Diagnostic& diagnostic : plan->before.diagnostics) {
    if (diagnostic.severity == findings::DiagnosticSeverity::kError) {
      const bool placed = diagnostic.region.valid();
      print_error({.message = diagnostic.message,
                   .path = placed ? std::string(artifacts.get(diagnostic.region.artifact).path()) : diagnostic.path,
                   .line = placed ? artifacts.begin_of(diagnostic.region).line : 0,
                   .hint = diagnostic.hint},
                  environment.err);
    }
  }
  if (!plan->remaining.empty()) {
    return kFindings;
  }
  return plan->before.coverage.incomplete ? kIncomplete : kClean;
}

}  // namespace gabion::cli
