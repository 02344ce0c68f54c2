#include <algorithm>
#include <string>
#include <vector>

#include "eval/functions/collection.h"
#include "eval/functions/support.h"
#include "eval/held_members.h"

namespace gabion::eval::functions {
namespace {

/// An object of which further attributes may exist: what it holds is not known as a whole.
bool is_open(const Value& value) {
  return value.kind() == Kind::kObject && value.node().rest_kind == Rest::kComputed;
}

Member member(std::string_view name, const Value& value) {
  Member result{.name = name, .value = value};
  return result;
}

constexpr std::uint32_t kUnbounded = 0xffffffffU;

/// The list of what a map holds that is not known as a whole: `held` is surely there, `pattern` is what each looks
/// like.
Value list_of_open(const Call& call, const Type& type, std::span<const Value> held, const Value* pattern,
                   Context& context) {
  const Value plain = unknown_result(call, type, context);
  const Value& map = call.arguments[0];
  Unknown unknown = plain.unknown();
  unknown.not_null = true;
  unknown.min_length = static_cast<std::uint32_t>(held.size());
  if (map.is_unknown()) {
    unknown.min_length = std::max(unknown.min_length, map.unknown().min_length);
    unknown.max_length = map.unknown().max_length;
    unknown.filtered = map.unknown().filtered;
  }
  unknown.element = pattern;
  unknown.held = context.arena.copy(held);
  return make_unknown(context.arena, type, unknown);
}

/// The name of a member where it was written.
Value name_of(const Member& entry, Context& context) {
  return make_string_view(context.arena, entry.name).with_origin(entry.value.origin());
}

/// The most members that a map or object can have.
std::uint64_t most_members(const Value& map) {
  if (map.is_null()) {
    return 0;
  }
  if (!map.is_unknown()) {
    return is_open(map) ? kUnbounded : map.members().size();
  }
  const Type& type = *map.node().type();
  return type.kind == TypeKind::kObject ? type.attributes.size() : map.unknown().max_length;
}

/// All of a map or object as entries in order, if they are known, with keys that may be unknown.
bool add_entries(const Value& map, std::vector<Entry>& entries, Context& context) {
  if (map.is_null()) {
    return true;
  }
  if (map.is_unknown()) {
    const std::span<const Entry> own = map.unknown().entries;
    entries.insert(entries.end(), own.begin(), own.end());
    return !own.empty();
  }
  for (const Member& entry : map.members()) {
    entries.push_back({make_string_view(context.arena, entry.name), entry.value, entry.name_region});
  }
  return !is_open(map);
}

/// Whether it is known which members a map or object has.
bool has_known_keys(const Value& map) {
  if (map.is_unknown()) {
    return map.unknown().not_null && map.node().type()->kind == TypeKind::kObject;
  }
  return !is_open(map);
}

/// What is known of the merged maps when one of them is not known as a whole.
Value merged_in_part(const Call& call, const Type& type, Context& context) {
  std::vector<Entry> entries;
  const auto has_entries = [&](const Value& map) { return add_entries(map, entries, context); };
  if (type.kind == TypeKind::kDynamic && std::ranges::all_of(call.arguments, has_entries)) {
    return object_of_entries(entries, context);
  }
  const Value plain = unknown_result(call, type, context);
  HeldMembers held(*plain.unknown().symbol, context);
  std::uint64_t most = 0;
  for (const Value& map : call.arguments) {
    held.add_all(map);
    most += most_members(map);
  }
  // Attributes that one resource leaves open are those of the result.
  const auto without_known_keys =
      std::ranges::count_if(call.arguments, [](const Value& map) { return !has_known_keys(map); });
  const auto open = std::ranges::find_if(call.arguments, is_open);
  if (without_known_keys == 0) {
    return make_object(context.arena, held.members());
  }
  if (without_known_keys == 1 && open != call.arguments.end()) {
    return make_object(context.arena, held.members(), Rest::kComputed, open->rest());
  }
  Unknown unknown = plain.unknown();
  unknown.not_null = true;
  unknown.min_length = static_cast<std::uint32_t>(held.size());
  unknown.max_length = static_cast<std::uint32_t>(std::min<std::uint64_t>(most, kUnbounded));
  unknown.members = held.members();
  return make_unknown(context.arena, type, unknown);
}

}  // namespace

Value keys(const Call& call, Context& context) {
  const Value& map = call.arguments[0];
  std::vector<Value> names;
  if (map.is_unknown() || is_open(map)) {
    const Type& type = type_of(context.arena, map);
    if (type.kind == TypeKind::kObject && !is_open(map)) {
      for (const AttributeType& attribute : type.attributes) {
        names.push_back(make_string(context.arena, attribute.name));
      }
      return add_marks(eval::make_tuple(context.arena, names), map.marks(), context);
    }
    if (!is_mapping_type(type) && type.kind != TypeKind::kDynamic) {
      return argument_error(call, 0, "must have map or object type", context);
    }
    const Type& result = type.kind == TypeKind::kMap ? kListOfString : kDynamicType;
    for (const Member& entry : map.held_members()) {
      names.push_back(name_of(entry, context));
    }
    const Value* pattern = map.is_unknown() ? map.unknown().element_key : nullptr;
    return add_marks(list_of_open(call, result, names, pattern, context), map.marks(), context);
  }
  if (!map.is_mapping()) {
    return argument_error(call, 0, "must have map or object type", context);
  }
  for (const Member& entry : map.members()) {
    names.push_back(name_of(entry, context));
  }
  const Value result =
      map.kind() == Kind::kMap ? make_list(context.arena, kStringType, names) : eval::make_tuple(context.arena, names);
  return add_marks(result, map.marks(), context);
}

Value lookup(const Call& call, Context& context) {
  if (call.arguments.size() > 3) {
    return call_error(call, "lookup() takes two or three arguments", context);
  }
  const Value& map = call.arguments[0];
  const Value& key = call.arguments[1];
  const Value* fallback = call.arguments.size() == 3 ? &call.arguments[2] : nullptr;
  const auto marks = static_cast<std::uint8_t>(map.marks() | key.marks());
  const Type* type = &kDynamicType;
  if (map.kind() != Kind::kObject) {
    const Type& map_type = type_of(context.arena, map);
    if (!is_mapping_type(map_type) && map_type.kind != TypeKind::kDynamic) {
      return argument_error(call, 0, "lookup() requires a map as the first argument", context);
    }
    type = map_type.kind == TypeKind::kMap ? map_type.element : &kDynamicType;
  }
  Value otherwise;
  if (fallback != nullptr) {
    otherwise = convert(*fallback, *type, context);
    if (otherwise.is_error()) {
      return argument_error(call, 2, "the default value must have the same type as the map elements", context);
    }
  }
  if (key.is_string()) {
    if (const Value* found = map.held_member(key.text())) {
      return add_marks(*found, marks, context);
    }
  }
  if (map.is_mapping() && key.is_string()) {
    if (is_open(map)) {
      return add_marks(get_attribute(map, key.text(), call.region, context), marks, context);
    }
    if (fallback != nullptr) {
      return add_marks(otherwise, marks, context);
    }
    return call_error(call, "lookup failed to find key " + describe(key), context);
  }
  if (map.is_mapping() && !is_open(map) && fallback != nullptr) {
    // Which one is not known, but it is one of those that the key may name.
    std::vector<Value> candidates;
    for (const Member& entry : map.members()) {
      if (equals(key, make_string_view(context.arena, entry.name)) != Truth::kNo) {
        candidates.push_back(entry.value);
      }
    }
    if (candidates.empty()) {
      return add_marks(otherwise, marks, context);
    }
    candidates.push_back(otherwise);
    return add_marks(one_of(call, candidates, *type, context), marks, context);
  }
  return add_marks(unknown_result(call, *type, context), marks, context);
}

Value map_removed(const Call& call, Context& context) {
  return call_error(call, "the \"map\" function is no longer available; use tomap({ ... })", context);
}

Value merge(const Call& call, Context& context) {
  std::uint8_t marks = kNoMark;
  bool maps_only = !call.arguments.empty();
  const Type* common = nullptr;  // the type of all maps while they agree
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Value& argument = call.arguments[i];
    marks = static_cast<std::uint8_t>(marks | argument.marks());
    if (argument.kind() == Kind::kObject) {
      maps_only = false;
      continue;
    }
    const Type& type = type_of(context.arena, argument);
    const bool untyped = type.kind == TypeKind::kDynamic;
    if (!untyped && !is_mapping_type(type)) {
      return call_error(call, "arguments must be maps or objects, got \"" + friendly_name(type) + "\"", context);
    }
    if (type.kind != TypeKind::kMap) {
      maps_only = false;
    } else if (common == nullptr) {
      common = &type;
    } else {
      maps_only = maps_only && equal(*common, type);
    }
  }
  if (std::ranges::any_of(call.arguments, [](const Value& map) { return map.is_unknown() || is_open(map); })) {
    return add_marks(merged_in_part(call, maps_only ? *common : kDynamicType, context), marks, context);
  }
  std::vector<Member> members;
  for (const Value& argument : call.arguments) {
    if (!argument.is_null()) {
      members.insert(members.end(), argument.members().begin(), argument.members().end());
    }
  }
  // Later entries win: the last of equal names stays.
  std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.name < b.name; });
  std::vector<Member> merged;
  merged.reserve(members.size());
  for (const Member& entry : members) {
    if (!merged.empty() && merged.back().name == entry.name) {
      merged.back() = entry;
    } else {
      merged.push_back(entry);
    }
  }
  const Value result =
      maps_only ? make_map(context.arena, *common->element, merged) : make_object(context.arena, merged);
  return add_marks(result, marks, context);
}

