// Evaluates HCL expressions to values in a scope. Never throws, never prints; errors are values. Total work is bounded
// by the Context's budget.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "eval/value.h"
#include "findings/diagnostic.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "source/budget.h"
#include "source/expected.h"
#include "source/hash_index.h"
#include "syntax/hcl/ast.h"

namespace gabion::eval {

class PatternCache;
class RememberedCalls;

/// Interns symbols by text.
class SymbolTable {
 public:
  explicit SymbolTable(source::Arena& arena) : arena_(arena) {}
  SymbolTable(const SymbolTable&) = delete;
  SymbolTable& operator=(const SymbolTable&) = delete;
  /// The symbol with that text; the other fields are taken from the first request.
  [[nodiscard]] const Symbol* intern(const Symbol& symbol);
  /// Symbol of something computed from unknowns: "name(arg, arg)"; its reason, subject and place are those of `cause`.
  [[nodiscard]] const Symbol* derive(std::string_view text, const Symbol& cause);
  /// A symbol that equals no other, whatever its text.
  [[nodiscard]] const Symbol* fresh(const Symbol& symbol);

 private:
  [[nodiscard]] const Symbol* find(std::string_view text, std::uint64_t hash) const;
  [[nodiscard]] const Symbol* find(std::string_view text) const;

  source::Arena& arena_;
  std::vector<const Symbol*> symbols_;
  source::HashIndex index_;                             ///< of symbols_, by text: every text is looked up several times
  std::unordered_map<std::string, std::size_t> fresh_;  ///< how many there are of a text
};

/// What is at a path, as far as a FileReader tells.
enum class FileState : std::uint8_t {
  kAbsent,
  kFile,
  kOther,    ///< a directory or a device
  kRefused,  ///< where nothing may be read: not even whether something is there is told
};

/// Reads files for file(), templatefile(), fileset() ...; decides what may be read.
class FileReader {
 public:
  FileReader() = default;
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  virtual ~FileReader() = default;
  /// Contents as an artifact (so that policies inside can be placed), relative to the calling module's directory as
  /// Terraform resolves it. An error says why not.
  [[nodiscard]] virtual source::Expected<const source::Artifact*> read(std::string_view path) const = 0;
  [[nodiscard]] virtual bool exists(std::string_view path) const = 0;
  [[nodiscard]] virtual FileState state(std::string_view path) const {
    return exists(path) ? FileState::kFile : FileState::kAbsent;
  }
  /// Is told where an expression names a path that is kRefused, of which it learns nothing.
  virtual void note_refused(std::string_view /*path*/, source::Region /*region*/) const {}
  /// Paths below `directory` that match the glob (doublestar), sorted.
  [[nodiscard]] virtual source::Expected<std::vector<std::string>> glob(std::string_view directory,
                                                                        std::string_view pattern) const = 0;
};

/// Is told what expressions are worth, for somebody who points at one of them.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;
  /// Called each time that an expression was evaluated. The value lives as long as the arena that it was made in.
  virtual void saw(const syntax::hcl::Expression& expression, const Value& value) = 0;
};

/// What evaluation needs besides a scope. Borrowed; one per root module.
struct Context {
  source::Arena& arena;
  SymbolTable& symbols;
  source::Budget& budget;
  const source::Limits& limits;
  const FileReader* files = nullptr;  ///< null: filesystem functions are unknown (kFile)
  std::uint32_t depth = 0;            ///< current nesting, checked against limits.depth
  bool uncertain = false;             ///< set by what may turn out to be an error once unknowns are known; see try()
  const Symbol* doubt = nullptr;      ///< an unknown that set `uncertain`, for explanations
  bool inside_template = false;       ///< in templatefile() or templatestring(), which may not call themselves
  bool has_convert = false;           ///< convert(value, type) exists, as in HCL without Terraform
  PatternCache* patterns = nullptr;   ///< null: regular expressions are compiled for each call
  Observer* observer = nullptr;       ///< null: nobody is told what expressions are worth
  RememberedCalls* remembered = nullptr;  ///< null: each call is made anew
  /// Evaluates rules and outlines: values do not carry references that they came through, of no interest, and operands
  /// that cannot change a result are left alone. Terraform evaluates them all, to find a common type and errors; rules
  /// ask in one expression whether there is something to judge, and judge it.
  bool for_rules = false;
  /// Evaluates what people are told. Of a list that is known in part, what is known stands for all of it: join() joins
  /// that, and the first element is one that is known.
  bool for_people = false;
  /// See evaluate_around_errors().
  bool around_errors = false;
};

