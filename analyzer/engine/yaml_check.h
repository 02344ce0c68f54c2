// YAML that means more than it says: aliases of aliases stand for exponentially many values, and one inside of its own
// anchor for endlessly many; and YAML that yaml-cpp reads as endlessly many documents. Called for every configuration
// and rule file before anything walks over it.
#pragma once

#include <optional>
#include <string_view>

#include "source/expected.h"

namespace gabion::engine {

/// What is wrong with a text: its aliases lead in a circle, or stand for more values than anybody writes, or it goes on
/// with something that no value begins with, of which yaml-cpp makes one empty document after another. Nothing when it is
/// harmless, or when yaml-cpp refuses it, which is for the reader of the text to say.
[[nodiscard]] std::optional<source::Error> check_yaml(std::string_view path, std::string_view text);

}  // namespace gabion::engine