Value transpose(const Call& call, Context& context) {
  const Value& map = call.arguments[0];
  if (!map.is_mapping()) {
    return unknown_result(call, kMapOfListOfString, context);
  }
  struct Pair {
    std::string_view outer;
    std::string_view inner;
  };
  std::vector<Pair> pairs;
  for (const Member& entry : map.members()) {
    if (entry.value.is_null()) {
      return call_error(call, "input must not contain null list", context);
    }
    if (!entry.value.wholly_known()) {
      return unknown_result(call, kMapOfListOfString, context);
    }
    for (const Value& element : entry.value.elements()) {
      if (element.is_null()) {
        return call_error(call, "input list must not contain null string", context);
      }
      pairs.push_back({element.text(), entry.name});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) {
    return a.outer != b.outer ? a.outer < b.outer : a.inner < b.inner;
  });
  std::vector<Member> members;
  for (std::size_t at = 0; at < pairs.size();) {
    const std::string_view outer = pairs[at].outer;
    std::vector<Value> names;
    for (; at < pairs.size() && pairs[at].outer == outer; ++at) {
      names.push_back(make_string_view(context.arena, pairs[at].inner));
    }
    members.push_back(member(outer, make_list(context.arena, kStringType, names)));
  }
  return make_map(context.arena, kListOfString, members);
}

