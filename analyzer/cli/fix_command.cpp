// gabion fix: shows, asks about, or writes the fixes that plan_fixes proved.
#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>

#include "cli/change.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/fix_git.h"
#include "cli/fix_writer.h"
#include "cli/terminal.h"
#include "cli/watched_progress.h"
#include "engine/fix_applier.h"
#include "engine/fix_edits.h"
#include "report/diff.h"
#include "report/unicode.h"

namespace gabion::cli {
namespace {

std::string count_of(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

void list_errors(const engine::FixPlan& plan, const source::ArtifactStore& artifacts, std::ostream& err) {
  for (const findings::Diagnostic& diagnostic : plan.before.diagnostics) {
    if (diagnostic.severity == findings::DiagnosticSeverity::kError) {
      const bool placed = diagnostic.region.valid();
      print_error({.message = diagnostic.message,
                   .path = placed ? std::string(artifacts.get(diagnostic.region.artifact).path()) : diagnostic.path,
                   .line = placed ? artifacts.begin_of(diagnostic.region).line : 0,
                   .hint = diagnostic.hint},
                  err);
    }
  }
}

/// Walks a person through the fixes.
class Interview {
 public:
  Interview(Environment& environment, bool colour) : environment_(environment), colour_(colour) {}

  bool operator()(const engine::OfferedFix& offered) {
    if (all_ || none_) {
      return all_;
    }
    const source::Artifact& file = offered.artifacts.get(offered.finding.region.artifact);
    environment_.out << '\n'
                     << report::printable(file.path()) << ':' << offered.artifacts.begin_of(offered.finding.region).line
                     << ": " << report::printable(offered.finding.message) << " [" << offered.finding.rule->id << "]\n"
                     << findings::name(offered.fix.safety) << " fix: " << report::printable(offered.fix.title) << '\n';
    if (!offered.why.empty()) {
      environment_.out << "why there: " << report::printable(source::shown(offered.why, offered.artifacts.guard()))
                       << '\n';
    }
    std::map<source::ArtifactId, std::vector<findings::Edit>> edits;
    for (const findings::Edit& edit : offered.fix.edits) {
      edits[edit.region.artifact].push_back(edit);
    }
    for (const auto& [id, list] : edits) {
      const source::Artifact& artifact = offered.artifacts.get(id);
      report::write_diff(artifact.path(), artifact.bytes(), engine::apply_edits(artifact.bytes(), list),
                         {.context = 3,
                          .colour = colour_,
                          .guard = offered.artifacts.guard(),
                          .printable = environment_.out_is_terminal},
                         environment_.out);
    }
    return ask();
  }

 private:
  bool ask() {
    while (true) {
      environment_.out << "apply this fix? [y]es, [n]o, [a]ll from here, [q]uit: " << std::flush;
      std::string line;
      if (!std::getline(environment_.in, line) || line == "q") {
        none_ = true;
        environment_.out << '\n';
        return false;
      }
      if (line == "a") {
        all_ = true;
      }
      if (line == "y" || line == "a") {
        return true;
      }
      if (line == "n") {
        return false;
      }
    }
  }

  Environment& environment_;
  bool colour_;
  bool all_ = false;
  bool none_ = false;
};

void explain(const engine::FixPlan& plan, const source::TextGuard* guard, std::ostream& err) {
  for (const engine::AppliedFix& fix : plan.applied) {
    err << report::printable(fix.file) << ':' << fix.line << ": " << fix.rule << " (" << report::printable(fix.resource)
        << "): " << findings::name(fix.safety) << " fix: " << report::printable(source::shown(fix.title, guard));
    err << (fix.why.empty() ? "" : "; " + report::printable(source::shown(fix.why, guard))) << '\n';
  }
  if (!plan.differences.empty()) {
    err << "what changes in the evaluated configuration, and nothing else:\n";
  }
  for (const engine::ModelDifference& difference : plan.differences) {
    err << "  " << report::printable(source::shown(engine::describe(difference), guard)) << '\n';
  }
}

/// What a person has to do by hand, as a diff to copy from.
void show_by_hand(const engine::SkippedFix& skipped, const source::ArtifactStore& artifacts,
                  const engine::FixPlan& plan, const report::DiffOptions& style, std::ostream& err) {
  for (const auto& [path, text] : skipped.texts) {
    const source::Artifact* before = artifacts.find(path);
    const auto changed = plan.files.find(path);
    if (before != nullptr) {
      report::write_diff(path, changed == plan.files.end() ? before->bytes() : std::string_view(changed->second.second),
                         text, style, err);
    }
  }
}

void summary(const engine::FixPlan& plan, const FixCommandOptions& options, bool written,
             const source::TextGuard* guard, std::ostream& err) {
  err << count_of(plan.fixed, "finding") << (written ? " fixed" : " can be fixed") << ", " << plan.remaining.size()
      << " left";
  if (!written && plan.fixed > 0) {
    err << "; --write changes " << count_of(plan.files.size(), "file");
  }
  err << '\n';
  if (!plan.led_to.empty()) {
    err << "of these " << plan.led_to.size() << " new, which the fixes lead to:\n";
    for (const findings::Finding& finding : plan.led_to) {
      err << "  " << finding.rule->id << " (" << report::printable(finding.resource)
          << "): " << report::printable(source::shown(finding.message, guard)) << '\n';
    }
  }
  std::map<engine::SkipKind, std::size_t> counts;
  for (const engine::SkippedFix& skipped : plan.skipped) {
    ++counts[skipped.kind];
  }
  static const std::map<engine::SkipKind, std::string_view> kWords = {
      {engine::SkipKind::kNone, "without a fix"},        {engine::SkipKind::kManual, "to be fixed by hand"},
      {engine::SkipKind::kUnsafe, "with an unsafe fix"}, {engine::SkipKind::kUnproved, "with a fix that did not prove"},
      {engine::SkipKind::kDeclined, "declined"},         {engine::SkipKind::kConflict, "in conflict with another fix"}};
  std::string line;
  for (const auto& [kind, count] : counts) {
    line += (line.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(kWords.at(kind));
  }
  if (!line.empty()) {
    err << "left: " << line << '\n';
  }
  if (!options.unsafe && counts.contains(engine::SkipKind::kUnsafe)) {
    err << "--unsafe includes fixes that may replace a resource, narrow access or cost money\n";
  }
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
  const bool write = options.fix.write || options.fix.interactive;
  if (run.overlay != nullptr && write) {
    print_error(
        {.message = "standard input cannot be written to", .path = {}, .hint = "leave out --write and --interactive"},
        environment.err);
    return kUsage;
  }
  std::optional<Change> hook;
  if (options.fix.hook) {
    auto change = hook_change(run, environment);
    if (!change) {
      print_error(change.error(), environment.err);
      return kUsage;
    }
    hook = std::move(*change);
    run.paths = {"."};
    run.files = hook->now.get();
    run.inventory = &hook->inventory;
  }
  if (write && !options.fix.allow_dirty) {
    for (const std::string& path : run.paths) {
      if (const auto clean = refuse_dirty_tree(path, *run.files); !clean) {
        print_error(clean.error(), environment.err);
        return kUsage;
      }
    }
  }
  const bool colour = use_colour(options.color, environment.out_is_terminal, environment.variables);
  engine::FixOptions wanted{.unsafe = options.fix.unsafe};
  if (options.fix.interactive) {
    wanted.accept = Interview(environment, colour);
  } else if (hook) {
    wanted.accept = [&](const engine::OfferedFix& offered) {
      return std::all_of(offered.fix.edits.begin(), offered.fix.edits.end(), [&](const findings::Edit& edit) {
        const std::string_view path = offered.artifacts.get(edit.region.artifact).path();
        return std::find(hook->changed.begin(), hook->changed.end(), path) != hook->changed.end();
      });
    };
  }
  source::ArtifactStore artifacts;
  const source::FileSystem& files = *run.files;
  std::optional<WatchedProgress> progress;
  std::optional<CountedFileSystem> counted;
  if (!options.fix.interactive) {  // questions have the terminal for themselves
    progress.emplace("proving fixes", environment);
    run.files = &counted.emplace(files, *progress);
  }
  auto plan = engine::plan_fixes(run.request(), wanted, artifacts);
  run.files = &files;
  counted.reset();
  progress.reset();
  if (!plan) {
    print_error(plan.error(), environment.err);
    return kUsage;
  }
  // What is suppressed or only observed is no work that is left.
  for (std::vector<findings::Finding>* const list : {&plan->remaining, &plan->led_to}) {
    std::erase_if(*list, [](const findings::Finding& finding) { return !counts(finding); });
  }
  const report::DiffOptions style{
      .context = 3, .colour = colour, .guard = artifacts.guard(), .printable = environment.out_is_terminal};
  bool complete = true;
  if (write) {
    std::set<std::string> directories;
    for (std::size_t i = 0; i < artifacts.size(); ++i) {
      const source::Artifact& artifact = artifacts.added(i);
      if (artifact.role() == source::Role::kProject &&
          directories.insert(source::directory_of(artifact.path())).second) {
        clean_up_after_others(source::directory_of(artifact.path()));
      }
    }
    if (const auto written = write_all(plan->files, *run.files); !written) {
      print_error(written.error(), environment.err);
      return kUsage;
    }
    for (const auto& [path, texts] : plan->files) {
      environment.out << "fixed " << report::printable(path) << '\n';
    }
  } else {
    for (const auto& [path, texts] : plan->files) {
      complete = report::write_diff(path, texts.first, texts.second, style, environment.out) && complete;
    }
  }
  if (!complete) {
    environment.err << "secrets are left out of the diff, so that it cannot be applied as it is; use --write\n";
  }
  for (const engine::SkippedFix& skipped : plan->skipped) {
    environment.err << report::printable(skipped.file) << ':' << skipped.line << ": " << skipped.rule << " ("
                    << report::printable(skipped.resource)
                    << "): " << report::printable(source::shown(skipped.reason, artifacts.guard())) << '\n';
    show_by_hand(skipped, artifacts, *plan,
                 {.context = 3, .colour = false, .guard = style.guard, .printable = style.printable}, environment.err);
  }
  if (options.fix.explain) {
    explain(*plan, artifacts.guard(), environment.err);
  }
  summary(*plan, options.fix, write, artifacts.guard(), environment.err);
  list_errors(*plan, artifacts, environment.err);
  if (!plan->remaining.empty()) {
    return kFindings;
  }
  return plan->before.coverage.incomplete ? kIncomplete : kClean;
}

}  // namespace gabion::cli
