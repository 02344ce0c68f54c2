// What lists, tuples and sets are asked: how long they are, what is in them, what they add up to.
#include <algorithm>
#include <optional>
#include <vector>

#include "eval/functions/collection.h"
#include "eval/functions/support.h"
#include "eval/functions/unicode.h"

namespace gabion::eval::functions {

Value alltrue(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  Truth all = list.is_sequence() ? Truth::kYes : Truth::kUnknown;
  for (const Value& element : list.held()) {
    all = all & (element.is_unknown() ? Truth::kUnknown : truth_of(element.is_bool() && element.boolean()));
  }
  return all == Truth::kUnknown ? unknown_result(call, kBoolType, context) : make_bool(all == Truth::kYes);
}

Value anytrue(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  Truth any = list.is_sequence() ? Truth::kNo : Truth::kUnknown;
  for (const Value& element : list.held()) {
    any = any | (element.is_unknown() ? Truth::kUnknown : truth_of(element.is_bool() && element.boolean()));
  }
  return any == Truth::kUnknown ? unknown_result(call, kBoolType, context) : make_bool(any == Truth::kYes);
}

Value contains(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  const Value& wanted = call.arguments[1];
  if (list.is_unknown()) {
    const Type& type = type_of(context.arena, list);
    if (!is_sequence_type(type) && type.kind != TypeKind::kDynamic) {
      return argument_error(call, 0, "argument must be list, tuple, or set", context);
    }
    const Value* each = list.unknown().element;
    if (each != nullptr && equals(*each, wanted) == Truth::kNo) {
      return make_bool(false);
    }
    const auto is_wanted = [&](const Value& element) { return equals(element, wanted) == Truth::kYes; };
    if (std::ranges::any_of(list.held(), is_wanted)) {
      return make_bool(true);
    }
    return list.unknown().max_length == 0 ? make_bool(false) : unknown_result(call, kBoolType, context);
  }
  if (!list.is_sequence()) {
    return argument_error(call, 0, "argument must be list, tuple, or set", context);
  }
  Truth found = Truth::kNo;
  for (const Value& element : list.elements()) {
    found = found | equals(element, wanted);
    if (found == Truth::kYes) {
      return make_bool(true);
    }
  }
  return found == Truth::kNo ? make_bool(false) : unknown_result(call, kBoolType, context);
}

Value index_of(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  if (list.is_unknown()) {
    const TypeKind kind = type_of(context.arena, list).kind;
    if (kind != TypeKind::kList && kind != TypeKind::kTuple && kind != TypeKind::kDynamic) {
      return argument_error(call, 0, "argument must be a list or tuple", context);
    }
    return unknown_result(call, kNumberType, context);
  }
  if (list.kind() != Kind::kList && list.kind() != Kind::kTuple) {
    return argument_error(call, 0, "argument must be a list or tuple", context);
  }
  if (list.elements().empty()) {
    return call_error(call, "cannot search an empty list", context);
  }
  for (std::size_t i = 0; i < list.elements().size(); ++i) {
    switch (equals(list.elements()[i], call.arguments[1])) {
      case Truth::kYes:
        return make_number(context.arena, static_cast<std::int64_t>(i));
      case Truth::kUnknown:
        return unknown_result(call, kNumberType, context);
      case Truth::kNo:
        break;
    }
  }
  return call_error(call, "item not found", context);
}

namespace {

/// A length that is known within bounds: none is negative.
Value unknown_length(const Call& call, const Value& value, Context& context) {
  const Value result = unknown_result(call, kNumberType, context);
  Unknown unknown = result.unknown();
  const bool text = value.is_unknown() && value.node().type()->kind == TypeKind::kString;
  const bool bounded = value.is_unknown() && !text;
  const auto number = [&](std::uint32_t bound) { return context.arena.make<Number>(std::int64_t{bound}); };
  unknown.not_null = true;
  const bool not_empty = text && equals(value, make_string_view(context.arena, "")) == Truth::kNo;
  unknown.at_least = number(bounded ? value.unknown().min_length : not_empty ? 1 : 0);
  if (bounded && value.unknown().max_length != 0xffffffffU) {
    unknown.at_most = number(value.unknown().max_length);
  }
  return make_unknown(context.arena, kNumberType, unknown);
}

}  // namespace

Value length(const Call& call, Context& context) {
  const Value& value = call.arguments[0];
  std::optional<std::size_t> size;
  switch (value.kind()) {
    case Kind::kString:
      size = cluster_count(value.text());
      break;
    case Kind::kList:
    case Kind::kSet:
    case Kind::kTuple:
      size = value.elements().size();
      break;
    case Kind::kMap:
      size = value.members().size();
      break;
    case Kind::kObject:
      if (value.node().rest_kind != Rest::kComputed) {
        size = value.members().size();
      }
      break;
    case Kind::kUnknown: {
      const Type& type = type_of(context.arena, value);
      if (type.kind == TypeKind::kTuple) {
        size = type.elements.size();
      } else if (type.kind == TypeKind::kObject) {
        size = type.attributes.size();
      } else if (type.kind == TypeKind::kNumber || type.kind == TypeKind::kBool) {
        return argument_error(call, 0, "argument must be a string, a collection type, or a structural type", context);
      } else if (value.unknown().min_length == value.unknown().max_length) {
        size = value.unknown().min_length;
      } else if (context.for_people && !value.held().empty()) {
        size = value.held().size();
      }
      break;
    }
    default:
      return argument_error(call, 0, "argument must be a string, a collection type, or a structural type", context);
  }
  const Value result =
      size ? make_number(context.arena, static_cast<std::int64_t>(*size)) : unknown_length(call, value, context);
  return add_marks(result, value.marks(), context);
}

Value matchkeys(const Call& call, Context& context) {
  const Value& values = call.arguments[0];
  const Type& type = type_of(context.arena, values);
  const Type* const sides[] = {&type_of(context.arena, call.arguments[1]), &type_of(context.arena, call.arguments[2])};
  const Type* common = unify(context.arena, sides);
  if (common == nullptr) {
    return call_error(call, "keys and searchset must be of the same type", context);
  }
  const Value keys = convert(call.arguments[1], *common, context);
  const Value wanted = convert(call.arguments[2], *common, context);
  if (!values.is_sequence() || !keys.is_sequence() || !wanted.is_sequence()) {
    return unknown_result(call, type, context);
  }
  if (values.elements().size() != keys.elements().size()) {
    return call_error(call, "length of keys and values should be equal", context);
  }
  std::vector<Value> matches;
  for (std::size_t i = 0; i < keys.elements().size(); ++i) {
    if (!context.budget.step(wanted.elements().size() / 4 + 1)) {
      return budget_result(call, type, context);
    }
    Truth found = Truth::kNo;
    for (const Value& candidate : wanted.elements()) {
      found = found | equals(keys.elements()[i], candidate);
    }
    if (found == Truth::kUnknown) {
      return unknown_result(call, type, context);
    }
    if (found == Truth::kYes) {
      matches.push_back(values.elements()[i]);
    }
  }
  return make_list(context.arena, element_type(values, context), matches);
}

Value one(const Call& call, Context& context) {
  constexpr std::string_view kWanted = "must be a list, set, or tuple value with either zero or one elements";
  const Value& list = call.arguments[0];
  const Type* type = &kDynamicType;
  if (list.kind() == Kind::kList || list.kind() == Kind::kSet || list.is_unknown()) {
    const Type& whole_type = type_of(context.arena, list);
    if (whole_type.kind == TypeKind::kList || whole_type.kind == TypeKind::kSet) {
      type = whole_type.element;
    } else if (whole_type.kind == TypeKind::kTuple && whole_type.elements.size() == 1) {
      type = whole_type.elements.front();
    } else if (whole_type.kind != TypeKind::kDynamic) {
      return argument_error(call, 0, kWanted, context);
    }
  }
  if (list.is_unknown()) {
    return unknown_result(call, *type, context);
  }
  if (!list.is_sequence() || list.elements().size() > 1) {
    return argument_error(call, 0, kWanted, context);
  }
  return list.elements().empty() ? make_null(context.arena, *type) : list.elements().front();
}

Value sum(const Call& call, Context& context) {
  constexpr std::string_view kWanted = "argument must be list, set, or tuple of number values";
  const Value& list = call.arguments[0];
  if (list.is_unknown()) {
    const Type& type = type_of(context.arena, list);
    if (!is_sequence_type(type) && type.kind != TypeKind::kDynamic) {
      return argument_error(call, 0, kWanted, context);
    }
    return unknown_result(call, kNumberType, context);
  }
  if (!list.is_sequence()) {
    return argument_error(call, 0, kWanted, context);
  }
  if (list.elements().empty()) {
    return argument_error(call, 0, "cannot sum an empty list", context);
  }
  Number total;
  bool first = true;
  bool infinite = false;
  int infinite_sign = 0;
  for (const Value& element : list.elements()) {
    if (element.is_null()) {
      return argument_error(call, 0, kWanted, context);
    }
    const Value number = convert(element, kNumberType, context);
    if (number.is_error()) {
      return argument_error(call, 0, kWanted, context);
    }
    if (!number.is_number()) {
      return unknown_result(call, kNumberType, context);
    }
    if (number.number().is_infinite()) {
      if (infinite && infinite_sign != number.number().sign()) {
        return call_error(call, "can't compute sum of opposing infinities", context);
      }
      infinite = true;
      infinite_sign = number.number().sign();
    }
    total = first ? number.number() : add(context.arena, total, number.number());
    first = false;
  }
  return make_number(context.arena, total);
}

}  // namespace gabion::eval::functions
