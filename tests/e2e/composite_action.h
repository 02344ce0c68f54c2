// Runs a composite action of GitHub as its runner does, from the action's own file: inputs with their defaults, the
// conditions and the environment of each step with their expressions, and the scripts with the shell that the service
// uses. For the tests of what is in action.yml.
#pragma once

#include <yaml-cpp/yaml.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "program.h"

namespace gabion::e2e {

/// What the service would know: contexts by their dotted names, such as `github.base_ref`, and their values. What is
/// not there is null.
using Contexts = std::map<std::string, nlohmann::json>;

/// The value of an expression, the text between `${{` and `}}`: literals, contexts, the operators ==, !=, &&, || and !,
/// and the functions that the action uses. What is not understood fails the test.
[[nodiscard]] nlohmann::json evaluate(std::string_view expression, const Contexts& contexts);

/// A text with every `${{ expression }}` in it replaced by its value.
[[nodiscard]] std::string interpolate(std::string_view text, const Contexts& contexts);

/// What one step of the action did.
struct StepOutcome {
  std::string name;
  bool ran = false;
  Outcome outcome;
};

class CompositeAction {
 public:
  /// The action in `file`, a path.
  explicit CompositeAction(const std::string& file);

  /// Runs all steps in `workspace`. `contexts` holds what the service knows; the inputs are added by their names.
  /// `environment` is what the runner gives to every step. After a step that failed only those run that ask for it.
  [[nodiscard]] std::vector<StepOutcome> run(const Project& workspace, const std::map<std::string, std::string>& inputs,
                                             Contexts contexts,
                                             const std::map<std::string, std::string>& environment) const;

  [[nodiscard]] const YAML::Node& description() const { return action_; }

 private:
  YAML::Node action_;
};

}  // namespace gabion::e2e
