// What a formula binds the context keys of its requests to, as far as a look at it tells, and which conditions can hold
// of no such request. Called by narrowing.cpp only.
#pragma once

#include <vector>

#include "iam/document.h"
#include "iam/formula.h"

namespace gabion::iam {

/// Borrows from the formula.
class KeyBounds {
 public:
  explicit KeyBounds(const Formula& formula) { add(formula); }

  /// Does the condition hold of no request that satisfies the formula, whichever way open points are read?
  [[nodiscard]] bool exclude(const Condition& condition) const;

 private:
  /// The key is absent, or one of the tests holds of its one value.
  struct Bound {
    const Formula* key = nullptr;  ///< some part that names it
    std::vector<const Formula*> tests;
  };
  void add(const Formula& formula);
  /// Takes in a part of the formula; false when it is no such bound.
  static bool read(const Formula& part, Bound& out);

  std::vector<Bound> bounds_;  ///< all of them hold
};

}  // namespace gabion::iam
