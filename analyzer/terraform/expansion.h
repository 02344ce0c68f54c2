// One root module while it is being expanded: what its module instances share (memory, symbols, diagnostics, files that
// expressions read, budgets), and the walk that freezes the result. Used by Workspace and by the instances.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "eval/evaluator.h"
#include "eval/pattern_cache.h"
#include "eval/remembered_calls.h"
#include "findings/diagnostic.h"
#include "model/model.h"
#include "terraform/file_access.h"
#include "terraform/library.h"
#include "terraform/variables.h"

namespace gabion::terraform {

class ModuleInstance;

/// Under which values a root module is evaluated.
struct RootChoice {
  const NamedEnvironment* environment = nullptr;
  std::optional<std::string> workspace;  ///< that somebody named
  bool workspace_is_open = false;        ///< else: unknown, rather than "default"
};

class Expansion {
 public:
  Expansion(Library& library, const std::string& directory, const RootChoice& choice = {});
  Expansion(const Expansion&) = delete;
  Expansion& operator=(const Expansion&) = delete;
  ~Expansion();

  [[nodiscard]] ModuleInstance& root() { return *root_; }
  [[nodiscard]] const ModuleInstance& root() const { return *root_; }
  /// Evaluates everything and hands the frozen result over. Call once, last.
  [[nodiscard]] std::unique_ptr<model::Configuration> finish();

  // ---- For the instances. ----
  [[nodiscard]] Library& library() { return library_; }
  [[nodiscard]] model::Configuration& configuration() { return *configuration_; }
  [[nodiscard]] const model::Configuration& configuration() const { return *configuration_; }
  [[nodiscard]] eval::Context& context() { return context_; }
  [[nodiscard]] const eval::Context& context() const { return context_; }
  [[nodiscard]] source::Arena& arena() { return context_.arena; }
  [[nodiscard]] RootVariables& variables() { return variables_; }
  [[nodiscard]] const std::string& directory() const { return directory_; }

  /// Adds a diagnostic, once for a place and message.
  void report(findings::DiagnosticSeverity severity, std::string code, std::string message, std::string hint,
              source::Region region, std::string path = {});
  /// The value itself, or for an error value a report and an unknown (kInvalid) of that name instead. Reports the first
  /// value for which a limit was reached.
  [[nodiscard]] eval::Value settle(const eval::Value& value, std::string_view name);
  /// What Terraform makes of an expression. What is in error there is unknown as a whole to the rest of it.
  struct Evaluated {
    eval::Value value;
    bool met_mended = false;  ///< it refers to something that was mended
  };
  [[nodiscard]] Evaluated evaluate(const syntax::hcl::Expression& expression, const eval::Scope& scope,
                                   eval::Context& context);
  /// The value settled. Where something in it is in error, that alone is unknown and the rest is known: the value was
  /// mended. Reports are those of Terraform, which knows nothing of the rest.
  [[nodiscard]] eval::Value settle(const Evaluated& evaluated, const syntax::hcl::Expression& expression,
                                   const eval::Scope& scope, std::string_view name, eval::Context& context);
  [[nodiscard]] eval::Value evaluate_settled(const syntax::hcl::Expression& expression, const eval::Scope& scope,
                                             std::string_view name, eval::Context& context) {
    return settle(evaluate(expression, scope, context), expression, scope, name, context);
  }
  /// `made` was made of something, and is mended when that was.
  void note_made_of(const eval::Value& given, const eval::Value& made);
  /// What a mended value is to Terraform; null for others.
  [[nodiscard]] const eval::Value* before_mending(const eval::Value& value) const;
  /// Tells the evaluation that is under way whether it met something mended; returns what it was told before.
  bool meet_mended(bool met) { return std::exchange(met_mended_, met); }
  /// An unknown for what is in error; `name` is its symbol's text.
  [[nodiscard]] eval::Value invalid(std::string_view name, source::Region region = {});
  /// Counts one resource instance, or a module instance, which weighs as much as several; false when there are too
  /// many.
  [[nodiscard]] bool take_instance(source::Region region, std::uint32_t weight = 1);
  /// Directory of a module that is not local, from the root's module manifest; empty when it is not downloaded.
  [[nodiscard]] std::string downloaded(const std::string& call_path) const;
  /// A backend's arguments with those of the files given as options.
  [[nodiscard]] model::Body with_backend_configuration(const model::Body& body);
  [[nodiscard]] std::span<const std::pair<std::string_view, eval::Value>> copy_outputs(
      const std::vector<std::pair<std::string_view, eval::Value>>& outputs);
  /// Value of terraform.workspace.
  [[nodiscard]] eval::Value workspace(source::Region asked_at);
  /// Whether an expression asked for the workspace, and the first place where.
  [[nodiscard]] bool workspace_asked() const { return workspace_asked_; }
  [[nodiscard]] source::Region workspace_asked_at() const { return workspace_asked_at_; }
  /// The directory got an instance.
  void reach(const std::string& directory) { reached_.insert(directory); }
  [[nodiscard]] const std::set<std::string>& reached() const { return reached_; }

 private:
  void read_manifest();
  /// Says that an expression names a path where nothing may be read: what depends on it is not decided.
  void report_unread(std::string_view path, source::Region region);

  Library& library_;
  std::string directory_;
  std::unique_ptr<model::Configuration> configuration_;
  FileAccess files_;
  eval::RememberedCalls remembered_;
  eval::PatternCache patterns_;
  eval::Context context_;
  RootVariables variables_;
  std::map<std::string, std::string> manifest_;  ///< dotted path of a call -> directory
  std::set<std::tuple<source::Region, std::string, std::string>> reported_;
  std::set<std::string> reached_;
  std::optional<std::string> workspace_;
  bool workspace_is_open_ = false;
  bool workspace_asked_ = false;
  source::Region workspace_asked_at_;
  std::uint32_t instances_ = 0;
  bool limit_reported_ = false;
  std::unordered_map<const eval::Node*, eval::Value> mended_;  ///< and what they are to Terraform
  bool met_mended_ = false;
  std::unique_ptr<ModuleInstance> root_;
};

}  // namespace gabion::terraform