Value values(const Call& call, Context& context) {
  const Value& map = call.arguments[0];
  std::vector<Value> elements;
  for (const Member& entry : map.held_members()) {
    elements.push_back(entry.value);
  }
  if (map.is_unknown() || is_open(map)) {
    const Type& type = type_of(context.arena, map);
    if (!is_mapping_type(type) && type.kind != TypeKind::kDynamic) {
      return argument_error(call, 0, "values() requires a map as the first argument", context);
    }
    const Type& result = type.kind == TypeKind::kMap ? *list_type(context.arena, *type.element) : kDynamicType;
    const Value* pattern = map.is_unknown() ? map.unknown().element : nullptr;
    return add_marks(list_of_open(call, result, elements, pattern, context), map.marks(), context);
  }
  if (!map.is_mapping()) {
    return argument_error(call, 0, "values() requires a map as the first argument", context);
  }
  const Value result = map.kind() == Kind::kMap ? make_list(context.arena, element_type(map, context), elements)
                                                : eval::make_tuple(context.arena, elements);
  return add_marks(result, map.marks(), context);
}

Value zipmap(const Call& call, Context& context) {
  const Value& names = call.arguments[0];
  const Value& elements = call.arguments[1];
  auto marks = static_cast<std::uint8_t>(names.marks() | elements.marks());
  const Type* type = &kDynamicType;
  if (elements.kind() != Kind::kTuple) {
    const Type& elements_type = type_of(context.arena, elements);
    if (elements_type.kind == TypeKind::kList) {
      type = map_type(context.arena, *elements_type.element);
    } else if (elements_type.kind != TypeKind::kTuple && elements_type.kind != TypeKind::kDynamic) {
      return argument_error(call, 1, "values argument must be a list or tuple value", context);
    }
  }
  const bool names_known = names.is_sequence() && names.wholly_known();
  if (!names_known || elements.is_unknown()) {
    return add_marks(unknown_result(call, *type, context), marks, context);
  }
  if (names.elements().size() != elements.elements().size()) {
    return call_error(call,
                      "number of keys (" + std::to_string(names.elements().size()) +
                          ") does not match number of values (" + std::to_string(elements.elements().size()) + ")",
                      context);
  }
  std::vector<Member> members;
  for (std::size_t i = 0; i < names.elements().size(); ++i) {
    const Value& name = names.elements()[i];
    if (name.is_null()) {
      return call_error(call, "keys list has null value at index " + std::to_string(i), context);
    }
    marks = static_cast<std::uint8_t>(marks | name.marks());
    members.push_back(member(name.text(), elements.elements()[i]));
  }
  const Value result = elements.kind() == Kind::kTuple ? make_object(context.arena, members)
                                                       : make_map(context.arena, *type->element, members);
  return add_marks(result, marks, context);
}

}  // namespace gabion::eval::functions
