#include "cli/scan_cache.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <set>
#include <streambuf>
#include <string_view>
#include <utility>

#include "cache/codec.h"
#include "cache/outcome.h"
#include "cache/program_id.h"
#include "cache/store.h"
#include "cli/exit_status.h"
#include "cli/report_output.h"
#include "engine/date.h"
#include "report/gitlab.h"
#include "report/unicode.h"

namespace gabion::cli {
namespace {

std::string value_of(const std::map<std::string, std::string>& variables, const std::string& name) {
  const auto found = variables.find(name);
  return found == variables.end() ? std::string() : found->second;
}

/// Passes on what is written, and keeps it as far as it may be remembered.
class Tee final : public std::streambuf {
 public:
  explicit Tee(std::ostream& to) : to_(to) {}

  /// What was written; nothing when it was more than an entry holds.
  [[nodiscard]] std::optional<std::string> take() { return lost_ ? std::nullopt : std::optional(std::move(kept_)); }

 protected:
  int_type overflow(int_type character) override {
    if (!traits_type::eq_int_type(character, traits_type::eof())) {
      const char byte = traits_type::to_char_type(character);
      xsputn(&byte, 1);
    }
    return to_.good() ? traits_type::not_eof(character) : traits_type::eof();
  }
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    lost_ = lost_ || kept_.size() + static_cast<std::size_t>(size) > cache::StoreLimits{}.entry_bytes;
    if (lost_) {
      std::string().swap(kept_);
    } else {
      kept_.append(text, static_cast<std::size_t>(size));
    }
    to_.write(text, size);
    return to_.good() ? size : 0;
  }
  int sync() override {
    to_.flush();
    return to_.good() ? 0 : -1;
  }

 private:
  std::ostream& to_;
  std::string kept_;
  bool lost_ = false;
};

std::int64_t nanoseconds_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// One scan and the entry that belongs to it.
class Remembered {
 public:
  Remembered(cache::Store store, const cache::Digest& key, const Options& options, Environment& environment)
      : store_(std::move(store)), key_(key), options_(options), environment_(environment) {}

  /// Gives what an entry says, when it still holds: the status.
  [[nodiscard]] std::optional<int> repeat() {
    const std::optional<std::string> bytes = store_.read(key_);
    std::optional<cache::Outcome> known = bytes ? cache::decoded(*bytes) : std::nullopt;
    if (!known) {
      say("nothing is known of such a scan");
      return std::nullopt;
    }
    const cache::Search search =
        known->parts && !options_.scan.prove_fixes ? cache::Search::kContents : cache::Search::kFirstChange;
    cache::Check check = cache::check(known->trace, environment_.files, source::stamp_of, nanoseconds_now(), search);
    if (!check.same) {
      say("something changed: " + check.changed);
      if (check.contents) {
        recall_parts(std::move(*known), std::move(*check.contents));
      }
      return std::nullopt;
    }
    if (!tell_times_anew(*known)) {
      return std::nullopt;
    }
    for (const auto& [path, contents] : known->files) {
      if (!write_file(path, contents, environment_.interruption)) {
        return std::nullopt;  // the scan says what is wrong
      }
    }
    if (!known->summary.empty() &&
        !append_summary(value_of(environment_.variables, "GITHUB_STEP_SUMMARY"), known->summary)) {
      return std::nullopt;
    }
    environment_.out << known->out;
    environment_.err << known->err;
    say("nothing changed since an earlier scan");
    if (check.refreshed) {
      keep(*known);
    }
    return known->status;
  }

