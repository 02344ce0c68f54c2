// Turns discovered files into frozen configurations: parses each file once, groups files into modules, finds the root
// modules and expands them (variables, count, for_each, dynamic, module calls). Called by the commands and the language
// server; never throws, prints or touches the network. Problems in the files are Diagnostics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "eval/evaluator.h"
#include "findings/diagnostic.h"
#include "model/model.h"
#include "secrets/redactor.h"
#include "source/artifact.h"
#include "source/budget.h"
#include "source/discovery.h"
#include "source/file_system.h"

namespace gabion::terraform {

/// One --var or --var-file, or a value that a configuration file gives; their order matters.
struct VariableOption {
  std::string name;   ///< variable of --var; empty for --var-file
  std::string value;  ///< text of --var, or path of the file relative to the working directory
  /// The file that says so, where it is not the command line; `value` is an expression then, whatever the type.
  std::string file{};
  std::uint32_t line = 0;    ///< in `file`
  std::uint32_t column = 0;  ///< in bytes
};

/// A named set of values under which root modules are evaluated: production, test ...
struct NamedEnvironment {
  std::string name;
  std::vector<VariableOption> variables;  ///< in order: the last one wins; instead of Options::variables
  std::optional<std::string> workspace;   ///< terraform.workspace
  std::vector<std::string> roots;         ///< root modules at or below these directories; empty: all
};

/// What the user said about the AWS account that the configurations are for; empty texts say nothing.
struct AwsAccount {
  std::string partition;   ///< where the region does not tell; the standard partition otherwise
  std::string region;      ///< of providers that configure none
  std::string account_id;  ///< of providers that do not tell it themselves
};

/// What the user said about how to evaluate.
struct Options {
  std::vector<VariableOption> variables;       ///< --var and --var-file, in order: the last one wins
  std::vector<NamedEnvironment> environments;  ///< a root module is evaluated once for each that applies to it
  /// --workspace: terraform.workspace of all root modules, whatever environments and TF_WORKSPACE say.
  std::optional<std::string> workspace;
  /// TF_VAR_name variables, TF_WORKSPACE, TF_DATA_DIR, and AWS_REGION or AWS_DEFAULT_REGION for providers without a
  /// region of their own; others are ignored.
  std::map<std::string, std::string> environment;
  std::vector<std::string> backend_configuration;  ///< files of -backend-config (HCL attributes)
  /// Lets file() and the like read outside the given paths, the git repository around them and the directories of
  /// modules that are called.
  bool allow_outside = false;
  AwsAccount aws;
  source::Limits limits;
  std::size_t jobs = 1;  ///< threads that may be busy at once; what comes out is the same for any
};

class Library;
class Expansion;
class Module;
struct CallDeclaration;
class SyntaxMemory;
class FoundSecrets;

/// What evaluating a root module looked at, beyond which entries directories have and where paths lead.
struct RootReads {
  std::set<std::string> modules;                           ///< directories whose configuration files were asked for
  std::set<std::string> attributes;                        ///< files of attributes, there or not
  std::set<std::string> files;                             ///< any files that became artifacts, or could not
  std::set<std::string> others;                            ///< files whose contents were looked at in passing
  std::set<std::pair<std::string, std::string>> outlines;  ///< source and version of registry modules
  std::set<std::string> allowed;                           ///< directories that may be read since then
  std::set<std::string> reached;                           ///< directories that got an instance
};

/// What a visit of a root module found besides what evaluating it gives: a later run in which none of its files changed
/// need not parse them.
struct VisitRecord {
  bool is_module = false;
  std::vector<std::string> called;    ///< directories of the inventory that its calls name, each once
  findings::Diagnostics diagnostics;  ///< of its files and declarations
  std::vector<std::string> files;     ///< that were read, by path
  std::set<std::string> sensitive;    ///< names of variables that are declared so
  std::set<std::string> texts;        ///< paths of what file() and its like read, see read_texts.h
};

/// One root module that stays open, so that more expressions can be evaluated in its scope (the console).
class Session {
 public:
  explicit Session(std::unique_ptr<Expansion> expansion);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  /// Names as expressions of the root module see them.
  [[nodiscard]] const eval::Scope& scope() const;
  /// Context for eval::evaluate(); reads files as the module's own expressions do.
  [[nodiscard]] eval::Context context() const;
  /// What evaluation met so far.
  [[nodiscard]] const findings::Diagnostics& diagnostics() const;

 private:
  std::unique_ptr<Expansion> expansion_;
};

/// The Terraform files of one analysis. Everything given to the constructor is borrowed and must outlive the
/// workspace; the workspace must outlive the configurations it made (they point into its syntax trees).
/// Several threads may call evaluate() at the same time, the rest is for one thread; inside, Options::jobs of them read
/// and parse.
class Workspace {
 public:
  /// With a memory, what did not change since the last workspace is not parsed again. `passing`: the syntax of root
  /// modules is not kept where a look at the texts tells that they are some; see visit().
  Workspace(const source::FileSystem& files, source::ArtifactStore& artifacts, const source::Inventory& inventory,
            Options options, SyntaxMemory* memory = nullptr, bool passing = false);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace();

