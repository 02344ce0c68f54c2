// The question whether some text lies in several sets of texts and outside of others, and a readable one that does.
// The part of the prover that knows about texts.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "iam/automaton.h"
#include "iam/word.h"

namespace gabion::iam {

/// Inside or outside of a set.
struct TextLiteral {
  const TextSet* set = nullptr;
  bool inside = true;
};

enum class Search : std::uint8_t {
  kPossible,  ///< for some texts of the holes; what is not found does not exist
  kSure,      ///< whatever the holes are; what is found exists
};

enum class Found : std::uint8_t { kYes, kNo, kGaveUp };

/// A text that was found.
struct FoundText {
  Word word;
  const TextSet* spelling = nullptr;  ///< the set that says how its holes are spelled, if any
};

struct TextQuestion {
  const TextSet* domain = nullptr;  ///< texts that can occur at all
  std::vector<TextLiteral> literals;
  std::span<const std::string_view> samples{};  ///< ASCII texts to try first, for witnesses that people can read
  /// Texts to try before any others, where it does not matter which is found; null: none. What is found is added.
  std::vector<FoundText>* known = nullptr;
  Search search = Search::kPossible;
  bool fold = false;  ///< case does not count in any of the sets: lower case is enough
};

/// Looks for a text of the domain with all literals. `steps` is taken from the budget that is left.
[[nodiscard]] Found find_text(const TextQuestion& question, std::uint64_t& steps, Word& out);

/// Those of the samples that are texts of the domain with all literals.
[[nodiscard]] std::vector<std::string_view> fitting_samples(const TextQuestion& question);

/// A readable text that a pattern matches: wildcards filled in, by field in ARNs. Nothing for patterns without any.
[[nodiscard]] Word instantiate(const Pattern& pattern, std::string_view filler);

}  // namespace gabion::iam
