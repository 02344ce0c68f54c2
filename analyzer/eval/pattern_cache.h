// Regular expressions compiled once: rules and modules match the same few patterns against many texts. Whoever makes
// contexts may give them a cache; without one each call compiles its pattern.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

namespace gabion::eval {

/// Compiled patterns by their text; what they are is the affair of the functions that match.
class PatternCache {
 public:
  /// The place of a pattern, empty when it was not compiled yet. Valid until the next call.
  [[nodiscard]] std::shared_ptr<const void>& at(const std::string& text) {
    constexpr std::size_t kMost = 1000;  // texts that are patterns may be made by the configuration
    if (patterns_.size() >= kMost && !patterns_.contains(text)) {
      patterns_.clear();
    }
    return patterns_[text];
  }

 private:
  std::unordered_map<std::string, std::shared_ptr<const void>> patterns_;
};

}  // namespace gabion::eval
