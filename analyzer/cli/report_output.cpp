#include "cli/report_output.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/terminal.h"
#include "report/formats.h"
#include "report/github.h"
#include "report/markdown.h"

namespace gabion::cli {
namespace {

std::string variable(const Environment& environment, const std::string& name) {
  const auto found = environment.variables.find(name);
  return found == environment.variables.end() ? std::string() : found->second;
}

/// Directory that a CI service checked the repository out to, where it says so and we are in it.
std::string workspace_of(const Environment& environment, const std::string& base) {
  for (const char* const name : {"GITHUB_WORKSPACE", "CI_PROJECT_DIR", "BITBUCKET_CLONE_DIR"}) {
    const std::string directory = variable(environment, name);
    if (const auto real = environment.files.canonical(directory);
        !directory.empty() && real && (base == *real || base.starts_with(*real + "/"))) {
      return *real;
    }
  }
  return {};
}

/// The log of a CI job is read for commands: GitHub and Azure take "##[" and "##vso[" for one anywhere in a line that
/// is no command already. Written so, a text that has them still says the same to whoever reads the format.
std::string without_log_commands(std::string text, std::string_view format) {
  if (format == "github") {
    return text;
  }
  const report::Format* const known = report::find_format(format);
  const std::string_view bracket = known != nullptr && known->is_json      ? "\\u005b"
                                   : format == "junit" || format == "html" ? "&#91;"
                                                                           : "\\x5b";
  for (const std::string_view command : {"##[", "##vso["}) {
    for (std::size_t at = text.find(command); at != std::string::npos; at = text.find(command, at)) {
      text.replace(at + command.size() - 1, 1, bracket);
    }
  }
  return text;
}

/// Takes a file away at the end of a scope, if it has not got another name by then.
class Leftover {
 public:
  explicit Leftover(const char* path) : path_(path) {}
  Leftover(const Leftover&) = delete;
  Leftover& operator=(const Leftover&) = delete;
  ~Leftover() {
    if (path_ != nullptr) {
      static_cast<void>(unlink(path_));
    }
  }

 private:
  const char* path_;
};

}  // namespace

source::Expected<source::Unit> write_file(const std::string& path, const std::string& contents,
                                          Interruption* interruption) {
  const source::Error failure{
      .message = "the file cannot be written", .path = path, .hint = "check that the directory exists and has room"};
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  const bool fresh = status.type() == std::filesystem::file_type::not_found;
  const bool direct = !fresh && status.type() != std::filesystem::file_type::regular;
  std::string target = path;
  if (!fresh && !direct) {
    if (const std::filesystem::path real = std::filesystem::canonical(path, ignored); !ignored) {
      target = real.string();
    }
  }
  // A pipe may have to wait for its reader, and nothing is left half done in it by ending.
  std::unique_lock<std::mutex> shielded;
  if (interruption != nullptr && !direct) {
    shielded = interruption->shield();
  }
  const std::string temporary = direct ? target : target + ".gabion-" + std::to_string(getpid());
  const Leftover leftover(direct ? nullptr : temporary.c_str());
  {
    std::ofstream out(temporary, std::ios::binary);
    out << contents;
    out.flush();
    if (!out.good()) {
      return failure;
    }
  }
  if (direct) {
    return source::Unit{};
  }
  if (!fresh) {
    std::filesystem::permissions(temporary, status.permissions(), ignored);
  }
  return rename(temporary.c_str(), target.c_str()) == 0 ? source::Expected<source::Unit>(source::Unit{}) : failure;
}

std::size_t summary_room(const std::string& path) {
  std::error_code missing;
  const std::uintmax_t present = std::filesystem::file_size(path, missing);
  const std::size_t taken =
      missing ? 0 : static_cast<std::size_t>(std::min<std::uintmax_t>(present, report::kGithubSummaryBytes));
  return report::kGithubSummaryBytes - taken;
}

source::Expected<source::Unit> append_summary(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::app);
  out << text;
  out.flush();
  if (!out.good()) {
    return source::Error{.message = "the summary of the job cannot be written",
                         .path = path,
                         .hint = "GITHUB_STEP_SUMMARY names a file that can be appended to"};
  }
  return source::Unit{};
}

namespace {

/// Appends the report to the summary of the step.
source::Expected<source::Unit> write_summary(const report::Report& report, const std::string& path,
                                             WrittenReports* written) {
  constexpr std::size_t kLeast = 2048;
  const std::size_t room = summary_room(path);
  if (room < kLeast) {
    return source::Unit{};
  }
  std::ostringstream text;
  report::write_markdown(report, {.max_bytes = room - 1}, text);
  text << '\n';
  if (written != nullptr) {
    written->summary = text.str();
  }
  return append_summary(path, text.str());
}

}  // namespace

std::int64_t now(const Environment& environment) {
  const std::string fixed = variable(environment, "SOURCE_DATE_EPOCH");
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(fixed.data(), fixed.data() + fixed.size(), seconds);
  if (!fixed.empty() && error == std::errc() && end == fixed.data() + fixed.size()) {
    return seconds;
  }
  return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

source::Expected<source::Unit> write_reports(report::Report& report, const Options& options,
                                             const Environment& environment) {
  if (const auto base = environment.files.canonical(".")) {
    report.base = *base;
    report.workspace = workspace_of(environment, *base);
  }
  bool github = false;
  for (const ReportTarget& target : options.scan.reports) {
    report::TextOptions text;
    text.show_unresolved = options.scan.show_unresolved;
    text.show_suppressed = options.scan.show_suppressed;
    text.explain = options.scan.explain;
    github = github || target.format == "github";
    if (target.file.empty()) {
      text.colour = use_colour(options.color, environment.out_is_terminal, environment.variables);
      text.width = terminal_width(environment.variables);
      text.wrap = environment.out_is_terminal;
      if (use_links(options.scan.links, environment.out_is_terminal, environment.variables)) {
        text.link_base = report.base;
      }
      if (variable(environment, "GITHUB_ACTIONS").empty() && variable(environment, "TF_BUILD").empty()) {
        report::write_report(target.format, report, text, environment.out);
      } else {
        std::ostringstream log;
        report::write_report(target.format, report, text, log);
        environment.out << without_log_commands(log.str(), target.format);
      }
      continue;
    }
    std::ostringstream contents;
    report::write_report(target.format, report, text, contents);
    if (auto written = write_file(target.file, contents.str(), environment.interruption); !written) {
      return written;
    }
    if (environment.written != nullptr) {
      environment.written->files.emplace_back(target.file, contents.str());
    }
  }
  if (const std::string summary = variable(environment, "GITHUB_STEP_SUMMARY"); github && !summary.empty()) {
    return write_summary(report, summary, environment.written);
  }
  return source::Unit{};
}

}  // namespace gabion::cli
