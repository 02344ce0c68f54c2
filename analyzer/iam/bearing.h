// Leaves out of the formula of a question what any request satisfies by going without keys that nothing else in the
// question speaks of. Guardrails name many keys that a caller must not need; few policies test any of them.
#pragma once

#include <vector>

#include "iam/formula.h"
#include "iam/prove.h"
#include "iam/survey.h"

namespace gabion::iam {

/// The parts of a formula that an answer hangs on. Borrows from the formula.
struct Bearing {
  std::vector<const Formula*> parts;  ///< all of them hold
  /// Facts about keys that were left out would have told callers apart: which one a witness names hangs on that.
  bool tells_callers_apart = false;
};

/// All parts of a formula.
[[nodiscard]] Bearing whole(const Formula& formula);
/// Those parts that bear on a question about documents. `documents` is their survey, `callers` are the types that a
/// caller may have. What is left out every witness satisfies, and the search finds the same one without it.
[[nodiscard]] Bearing bearing(const Formula& formula, const Survey& documents, PrincipalTypes callers,
                              const Assumptions& assumptions);

}  // namespace gabion::iam
