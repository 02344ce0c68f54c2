// What is kept from one analysis of a tree to the next: texts, syntax trees, parsed rules, and what rules have worked
// out already. The language server gives one to analyze() each time that somebody typed something; the answers are
// those of an analysis without it.
#pragma once

#include "engine/prepared_rules.h"
#include "source/artifact.h"
#include "terraform/syntax_memory.h"

namespace gabion::engine {

/// For one set of rules and parameters, which are borrowed.
class AnalysisMemory {
 public:
  AnalysisMemory(const RuleSet& rules, const Parameters& parameters) : rules_(rules, parameters, artifacts_) {}
  AnalysisMemory(const AnalysisMemory&) = delete;
  AnalysisMemory& operator=(const AnalysisMemory&) = delete;

  /// Begins an analysis. Results of earlier ones stay valid until finish().
  void begin() {
    artifacts_.renew();
    rules_.quiet().make_room();
  }
  /// Ends an analysis that came to its end: what only earlier ones needed is freed.
  void finish() {
    syntax_.collect(artifacts_);
    artifacts_.collect();
  }

  [[nodiscard]] source::ArtifactStore& artifacts() { return artifacts_; }
  [[nodiscard]] const source::ArtifactStore& artifacts() const { return artifacts_; }
  [[nodiscard]] terraform::SyntaxMemory& syntax() { return syntax_; }
  [[nodiscard]] PreparedRules& rules() { return rules_; }

 private:
  source::ArtifactStore artifacts_;
  terraform::SyntaxMemory syntax_;
  PreparedRules rules_;
};

}  // namespace gabion::engine
