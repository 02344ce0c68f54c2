// Results of rule functions that are facts about their arguments: what an action does, which actions a pattern covers.
// Rules ask the same of every policy, so each is worked out once a run. RuleScope asks here before it calls.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/functions.h"
#include "source/arena.h"
#include "source/hash.h"
#include "source/key_bytes.h"

namespace gabion::engine {

/// The results of one run. They live as long as it does, whatever configuration they were made for.
class FunctionMemo {
 public:
  /// The result of a function of texts, or that chooses some of a list; nothing when it is another kind of function, or
  /// an argument is not a known text or list of texts.
  [[nodiscard]] std::optional<eval::Value> call(const RuleFunction& function, const eval::Call& call, RuleContext& rule,
                                                eval::Context& context);

 private:
  /// What a function chose of a list.
  struct Choice {
    bool all = false;  ///< the list itself
    std::vector<std::uint32_t> places;
  };

  [[nodiscard]] static std::optional<Choice> choice_of(const eval::Value& list, const eval::Value& result);
  /// call() of a function that chooses, with these texts as key_.
  [[nodiscard]] eval::Value choose(const RuleFunction& function, const eval::Call& call, RuleContext& rule,
                                   eval::Context& context);

  source::Arena arena_;
  source::KeyBytes key_;  ///< of the call that is made: its function and arguments
  std::unordered_map<std::string, eval::Value, source::TextHash, std::equal_to<>> results_;
  std::unordered_map<std::string, Choice, source::TextHash, std::equal_to<>> choices_;
  std::size_t bytes_ = 0;  ///< of what choices were made of
};

}  // namespace gabion::engine
