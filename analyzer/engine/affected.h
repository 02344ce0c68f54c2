// What a change of some files can have consequences for: the modules that they belong to, everything that calls those,
// and everything that these call. Used by the hooks, which must be quick: files are looked at, not parsed.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "source/discovery.h"
#include "source/file_system.h"

namespace gabion::engine {

/// Which modules call which, as their texts say.
class ModuleGraph {
 public:
  /// Looks at all modules of an inventory, with several threads. Texts are only kept where somebody wants to search
  /// them.
  ModuleGraph(const source::FileSystem& files, const source::Inventory& inventory, bool keeps_texts = false);

  void add(const source::FileSystem& files, const std::string& path);
  /// Adds the modules that are called and were not added, and what they call, in all of these versions.
  void close(std::span<const source::FileSystem* const> versions);

  [[nodiscard]] bool is_module(const std::string& directory) const { return texts_.contains(directory); }
  /// Texts of all module files of a directory.
  [[nodiscard]] const std::map<std::string, std::string>& texts() const { return texts_; }
  [[nodiscard]] const std::map<std::string, std::set<std::string>>& calls() const { return calls_; }
  [[nodiscard]] const std::map<std::string, std::set<std::string>>& callers() const { return callers_; }
  /// The directories, and those of all modules that call them, in one step or in several.
  [[nodiscard]] std::set<std::string> with_callers(std::set<std::string> directories) const;
  /// The directories, and those of all modules that they call, in one step or in several.
  [[nodiscard]] std::set<std::string> with_calls(std::set<std::string> directories) const;

 private:
  /// What one file says.
  struct Seen {
    bool is_there = false;
    std::vector<std::string> sources;
    std::string text;
  };
  /// What a file says whose text was read.
  [[nodiscard]] Seen seen_in(source::Expected<std::string> text) const;
  void add(const std::string& path, const Seen& seen);

  bool keeps_texts_;
  std::map<std::string, std::set<std::string>> calls_;
  std::map<std::string, std::set<std::string>> callers_;
  std::map<std::string, std::string> texts_;
};

/// Directories of the modules that are affected by changes of these files, deleted ones among them. Paths are as in the
/// inventory, whose graph is given; a change of a file that no module can be told for (a variables file of another
/// directory) affects all. Modules that are called and not in the inventory are looked at as well. What called what
/// before the change counts too: `before` holds the versions before.
[[nodiscard]] std::set<std::string> affected_directories(ModuleGraph graph, const source::FileSystem& files,
                                                         std::span<const source::FileSystem* const> before,
                                                         const source::Inventory& inventory,
                                                         const std::vector<std::string>& changed);

/// What of the inventory is to be analysed for them: the files of these directories that make up modules, and the
/// changed files of any other kind that is analysed.
[[nodiscard]] source::Inventory restricted(const source::Inventory& inventory, const std::set<std::string>& directories,
                                           const std::vector<std::string>& changed);

}  // namespace gabion::engine
