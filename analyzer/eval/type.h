// cty's types, as Terraform has them. Types live in an arena or are static; compare them with equal().
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

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
  const Type* element = nullptr;                 ///< list, set, map
  std::span<const Type* const> elements{};       ///< tuple
  std::span<const AttributeType> attributes{};   ///< object, sorted by name
};

inline constexpr Type kDynamicType{.kind = TypeKind::kDynamic};
inline constexpr Type kBoolType{.kind = TypeKind::kBool};
inline constexpr Type kNumberType{.kind = TypeKind::kNumber};
inline constexpr Type kStringType{.kind = TypeKind::kString};

/// Structural equality (optional markers do not count).
[[nodiscard]] bool equal(const Type& a, const Type& b);
/// As Terraform's type constraint syntax: "list(string)", "object({a=number})".
[[nodiscard]] std::string to_string(const Type& type);
/// As error messages name it: "list of string", "object", "dynamic".
[[nodiscard]] std::string friendly_name(const Type& type);

}  // namespace gabion::eval
