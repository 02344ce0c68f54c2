// A quick hash of texts for tables that do not outlive a run. Nothing that anybody sees may hang on it, and nothing
// that somebody may want to make collide: the cache has a digest for that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "source/words.h"

namespace gabion::source {

/// Of eight bytes at a time.
[[nodiscard]] inline std::uint64_t hash_of(std::string_view text) {
  constexpr std::uint64_t kFactor = 0x9e3779b97f4a7c15U;
  std::uint64_t hash = text.size() * kFactor;
  const auto mix = [&](std::uint64_t word) {
    hash = (hash ^ word) * kFactor;
    hash ^= hash >> 32U;
  };
  for_each_word(text, mix);
  return hash;
}

/// For unordered containers, which may be asked with views.
struct TextHash {
  using is_transparent = void;
  [[nodiscard]] std::size_t operator()(std::string_view text) const { return hash_of(text); }
};

}  // namespace gabion::source
