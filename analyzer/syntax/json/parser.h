// Strict JSON parser with positions (RFC 8259), over plain text or over text with holes.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "findings/diagnostic.h"
#include "source/arena.h"
#include "source/budget.h"
#include "source/region.h"
#include "syntax/json/ast.h"

namespace gabion::syntax::json {

/// A piece of the input. Literal pieces may know where they come from; the pieces of a heredoc or a template are
/// scattered over the source, so regions of values are mapped piece by piece.
struct Piece {
  std::string_view text;   ///< literal text, empty for a hole
  std::int32_t hole = -1;  ///< -1: literal; else the caller's number of the unknown
  source::Region region;   ///< where the piece was written; may be invalid
  bool exact = false;      ///< text equals the bytes of region, so offsets map one to one
};

/// `value` is null when nothing usable was read. A mistake whose meaning is plain (a trailing comma, a comment, single
/// quotes) is reported and read on, so there may be a value and diagnostics; judge a value as complete only when ok().
struct Parsed {
  const Value* value = nullptr;
  findings::Diagnostics diagnostics;
  [[nodiscard]] bool ok() const { return value != nullptr && diagnostics.empty(); }
};

/// Parses one JSON text (white space around it is fine, anything else after it is an error).
[[nodiscard]] Parsed parse(std::span<const Piece> pieces, source::Arena& arena, const source::Limits& limits);
/// Plain text at a place of an artifact. The text must outlive the tree.
[[nodiscard]] Parsed parse(std::string_view text, source::Region region, source::Arena& arena,
                           const source::Limits& limits);

}  // namespace gabion::syntax::json
