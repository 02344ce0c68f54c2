// Texts that are known in part: literal runs with holes between them, for string functions that keep what is known.
// The functions of string_functions.cpp call it when an argument is a text with holes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/evaluation.h"

namespace gabion::eval::functions {

/// A stretch of literal text, or a value that is not known.
struct TextPiece {
  std::string_view text;
  const Value* hole = nullptr;
  source::Region region{};
  bool exact = false;                        ///< the text equals the bytes of the region
  std::optional<CharacterSet> characters{};  ///< of a part of the hole, which finest_pieces_of() tells apart
};

/// The pieces of a string or of an unknown that is one; adjacent literals are kept apart, nothing is empty.
[[nodiscard]] std::vector<TextPiece> pieces_of(const Value& value);
/// The same, with holes taken apart where it is known what they are put together of, such as ARNs. Their parts are all
/// the same hole, with characters of their own: this is for questions about the text, not for making others of it.
[[nodiscard]] std::vector<TextPiece> finest_pieces_of(const Value& value);
/// True when some literal text of the value is known.
[[nodiscard]] bool known_in_part(const Value& value);

/// Where a text may occur in a text with holes, whatever the holes hold.
struct Occurrences {
  bool literal = false;       ///< surely, in literal text
  bool crossing = false;      ///< maybe, partly in a hole or across an empty one
  std::vector<bool> in_hole;  ///< maybe, inside of the hole; one for each piece
  [[nodiscard]] bool only_literal() const;
};
/// `needle` is not empty. What is known about the characters of holes is used.
[[nodiscard]] Occurrences find_occurrences(const std::vector<TextPiece>& pieces, std::string_view needle);

/// Whether the JSON text of a value has the text in it, whatever is not known of the value; nothing when that is open.
[[nodiscard]] std::optional<bool> occurs_in_encoded(const Value& encoded, std::string_view needle);

/// What is known about the characters that a hole may have.
[[nodiscard]] std::optional<CharacterSet> characters_of(const Value& hole);
[[nodiscard]] std::optional<CharacterSet> characters_of(const TextPiece& piece);

/// The text of other pieces. `pieces` of a cut literal keep their places as far as they have one.
[[nodiscard]] Value text_of_pieces(const Call& call, const std::vector<TextPiece>& pieces, Context& context);
/// A piece of a literal piece.
[[nodiscard]] TextPiece cut(const TextPiece& piece, std::size_t begin, std::size_t size);
/// The function of `call` applied to a hole in the place of its text: an unknown with an identity of its own.
[[nodiscard]] Value apply_to_hole(const Call& call, std::size_t text_argument, const Value& hole, Context& context);

/// A function that treats characters one by one: `literal` maps literal text, holes get derived unless all characters
/// that they may have are kept (`keeps`).
[[nodiscard]] Value map_characters(const Call& call, std::size_t text_argument,
                                   const std::function<std::string(std::string_view)>& literal,
                                   const std::function<bool(unsigned char)>& keeps, Context& context);

/// replace(text, needle, replacement) of plain text where text or replacement have holes.
[[nodiscard]] Value replace_symbolic(const Call& call, Context& context);
/// split(separator, text) where the text has holes.
[[nodiscard]] Value split_symbolic(const Call& call, Context& context);

}  // namespace gabion::eval::functions
