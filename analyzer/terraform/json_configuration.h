// Terraform's JSON configuration syntax (*.tf.json): turns JSON into the same tree that the native syntax gives, so
// that nothing after it needs to know. Called by Library. Strings are templates whose regions are exact where the JSON
// string has no escapes, and the whole string otherwise.
#pragma once

#include <deque>
#include <string_view>

#include "findings/diagnostic.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "source/budget.h"
#include "syntax/hcl/ast.h"
#include "syntax/json/ast.h"

namespace gabion::terraform {

/// What a conversion works with. `texts` keeps unescaped strings alive as long as the trees.
struct JsonConversion {
  const source::Artifact& artifact;
  source::Arena& arena;
  const source::Limits& limits;
  std::deque<source::Artifact>& texts;
  findings::Diagnostics& diagnostics;
};

/// The body of a configuration file; blocks in the order they are written.
[[nodiscard]] const syntax::hcl::Body* convert_configuration(const syntax::json::Value& root,
                                                             const JsonConversion& conversion);
/// The body of a variables file (*.tfvars.json): attributes whose strings are taken as they are.
[[nodiscard]] const syntax::hcl::Body* convert_variables(const syntax::json::Value& root,
                                                         const JsonConversion& conversion);

}  // namespace gabion::terraform
