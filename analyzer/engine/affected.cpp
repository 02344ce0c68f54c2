#include "engine/affected.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <iterator>
#include <map>
#include <system_error>
#include <thread>
#include <utility>

#include "source/budget.h"

namespace gabion::engine {
namespace {

using source::FileKind;

bool is_module_file(FileKind kind) {
  return kind == FileKind::kTerraform || kind == FileKind::kTerraformJson;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '"';
}

/// Texts after "source =" or "source": that begin with "./" or "../". One that is no module's source does no harm: more
/// is analysed than had to be.
std::vector<std::string> local_sources(std::string_view text) {
  constexpr std::string_view kWord = "source";
  std::vector<std::string> result;
  // Called for every file of a repository: memmem is many times quicker than std::string_view::find here.
  while (const void* const found = memmem(text.data(), text.size(), kWord.data(), kWord.size())) {
    text.remove_prefix(static_cast<std::size_t>(static_cast<const char*>(found) - text.data()) + kWord.size());
    std::string_view rest = text;
    const auto skip_blanks = [&] {
      while (!rest.empty() && is_blank(rest.front())) {
        rest.remove_prefix(1);
      }
    };
    skip_blanks();
    if (rest.empty() || (rest.front() != '=' && rest.front() != ':')) {
      continue;
    }
    rest.remove_prefix(1);
    skip_blanks();
    if (rest.starts_with("./") || rest.starts_with("../")) {
      result.emplace_back(rest.substr(0, rest.find_first_of("\"\n")));
    }
  }
  return result;
}

bool is_variables_file(FileKind kind) {
  return kind == FileKind::kTerraformVariables || kind == FileKind::kTerraformVariablesJson;
}

/// Everything that can be reached over the edges, the start included.
std::set<std::string> reach(std::set<std::string> found, const std::map<std::string, std::set<std::string>>& edges) {
  std::vector<std::string> waiting(found.begin(), found.end());
  while (!waiting.empty()) {
    const std::string at = std::move(waiting.back());
    waiting.pop_back();
    if (const auto next = edges.find(at); next != edges.end()) {
      for (const std::string& directory : next->second) {
        if (found.insert(directory).second) {
          waiting.push_back(directory);
        }
      }
    }
  }
  return found;
}

}  // namespace

ModuleGraph::ModuleGraph(const source::FileSystem& files, const source::Inventory& inventory, bool keeps_texts)
    : keeps_texts_(keeps_texts) {
  std::vector<std::string> paths;
  for (const source::DiscoveredFile& file : inventory.files) {
    if (is_module_file(file.kind)) {
      paths.push_back(file.path);
    }
  }
  // Most of the time goes by with waiting for the disk, when the system does not have the files in memory.
  constexpr std::size_t kReaders = 4;
  constexpr std::size_t kFew = 100;
  constexpr std::size_t kAtOnce = 128;
  const source::Limits limits;
  std::vector<Seen> seen(paths.size());
  std::atomic<std::size_t> next{0};
  const auto read = [&] {
    for (std::size_t begin = next.fetch_add(kAtOnce); begin < paths.size(); begin = next.fetch_add(kAtOnce)) {
      const auto batch =
          std::span<const std::string>(paths).subspan(begin).first(std::min(kAtOnce, paths.size() - begin));
      std::size_t at = begin;
      for (source::Expected<std::string>& text : files.read_all(batch, limits.file_bytes)) {
        seen[at++] = seen_in(std::move(text));
      }
    }
  };
  {
    std::vector<std::jthread> readers;
    for (std::size_t i = 1; i < kReaders && paths.size() > kFew; ++i) {
      try {
        readers.emplace_back(read);
      } catch (const std::system_error&) {
        break;  // no more threads: those that are there do the work
      }
    }
    read();
  }
  for (std::size_t i = 0; i < paths.size(); ++i) {
    add(paths[i], seen[i]);
  }
}

ModuleGraph::Seen ModuleGraph::seen_in(source::Expected<std::string> text) const {
  Seen seen;
  if (text) {
    seen.is_there = true;
    seen.sources = local_sources(*text);
    if (keeps_texts_) {
      seen.text = std::move(*text);
    }
  }
  return seen;
}

void ModuleGraph::add(const source::FileSystem& files, const std::string& path) {
  const source::Limits limits;
  add(path, seen_in(files.read(path, limits.file_bytes)));
}

void ModuleGraph::add(const std::string& path, const Seen& seen) {
  if (!seen.is_there) {
    return;
  }
  const std::string directory = source::directory_of(path);
  texts_[directory] += seen.text;
  for (const std::string& source : seen.sources) {
    const std::string called = source::join_path(directory, source);
    calls_[directory].insert(called);
    callers_[called].insert(directory);
  }
}

std::set<std::string> ModuleGraph::with_callers(std::set<std::string> directories) const {
  return reach(std::move(directories), callers_);
}

std::set<std::string> ModuleGraph::with_calls(std::set<std::string> directories) const {
  return reach(std::move(directories), calls_);
}

void ModuleGraph::close(std::span<const source::FileSystem* const> versions) {
  std::set<std::string> seen;
  std::vector<std::string> waiting;
  const auto find_new = [&](const std::set<std::string>& called) {
    std::copy_if(called.begin(), called.end(), std::back_inserter(waiting), [&](const std::string& directory) {
      return !texts_.contains(directory) && seen.insert(directory).second;
    });
  };
  for (const auto& [directory, called] : calls_) {
    find_new(called);
  }
  while (!waiting.empty()) {
    const std::string directory = std::move(waiting.back());
    waiting.pop_back();
    for (const source::FileSystem* files : versions) {
      const auto entries = files->list(directory);
      for (const source::Entry& entry : entries ? *entries : std::vector<source::Entry>{}) {
        if (is_module_file(source::kind_of(entry.name))) {
          add(*files, source::join_path(directory, entry.name));
        }
      }
    }
    if (const auto called = calls_.find(directory); called != calls_.end()) {
      find_new(called->second);
    }
  }
}

std::set<std::string> affected_directories(ModuleGraph graph, const source::FileSystem& files,
                                           std::span<const source::FileSystem* const> before,
                                           const source::Inventory& inventory,
                                           const std::vector<std::string>& changed) {
  const bool mentions = std::any_of(changed.begin(), changed.end(), [](const std::string& path) {
    const FileKind kind = source::kind_of(source::name_of(path));
    return !is_module_file(kind) && !is_variables_file(kind) && kind != FileKind::kHcl;
  });
  if (mentions) {
    graph = ModuleGraph(files, inventory, true);
  }
  std::vector<const source::FileSystem*> versions{&files};
  for (const source::FileSystem* version : before) {
    versions.push_back(version);
    for (const std::string& path : changed) {
      if (is_module_file(source::kind_of(source::name_of(path)))) {
        graph.add(*version, path);
      }
    }
  }
  graph.close(versions);
  std::set<std::string> start;
  for (const std::string& path : changed) {
    const FileKind kind = source::kind_of(source::name_of(path));
    const std::string directory = source::directory_of(path);
    if (is_module_file(kind)) {
      start.insert(directory);
      continue;
    }
    if (is_variables_file(kind) || kind == FileKind::kHcl) {
      if (graph.is_module(directory)) {
        start.insert(directory);
      } else {
        for (const auto& [module, text] : graph.texts()) {
          start.insert(module);
        }
      }
      continue;
    }
    // A file that modules may read: those around it, and those that mention its name.
    for (std::string above = directory;; above = source::directory_of(above)) {
      if (graph.is_module(above)) {
        start.insert(above);
        break;
      }
      if (above == "." || above == "/") {
        break;
      }
    }
    for (const auto& [other, text] : graph.texts()) {
      if (text.find(source::name_of(path)) != std::string::npos) {
        start.insert(other);
      }
    }
  }
  return graph.with_calls(graph.with_callers(std::move(start)));
}

source::Inventory restricted(const source::Inventory& inventory, const std::set<std::string>& directories,
                             const std::vector<std::string>& changed) {
  const std::set<std::string_view> named(changed.begin(), changed.end());
  source::Inventory result = inventory;
  std::erase_if(result.files, [&](const source::DiscoveredFile& file) {
    const bool module = is_module_file(file.kind) || is_variables_file(file.kind);
    return !(module && directories.contains(source::directory_of(file.path))) && !named.contains(file.path);
  });
  // The first are where discovery began; templates may lie below a module.
  const auto is_near = [&](const std::string& directory) {
    return std::any_of(directories.begin(), directories.end(), [&](const std::string& affected) {
      return affected == "." || directory == affected || directory.starts_with(affected + "/");
    });
  };
  const auto below = result.directories.begin() + static_cast<std::ptrdiff_t>(result.roots);
  result.directories.erase(std::remove_if(below, result.directories.end(),
                                          [&](const std::string& directory) { return !is_near(directory); }),
                           result.directories.end());
  // What could not be read elsewhere is nothing that the change brought.
  std::erase_if(result.skipped, [&](const source::SkippedPath& skipped) {
    return !directories.contains(source::directory_of(skipped.path)) && !named.contains(skipped.path);
  });
  return result;
}

}  // namespace gabion::engine
