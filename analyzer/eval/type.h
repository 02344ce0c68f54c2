// cty's types, as Terraform has them. Types live in an arena or are static; compare them with equal().
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "source/arena.h"

namespace gabion::eval {

enum class TypeKind : std::uint8_t { kDynamic, kBool, kNumber, kString, kList, kSet, kMap, kTuple, kObject };

struct Type;
class Value;

/// An attribute of an object type. `optional` and `fallback` occur in type constraints only.
struct AttributeType {
  std::string_view name;
  const Type* type = nullptr;
  bool optional = false;
  const Value* fallback = nullptr;  ///< default of optional(type, default), or null
};

/// A type. `any` in a constraint is kDynamic.
struct Type {
  TypeKind kind = TypeKind::kDynamic;
  const Type* element = nullptr;                ///< list, set, map
  std::span<const Type* const> elements{};      ///< tuple
  std::span<const AttributeType> attributes{};  ///< object, sorted by name
};

inline constexpr Type kDynamicType{.kind = TypeKind::kDynamic};
inline constexpr Type kBoolType{.kind = TypeKind::kBool};
inline constexpr Type kNumberType{.kind = TypeKind::kNumber};
inline constexpr Type kStringType{.kind = TypeKind::kString};

// ---- Construction. ----

[[nodiscard]] const Type* list_type(source::Arena& arena, const Type& element);
[[nodiscard]] const Type* set_type(source::Arena& arena, const Type& element);
[[nodiscard]] const Type* map_type(source::Arena& arena, const Type& element);
[[nodiscard]] const Type* tuple_type(source::Arena& arena, std::span<const Type* const> elements);
/// Sorts by name; names must be unique and outlive the arena's types.
[[nodiscard]] const Type* object_type(source::Arena& arena, std::span<const AttributeType> attributes);
/// The same type without optional markers and defaults: what values have.
[[nodiscard]] const Type& without_optional(source::Arena& arena, const Type& type);

// ---- Questions. ----

[[nodiscard]] constexpr bool is_primitive(const Type& type) {
  return type.kind == TypeKind::kBool || type.kind == TypeKind::kNumber || type.kind == TypeKind::kString;
}
/// List, set or map.
[[nodiscard]] constexpr bool is_collection(const Type& type) {
  return type.kind == TypeKind::kList || type.kind == TypeKind::kSet || type.kind == TypeKind::kMap;
}
/// True when kDynamic occurs anywhere inside.
[[nodiscard]] bool has_dynamic(const Type& type);
/// The attribute of an object type, or null.
[[nodiscard]] const AttributeType* attribute_of(const Type& type, std::string_view name);
/// True when a value of `from` may convert to `to`; whether it does may depend on the value ("a" to number).
[[nodiscard]] bool may_convert(const Type& from, const Type& to);
/// Why no value of `from` can become a `to`, as error messages say it: "string required", `attribute "a" is required`.
[[nodiscard]] std::string mismatch(const Type& from, const Type& to);
/// The type that values of all these types convert to (both results of a conditional, the elements of a list), or
/// null when there is none.
[[nodiscard]] const Type* unify(source::Arena& arena, std::span<const Type* const> types);

/// Structural equality (optional markers do not count).
[[nodiscard]] bool equal(const Type& a, const Type& b);
/// As Terraform's type constraint syntax: "list(string)", "object({a=number})".
[[nodiscard]] std::string to_string(const Type& type);
/// As error messages name it: "list of string", "object", "dynamic".
[[nodiscard]] std::string friendly_name(const Type& type);

}  // namespace gabion::eval
