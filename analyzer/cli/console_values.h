// Values written as JSON for the console's line protocol: {"type": T, "value": V, "marks": [...]}; an unknown is
// {"$unknown": type}, with what is known about it in "refine".
#pragma once

#include <string>
#include <string_view>

#include "eval/evaluator.h"
#include "source/artifact.h"
#include "syntax/json/ast.h"

namespace gabion::cli {

/// A value, or what is wrong with its description.
struct DescribedValue {
  eval::Value value;
  std::string error;
};

/// Reads the description of a variable called `name`. Type constraints are parsed as artifacts of the store.
[[nodiscard]] DescribedValue read_value(const syntax::json::Value& description, std::string_view name,
                                        eval::Context& context, source::ArtifactStore& artifacts);

}  // namespace gabion::cli
