#include "cli/hook.h"

#include <algorithm>

#include "engine/affected.h"
#include "engine/settings.h"

namespace gabion::cli {
namespace {

/// The tree without any file, which every repository knows: what the first commit is compared with.
constexpr std::string_view kEmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

std::string base_of(const Environment& environment) {
  const auto from = environment.variables.find("PRE_COMMIT_FROM_REF");
  if (from != environment.variables.end() && !from->second.empty()) {
    return from->second;
  }
  return run_git({"rev-parse", "--verify", "--quiet", "HEAD"}).status == 0 ? "HEAD" : std::string(kEmptyTree);
}

/// Paths below the working directory, as discovery of "." prints them.
std::vector<std::string> below(const std::string& here, const std::vector<std::string>& paths) {
  const std::string prefix = here == "/" ? here : here + "/";
  std::vector<std::string> result;
  for (const std::string& path : paths) {
    if (path.starts_with(prefix)) {
      result.push_back(path.substr(prefix.size()));
    }
  }
  return result;
}

/// Files whose change can change every finding.
bool changes_everything(const std::string& path) {
  return source::name_of(path) == engine::kSettingsFileName;
}

/// What the inventory was before: files that were changed may not have been there, or may be gone now.
source::Expected<source::Inventory> inventory_before(const source::FileSystem& before, const source::FileSystem& now,
                                                     const source::Inventory& inventory,
                                                     const std::vector<std::string>& changed,
                                                     const source::DiscoveryOptions& discovery) {
  if (std::any_of(changed.begin(), changed.end(), [&](const std::string& path) { return !now.status(path); })) {
    return source::discover(before, {"."}, discovery);
  }
  source::Inventory result = inventory;
  std::erase_if(result.files, [&](const source::DiscoveredFile& file) {
    return std::find(changed.begin(), changed.end(), file.path) != changed.end() && !before.status(file.path);
  });
  return result;
}

}  // namespace

source::Expected<HookChange> hook_change(const std::vector<std::string>& given,
                                         const source::DiscoveryOptions& discovery, const Environment& environment) {
  auto changes = changes_since(base_of(environment), ".", environment.files);
  if (!changes) {
    return changes.error();
  }
  const auto here = environment.files.canonical(".");
  if (!here) {
    return here.error();
  }
  HookChange result;
  ChangedFileSystem::Files absent;
  for (const std::string& path : changes->untracked) {
    absent[path] = std::nullopt;
  }
  std::vector<std::string> tracked;
  std::set_difference(changes->paths.begin(), changes->paths.end(), changes->untracked.begin(),
                      changes->untracked.end(), std::back_inserter(tracked));
  result.changed = below(*here, tracked);
  result.now = std::make_unique<ChangedFileSystem>(environment.files, std::move(absent));
  const bool changed = !tracked.empty();
  if (changed) {
    result.before = std::make_unique<ChangedFileSystem>(environment.files, std::move(changes->before));
  } else {
    std::vector<std::string> absolute;
    for (const std::string& path : given) {
      absolute.push_back(source::join_path(*here, path));
    }
    result.changed = below(*here, absolute);
  }
  const auto inventory = source::discover(*result.now, {"."}, discovery);
  if (!inventory) {
    return inventory.error();
  }
  std::set<std::string> directories;
  if (std::any_of(result.changed.begin(), result.changed.end(), changes_everything)) {
    directories.insert(inventory->directories.begin(), inventory->directories.end());
  } else {
    directories = engine::affected_directories(*result.now, result.before.get(), *inventory, result.changed);
  }
  result.paths = engine::affected_files(*inventory, directories, result.changed);
  if (result.before != nullptr) {
    const auto then = inventory_before(*result.before, *result.now, *inventory, result.changed, discovery);
    if (!then) {
      return then.error();
    }
    result.paths_before = engine::affected_files(*then, directories, result.changed);
  }
  return result;
}

}  // namespace gabion::cli