/// Arguments as a function sees them.
struct Call {
  std::string_view name;
  std::span<const Value> arguments;
  source::Region region;  ///< of the call
  const syntax::hcl::FunctionCall* syntax = nullptr;
};

/// Resolves names. Implemented by Terraform's module instances, by rules, and by the evaluator for iteration variables.
class Scope {
 public:
  Scope() = default;
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;
  virtual ~Scope() = default;

  struct Resolved {
    Value value;
    std::size_t consumed = 0;  ///< leading steps of the traversal that the scope took care of
  };
  /// Value of the root name with as many leading steps as the scope knows about ("var" + ".x"). Unknown names are
  /// errors.
  [[nodiscard]] virtual Resolved resolve(const syntax::hcl::Traversal& reference, Context& context) const = 0;
  /// A function beyond the built-in ones; nothing when there is none of that name.
  [[nodiscard]] virtual std::optional<Value> call(const Call& call, Context& context) const;
};

/// Scope with a few fixed names over another scope (for variables, each, self, iterators).
class LocalScope final : public Scope {
 public:
  struct Binding {
    std::string_view name;
    Value value;
  };
  LocalScope(std::span<const Binding> bindings, const Scope* outer) : bindings_(bindings), outer_(outer) {}
  [[nodiscard]] Resolved resolve(const syntax::hcl::Traversal& reference, Context& context) const override;
  [[nodiscard]] std::optional<Value> call(const Call& call, Context& context) const override;

 private:
  std::span<const Binding> bindings_;
  const Scope* outer_;
};

/// The value of an expression. Its origin is the expression's region; references chain to the origin of what they name.
[[nodiscard]] Value evaluate(const syntax::hcl::Expression& expression, const Scope& scope, Context& context);

/// An expression that is in error once more, as far as it is known: what is in error inside of it is something unknown
/// (kInvalid), except where try() and can() look for errors. An error when nothing is left. Observers are not told.
[[nodiscard]] Value evaluate_around_errors(const syntax::hcl::Expression& expression, const Scope& scope,
                                           Context& context);

/// value.name, value[key] as HCL defines them (on nulls, unknowns, open objects ...).
[[nodiscard]] Value get_attribute(const Value& value, std::string_view name, source::Region region, Context& context);
/// An attribute of an object that does not have it written, of which the provider computes the rest.
[[nodiscard]] Value computed_attribute(const Symbol& object, std::string_view name, Context& context);
[[nodiscard]] Value index(const Value& value, const Value& key, source::Region region, Context& context);
/// Applies constant steps one after the other.
[[nodiscard]] Value apply_steps(Value value, std::span<const syntax::hcl::Step> steps, Context& context);

/// Of a value that may have another type; for convert() alone.
[[nodiscard]] Value convert_to_other(const Value& value, const Type& type, Context& context);
/// Whether a value plainly is what a type asks for: operators and functions ask for types that nearly all of their
/// operands have.
[[nodiscard]] inline bool has_type(const Value& value, const Type& type) {
  return type.kind == TypeKind::kDynamic || (type.kind == TypeKind::kString && value.is_string()) ||
         (type.kind == TypeKind::kBool && value.is_bool()) || (type.kind == TypeKind::kNumber && value.is_number());
}
/// Conversion as Terraform's type constraints do it ("1" to 1, tuple to list, object to map, optional attributes).
/// Errors are values.
[[nodiscard]] inline Value convert(const Value& value, const Type& type, Context& context) {
  return has_type(value, type) ? value : convert_to_other(value, type, context);
}
/// Reads a type constraint expression (string, list(any), object({a = optional(string, "x")}) ...). An error value's
/// message when it is none.
struct ParsedType {
  const Type* type = &kDynamicType;
  findings::Diagnostics diagnostics;
};
[[nodiscard]] ParsedType parse_type(const syntax::hcl::Expression& expression, Context& context);

/// A known text as a template with these variables: what the data source template_file gives, and templatestring().
/// Errors are values.
[[nodiscard]] Value render_template(const Value& text, const Value& variables, source::Region place, Context& context);

/// The unknown that an object is of which some keys are not known.
[[nodiscard]] Value object_of_entries(std::span<const Entry> entries, Context& context);

/// JSON text as jsonencode() writes it; symbolic (with parts and `encoded`) when something inside is unknown.
[[nodiscard]] Value json_encode(const Value& value, Context& context);
/// Compact JSON for `show` and `console`: unknowns as {"$unknown": type}, sets as arrays.
[[nodiscard]] std::string to_json(const Value& value);

/// Names of the built-in functions, sorted.
[[nodiscard]] std::span<const std::string_view> function_names();

}  // namespace gabion::eval
