// Structured data with holes and places: what JSON text and evaluated values have in common. Documents and formulas are
// read from it, so that both spellings mean the same.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "eval/value.h"
#include "iam/document.h"
#include "iam/text.h"
#include "syntax/json/ast.h"

namespace gabion::iam {

struct TreeMember;

/// A value. Scalars keep their text: "x", 1.2, true.
struct Tree {
  enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject, kHole };
  Kind kind = Kind::kNull;
  Text text;  ///< kString, kNumber, kBool
  std::vector<Tree> elements;
  std::vector<TreeMember> members;  ///< in order, duplicates kept
  Hole hole;                        ///< kHole: of any shape
  Region region;
  const eval::Origin* origin = nullptr;

  [[nodiscard]] bool is_scalar() const { return kind == Kind::kBool || kind == Kind::kNumber || kind == Kind::kString; }
  /// Last member of that name, or null.
  [[nodiscard]] const Tree* member(std::string_view name) const;
};

struct TreeMember {
  Text name;
  Tree value;
};

/// Which of several alternatives of a value to take; the same symbol takes the same one everywhere.
class Choices {
 public:
  /// The alternative for that symbol; a new one starts at the first.
  [[nodiscard]] std::size_t choose(const eval::Symbol& symbol, std::size_t count);
  /// Moves on to the next combination; false when all have been seen.
  [[nodiscard]] bool advance();

 private:
  struct Choice {
    const eval::Symbol* symbol = nullptr;
    std::size_t at = 0;
    std::size_t count = 0;
  };
  std::vector<Choice> choices_;
};

/// The hole that an unknown leaves.
[[nodiscard]] Hole hole_of(const eval::Value& value);

[[nodiscard]] Tree read_tree(const syntax::json::Value& value, std::span<const Hole> holes, std::uint32_t depth);
/// Strings stay strings (see read_document_tree for the policy itself). Without `choices`, alternatives are holes.
[[nodiscard]] Tree read_tree(const eval::Value& value, const ReadOptions& options, Choices* choices,
                             std::uint32_t depth);

/// Text of a string value, appended piece by piece.
void append_text(const eval::Value& value, const ReadOptions& options, Choices* choices, std::uint32_t depth,
                 Text& out);

/// Pieces of JSON text that a string value is made of. False when the value is unknown as a whole.
struct JsonPieces {
  std::vector<syntax::json::Piece> pieces;
  std::vector<Hole> holes;
  std::deque<std::string> owned;  ///< texts that pieces view
};
void append_pieces(const eval::Value& value, const ReadOptions& options, Choices* choices, std::uint32_t depth,
                   JsonPieces& out);

}  // namespace gabion::iam
