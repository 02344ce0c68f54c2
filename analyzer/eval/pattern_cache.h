// Regular expressions compiled once: rules and modules match the same few patterns against many texts. Whoever makes
// contexts may give them a cache; without one each call compiles its pattern.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "source/hash.h"

namespace gabion::eval {

/// Compiled patterns by their text; what they are is the affair of the functions that match.
class PatternCache {
 public:
  /// The place of a pattern, empty when it was not compiled yet. Valid until the next call.
  [[nodiscard]] std::shared_ptr<const void>& at(std::string_view text) {
    constexpr std::size_t kMost = 1000;  // texts that are patterns may be made by the configuration
    if (const auto known = patterns_.find(text); known != patterns_.end()) {
      return known->second;
    }
    if (patterns_.size() >= kMost) {
      patterns_.clear();
    }
    return patterns_.try_emplace(std::string(text)).first->second;
  }

 private:
  std::unordered_map<std::string, std::shared_ptr<const void>, source::TextHash, std::equal_to<>> patterns_;
};

}  // namespace gabion::eval
