// Runs the examples of rule files: each example alone, in memory, under its rule only. They are the rules' first tests
// and their documentation at once.
#pragma once

#include <string>
#include <vector>

#include "engine/rule_data.h"

namespace gabion::engine {

/// An example that does not do what its rule says.
struct ExampleFailure {
  std::string rule;
  std::string path;        ///< of the rule file
  std::uint32_t line = 0;  ///< of the example
  std::string message;
};

struct ExampleReport {
  std::uint32_t examples = 0;
  std::vector<ExampleFailure> failures;
};

/// A bad example has its number of findings, of the severity that it names (and becomes `fixed` by its fixes), a good
/// one has none and nothing unresolved, an unknown one has no finding but an unresolved note.
[[nodiscard]] ExampleReport run_examples(const RuleData& rule);

}  // namespace gabion::engine
