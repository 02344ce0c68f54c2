// Places in the bytes that were read. A Region is an artifact and a half-open range of byte offsets;
// lines and columns are computed only when something is printed (see line_index.h).
#pragma once

#include <compare>
#include <cstdint>

namespace gabion::source {

/// Index of an artifact (a file, standard input, a rule's expression) in its ArtifactStore.
enum class ArtifactId : std::uint32_t {};

/// The id that no store hands out: "no place".
inline constexpr ArtifactId kNoArtifact{0xffffffffU};

/// Half-open range [begin, end) of byte offsets in one artifact.
struct Region {
  ArtifactId artifact = kNoArtifact;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  /// True when the region names a place at all.
  [[nodiscard]] constexpr bool valid() const { return artifact != kNoArtifact; }
  [[nodiscard]] constexpr std::uint32_t size() const { return end - begin; }
  [[nodiscard]] constexpr bool contains(const Region& other) const {
    return artifact == other.artifact && begin <= other.begin && other.end <= end;
  }
  friend constexpr auto operator<=>(const Region&, const Region&) = default;
};

/// Smallest region that covers both; both must be of one artifact.
[[nodiscard]] constexpr Region cover(const Region& a, const Region& b) {
  return {a.artifact, a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end};
}

}  // namespace gabion::source
