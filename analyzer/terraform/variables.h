// Values of a root module's input variables: which source wins (environment, variables files, options), and what is
// known of a variable that has none. Used by the root's ModuleInstance.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "eval/evaluator.h"
#include "terraform/library.h"
#include "terraform/module.h"

namespace gabion::terraform {

class Expansion;

/// Where the value of a variable was given: an expression in a file, or text given as an option.
struct Assignment {
  eval::OriginKind kind = eval::OriginKind::kVariablesFile;
  const hcl::Attribute* attribute = nullptr;  ///< in a file
  std::string name;                           ///< of the artifact for the text: "--var size"
  std::string text;                           ///< otherwise
  bool is_expression = false;                 ///< the text is one for every type
  source::Region place{};                     ///< of the text, when a file gave it
};

/// The assignments of one root module, the last source of each variable.
class RootVariables {
 public:
  /// Reads the variables files of the directory and those given as options, in Terraform's order.
  RootVariables(Library& library, const std::string& directory, const std::vector<VariableOption>& given);

  [[nodiscard]] const Assignment* find(std::string_view name) const;
  /// Whether a file that cannot be read may give a value to what has no assignment.
  [[nodiscard]] bool open() const { return open_; }
  /// Warns of assignments in the directory's own files to variables that the module does not declare.
  void check(const Module& module, Expansion& expansion) const;

 private:
  void assign_all(Library& library, const std::string& path);

  std::unordered_map<std::string_view, Assignment> assignments_;
  std::vector<std::string> names_;  ///< owns the names of options
  bool open_ = false;
};

/// Value of an assignment before conversion to the variable's type; an error value when it cannot be evaluated.
[[nodiscard]] eval::Value assigned_value(const Assignment& assignment, const VariableDeclaration& variable,
                                         Library& library, eval::Context& context);
/// An unknown for a variable without value; its validation conditions may say which values it can have.
[[nodiscard]] eval::Value open_variable(const VariableDeclaration& variable, std::string_view address,
                                        eval::Context& context);

}  // namespace gabion::terraform
