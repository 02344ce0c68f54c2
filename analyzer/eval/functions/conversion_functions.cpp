// Conversions and functions about marks.
#include <string>
#include <vector>

#include "eval/functions/support.h"

namespace gabion::eval {

namespace functions {
namespace {

Value to_type(const Call& call, const Type& wanted, Context& context) {
  const Value& value = call.arguments[0];
  const Value result = convert(value, wanted, context);
  if (!result.is_error()) {
    return result;
  }
  std::string what = value.is_sensitive() ? "this sensitive " : "";
  what += value.is_string() && !value.is_sensitive() ? describe(value) : friendly_name(type_of(context.arena, value));
  std::string message = "cannot convert " + what + " to " + friendly_name(wanted);
  if (value.is_string() && wanted.kind == TypeKind::kBool) {
    message += "; only the strings \"true\" or \"false\" are allowed";
  } else if (value.is_string() && wanted.kind == TypeKind::kNumber) {
    message += "; given string must be a decimal representation of a number";
  }
  return argument_error(call, 0, message, context);
}

Value tobool(const Call& call, Context& context) {
  return to_type(call, kBoolType, context);
}
Value tonumber(const Call& call, Context& context) {
  return to_type(call, kNumberType, context);
}
Value tostring(const Call& call, Context& context) {
  return to_type(call, kStringType, context);
}
Value tolist(const Call& call, Context& context) {
  return to_type(call, kListOfAny, context);
}
Value toset(const Call& call, Context& context) {
  return to_type(call, kSetOfAny, context);
}
Value tomap(const Call& call, Context& context) {
  return to_type(call, kMapOfAny, context);
}

/// Without ephemeral values: null stands for each of them.
Value drop_ephemeral(const Value& value, std::uint32_t depth, Context& context) {
  if ((value.marks() & kEphemeral) != 0 && value.is_unknown()) {
    // Whether it is null when it is known does not matter any more, but Terraform tells only then.
    Unknown unknown = value.unknown();
    unknown.not_null = false;
    const Value result = make_unknown(context.arena, *value.node().type(), unknown, value.detail());
    const auto marks = static_cast<std::uint8_t>(value.marks() & ~kEphemeral);
    return with_marks(context.arena, result, marks).with_origin(value.origin());
  }
  if ((value.marks() & kEphemeral) != 0) {
    return make_null(context.arena, type_of(context.arena, value)).with_origin(value.origin());
  }
  if (depth == 0 || value.is_unknown()) {
    return value;
  }
  if (value.is_sequence()) {
    std::vector<Value> elements;
    for (const Value& element : value.elements()) {
      elements.push_back(drop_ephemeral(element, depth - 1, context));
    }
    const Value result = value.kind() == Kind::kTuple ? eval::make_tuple(context.arena, elements)
                         : value.kind() == Kind::kList
                             ? make_list(context.arena, element_type(value, context), elements)
                             : make_set(context.arena, element_type(value, context), elements);
    return add_marks(result, value.marks(), context).with_origin(value.origin());
  }
  if (value.is_mapping()) {
    std::vector<Member> members(value.members().begin(), value.members().end());
    for (Member& member : members) {
      member.value = drop_ephemeral(member.value, depth - 1, context);
    }
    const Value result = value.kind() == Kind::kMap
                             ? make_map(context.arena, element_type(value, context), members)
                             : make_object(context.arena, members, value.node().rest_kind, value.rest());
    return add_marks(result, value.marks(), context).with_origin(value.origin());
  }
  return value;
}

Value ephemeralasnull(const Call& call, Context& context) {
  return drop_ephemeral(call.arguments[0], context.limits.nesting, context);
}

Value issensitive(const Call& call, Context& context) {
  const Value& value = call.arguments[0];
  if (value.is_sensitive()) {
    return make_bool(true);
  }
  return value.is_unknown() ? unknown_result(call, kBoolType, context) : make_bool(false);
}

Value sensitive(const Call& call, Context& context) {
  return add_marks(call.arguments[0], kSensitive, context);
}

Value nonsensitive(const Call& call, Context& context) {
  return drop_marks(call.arguments[0], kSensitive, context);
}

Value type_function(const Call& call, Context& context) {
  return text_result(call, to_string(type_of(context.arena, call.arguments[0])), context);
}

constexpr Parameter kAny[] = {
    {.name = "value", .allow_null = true, .allow_unknown = true, .allow_marked = true},
};
constexpr Parameter kConverted[] = {
    {.name = "v", .allow_null = true, .allow_unknown = true, .allow_marked = true},
};

constexpr Builtin kTable[] = {
    {.name = "ephemeralasnull", .parameters = kAny, .call = &ephemeralasnull},
    {.name = "issensitive", .parameters = kAny, .result = &kBoolType, .call = &issensitive},
    {.name = "nonsensitive", .parameters = kAny, .call = &nonsensitive},
    {.name = "sensitive", .parameters = kAny, .call = &sensitive},
    {.name = "tobool", .parameters = kConverted, .result = &kBoolType, .call = &tobool},
    {.name = "tolist", .parameters = kConverted, .result = &kListOfAny, .call = &tolist},
    {.name = "tomap", .parameters = kConverted, .result = &kMapOfAny, .call = &tomap},
    {.name = "tonumber", .parameters = kConverted, .result = &kNumberType, .call = &tonumber},
    {.name = "toset", .parameters = kConverted, .result = &kSetOfAny, .call = &toset},
    {.name = "tostring", .parameters = kConverted, .result = &kStringType, .call = &tostring},
    {.name = "type", .parameters = kAny, .result = &kStringType, .call = &type_function},
};

}  // namespace
}  // namespace functions

std::span<const Builtin> conversion_functions() {
  return functions::kTable;
}

}  // namespace gabion::eval
