// What the answer to a question probably is, by a look at its statements. Which of several searches comes first hangs
// on it, and nothing else: a wrong guess costs time. Called by question.cpp only.
#pragma once

#include "iam/question.h"

namespace gabion::iam {

/// Is there probably a counterexample, whatever is not known?
[[nodiscard]] bool expects_no(const Question& question);

/// Does one statement probably deny all that is asked whether it is allowed?
[[nodiscard]] bool expects_denial(const Question& question);

}  // namespace gabion::iam
