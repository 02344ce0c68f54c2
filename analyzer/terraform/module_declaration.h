// Makes a static module of the top-level blocks of its files: everything that it declares, and of its variables the
// types, the defaults and what their conditions say. Called by Library, once for each module.
#pragma once

#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "eval/evaluator.h"
#include "findings/diagnostic.h"
#include "source/artifact.h"
#include "source/hash.h"
#include "syntax/hcl/ast.h"
#include "terraform/module.h"

namespace gabion::terraform {

/// Whether defaults pass the conditions of their variables, by what is written: modules come with copies of each
/// other's variables. Several threads may ask.
class KnownConditions {
 public:
  /// Whether the default of the variable passes its conditions: asked once of declarations with the same text.
  [[nodiscard]] bool default_holds(const VariableDeclaration& variable, const source::ArtifactStore& artifacts,
                                   eval::Context& context);

 private:
  std::unordered_map<std::string, bool, source::TextHash, std::equal_to<>> holds_;  ///< by name and text
  std::mutex mutex_;
};

/// Fills a module with what the blocks declare; of its variables also with what does not hang on who calls it. Values
/// and types live in the memory of the context.
void declare_module(Module& module, const std::vector<const hcl::Block*>& blocks, eval::Context& context,
                    const source::ArtifactStore& artifacts, KnownConditions& conditions,
                    findings::Diagnostics& diagnostics);

}  // namespace gabion::terraform
