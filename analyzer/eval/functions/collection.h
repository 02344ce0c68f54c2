// Implementations behind the table of collection functions (collection_functions.cpp), by kind: list_functions.cpp,
// list_questions.cpp, map_functions.cpp, set_functions.cpp. Elements that are not known stay elements wherever their
// place is known.
#pragma once

#include "eval/function.h"

namespace gabion::eval::functions {

// Lists and tuples.
[[nodiscard]] Value alltrue(const Call& call, Context& context);
[[nodiscard]] Value anytrue(const Call& call, Context& context);
[[nodiscard]] Value chunklist(const Call& call, Context& context);
[[nodiscard]] Value coalesce(const Call& call, Context& context);
[[nodiscard]] Value coalescelist(const Call& call, Context& context);
[[nodiscard]] Value compact(const Call& call, Context& context);
[[nodiscard]] Value concat(const Call& call, Context& context);
[[nodiscard]] Value contains(const Call& call, Context& context);
[[nodiscard]] Value distinct(const Call& call, Context& context);
[[nodiscard]] Value element(const Call& call, Context& context);
[[nodiscard]] Value flatten(const Call& call, Context& context);
[[nodiscard]] Value index_of(const Call& call, Context& context);
[[nodiscard]] Value length(const Call& call, Context& context);
[[nodiscard]] Value list_removed(const Call& call, Context& context);
[[nodiscard]] Value matchkeys(const Call& call, Context& context);
[[nodiscard]] Value one(const Call& call, Context& context);
[[nodiscard]] Value range(const Call& call, Context& context);
[[nodiscard]] Value reverse(const Call& call, Context& context);
[[nodiscard]] Value slice(const Call& call, Context& context);
[[nodiscard]] Value sort(const Call& call, Context& context);
[[nodiscard]] Value sum(const Call& call, Context& context);

// Maps and objects.
[[nodiscard]] Value keys(const Call& call, Context& context);
[[nodiscard]] Value lookup(const Call& call, Context& context);
[[nodiscard]] Value map_removed(const Call& call, Context& context);
[[nodiscard]] Value merge(const Call& call, Context& context);
[[nodiscard]] Value transpose(const Call& call, Context& context);
[[nodiscard]] Value values(const Call& call, Context& context);
[[nodiscard]] Value zipmap(const Call& call, Context& context);

// Sets.
[[nodiscard]] Value setintersection(const Call& call, Context& context);
[[nodiscard]] Value setproduct(const Call& call, Context& context);
[[nodiscard]] Value setsubtract(const Call& call, Context& context);
[[nodiscard]] Value setunion(const Call& call, Context& context);

}  // namespace gabion::eval::functions
