// Remembers what a function of one text gave: the facts never change, and policies name the same actions all the time.
// Called by the look-ups of this folder only.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "source/hash.h"

namespace gabion::aws {

/// Results by text, up to a bound. Each thread has its own.
template <class Result>
class TextMemo {
 public:
  /// What `make(text)` gives. Lasts until the next call.
  template <class Make>
  const Result& of(std::string_view text, Make&& make) {
    const auto known = results_.find(text);
    if (known != results_.end()) {
      return known->second;
    }
    Result result = make(text);
    if (results_.size() == kMost) {
      results_.clear();
    }
    return results_.emplace(text, std::move(result)).first->second;
  }

 private:
  static constexpr std::size_t kMost = 4096;
  std::unordered_map<std::string, Result, source::TextHash, std::equal_to<>> results_;
};

}  // namespace gabion::aws
