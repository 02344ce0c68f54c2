// Everything read from files for one analysis: artifacts, syntax trees and static modules, each made once and shared by
// all root modules. Used by Workspace and Expansion.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "eval/evaluator.h"
#include "findings/diagnostic.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "source/discovery.h"
#include "source/file_system.h"
#include "source/hash.h"
#include "terraform/load.h"
#include "terraform/module.h"
#include "terraform/module_declaration.h"
#include "terraform/syntax_memory.h"

namespace gabion::terraform {

struct OutlineFile;

/// Whether a canonical path is the directory or lies below it.
[[nodiscard]] bool is_within(std::string_view path, std::string_view directory);

/// Several threads may evaluate root modules with one library: whatever they ask for is made by whoever is first.
/// What describes the project as a whole is for one thread, before or after that.
class Library {
 public:
  /// With a memory, trees are taken from there and left there.
  Library(const source::FileSystem& files, source::ArtifactStore& artifacts, const source::Inventory& inventory,
          Options options, SyntaxMemory* memory = nullptr);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  /// Memory that trees are made in.
  struct Space;

  /// While it lives, what its thread looks at is noted.
  class Watch {
   public:
    Watch(Library& library, RootReads& reads);
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    ~Watch();

   private:
    const Watch* const before_;
    const Library* const library_;
    RootReads* const reads_;
    friend class Library;
  };
  /// Notes a file that somebody looks at beside the library.
  void looked_at(const std::string& path) {
    if (RootReads* const reads = watched()) {
      reads->others.insert(path);
    }
  }

  /// Reads and parses the configuration files of the inventory, several at once, for module() to find them. `passing`:
  /// files of directories that surely no other calls are only read, and the directories can be visited.
  void read_ahead(bool passing = false);
  /// Directories that can be visited, in byte order.
  [[nodiscard]] const std::vector<std::string>& passing() const { return passing_; }
  [[nodiscard]] bool is_passing(const std::string& directory) const;
  /// What is known of a directory that was visited, for good.
  struct Visited {
    bool is_module = false;
    std::vector<std::string> called;  ///< directories of the inventory that its calls name, each once
  };
  /// Of a directory in passing(), or null before its visit.
  [[nodiscard]] const Visited* visited(const std::string& directory) const;

  /// Notes what a visit found, now or in an earlier run.
  void note_visit(const std::string& directory, const VisitRecord& record);

  /// A file in HCL of a directory that is visited.
  struct VisitedFile {
    const source::Artifact* artifact = nullptr;
    const hcl::Body* body = nullptr;
  };
  /// While it lives, the module of a directory in passing() is there for the thread that made it, and for no other:
  /// whoever else asks for it gets one of its own. One at a time for each thread, and one for each directory.
  class Visit {
   public:
    Visit(Library& library, const std::string& directory);
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;
    ~Visit();

    [[nodiscard]] const std::vector<VisitedFile>& files() const { return files_; }
    /// The module will not be evaluated again.
    void end_evaluations();
    /// What the visit found; names of sensitive variables are for others to add.
    [[nodiscard]] VisitRecord& record() { return record_; }

   private:
    Library& library_;
    const std::string directory_;
    std::unique_ptr<Space> space_;
    eval::SymbolTable symbols_;
    source::Budget budget_;
    VisitRecord record_;
    std::vector<VisitedFile> files_;
    std::unique_ptr<Module> module_;  ///< null when there is none
    friend class Library;
  };
  /// The module of a directory; null when there is no Terraform file or the directory cannot be read.
  [[nodiscard]] const Module* module(const std::string& directory);
  /// What a call of a registry module that is not downloaded is judged by.
  struct OutlinedModule {
    const Module* module = nullptr;  ///< null when there is no outline
    std::string assumed;             ///< which version, when the call does not say it: "< 6.0.0"
  };
  /// The outline of a registry module that is not downloaded, for a call with these arguments.
  [[nodiscard]] OutlinedModule outline(std::string_view source, std::string_view version,
                                       std::span<const std::string_view> arguments);
  /// Directories of the inventory that the calls of a module name, other than its own, each once.
  [[nodiscard]] std::vector<std::string> called_by(const Module& module);
  /// A module that declares nothing.
  [[nodiscard]] const Module& empty_module() const { return empty_; }
  /// The directory as the inventory prints it, if it is part of the inventory under another spelling.
  [[nodiscard]] std::string known_spelling(const std::string& directory);
  /// Directories of the inventory with Terraform files, in byte order.
  [[nodiscard]] const std::vector<std::string>& directories() const { return directories_; }
  /// Names of the entries of a directory that are files (links to files included, unless they lead to where nothing may
  /// be read), sorted; empty when unreadable.
  [[nodiscard]] std::vector<std::string> file_names(const std::string& directory);

