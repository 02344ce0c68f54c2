#include "syntax/json/source_map.h"

#include <algorithm>
#include <cstring>

namespace gabion::syntax::json {
namespace {

bool is_exact(const Piece& piece) {
  return piece.hole < 0 && piece.exact && piece.region.size() == piece.text.size();
}

}  // namespace

SourceMap::SourceMap(std::span<const Piece> pieces, source::Arena& arena) : pieces_(pieces) {
  starts_.reserve(pieces.size());
  std::size_t size = 0;
  for (const Piece& piece : pieces) {
    starts_.push_back(size);
    size += piece.hole >= 0 ? 1 : piece.text.size();
  }
  if (pieces.size() == 1 && pieces.front().hole < 0) {
    text_ = pieces.front().text;
    in_place_ = is_exact(pieces.front());
    return;
  }
  if (size == 0) {
    return;
  }
  auto* memory = static_cast<char*>(arena.allocate(size, 1));
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& piece = pieces[i];
    if (piece.hole >= 0) {
      memory[starts_[i]] = '\0';
    } else if (!piece.text.empty()) {
      std::memcpy(memory + starts_[i], piece.text.data(), piece.text.size());
    }
  }
  text_ = {memory, size};
}

std::int32_t SourceMap::hole_at(std::size_t offset) const {
  if (pieces_.empty() || offset >= text_.size()) {
    return -1;
  }
  return pieces_[piece_of(offset)].hole;
}

std::size_t SourceMap::piece_of(std::size_t offset) const {
  const auto holds = [&](std::size_t piece) {
    return starts_[piece] <= offset && (piece + 1 == starts_.size() || offset < starts_[piece + 1]);
  };
  if (holds(recent_piece_)) {
    return recent_piece_;
  }
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  recent_piece_ = static_cast<std::size_t>(after - starts_.begin()) - 1;
  return recent_piece_;
}

source::Region SourceMap::part(std::size_t piece, std::size_t from, std::size_t to) const {
  const Piece& origin = pieces_[piece];
  if (!is_exact(origin)) {
    return origin.region;
  }
  return {origin.region.artifact, origin.region.begin + static_cast<std::uint32_t>(from),
          origin.region.begin + static_cast<std::uint32_t>(to)};
}

source::Region SourceMap::region_over_pieces(std::size_t begin, std::size_t end) const {
  if (pieces_.empty()) {
    return {};
  }
  const std::size_t last = end > begin ? piece_of(end - 1) : piece_of(begin);
  const std::size_t first = piece_of(begin);
  if (first == last) {
    return part(first, begin - starts_[first], end - starts_[first]);
  }
  source::Region whole;
  for (std::size_t i = first; i <= last; ++i) {
    if (pieces_[i].hole < 0 && pieces_[i].text.empty()) {
      continue;
    }
    const std::size_t from = i == first ? begin - starts_[i] : 0;
    const std::size_t to = i == last ? end - starts_[i] : pieces_[i].text.size();
    const source::Region place = part(i, from, to);
    if (!place.valid()) {
      continue;
    }
    if (!whole.valid()) {
      whole = place;
    } else if (whole.artifact == place.artifact) {
      whole = source::cover(whole, place);
    }
  }
  return whole;
}

}  // namespace gabion::syntax::json
