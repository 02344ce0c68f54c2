// Words against single patterns: for the few words that a search tries, automata take longer to make.
#pragma once

#include "eval/truth.h"
#include "iam/automaton.h"
#include "iam/pattern.h"
#include "iam/word.h"

namespace gabion::iam {

/// Does the pattern match the whole word? As an automaton of the pattern says; not under kMay.
[[nodiscard]] bool match_word(const Pattern& pattern, const Word& word, Reading reading, const HoleTable& holes);

/// The same under kMay, where holes may be any texts; unknown where it takes an automaton to tell.
[[nodiscard]] eval::Truth may_match_word(const Pattern& pattern, const Word& word, const HoleTable& holes);

}  // namespace gabion::iam
