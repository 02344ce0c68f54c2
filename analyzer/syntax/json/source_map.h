// The text that a JSON parser reads, made of pieces, and the way back from its offsets to the places where the
// pieces were written. Used by the parser alone. A single literal piece is read in place, without a copy.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "source/arena.h"
#include "source/region.h"
#include "syntax/json/parser.h"

namespace gabion::syntax::json {

/// Joins pieces to one text in which every hole is a single NUL byte. JSON allows no NUL outside of an escape, so
/// scanning loops stop there by themselves.
class SourceMap {
 public:
  /// The text of a single piece must outlive the map; several pieces are copied into the arena.
  SourceMap(std::span<const Piece> pieces, source::Arena& arena);

  [[nodiscard]] std::string_view text() const { return text_; }
  /// The caller's number of the hole at this offset, or -1 when there is none.
  [[nodiscard]] std::int32_t hole_at(std::size_t offset) const;
  /// Place of the text [begin, end): offset for offset in exact pieces, the whole piece otherwise, and the cover
  /// of all pieces of the first artifact met when it spans several.
  [[nodiscard]] source::Region region(std::size_t begin, std::size_t end) const {
    if (in_place_) {
      return {pieces_.front().region.artifact, pieces_.front().region.begin + static_cast<std::uint32_t>(begin),
              pieces_.front().region.begin + static_cast<std::uint32_t>(end)};
    }
    return region_over_pieces(begin, end);
  }

 private:
  [[nodiscard]] std::size_t piece_of(std::size_t offset) const;
  [[nodiscard]] source::Region region_over_pieces(std::size_t begin, std::size_t end) const;
  [[nodiscard]] source::Region part(std::size_t piece, std::size_t from, std::size_t to) const;

  std::span<const Piece> pieces_;
  std::string_view text_;
  bool in_place_ = false;                 // one exact piece: offsets are those of its region
  std::vector<std::size_t> starts_;       // offset of every piece in text_
  mutable std::size_t recent_piece_ = 0;  // neighbours are asked for one after the other
};

}  // namespace gabion::syntax::json
