// YAML that means more than it says: aliases of aliases stand for exponentially many values, and one inside of its own
// anchor for endlessly many. Called for every configuration and rule file before anything walks over it.
#pragma once

#include <optional>
#include <string_view>

#include "source/expected.h"

namespace gabion::engine {

/// What is wrong with the aliases of a text: they lead in a circle, or stand for more values than anybody writes.
/// Nothing when they are harmless, or when the text is no YAML, which is for its reader to say.
[[nodiscard]] std::optional<source::Error> check_aliases(std::string_view path, std::string_view text);

}  // namespace gabion::engine
