// Structured data with holes and places: what JSON text and evaluated values have in common. Documents and formulas are
// read from it, so that both spellings mean the same.
#pragma once

#include <cstdint>
#include <deque>
#include <forward_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "eval/value.h"
#include "iam/document.h"
#include "iam/text.h"
#include "source/arena.h"
#include "syntax/json/ast.h"

namespace gabion::iam {

struct TreeMember;

/// A text in a tree, which has its place.
struct TreeText {
  std::string_view plain{};          ///< when it is known
  const Text* with_holes = nullptr;  ///< otherwise

  [[nodiscard]] bool known() const { return with_holes == nullptr; }
  [[nodiscard]] bool is(std::string_view text) const { return known() && plain == text; }
  [[nodiscard]] std::string str() const { return known() ? std::string(plain) : with_holes->str(); }
  [[nodiscard]] Text at(Region region, const eval::Origin* origin = nullptr) const;
};

/// A value. Scalars keep their text: "x", 1.2, true.
struct Tree {
  enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject, kHole };
  Kind kind = Kind::kNull;
  TreeText text{};  ///< kString, kNumber, kBool
  std::span<const Tree> elements{};
  std::span<const TreeMember> members{};  ///< in order, duplicates kept
  const Hole* hole = nullptr;             ///< kHole: of any shape
  Region region{};
  const eval::Origin* origin = nullptr;

  [[nodiscard]] bool is_scalar() const { return kind == Kind::kBool || kind == Kind::kNumber || kind == Kind::kString; }
  /// The text of a scalar.
  [[nodiscard]] Text whole_text() const { return text.at(region, origin); }
};

struct TreeMember {
  TreeText name{};
  Region name_region{};
  Tree value{};
};

/// What trees view besides that which they were read from: both have to outlive them.
class TreeStore {
 public:
  template <class T>
  [[nodiscard]] std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    auto* const first = static_cast<T*>(arena_.allocate(count * sizeof(T), alignof(T)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }
  [[nodiscard]] std::string_view copy(std::string_view text) { return arena_.copy(text); }
  [[nodiscard]] TreeText keep(Text text);
  [[nodiscard]] const Hole* keep(Hole hole) { return &holes_.emplace_front(std::move(hole)); }

 private:
  source::Arena arena_;
  std::forward_list<Text> texts_;
  std::forward_list<Hole> holes_;
};

/// Which of several alternatives of a value to take; the same symbol takes the same one everywhere.
class Choices {
 public:
  /// The alternative for that symbol; a new one starts at the first.
  [[nodiscard]] std::size_t choose(const eval::Symbol& symbol, std::size_t count);
  /// Moves on to the next combination; false when all have been seen.
  [[nodiscard]] bool advance();
  /// Whether one of them is made by others than who calls the configuration: by what AWS answers, or what is read.
  [[nodiscard]] bool hang_on_others() const;

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

/// The tree views the holes too.
[[nodiscard]] Tree read_tree(const syntax::json::Value& value, std::span<const Hole> holes, std::uint32_t depth,
                             TreeStore& store);
/// Strings stay strings (see read_document_tree for the policy itself). Without `choices`, alternatives are holes.
[[nodiscard]] Tree read_tree(const eval::Value& value, const ReadOptions& options, Choices* choices,
                             std::uint32_t depth, TreeStore& store);

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
