// Named limits on work, so that input never decides how long the analysis takes or how deep it goes.
// Running out is data: the caller turns it into an unknown value and a Diagnostic, and goes on elsewhere.
#pragma once

#include <cstdint>

namespace gabion::source {

/// Limits of one analysis, with the reason for each default.
struct Limits {
  /// Bytes of one file. Real configuration files stay under 1 MiB; generated ones reach a few.
  std::uint64_t file_bytes = std::uint64_t{64} * 1024 * 1024;
  /// Nesting of blocks, expressions and templates in one file. HashiCorp's parser recurses; people do not pass 40.
  std::uint32_t nesting = 250;
  /// Evaluation steps (expression nodes visited) of one root module.
  std::uint64_t steps = 20'000'000;
  /// Depth of evaluation across references, functions and modules.
  std::uint32_t depth = 400;
  /// Instances of one resource, module or dynamic block by count or for_each; more are represented by one.
  std::uint32_t instances = 10'000;
  /// Instances of resources over one root module.
  std::uint32_t total_instances = 200'000;
  /// Depth of module calls below the root. Terraform has no limit; real estates stay under 8.
  std::uint32_t module_depth = 32;
  /// Bytes of one string or collection made by evaluation.
  std::uint64_t value_bytes = std::uint64_t{16} * 1024 * 1024;
};

/// Counts steps down. Copying is not meant: one budget per root module.
class Budget {
 public:
  explicit Budget(const Limits& limits) : limits_(limits), steps_left_(limits.steps) {}
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  /// Takes one step (or `cost`); false when the budget is used up, then and ever after.
  [[nodiscard]] bool step(std::uint64_t cost = 1) {
    if (steps_left_ < cost) {
      steps_left_ = 0;
      exhausted_ = true;
      return false;
    }
    steps_left_ -= cost;
    return true;
  }
  [[nodiscard]] bool exhausted() const { return exhausted_; }
  [[nodiscard]] const Limits& limits() const { return limits_; }
  [[nodiscard]] std::uint64_t steps_used() const { return limits_.steps - steps_left_; }

 private:
  Limits limits_;
  std::uint64_t steps_left_;
  bool exhausted_ = false;
};

}  // namespace gabion::source
