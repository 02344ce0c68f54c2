// Conversion of values between types, as Terraform's type constraints, operators and function parameters do it.
#include <algorithm>
#include <array>
#include <vector>

#include "eval/evaluation.h"

namespace gabion::eval {

namespace {

Value fail(std::string_view why, Context& context) {
  return make_error(context.arena, why, source::Region{});
}

Value inside(const std::string& where, const Value& error, Context& context) {
  return fail(where + ": " + std::string(error.error().message), context);
}

/// The wanted type with its `any` parts filled in from what is there.
const Type& fill_dynamic(const Type& given, const Type& wanted, Context& context) {
  if (!has_dynamic(wanted)) {
    return without_optional(context.arena, wanted);
  }
  if (wanted.kind == TypeKind::kDynamic) {
    return given;
  }
  if (is_collection(wanted)) {
    const Type* element = &kDynamicType;
    if (is_collection(given)) {
      element = &fill_dynamic(*given.element, *wanted.element, context);
    } else if (given.kind == TypeKind::kTuple || given.kind == TypeKind::kObject) {
      std::vector<const Type*> parts(given.elements.begin(), given.elements.end());
      for (const AttributeType& attribute : given.attributes) {
        parts.push_back(attribute.type);
      }
      for (const Type*& part : parts) {
        part = &fill_dynamic(*part, *wanted.element, context);
      }
      const Type* common = parts.empty() ? nullptr : unify(context.arena, parts);
      element = common != nullptr ? common : &kDynamicType;
    } else {
      element = &without_optional(context.arena, *wanted.element);
    }
    return wanted.kind == TypeKind::kList  ? *list_type(context.arena, *element)
           : wanted.kind == TypeKind::kSet ? *set_type(context.arena, *element)
                                           : *map_type(context.arena, *element);
  }
  if (wanted.kind == TypeKind::kTuple) {
    std::vector<const Type*> elements;
    for (std::size_t i = 0; i < wanted.elements.size(); ++i) {
      const bool has = given.kind == TypeKind::kTuple && i < given.elements.size();
      elements.push_back(&fill_dynamic(has ? *given.elements[i] : kDynamicType, *wanted.elements[i], context));
    }
    return *tuple_type(context.arena, elements);
  }
  std::vector<AttributeType> attributes;
  for (const AttributeType& attribute : wanted.attributes) {
    const Type* from = &kDynamicType;
    if (given.kind == TypeKind::kObject) {
      const AttributeType* own = attribute_of(given, attribute.name);
      from = own != nullptr ? own->type : from;
    } else if (given.kind == TypeKind::kMap) {
      from = given.element;
    }
    attributes.push_back({.name = attribute.name, .type = &fill_dynamic(*from, *attribute.type, context)});
  }
  return *object_type(context.arena, attributes);
}

/// True when different values of `from` become different values of `to`, and each of them becomes one: the result of
/// the conversion is then the same unknown.
bool always_converts(const Type& from, const Type& to) {
  if (to.kind == TypeKind::kDynamic || equal(from, to)) {
    return true;
  }
  switch (to.kind) {
    case TypeKind::kString:
      return is_primitive(from);
    case TypeKind::kList:
      if (from.kind == TypeKind::kList || from.kind == TypeKind::kSet) {
        return always_converts(*from.element, *to.element);
      }
      return from.kind == TypeKind::kTuple &&
             std::ranges::all_of(from.elements, [&](const Type* type) { return always_converts(*type, *to.element); });
    case TypeKind::kMap:
      if (from.kind == TypeKind::kMap) {
        return always_converts(*from.element, *to.element);
      }
      return from.kind == TypeKind::kObject &&
             std::ranges::all_of(from.attributes, [&](const AttributeType& attribute) {
               return always_converts(*attribute.type, *to.element);
             });
    default:
      return false;
  }
}

bool holds_only_text(const Type& type) {
  return type.kind == TypeKind::kString || type.kind == TypeKind::kDynamic ||
         ((type.kind == TypeKind::kList || type.kind == TypeKind::kMap) && holds_only_text(*type.element));
}

/// True when an unknown goes on under its own symbol: its type becomes known, its value surely stays recognisable.
bool keeps_symbol(const Type& from, const Type& to) {
  if (from.kind == TypeKind::kDynamic) {
    return holds_only_text(to);
  }
  const bool same_collection = from.kind == to.kind && (to.kind == TypeKind::kList || to.kind == TypeKind::kMap);
  return equal(from, to) || (same_collection && keeps_symbol(*from.element, *to.element));
}

/// The function that converts to a primitive type; nothing for other types.
std::string_view conversion_name(const Type& type) {
  switch (type.kind) {
    case TypeKind::kString:
      return "tostring";
    case TypeKind::kBool:
      return "tobool";
    case TypeKind::kNumber:
      return "tonumber";
    default:
      return {};
  }
}

Value convert_pattern(const Value* pattern, const Type& type, Context& context) {
  return pattern == nullptr ? Value() : convert(*pattern, type, context);
}

/// Elements of which it is known that they stay in the collection.
std::span<const Value> convert_held(std::span<const Value> held, const Type& type, Context& context) {
  std::vector<Value> converted;
  for (const Value& element : held) {
    const Value made = convert(element, type, context);
    if (!made.is_error()) {
      converted.push_back(made);
    }
  }
  return context.arena.copy(converted);
}

/// A member that stays in a map or object of that type, as it is there; nothing when the type has no such attribute or
/// the conversion fails, which is for somebody else to say.
std::optional<Value> convert_member(const Member& member, const Type& type, Context& context) {
  const Type* wanted = type.element;
  if (type.kind == TypeKind::kObject) {
    const AttributeType* attribute = attribute_of(type, member.name);
    if (attribute == nullptr) {
      return std::nullopt;
    }
    const bool may_be_null = member.value.is_unknown() && !member.value.unknown().not_null;
    if (attribute->fallback != nullptr && (member.value.is_null() || may_be_null)) {
      return std::nullopt;  // null stands for the default
    }
    wanted = attribute->type;
  }
  const Value converted = convert(member.value, *wanted, context);
  return converted.is_error() ? std::nullopt : std::optional(converted);
}

/// A member of an unknown when values are brought to a common type that is not known: a text is one in all of them.
Member unified_member(const Member& member, const Symbol& whole, Context& context) {
  Member unified = member;
  if (!member.value.is_null() && type_of(context.arena, member.value).kind != TypeKind::kString) {
    const Symbol* symbol = child_symbol(whole, member_step(member.name), context);
    unified.value = with_marks(context.arena, make_unknown(context.arena, kDynamicType, symbol), member.value.marks());
  }
  return unified;
}

/// Members of which it is known that they are in the map or object that an unknown one is converted to.
std::span<const Member> convert_members(const Value& value, const Symbol& symbol, const Type& type, Context& context) {
  std::vector<Member> converted;
  if (type.kind == TypeKind::kMap || type.kind == TypeKind::kObject) {
    const bool unified =
        type.kind == TypeKind::kMap && has_dynamic(*type.element) && value.node().type()->kind != TypeKind::kMap;
    for (const Member& member : value.unknown().members) {
      if (unified) {
        converted.push_back(unified_member(member, symbol, context));
      } else if (const std::optional<Value> made = convert_member(member, type, context)) {
        converted.push_back({.name = member.name, .value = *made, .name_region = member.name_region});
      }
    }
  }
  return context.arena.copy(converted);
}

Value convert_unknown(const Value& value, const Type& wanted, Context& context) {
  const Type& given = *value.node().type();
  if (!may_convert(given, wanted)) {
    return fail(mismatch(given, wanted), context);
  }
  const Type& type = fill_dynamic(given, wanted, context);
  if (equal(given, type)) {
    return value;
  }
  Unknown unknown = value.unknown();
  if (!unknown.alternatives.empty()) {
    const auto apply = [&](std::span<const Value> values) { return convert(values[0], wanted, context); };
    const auto text = [&] { return symbol_text(to_string(wanted), "(", value, ")"); };
    if (const auto mapped = map_alternatives(std::span<const Value>(&value, 1), context, apply, text)) {
      return *mapped;
    }
  }
  if (!keeps_symbol(given, type)) {
    std::string text;
    if (const std::string_view name = conversion_name(type); !name.empty()) {
      append_pieces(text, name, "(", value, ")");
    } else {
      append_identity(text, value);
      append_conversion(text, type);
    }
    unknown.symbol = context.symbols.derive(text, *cause_of(std::span<const Value>(&value, 1)));
  }
  if (!always_converts(given, type)) {
    put_in_doubt(context, value);
  }
  unknown.entries = {};
  unknown.members = convert_members(value, *unknown.symbol, wanted.kind == TypeKind::kObject ? wanted : type, context);
  if (is_collection(type)) {
    const Value element = convert_pattern(unknown.element, *type.element, context);
    unknown.element = unknown.element == nullptr || element.is_error() ? nullptr : context.arena.make<Value>(element);
    unknown.held = convert_held(unknown.held, *type.element, context);
    if (given.kind == TypeKind::kTuple || given.kind == TypeKind::kObject) {
      const auto size = static_cast<std::uint32_t>(given.elements.size() + given.attributes.size());
      unknown.min_length = type.kind == TypeKind::kSet ? std::min(size, 1U) : size;
      unknown.max_length = size;
    } else if (type.kind == TypeKind::kSet) {
      unknown.min_length = std::min(unknown.min_length, 1U);
    }
  } else {
    unknown.element = nullptr;
    unknown.element_key = nullptr;
    unknown.held = {};
  }
  const StringDetail* detail = given.kind == TypeKind::kString ? value.detail() : nullptr;
  return make_unknown(context.arena, type, unknown, detail);
}

Value to_bool(const Value& value, Context& context) {
  if (value.is_string()) {
    const std::string_view text = value.text();
    if (text == "true" || text == "1") {
      return make_bool(true);
    }
    if (text == "false" || text == "0") {
      return make_bool(false);
    }
    if (text == "True" || text == "TRUE") {
      return fail("a bool is required; to convert from string, use lowercase \"true\"", context);
    }
    if (text == "False" || text == "FALSE") {
      return fail("a bool is required; to convert from string, use lowercase \"false\"", context);
    }
    return fail("a bool is required", context);
  }
  return fail(mismatch(type_of(context.arena, value), kBoolType), context);
}

Value to_number(const Value& value, Context& context) {
  if (value.is_string()) {
    const std::optional<Number> number = Number::parse(context.arena, value.text());
    return number ? make_number(context.arena, *number) : fail("a number is required", context);
  }
  return fail(mismatch(type_of(context.arena, value), kNumberType), context);
}

Value to_text(const Value& value, Context& context) {
  if (value.is_number() || value.is_bool()) {
    return make_string(context.arena, primitive_text(value));
  }
  return fail(mismatch(type_of(context.arena, value), kStringType), context);
}

std::vector<const Type*> types_of(std::span<Value* const> elements, Context& context) {
  std::vector<const Type*> types;
  types.reserve(elements.size());
  for (const Value* element : elements) {
    types.push_back(&type_of(context.arena, *element));
  }
  return types;
}

/// The one type that all of them have, nulls without a type left aside, or null.
const Type* shared_type(std::span<const Type* const> types) {
  const Type* shared = &kDynamicType;
  for (const Type* type : types) {
    if (shared->kind == TypeKind::kDynamic) {
      shared = type;
    } else if (type->kind != TypeKind::kDynamic && !equal(*type, *shared)) {
      return nullptr;
    }
  }
  return shared;
}

/// Brings elements that were converted to a type with `any` in it to one type, if they may be unified. Null when they
/// have none in common.
const Type* settle_elements(std::span<Value* const> elements, TypeKind kind, bool unified, Context& context) {
  std::vector<const Type*> types = types_of(elements, context);
  const bool known = std::ranges::all_of(elements, [](const Value* element) {
    return element->wholly_known() && element->node().rest_kind == Rest::kClosed;
  });
  // Unifying may leave something open that the conversion of each element then fills in.
  for (int round = 0; round < 2 && unified; ++round) {
    if (std::ranges::all_of(types, [&](const Type* type) { return equal(*type, *types[0]); })) {
      return types[0];
    }
    const Type* common = unify(context.arena, types);
    if (common == nullptr) {
      return nullptr;
    }
    if (common->kind == TypeKind::kDynamic) {
      if (!known) {
        for (Value* element : elements) {
          *element = before_unification(*element, context);
        }
        return common;
      }
      // Only a map takes nulls beside what no common type was found for.
      common = kind == TypeKind::kMap ? shared_type(types) : nullptr;
      if (common == nullptr) {
        return nullptr;
      }
    }
    for (Value* element : elements) {
      *element = convert(*element, *common, context);
      if (element->is_error()) {
        return nullptr;
      }
    }
    types = types_of(elements, context);
    if (!known) {
      return common;
    }
  }
  return known ? shared_type(types) : &kDynamicType;
}

std::string_view noun(const Type& type) {
  return type.kind == TypeKind::kList ? "list" : (type.kind == TypeKind::kSet ? "set" : "map");
}

/// Elements of a known collection have its type also when there are none.
bool elements_may_convert(const Value& value, const Type& wanted) {
  return value.node().type() == nullptr || may_convert(*value.node().type()->element, *wanted.element);
}

/// The element type of an empty collection of the wanted type.
const Type& empty_element_type(const Value& value, const Type& wanted, Context& context) {
  const bool own = wanted.element->kind == TypeKind::kDynamic && value.node().type() != nullptr;
  return own ? *value.node().type()->element : without_optional(context.arena, *wanted.element);
}

Value to_sequence(const Value& value, const Type& wanted, Context& context) {
  if (!value.is_sequence() || (value.elements().empty() && !elements_may_convert(value, wanted))) {
    return fail(mismatch(type_of(context.arena, value), wanted), context);
  }
  std::vector<Value> elements;
  elements.reserve(value.elements().size());
  for (const Value& element : value.elements()) {
    elements.push_back(convert(element, *wanted.element, context));
    if (elements.back().is_error()) {
      return inside("element " + std::to_string(elements.size() - 1), elements.back(), context);
    }
  }
  const Type* type = &without_optional(context.arena, *wanted.element);
  if (has_dynamic(*type)) {
    if (elements.empty()) {
      type = &empty_element_type(value, wanted, context);
    } else {
      std::vector<Value*> references;
      for (Value& element : elements) {
        references.push_back(&element);
      }
      type = settle_elements(references, wanted.kind,
                             wanted.kind == TypeKind::kList || type->kind == TypeKind::kDynamic, context);
      if (type == nullptr) {
        return fail("all " + std::string(noun(wanted)) + " elements must have the same type", context);
      }
    }
  }
  return wanted.kind == TypeKind::kList ? make_list(context.arena, *type, elements)
                                        : make_set(context.arena, *type, elements);
}

Value to_map(const Value& value, const Type& wanted, Context& context) {
  if (!value.is_mapping() || (value.members().empty() && !elements_may_convert(value, wanted))) {
    return fail(mismatch(type_of(context.arena, value), wanted), context);
  }
  if (value.node().rest_kind == Rest::kComputed) {
    const std::string text = symbol_text("tomap(", value, ")");
    return derived(text, without_optional(context.arena, wanted), std::span<const Value>(&value, 1), context);
  }
  std::vector<Member> members(value.members().begin(), value.members().end());
  for (Member& member : members) {
    member.value = convert(member.value, *wanted.element, context);
    if (member.value.is_error()) {
      return inside("element \"" + std::string(member.name) + "\"", member.value, context);
    }
  }
  const Type* type = &without_optional(context.arena, *wanted.element);
  if (has_dynamic(*type)) {
    if (members.empty()) {
      type = &empty_element_type(value, wanted, context);
    } else {
      std::vector<Value*> references;
      for (Member& member : members) {
        references.push_back(&member.value);
      }
      type = settle_elements(references, wanted.kind, true, context);
      if (type == nullptr) {
        return fail("all map elements must have the same type", context);
      }
    }
  }
  return make_map(context.arena, *type, members);
}

Value to_tuple(const Value& value, const Type& wanted, Context& context) {
  if (value.kind() != Kind::kTuple || value.elements().size() != wanted.elements.size()) {
    return fail(mismatch(type_of(context.arena, value), wanted), context);
  }
  std::vector<Value> elements;
  for (std::size_t i = 0; i < wanted.elements.size(); ++i) {
    elements.push_back(convert(value.elements()[i], *wanted.elements[i], context));
    if (elements.back().is_error()) {
      return inside("element " + std::to_string(i), elements.back(), context);
    }
  }
  return make_tuple(context.arena, elements);
}

/// An attribute of the result, from the value's own, a default, or null.
Value object_attribute(const Value& value, const AttributeType& wanted, Context& context) {
  const Value* own = value.member(wanted.name);
  if (own != nullptr && !(own->is_null() && wanted.fallback != nullptr)) {
    const Value converted = convert(*own, *wanted.type, context);
    return converted.is_error() ? inside("attribute \"" + std::string(wanted.name) + "\"", converted, context)
                                : converted;
  }
  if (own == nullptr && value.node().rest_kind != Rest::kClosed) {
    return convert(get_attribute(value, wanted.name, source::Region{}, context), *wanted.type, context);
  }
  if (wanted.fallback != nullptr) {
    return *wanted.fallback;
  }
  if (wanted.optional) {
    return taken_from(value, make_null(context.arena, without_optional(context.arena, *wanted.type)));
  }
  return fail("attribute \"" + std::string(wanted.name) + "\" is required", context);
}

Value to_object(const Value& value, const Type& wanted, Context& context) {
  if (!value.is_mapping()) {
    return fail(mismatch(type_of(context.arena, value), wanted), context);
  }
  std::vector<Member> members;
  members.reserve(wanted.attributes.size());
  std::vector<std::string> missing;
  for (const AttributeType& attribute : wanted.attributes) {
    const bool absent = value.member(attribute.name) == nullptr && value.node().rest_kind == Rest::kClosed;
    if (absent && !attribute.optional) {
      missing.push_back('"' + std::string(attribute.name) + '"');
      continue;
    }
    const Value converted = object_attribute(value, attribute, context);
    if (converted.is_error()) {
      return converted;
    }
    const auto own = std::ranges::find(value.members(), attribute.name, &Member::name);
    const source::Region region = own == value.members().end() ? source::Region{} : own->name_region;
    members.push_back({.name = attribute.name, .value = converted, .name_region = region});
  }
  if (missing.size() == 1) {
    return fail("attribute " + missing[0] + " is required", context);
  }
  if (!missing.empty()) {
    std::string names = missing[0];
    for (std::size_t i = 1; i < missing.size(); ++i) {
      names += (i + 1 == missing.size() ? (missing.size() > 2 ? ", and " : " and ") : ", ") + missing[i];
    }
    return fail("attributes " + names + " are required", context);
  }
  return make_object(context.arena, members);
}

/// True when the value surely has exactly that type already and holds nothing that conversion would change.
bool conforms(const Value& value, const Type& type) {
  switch (type.kind) {
    case TypeKind::kDynamic:
      return true;
    case TypeKind::kBool:
      return value.is_bool();
    case TypeKind::kNumber:
      return value.is_number();
    case TypeKind::kString:
      return value.is_string();
    case TypeKind::kList:
      return value.kind() == Kind::kList && !has_dynamic(type) && equal(*value.node().type(), type);
    case TypeKind::kSet:
      return value.kind() == Kind::kSet && !has_dynamic(type) && equal(*value.node().type(), type);
    case TypeKind::kMap:
      return value.kind() == Kind::kMap && !has_dynamic(type) && equal(*value.node().type(), type);
    default:
      return false;
  }
}

/// Optional attributes inside a type may have defaults that apply to values which already have the type.
bool has_fallback(const Type& type) {
  switch (type.kind) {
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      return has_fallback(*type.element);
    case TypeKind::kTuple:
      return std::ranges::any_of(type.elements, [](const Type* element) { return has_fallback(*element); });
    case TypeKind::kObject:
      return std::ranges::any_of(type.attributes, [](const AttributeType& attribute) {
        return attribute.fallback != nullptr || has_fallback(*attribute.type);
      });
    default:
      return false;
  }
}

Value convert_known(const Value& value, const Type& type, Context& context) {
  switch (type.kind) {
    case TypeKind::kBool:
      return to_bool(value, context);
    case TypeKind::kNumber:
      return to_number(value, context);
    case TypeKind::kString:
      return to_text(value, context);
    case TypeKind::kList:
    case TypeKind::kSet:
      return to_sequence(value, type, context);
    case TypeKind::kMap:
      return to_map(value, type, context);
    case TypeKind::kTuple:
      return to_tuple(value, type, context);
    case TypeKind::kObject:
      return to_object(value, type, context);
    case TypeKind::kDynamic:
      break;
  }
  return value;
}

}  // namespace

Value before_unification(const Value& value, Context& context) {
  if (!value.is_unknown() || value.held_members().empty() || value.node().type()->kind != TypeKind::kDynamic) {
    return value;
  }
  Unknown unknown = value.unknown();
  unknown.symbol = context.symbols.derive(symbol_text("unified(", value, ")"), *unknown.symbol);
  std::vector<Member> members;
  for (const Member& member : unknown.members) {
    members.push_back(unified_member(member, *unknown.symbol, context));
  }
  unknown.members = context.arena.copy(members);
  return with_marks(context.arena, make_unknown(context.arena, kDynamicType, unknown), value.marks())
      .with_origin(value.origin());
}

Value convert_to_other(const Value& value, const Type& type, Context& context) {
  if (value.is_error() || (conforms(value, type) && !has_fallback(type))) {
    return value;
  }
  Value result;
  if (value.is_unknown()) {
    result = convert_unknown(value, type, context);
  } else if (value.is_null()) {
    const Type& given = *value.node().type();
    result = may_convert(given, type) ? make_null(context.arena, fill_dynamic(given, type, context))
                                      : fail(mismatch(given, type), context);
  } else {
    result = convert_known(value, type, context);
  }
  return result.is_error() ? result : with_marks(context.arena, result, value.marks()).with_origin(value.origin());
}

}  // namespace gabion::eval
