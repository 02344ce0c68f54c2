// Words against single patterns: for the few words that a search tries, automata take longer to make.
#pragma once

#include "iam/automaton.h"
#include "iam/pattern.h"
#include "iam/word.h"

namespace gabion::iam {

/// Does the pattern match the whole word? As an automaton of the pattern says; `reading` is not kMay, under which
/// holes stand for texts.
[[nodiscard]] bool match_word(const Pattern& pattern, const Word& word, Reading reading, const HoleTable& holes);

}  // namespace gabion::iam
