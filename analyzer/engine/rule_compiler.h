// Reads rule files (YAML) into RuleData and checks every field: unknown and missing keys, types, ids, expressions that
// do not parse. Run at build time over rules/ and at run time over users' files, so both obey the same law.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/rule_data.h"
#include "source/arena.h"
#include "source/artifact.h"
#include "source/expected.h"

namespace gabion::engine {

/// Rules of one file and what is wrong with it. Errors carry file, line, column and a hint; rules in error are left
/// out.
struct CompiledRules {
  std::vector<RuleData> rules;
  std::vector<source::Error> errors;
};

/// Compiles the text of one rule file; one rule a file, or several as YAML documents. Strings go to the arena.
[[nodiscard]] CompiledRules compile_rules(std::string_view path, std::string_view text, source::Arena& arena);

/// Where a region of an expression's text is in its rule file; `expression` is the artifact that was made of the text.
[[nodiscard]] source::Position place_of(const TextAt& text, const source::Artifact& expression, source::Region region);

/// The candidate closest to `word` by edit distance, when it is close enough to be meant; else empty.
[[nodiscard]] std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace gabion::engine