  [[nodiscard]] int run(int (*scan)(const Options& options, Environment& environment)) {
    const cache::Recorder files(environment_.files, source::stamp_of, nanoseconds_now());
    Tee out_bytes(environment_.out);
    Tee err_bytes(environment_.err);
    std::ostream out(&out_bytes);
    std::ostream err(&err_bytes);
    WrittenReports written;
    Environment inner{environment_.in,
                      out,
                      err,
                      files,
                      variables_of_scans(environment_.variables),
                      environment_.in_is_terminal,
                      environment_.out_is_terminal,
                      environment_.err_is_terminal,
                      environment_.interruption,
                      &environment_.err,
                      &written,
                      &kept_};
    kept_.reading = [&](bool modules) { files.set_reading_modules(modules); };
    for (const std::string& path : changed_) {
      (void)files.status(path);  // not everybody who did before does now
    }
    cache::Outcome outcome;
    outcome.status = scan(options_, inner);
    out.flush();
    err.flush();
    if (outcome.status == kUsage || !written.repeatable || !out.good() || !err.good()) {
      return outcome.status;
    }
    std::optional<cache::Trace> trace = files.trace();
    if (trace) {
      trace = cache::merged(std::move(*trace), std::move(earlier_), changed_);
    }
    if (!trace) {
      say("files changed during the scan: it is not remembered");
      return outcome.status;
    }
    auto printed = out_bytes.take();
    auto told = err_bytes.take();
    if (!printed || !told) {
      say("the report is too long to be remembered");
      return outcome.status;
    }
    outcome.trace = std::move(*trace);
    outcome.out = std::move(*printed);
    outcome.err = std::move(*told);
    outcome.files = std::move(written.files);
    outcome.summary = std::move(written.summary);
    keep_parts(files, outcome);
    keep(outcome);
    return outcome.status;
  }

 private:
  /// Takes what root modules gave that do not hang on the files that changed.
  void recall_parts(cache::Outcome known, std::set<std::string> changed) {
    const std::optional<std::string> bytes = store_.read(parts_key());
    if (!bytes || cache::digest_of(*bytes) != *known.parts) {
      return;
    }
    cache::Reader from(*bytes);
    for (std::size_t left = from.count(1); left > 0; --left) {
      if (changed.contains(std::string(from.text()))) {
        return;  // the analysis is another one
      }
    }
    auto roots = engine::KeptRoots::from(from.text());
    if (!roots || !from.ended()) {
      return;
    }
    const std::size_t all = roots->size();
    roots->leave_out(changed);
    say("root modules that nothing changed for: " + std::to_string(roots->size()) + " of " + std::to_string(all));
    kept_.roots = std::move(*roots);
    changed_ = std::move(changed);
    earlier_ = std::move(known.trace);
  }
  void keep_parts(const cache::Recorder& files, cache::Outcome& outcome) {
    if (kept_.roots.size() < 2) {
      return;  // a change of the only one leaves nothing to go on with
    }
    cache::Writer to;
    const std::set<std::string> beside = files.read_beside();
    to.number(beside.size());
    for (const std::string& path : beside) {
      to.text(path);
    }
    to.text(kept_.roots.bytes());
    kept_.roots = {};  // nobody asks for them any more
    const std::string bytes = to.take();
    if (const auto kept = store_.write(parts_key(), bytes); kept) {
      outcome.parts = cache::digest_of(bytes);
    }
  }
  [[nodiscard]] cache::Digest parts_key() const {
    return cache::Hasher().text("parts").text(cache::hexadecimal(key_)).finish();
  }

  /// GitLab's report tells when the scan took place: now. False when it does not tell.
  [[nodiscard]] bool tell_times_anew(cache::Outcome& known) const {
    const std::int64_t time = now(environment_);
    return std::all_of(options_.scan.reports.begin(), options_.scan.reports.end(), [&](const ReportTarget& target) {
      if (target.format != "gitlab") {
        return true;
      }
      const auto file = std::find_if(known.files.begin(), known.files.end(),
                                     [&](const auto& written) { return written.first == target.file; });
      return file != known.files.end() ? report::set_gitlab_times(file->second, time)
                                       : target.file.empty() && report::set_gitlab_times(known.out, time);
    });
  }
  void keep(const cache::Outcome& outcome) {
    if (const auto kept = store_.write(key_, cache::encoded(outcome)); !kept) {
      say(kept.error().message);
    }
  }
  void say(const std::string& what) const {
    if (options_.scan.verbose) {
      environment_.err << "gabion: cache: " << report::printable(what) << '\n';
    }
  }

  cache::Store store_;
  cache::Digest key_;
  engine::KeptAnalysis kept_;
  std::set<std::string> changed_;  ///< files since the earlier scan
  cache::Trace earlier_;           ///< what that one asked, when its root modules are used again
  const Options& options_;
  Environment& environment_;
};

/// Everything that a scan hangs on besides what it reads.
cache::Digest key_of(const std::string& program, const std::string& here, const Options& options,
                     const Environment& environment) {
  cache::Hasher key;
  key.text("scan").text(program).text(here).text(options.input.today).number(::geteuid());
  for (const bool terminal : {environment.in_is_terminal, environment.out_is_terminal, environment.err_is_terminal}) {
    key.number(terminal ? 1 : 0);
  }
  key.number(options.arguments.size());
  for (const std::string& argument : options.arguments) {
    key.text(argument);
  }
  for (const auto& [name, value] : variables_of_scans(environment.variables)) {
    // Each step of a job has a summary of its own; only how much may be added makes a difference.
    const bool summary = name == "GITHUB_STEP_SUMMARY" && !value.empty();
    key.text(name).text(summary ? std::to_string(summary_room(value)) : value);
  }
  return key.finish();
}

}  // namespace

