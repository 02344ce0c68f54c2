#include "cli/change.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "engine/affected.h"
#include "engine/handling.h"
#include "engine/settings.h"
#include "report/diff.h"
#include "source/budget.h"
#include "source/gitignore.h"

namespace gabion::cli {
namespace {

/// The tree without any file, which every repository knows: what the first commit is compared with.
constexpr std::string_view kEmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/// The way from one absolute directory to an absolute path, such as "../modules/m/main.tf".
std::string way_to(const std::string& path, const std::string& from) {
  std::string above = from;
  std::string up;
  while (above != "/" && path != above && !path.starts_with(above + "/")) {
    above = source::directory_of(above);
    up += "../";
  }
  const std::size_t skipped = above == "/" ? 1 : above.size() + 1;
  return source::join_path(".", up + (path.size() > skipped ? path.substr(skipped) : std::string()));
}

/// How absolute paths are printed by a discovery of some roots.
class Printed {
 public:
  /// Nothing when a root is no directory, or known by another name than git has for it: then no path of git's can be
  /// found among those that discovery prints.
  static std::optional<Printed> of(const std::vector<std::string>& roots, const source::FileSystem& files) {
    const auto here = files.canonical(".");
    if (!here || roots.empty()) {
      return std::nullopt;
    }
    const bool absolute = roots.front().starts_with('/');
    for (const std::string& root : roots) {
      const auto real = files.canonical(root);
      const auto status = files.status(root);
      if (!real || !status || status->kind != source::EntryKind::kDirectory || root.starts_with('/') != absolute ||
          *real != source::join_path(*here, root)) {
        return std::nullopt;
      }
    }
    return Printed(absolute ? std::string() : *here);
  }

  [[nodiscard]] std::string operator()(const std::string& path) const {
    return here_.empty() ? path : way_to(path, here_);
  }

