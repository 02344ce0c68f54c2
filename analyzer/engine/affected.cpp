#include "engine/affected.h"

#include <algorithm>
#include <map>

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
  for (std::size_t at = text.find(kWord); at != std::string_view::npos; at = text.find(kWord, at)) {
    at += kWord.size();
    std::size_t value = at;
    while (value < text.size() && is_blank(text[value])) {
      ++value;
    }
    if (value == text.size() || (text[value] != '=' && text[value] != ':')) {
      continue;
    }
    ++value;
    while (value < text.size() && is_blank(text[value])) {
      ++value;
    }
    const std::string_view rest = text.substr(value);
    if (rest.starts_with("./") || rest.starts_with("../")) {
      result.emplace_back(rest.substr(0, rest.find_first_of("\"\n")));
    }
  }
  return result;
}

/// What the modules of an inventory say about each other.
struct Graph {
  std::map<std::string, std::set<std::string>> calls;
  std::map<std::string, std::set<std::string>> callers;
  std::map<std::string, std::string> texts;  ///< of all module files of a directory
};

void add_file(const source::FileSystem& files, const std::string& path, Graph& graph) {
  const source::Limits limits;
  const std::string directory = source::directory_of(path);
  const auto text = files.read(path, limits.file_bytes);
  if (!text) {
    return;
  }
  graph.texts[directory] += *text;
  for (const std::string& source : local_sources(*text)) {
    const std::string called = source::join_path(directory, source);
    graph.calls[directory].insert(called);
    graph.callers[called].insert(directory);
  }
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

std::set<std::string> affected_directories(const source::FileSystem& files, const source::FileSystem* before,
                                           const source::Inventory& inventory,
                                           const std::vector<std::string>& changed) {
  Graph graph;
  for (const source::DiscoveredFile& file : inventory.files) {
    if (is_module_file(file.kind)) {
      add_file(files, file.path, graph);
    }
  }
  for (const std::string& path : changed) {
    if (before != nullptr && is_module_file(source::kind_of(source::name_of(path)))) {
      add_file(*before, path, graph);
    }
  }
  std::set<std::string> start;
  const auto all = [&] {
    for (const auto& [directory, text] : graph.texts) {
      start.insert(directory);
    }
  };
  for (const std::string& path : changed) {
    const FileKind kind = source::kind_of(source::name_of(path));
    const std::string directory = source::directory_of(path);
    if (is_module_file(kind)) {
      start.insert(directory);
      continue;
    }
    const bool variables = kind == FileKind::kTerraformVariables || kind == FileKind::kTerraformVariablesJson;
    if (variables || kind == FileKind::kHcl) {
      if (graph.texts.contains(directory)) {
        start.insert(directory);
      } else {
        all();
      }
      continue;
    }
    // A file that modules may read: those around it, and those that mention its name.
    for (std::string above = directory;; above = source::directory_of(above)) {
      if (graph.texts.contains(above)) {
        start.insert(above);
        break;
      }
      if (above == "." || above == "/") {
        break;
      }
    }
    for (const auto& [other, text] : graph.texts) {
      if (text.find(source::name_of(path)) != std::string::npos) {
        start.insert(other);
      }
    }
  }
  return reach(reach(std::move(start), graph.callers), graph.calls);
}

std::vector<std::string> affected_files(const source::Inventory& inventory, const std::set<std::string>& directories,
                                        const std::vector<std::string>& changed) {
  std::vector<std::string> result;
  for (const source::DiscoveredFile& file : inventory.files) {
    const bool module = is_module_file(file.kind) || file.kind == FileKind::kTerraformVariables ||
                        file.kind == FileKind::kTerraformVariablesJson;
    if ((module && directories.contains(source::directory_of(file.path))) ||
        std::find(changed.begin(), changed.end(), file.path) != changed.end()) {
      result.push_back(file.path);
    }
  }
  return result;
}

}  // namespace gabion::engine