  /// Where `terraform init` keeps what belongs to a root module: its .terraform directory.
  [[nodiscard]] std::string data_directory(const std::string& root) const;

  /// A variables file or file of attributes (HCL or, by its name, JSON), parsed once. Null when it cannot be read.
  [[nodiscard]] const hcl::Body* attributes_file(const std::string& path);
  /// Text that was given as an option, parsed as an expression. `name` is how the artifact is called.
  [[nodiscard]] const hcl::Expression* option_expression(const std::string& name, const std::string& text);
  /// A file as an artifact. The error says why not.
  [[nodiscard]] source::Expected<const source::Artifact*> artifact(const std::string& path);
  /// Whether a configuration may read this path: below a given path, or in the project around it. What is written in
  /// the files has no say in how far that is.
  [[nodiscard]] bool may_read(const std::string& path) const;
  /// Whether the directory is there and is no part of what may be read, so that it is not a module for us.
  [[nodiscard]] bool lies_outside(const std::string& directory) const;
  /// Lets configurations read below this directory.
  void allow(const std::string& directory);

  /// Files and states of the inventory, in byte order.
  [[nodiscard]] const std::vector<source::DiscoveredFile>& project_files() const { return files_of_project_; }
  [[nodiscard]] const std::vector<source::StateFile>& states() const { return states_; }
  /// A file as a tree, and what is wrong with it.
  [[nodiscard]] ParsedFile parse(const source::Artifact& artifact, FileForm form);
  /// The tree of a file in HCL, if it is there for the calling thread and nothing was left out of it; or else null. It
  /// lasts as long as the visit at hand.
  [[nodiscard]] const hcl::Body* whole_tree(const source::Artifact& artifact) const;
  /// Syntax of the files in HCL that were read so far, by path.
  [[nodiscard]] const std::map<std::string, const hcl::Body*>& read_bodies() const { return bodies_; }

  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] const source::FileSystem& files() const { return files_; }
  [[nodiscard]] source::ArtifactStore& artifacts() { return artifacts_; }
  [[nodiscard]] source::Arena& arena() { return arena_; }
  /// One for each of Options::jobs workers, as long-lived as the other.
  [[nodiscard]] source::Arena& arena_of(std::size_t worker) { return worker_memory_[worker].arena; }
  [[nodiscard]] eval::Context context() {
    eval::Context context{arena_, symbols_, budget_, options_.limits};
    context.observer = observer_;
    return context;
  }
  /// Who is told the values of expressions; may be null.
  [[nodiscard]] eval::Observer* observer() const { return observer_; }
  void set_observer(eval::Observer* observer) { observer_ = observer; }
  [[nodiscard]] findings::Diagnostics& diagnostics() { return diagnostics_; }
  /// Says, once for each, that a file or directory is not analysed because it cannot be read.
  void report_unreadable(const std::string& path, const source::Error& error);
  [[nodiscard]] std::uint32_t file_count() const { return file_count_; }

  /// The module that the calling thread visits, if any, will not be evaluated again.
  void end_evaluations();

