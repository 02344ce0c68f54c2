// Results of rule functions that are facts about their arguments: what an action does, which actions a pattern covers.
// Rules ask the same of every policy, so each is worked out once a run. RuleScope asks here before it calls.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "engine/functions.h"
#include "source/arena.h"
#include "source/hash.h"

namespace gabion::engine {

/// The results of one run. They live as long as it does, whatever configuration they were made for.
class FunctionMemo {
 public:
  /// The result of a function of texts; nothing when it is another kind of function, or an argument is not a known text
  /// or list of texts.
  [[nodiscard]] std::optional<eval::Value> call(const RuleFunction& function, const eval::Call& call, RuleContext& rule,
                                                eval::Context& context);

 private:
  source::Arena arena_;
  std::unordered_map<std::string, eval::Value, source::TextHash, std::equal_to<>> results_;
};

}  // namespace gabion::engine