std::string cache_directory(const std::string& option, const std::map<std::string, std::string>& variables) {
  if (option == "off") {
    return {};
  }
  if (!option.empty()) {
    return option;
  }
  // A relative path is to be ignored, says the specification of base directories.
  if (const std::string caches = value_of(variables, "XDG_CACHE_HOME"); caches.starts_with('/')) {
    return source::join_path(caches, "gabion");
  }
  const std::string home = value_of(variables, "HOME");
  return home.starts_with('/') ? source::join_path(home, ".cache/gabion") : std::string();
}

std::string why_not_remembered(const Options& options) {
  if (options.scan.hook || !options.scan.changed_since.empty()) {
    return "revisions of git are compared";
  }
  if (std::find(options.input.paths.begin(), options.input.paths.end(), "-") != options.input.paths.end()) {
    return "standard input is read";
  }
  if (options.scan.statistics) {
    return "the time taken is told";
  }
  return {};
}

std::map<std::string, std::string> variables_of_scans(const std::map<std::string, std::string>& variables) {
  constexpr std::array<const char*, 18> kNames = {"TF_WORKSPACE",
                                                  "TF_DATA_DIR",
                                                  "SOURCE_DATE_EPOCH",
                                                  "COLUMNS",
                                                  "TERM",
                                                  "TERM_PROGRAM",
                                                  "NO_COLOR",
                                                  "CLICOLOR",
                                                  "CLICOLOR_FORCE",
                                                  "FORCE_HYPERLINK",
                                                  "VTE_VERSION",
                                                  "KONSOLE_VERSION",
                                                  "GITHUB_WORKSPACE",
                                                  "CI_PROJECT_DIR",
                                                  "BITBUCKET_CLONE_DIR",
                                                  "GITHUB_ACTIONS",
                                                  "GITHUB_STEP_SUMMARY",
                                                  "TF_BUILD"};
  std::map<std::string, std::string> result;
  for (const auto& [name, value] : variables) {
    if (name.starts_with("TF_VAR_") || std::find(kNames.begin(), kNames.end(), name) != kNames.end()) {
      result.emplace(name, value);
    }
  }
  // Of these it counts only whether they are set; each window has a value of its own.
  for (const char* const name : {"WT_SESSION", "DOMTERM"}) {
    if (!value_of(variables, name).empty()) {
      result.emplace(name, "1");
    }
  }
  return result;
}

int run_remembered(int (*scan)(const Options& options, Environment& environment), const Options& options,
                   Environment& environment) {
  const auto do_without = [&](const std::string& why) {
    if (options.scan.verbose) {
      environment.err << "gabion: cache: not used: " << report::printable(why) << '\n';
    }
    return scan(options, environment);
  };
  const std::string directory = cache_directory(options.scan.cache, environment.variables);
  if (directory.empty()) {
    return do_without(options.scan.cache == "off" ? "switched off" : "there is no directory for it");
  }
  if (const std::string why = why_not_remembered(options); !why.empty()) {
    return do_without(why);
  }
  if (dynamic_cast<const source::DiskFileSystem*>(&environment.files) == nullptr) {
    return do_without("files are not those on disk");
  }
  const std::string program = cache::program_id();
  const auto here = environment.files.canonical(".");
  if (program.empty() || !here) {
    return do_without("this program, or the working directory, is not known");
  }
  auto store = cache::Store::open(directory);
  if (!store) {
    return do_without(store.error().message);
  }
  Options dated = options;
  if (dated.input.today.empty()) {  // so that midnight does not come in between
    dated.input.today = engine::date_of(now(environment));
  }
  Remembered remembered(std::move(*store), key_of(program, *here, dated, environment), dated, environment);
  if (const std::optional<int> status = remembered.repeat()) {
    return *status;
  }
  return remembered.run(scan);
}

}  // namespace gabion::cli