 private:
  /// What the files of a directory say together.
  struct Written {
    std::vector<const hcl::Block*> blocks;
    bool project = false;
    bool any = false;  ///< there are files
  };
  /// Gives the tree of a configuration file; null when there is none.
  using BodyOf = std::function<const hcl::Body*(const std::string& path, FileForm form)>;
  [[nodiscard]] Written written(const std::string& directory, const BodyOf& body_of, source::Arena& arena,
                                findings::Diagnostics& diagnostics);
  /// What the calling thread visits, or null.
  [[nodiscard]] const Visit* visiting() const;
  [[nodiscard]] std::unique_ptr<Space> take_space();
  /// The tree of a file of which nothing is known yet, in memory of the calling thread.
  [[nodiscard]] ParsedFile made_tree(const source::Artifact& artifact, FileForm form, source::Arena& arena,
                                     std::deque<source::Artifact>& texts);
  /// What the calling thread notes, or null.
  [[nodiscard]] RootReads* watched() const;
  [[nodiscard]] const hcl::Body* file(const std::string& path, FileForm form);
  [[nodiscard]] const Module& outlined(const std::vector<const OutlineFile*>& chosen);
  [[nodiscard]] bool is_readable(const std::string& canonical) const;
  [[nodiscard]] source::Role role_of(const std::string& path) const;
  /// Whether a link in a directory leads to where configurations may read; says so once when it does not.
  [[nodiscard]] bool may_follow(const std::string& directory, const std::string& name);
  /// Lets configurations read in the project around the directory.
  void allow_project(const std::string& directory);
  /// The module that these files make; null when there are none.
  [[nodiscard]] std::unique_ptr<Module> made_of(const Written& written, const std::string& directory,
                                                eval::Context& context, findings::Diagnostics& diagnostics);
  void report(findings::DiagnosticSeverity severity, std::string code, std::string message, std::string hint,
              source::Region region, std::string path = {});

  const source::FileSystem& files_;
  source::ArtifactStore& artifacts_;
  Options options_;
  SyntaxMemory* memory_;
  eval::Observer* observer_ = nullptr;
  source::Arena arena_{std::size_t{64} * 1024};
  eval::SymbolTable symbols_{arena_};
  source::Budget budget_;
  std::deque<source::Artifact> texts_;  ///< unescaped JSON strings that were parsed
  /// What a worker made.
  struct WorkerMemory {
    source::Arena arena{std::size_t{64} * 1024};
    std::deque<source::Artifact> texts;
  };
  std::deque<WorkerMemory> worker_memory_;
  std::unordered_map<std::string, std::vector<std::string>> names_;  ///< of configuration files, by directory
  std::unordered_map<const source::Artifact*, ParsedFile> parsed_;   ///< ahead, in the form that their names say
  std::vector<source::DiscoveredFile> files_of_project_;
  std::vector<source::StateFile> states_;
  std::map<std::string, const hcl::Body*> bodies_;
  std::unordered_set<std::string, source::TextHash, std::equal_to<>> project_files_;
  std::unordered_set<std::string, source::TextHash, std::equal_to<>> project_directories_;  ///< all that were visited
  std::vector<std::string> directories_;
  std::unordered_set<std::string, source::TextHash, std::equal_to<>> directory_set_;
  std::optional<std::unordered_map<std::string, std::string>> canonical_directories_;  ///< made when first needed
  std::map<std::string, std::unique_ptr<Module>> modules_;                             ///< null: no module there
  std::map<std::string, std::unique_ptr<Module>> outlines_;  ///< by the files that they are made of
  const Module empty_;
  KnownConditions conditions_;
  /// A text that several files have.
  struct Repeated {
    std::uint32_t files = 0;
    bool parsed = false;
    const hcl::Body* body = nullptr;  ///< null when it is not worth to be kept, or not before it is parsed
  };
  /// By the first file of each text.
  std::unordered_map<const source::Artifact*, Repeated, source::ContentHash, source::SameContent> repeated_;
  source::Arena repeated_arena_;
  std::size_t repeated_bytes_ = 0;  ///< of the texts of which there is a tree
  std::mutex repeated_mutex_;       ///< of trees that are made and kept
  std::vector<std::string> passing_;
  std::map<std::string, Visited> visited_;
  std::vector<std::unique_ptr<Space>> spaces_;  ///< that nobody uses now
  std::unordered_map<std::string, const hcl::Body*> attribute_files_;
  std::unordered_set<std::string> refused_links_;
  std::unordered_set<std::string> unreadable_;
  std::vector<std::string> readable_;  ///< canonical directories that configurations may read
  findings::Diagnostics diagnostics_;
  std::uint32_t file_count_ = 0;
  mutable std::recursive_mutex mutex_;  ///< of all that is made when somebody asks for it
};

}  // namespace gabion::terraform
