// Names for the loops in the texts of symbols that are the same in two analyses.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "source/artifact.h"

namespace gabion::engine {

/// What is not known of the elements of a collection goes by the place of the loop over them ("var.l[*]@120.name"). An
/// edit before it moves the loop and changes nothing, and another part of a tree has other numbers for its files, so
/// that loops are named by the line in which they stand.
class LoopNames {
 public:
  /// `artifacts` of the analysis that the texts are from; it must outlive this.
  explicit LoopNames(const source::ArtifactStore& artifacts) : artifacts_(artifacts) {}

  /// The text with the names of its loops for their places.
  [[nodiscard]] std::string named(std::string_view text);

 private:
  /// Null where it is no place of a text that was read.
  const std::string* name_of(std::string_view digits);

  const source::ArtifactStore& artifacts_;
  std::map<std::uint64_t, const source::Artifact*> read_;
  std::map<std::uint64_t, std::string> names_;
};

}  // namespace gabion::engine