 private:
  explicit Printed(std::string here) : here_(std::move(here)) {}
  std::string here_;  ///< empty: paths stay absolute
};

/// Files whose change can change every finding: the configuration, and users' rules.
bool changes_everything(const std::string& path, const Run& run) {
  if (source::name_of(path) == engine::kSettingsFileName) {
    return true;
  }
  const std::string directory = run.settings.path.empty() ? "." : source::directory_of(run.settings.path);
  return std::any_of(run.settings.rule_paths.begin(), run.settings.rule_paths.end(), [&](const std::string& rules) {
    const std::string place = source::join_path(directory, rules);
    return path == place || path.starts_with(place + "/");
  });
}

std::string lines_of(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    text.append(line).append("\n");
  }
  return text;
}

/// What the inventory was before: files that were changed may not have been there, or may be gone now.
source::Inventory inventory_before(const source::FileSystem& before, const source::Inventory& now,
                                   const std::vector<std::string>& changed, const Run& run) {
  const source::IgnorePatterns patterns(lines_of(run.discovery.exclude));
  std::set<std::string_view> known;
  for (const source::DiscoveredFile& file : now.files) {
    known.insert(file.path);
  }
  source::Inventory result = now;
  std::set<std::string_view> absent;
  for (const std::string& path : changed) {
    const source::FileKind kind = source::kind_of(source::name_of(path));
    if (!before.status(path)) {
      absent.insert(path);
    } else if (!known.contains(path) && kind != source::FileKind::kOther && !engine::excludes(patterns, path) &&
               !path.starts_with("../")) {
      result.files.push_back({path, kind, false});
    }
  }
  std::erase_if(result.files, [&](const source::DiscoveredFile& file) { return absent.contains(file.path); });
  std::sort(result.files.begin(), result.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return result;
}

/// The paths of a comparison as the inventory has them.
std::vector<std::string> printed_paths(const std::vector<std::string>& paths, const Printed& printed) {
  std::vector<std::string> result;
  std::transform(paths.begin(), paths.end(), std::back_inserter(result), printed);
  return result;
}

/// Narrows what is analysed, now and before, to what the change can have consequences for.
void narrow(const Run& run, const Environment& environment, engine::ModuleGraph graph,
            const std::vector<std::vector<std::string>>& changed, Change& change) {
  std::vector<const source::FileSystem*> versions;
  for (std::size_t i = 0; i < change.before.size(); ++i) {
    EarlierVersion& version = change.before[i];
    version.inventory = inventory_before(*version.files, change.inventory, changed[i], run);
    versions.push_back(version.files.get());
  }
  if (std::any_of(change.changed.begin(), change.changed.end(),
                  [&](const std::string& path) { return changes_everything(path, run); })) {
    return;
  }
  const std::set<std::string> directories =
      engine::affected_directories(std::move(graph), environment.files, versions, change.inventory, change.changed);
  change.inventory = engine::restricted(change.inventory, directories, change.changed);
  for (EarlierVersion& version : change.before) {
    version.inventory = engine::restricted(version.inventory, directories, change.changed);
  }
}

/// What git tracks below the working directory, as discovery would find it: git has looked at the files already.
source::Expected<source::Inventory> tracked_files(const Run& run) {
  const GitOutput listed = run_git({"ls-files", "--stage", "-z"});
  if (listed.status != 0) {
    return source::Error{.message = "git cannot list the files here", .path = ".", .hint = "check that git works here"};
  }
  const source::IgnorePatterns excluded(lines_of(run.discovery.exclude));
  source::Inventory result;
  result.directories.emplace_back(".");
  result.roots = 1;
  std::set<std::string> directories;
  // "MODE ID STAGE", a tab, the name.
  for (const std::string& entry : fields(listed.text)) {
    const std::size_t tab = entry.find('\t');
    if (tab == std::string::npos || !entry.starts_with("100")) {
      continue;  // links lead to what is listed anyway, or to nothing that is committed
    }
    std::string path = entry.substr(tab + 1);
    const source::FileKind kind = source::kind_of(source::name_of(path));
    if (kind == source::FileKind::kOther || engine::excludes(excluded, path) ||
        (!result.files.empty() && result.files.back().path == path)) {
      continue;  // an entry in conflict is there several times
    }
    if (kind == source::FileKind::kTerraformState) {
      result.states.push_back({.path = path, .repository = true, .ignored = false, .tracked = true});
    }
    for (std::string above = source::directory_of(path); above != "." && directories.insert(above).second;) {
      above = source::directory_of(above);
    }
    result.files.push_back({std::move(path), kind, false});
  }
  result.directories.insert(result.directories.end(), directories.begin(), directories.end());
  std::sort(result.files.begin(), result.files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return result;
}

source::Expected<Change> hook_change(const std::vector<Base>& bases, const Run& run, const Environment& environment) {
  const std::optional<Printed> printed = Printed::of({"."}, environment.files);
  auto inventory = source::Expected<source::Inventory>(source::Inventory{});
  std::optional<engine::ModuleGraph> graph;
  auto tree = compare_work_tree(bases, ".", environment.files, [&] {
    inventory = tracked_files(run);
    if (inventory) {
      graph.emplace(environment.files, *inventory);
    }
  });
  if (!tree) {
    return tree.error();
  }
  if (!inventory) {
    return inventory.error();
  }
  const auto here = environment.files.canonical(".");
  if (!here || !printed) {
    return source::Error{.message = "the working directory cannot be read", .path = ".", .hint = {}};
  }
  Change change;
  FilesBefore absent;
  for (const std::string& path : tree->untracked) {
    absent[path] = std::nullopt;
  }
  change.now = std::make_unique<ChangedFileSystem>(environment.files, std::move(absent));
  change.inventory = std::move(*inventory);
  std::erase_if(change.inventory.files, [&](const source::DiscoveredFile& file) {
    // Taken out, and git was not told yet.
    return std::binary_search(tree->since.front().paths.begin(), tree->since.front().paths.end(),
                              source::join_path(*here, file.path)) &&
           !environment.files.status(file.path);
  });
  std::vector<std::vector<std::string>> changed;
  if (!tree->since.front().paths.empty()) {
    for (Changes& since : tree->since) {
      changed.push_back(printed_paths(since.paths, *printed));
      // Neither had the untracked files.
      for (const std::string& path : tree->untracked) {
        since.before.emplace(path, std::nullopt);
      }
      change.before.push_back(
          {std::make_unique<ChangedFileSystem>(environment.files, std::move(since.before)), source::Inventory{}});
    }
    change.changed = changed.front();
  } else {
    for (const std::string& path : run.paths) {
      change.changed.push_back(source::join_path(".", path));
    }
  }
  narrow(run, environment, std::move(*graph), changed, change);
  return change;
}

}  // namespace

source::Expected<Change> hook_change(const Run& run, const Environment& environment) {
  const auto from = environment.variables.find("PRE_COMMIT_FROM_REF");
  if (from != environment.variables.end() && !from->second.empty()) {
    return hook_change({{from->second, true}}, run, environment);
  }
  std::vector<Base> bases{{"HEAD"}};
  // What the other side of a merge has was not brought by who merges it.
  for (std::string& commit : merged_commits(work_tree_of(".", environment.files), environment.files)) {
    bases.push_back({std::move(commit)});
  }
  auto change = hook_change(bases, run, environment);
  if (!change && run_git({"rev-parse", "--verify", "--quiet", "HEAD"}).status == 1) {
    return hook_change({{std::string(kEmptyTree)}}, run, environment);
  }
  return change;
}

source::Expected<Change> change_since(const std::string& revision, const Run& run, const Environment& environment) {
  auto inventory = source::Expected<source::Inventory>(source::Inventory{});
  auto tree = compare_work_tree({{revision, true}}, run.paths.front(), environment.files,
                                [&] { inventory = source::discover(environment.files, run.paths, run.discovery); });
  if (!tree) {
    return tree.error();
  }
  if (!inventory) {
    return inventory.error();
  }
  Change change;
  change.inventory = std::move(*inventory);
  Changes& since = tree->since.front();
  for (const std::string& path : tree->untracked) {
    if (since.before.emplace(path, std::nullopt).second) {
      since.paths.push_back(path);
    }
  }
  change.before.push_back(
      {std::make_unique<ChangedFileSystem>(environment.files, std::move(since.before)), source::Inventory{}});
  if (const std::optional<Printed> printed = Printed::of(run.paths, environment.files)) {
    change.changed = printed_paths(since.paths, *printed);
    narrow(run, environment, engine::ModuleGraph(environment.files, change.inventory), {change.changed}, change);
    return change;
  }
  // Everything, wherever it is.
  EarlierVersion& then = change.before.front();
  std::vector<std::string> present;
  std::copy_if(run.paths.begin(), run.paths.end(), std::back_inserter(present),
               [&](const std::string& path) { return then.files->status(path).has_value(); });
  auto before = source::discover(*then.files, present, run.discovery);
  if (!before) {
    return before.error();
  }
  then.inventory = std::move(*before);
  return change;
}

report::ShownLines shown_lines(const Change& change, const source::FileSystem& now,
                               const std::vector<findings::Finding>& findings, const source::ArtifactStore& artifacts) {
  std::set<std::string> paths;
  const auto add = [&](const source::Region& region) {
    if (region.valid()) {
      paths.emplace(report::path_of(region, artifacts));
    }
  };
  for (const findings::Finding& finding : findings) {
    add(finding.region);
    for (const findings::Edit& edit : finding.fix ? finding.fix->edits : std::vector<findings::Edit>{}) {
      add(edit.region);
    }
  }
  const source::Limits limits;
  report::ShownLines result;
  for (const std::string& path : paths) {
    const auto after = now.read(path, limits.file_bytes);
    if (!after || change.before.empty()) {
      continue;
    }
    const auto before = change.before.front().files->read(path, limits.file_bytes);
    for (const report::Hunk& hunk : report::diff_lines(before ? std::string_view(*before) : "", *after)) {
      result[path].emplace_back(hunk.new_line, hunk.new_line + std::max(hunk.new_count, 1U) - 1);
    }
  }
  return result;
}

}  // namespace gabion::cli
