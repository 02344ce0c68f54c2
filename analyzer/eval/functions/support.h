// What the built-in functions share: whole numbers, types, unknown results and marks. Used by the files of
// eval/functions/ only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "eval/evaluation.h"
#include "eval/function.h"

namespace gabion::eval::functions {

// Types that several tables use.
inline constexpr Type kListOfAny{.kind = TypeKind::kList, .element = &kDynamicType};
inline constexpr Type kSetOfAny{.kind = TypeKind::kSet, .element = &kDynamicType};
inline constexpr Type kMapOfAny{.kind = TypeKind::kMap, .element = &kDynamicType};
inline constexpr Type kListOfString{.kind = TypeKind::kList, .element = &kStringType};
inline constexpr Type kListOfNumber{.kind = TypeKind::kList, .element = &kNumberType};
inline constexpr Type kListOfBool{.kind = TypeKind::kList, .element = &kBoolType};
inline constexpr Type kSetOfString{.kind = TypeKind::kSet, .element = &kStringType};
inline constexpr Type kMapOfListOfString{.kind = TypeKind::kMap, .element = &kListOfString};

/// The number as a whole number of 64 bits, as functions want indexes and sizes.
[[nodiscard]] std::optional<std::int64_t> whole(const Value& number);
/// Error for an argument that should have been a whole number.
[[nodiscard]] Value whole_number_error(const Call& call, std::size_t argument, Context& context);

/// True for list, set and tuple types.
[[nodiscard]] bool is_sequence_type(const Type& type);
/// True for map and object types.
[[nodiscard]] bool is_mapping_type(const Type& type);
/// Type of the elements of a known or unknown list, set or map.
[[nodiscard]] const Type& element_type(const Value& collection, Context& context);

/// A string result; an unknown one when it is over the size that evaluation may make.
[[nodiscard]] Value text_result(const Call& call, std::string_view text, Context& context);
/// Unknown because a limit was reached.
[[nodiscard]] Value budget_result(const Call& call, const Type& type, Context& context);
/// Unknown because a file or the environment is not to be read.
[[nodiscard]] Value file_result(const Call& call, const Type& type, Context& context);
/// Unknown because the analysis does not compute that.
[[nodiscard]] Value unsupported_result(const Call& call, const Type& type, Context& context);
/// Unknown that is one of the given values.
[[nodiscard]] Value one_of(const Call& call, std::span<const Value> values, const Type& type, Context& context);
/// Adds marks to those that the value has (errors have none).
[[nodiscard]] Value add_marks(Value value, std::uint8_t marks, Context& context);
/// The value without the given marks at its top; those inside stay.
[[nodiscard]] Value drop_marks(Value value, std::uint8_t marks, Context& context);
/// True when the value is surely not null.
[[nodiscard]] bool surely_not_null(const Value& value);
/// Where the argument was written, for the parts of a string: its origin, or the call as a whole.
[[nodiscard]] source::Region region_of(const Call& call, const Value& value);
/// "name(argument, argument)" with what tells the arguments apart; for symbols.
[[nodiscard]] std::string call_text(const Call& call);

}  // namespace gabion::eval::functions
