// JSON with places: objects keep the order and the duplicates of their members, every value its region.
// Also reads JSON with holes: text that came from a template whose interpolations are not known.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "source/region.h"

namespace gabion::syntax::json {

using source::Region;

enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject, kHole };

/// A piece of a string: literal text, or hole number `hole` (index into the input's holes).
struct StringPart {
  std::string_view text;
  std::int32_t hole = -1;  ///< -1: literal
};

struct Member;

/// A JSON value. Which fields mean something is told by `kind`.
struct Value {
  Kind kind = Kind::kNull;
  bool boolean = false;
  std::int32_t hole = -1;  ///< kHole: a value that is a hole as a whole (in an array, perhaps several values)
  std::string_view text;   ///< kString without holes: unescaped; kNumber: as written
  std::span<const StringPart> parts;  ///< kString with holes: at least one part is a hole
  std::span<const Value> elements;    ///< kArray
  std::span<const Member> members;    ///< kObject, in order, duplicates kept
  Region region;

  /// Last member of that name (as most readers take it), or null.
  [[nodiscard]] const Value* member(std::string_view name) const;
};

struct Member {
  std::string_view name;                   ///< unescaped; empty when the name has holes
  std::span<const StringPart> name_parts;  ///< when the name has holes
  Region name_region;
  Value value;
};

}  // namespace gabion::syntax::json