  /// Root modules to be visited, each once and before anything is asked that hangs on who calls whom; in byte order.
  /// There are none unless the constructor was told so.
  [[nodiscard]] const std::vector<std::string>& passing() const;
  /// Parses a root module in passing(), lets somebody look, who may evaluate it, and frees its syntax. Several threads
  /// may visit at the same time. Answers what is worth keeping; nothing where a file holds what must not be printed.
  [[nodiscard]] std::optional<VisitRecord> visit(const std::string& directory, FoundSecrets& found,
                                                 const std::function<void()>& look);
  /// Takes a root module in passing() for visited, as it was in an earlier run. False, and nothing done, when a file is
  /// not there any more.
  [[nodiscard]] bool recall_visit(const std::string& directory, const VisitRecord& record, FoundSecrets& found);
  /// Takes a root module in passing() for visited that there was no memory for: what it calls may not be known.
  void give_up_visit(const std::string& directory);
  /// All visits are over.
  void end_visits();

  /// Directories (as printed) of the inventory that hold Terraform files and that no other module of the inventory
  /// calls by a local path, in byte order.
  [[nodiscard]] const std::vector<std::string>& roots() const;
  /// Directories of the inventory with Terraform files that are no roots and got no instance in any evaluate() so far
  /// (every call of them has count 0, or they call each other in a circle). Evaluate them too, one by one, asking again
  /// after each, so that nothing is left out in silence.
  [[nodiscard]] std::vector<std::string> unreached() const;
  /// Directories of the inventory that one of these is called from, however indirectly, and these themselves, as far as
  /// they hold modules; in byte order. Calls that make no instance count.
  [[nodiscard]] std::vector<std::string> callers(std::span<const std::string> directories) const;
  /// True when the directory itself holds Terraform files; `show` and `console` then evaluate it alone, whoever calls
  /// it.
  [[nodiscard]] bool is_module(const std::string& directory) const;

  /// The environments that a root module is to be evaluated in: those that apply to its directory, in the order of
  /// Options, or null alone when none does.
  [[nodiscard]] std::vector<const NamedEnvironment*> environments(const std::string& directory) const;

  /// Expands one directory as a root module. Never null; what could not be evaluated is unknown and has a diagnostic.
  /// Where nobody says which workspace is meant it is "default", as for Terraform; but when that is what makes
  /// evaluation fail, terraform.workspace is unknown instead and a note says so.
  /// `reads`, unless null, is told what was looked at.
  [[nodiscard]] std::unique_ptr<model::Configuration> evaluate(const std::string& directory,
                                                               const NamedEnvironment* environment = nullptr,
                                                               RootReads* reads = nullptr);
  /// The root module that the calling thread visits will not be evaluated again: what only that needs goes. What was
  /// evaluated stays.
  void end_evaluations();
  /// The tree of a file in HCL, if it is there for the calling thread and nothing was left out of it; or else null. It
  /// lasts as long as the visit at hand.
  [[nodiscard]] const syntax::hcl::Body* whole_tree(const source::Artifact& artifact) const;
  /// Leaves everything as evaluate() did that looked at these, without evaluating anything.
  void recall(const RootReads& reads);
  /// The project's files, with the secrets that are written into them, as a configuration without resources. Every
  /// value that must not be printed goes to the redactor, also of files that do not belong to the project. Call it when
  /// everything was evaluated: it looks at what was read.
  [[nodiscard]] std::unique_ptr<model::Configuration> files(secrets::Redactor& redactor) const;
  /// The same after visits, which found what is in the files that they saw.
  [[nodiscard]] std::unique_ptr<model::Configuration> files(secrets::Redactor& redactor,
                                                            const FoundSecrets& found) const;
  /// Whom evaluate() tells what each expression is worth; null: nobody.
  void set_observer(eval::Observer* observer);
  /// The module of a directory as it is written; null when there is none.
  [[nodiscard]] const Module* module(const std::string& directory) const;
  /// The calls of a module by the modules of the inventory, in byte order of their directories.
  [[nodiscard]] std::vector<std::pair<const Module*, const CallDeclaration*>> calls_of(
      const std::string& directory) const;
  /// Directories whose configuration files have the same contents as those of another one.
  [[nodiscard]] std::unordered_set<std::string> copies() const;
  /// Opens one directory as a root module for further expressions.
  [[nodiscard]] std::unique_ptr<Session> open(const std::string& directory,
                                              const NamedEnvironment* environment = nullptr);

  /// Problems of files and of the static structure (syntax, duplicates, overrides), each once, in the order met.
  [[nodiscard]] const findings::Diagnostics& diagnostics() const;
  /// Number of Terraform files read so far.
  [[nodiscard]] std::uint32_t file_count() const;

 private:
  /// Adds to what got an instance.
  void reach(const std::set<std::string>& directories);
  /// Notes who calls whom, and who is called by nobody.
  void find_roots();
  [[nodiscard]] bool holds_module(const std::string& directory) const;

  std::unique_ptr<Library> library_;
  std::vector<std::string> roots_;
  std::map<std::string, std::set<std::string>> callers_;  ///< of a directory: those that call it
  std::set<std::string> reached_;
  std::mutex reached_mutex_;
};

}  // namespace gabion::terraform
