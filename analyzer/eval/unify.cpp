// Which types convert to which, and the one type that several convert to: cty's convert package on types alone.
#include <algorithm>
#include <string>
#include <vector>

#include "eval/type.h"

namespace gabion::eval {

namespace {

using Types = std::span<const Type* const>;

/// Whether types alone allow a conversion; values may still refuse it ("a" to a number).
bool convertible(source::Arena& arena, const Type& from, const Type& to);

/// Whether parts of these types may become elements of a collection, which has one type for all of them. A map also
/// takes nulls without a type beside others that have none in common with them.
bool elements_convert(source::Arena& arena, Types from, const Type& to, bool map) {
  const Type* target = &to;
  if (to.kind == TypeKind::kDynamic && !from.empty()) {
    target = unify(arena, from);
    if (target == nullptr) {
      return false;
    }
    if (target->kind == TypeKind::kDynamic) {
      return map || std::ranges::all_of(from, [](const Type* type) { return type->kind == TypeKind::kDynamic; });
    }
  }
  return std::ranges::all_of(from, [&](const Type* type) { return convertible(arena, *type, *target); });
}

std::vector<const Type*> types_of(std::span<const AttributeType> attributes) {
  std::vector<const Type*> types;
  types.reserve(attributes.size());
  for (const AttributeType& attribute : attributes) {
    types.push_back(attribute.type);
  }
  return types;
}

bool convertible(source::Arena& arena, const Type& from, const Type& to) {
  if (to.kind == TypeKind::kDynamic || from.kind == TypeKind::kDynamic) {
    return true;
  }
  if (is_primitive(from) && is_primitive(to)) {
    return from.kind == to.kind || from.kind == TypeKind::kString || to.kind == TypeKind::kString;
  }
  switch (to.kind) {
    case TypeKind::kList:
    case TypeKind::kSet:
      if (from.kind == TypeKind::kList || from.kind == TypeKind::kSet) {
        return convertible(arena, *from.element, *to.element);
      }
      return from.kind == TypeKind::kTuple && elements_convert(arena, from.elements, *to.element, false);
    case TypeKind::kMap:
      if (from.kind == TypeKind::kMap) {
        return convertible(arena, *from.element, *to.element);
      }
      return from.kind == TypeKind::kObject && elements_convert(arena, types_of(from.attributes), *to.element, true);
    case TypeKind::kTuple:
      return from.kind == TypeKind::kTuple &&
             std::ranges::equal(from.elements, to.elements,
                                [&](const Type* x, const Type* y) { return convertible(arena, *x, *y); });
    case TypeKind::kObject:
      if (from.kind == TypeKind::kObject) {
        return std::ranges::all_of(to.attributes, [&](const AttributeType& wanted) {
          const AttributeType* given = attribute_of(from, wanted.name);
          return given != nullptr ? convertible(arena, *given->type, *wanted.type) : wanted.optional;
        });
      }
      if (from.kind == TypeKind::kMap) {
        return std::ranges::all_of(to.attributes, [&](const AttributeType& wanted) {
          return wanted.optional || convertible(arena, *from.element, *wanted.type);
        });
      }
      return false;
    default:
      return false;
  }
}

int preference(Types a, Types b);

/// Negative when `a` is the better common type of the two, positive when `b` is, 0 when neither.
int preference(const Type& a, const Type& b) {
  if (a.kind == TypeKind::kDynamic || b.kind == TypeKind::kDynamic) {
    return a.kind == b.kind ? 0 : (a.kind == TypeKind::kDynamic ? 1 : -1);
  }
  if (is_primitive(a) && is_primitive(b)) {
    if (a.kind == b.kind) {
      return 0;
    }
    return a.kind == TypeKind::kString ? -1 : (b.kind == TypeKind::kString ? 1 : 0);
  }
  if (is_collection(a) && a.kind == b.kind) {
    return preference(*a.element, *b.element);
  }
  const auto outranks = [](const Type& x, const Type& y) {
    // What people index is worth more than a set, though sets are what all of it converts to.
    return (x.kind == TypeKind::kList && y.kind == TypeKind::kTuple) ||
           (x.kind == TypeKind::kMap && y.kind == TypeKind::kObject) ||
           (y.kind == TypeKind::kSet && (x.kind == TypeKind::kTuple || x.kind == TypeKind::kList));
  };
  if (outranks(a, b)) {
    return -1;
  }
  if (outranks(b, a)) {
    return 1;
  }
  if (a.kind == TypeKind::kObject && b.kind == TypeKind::kObject) {
    if (!std::ranges::equal(a.attributes, b.attributes, {}, &AttributeType::name, &AttributeType::name)) {
      return 0;
    }
    return preference(types_of(a.attributes), types_of(b.attributes));
  }
  if (a.kind == TypeKind::kTuple && b.kind == TypeKind::kTuple && a.elements.size() == b.elements.size()) {
    return preference(a.elements, b.elements);
  }
  return 0;
}

/// The side that is better somewhere and worse nowhere.
int preference(Types a, Types b) {
  bool first = false;
  bool second = false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int order = preference(*a[i], *b[i]);
    first = first || order < 0;
    second = second || order > 0;
  }
  return first == second ? 0 : (first ? -1 : 1);
}

const Type* unify_elements(source::Arena& arena, TypeKind kind, const std::vector<const Type*>& elements) {
  const Type* element = unify(arena, elements);
  if (element == nullptr) {
    return nullptr;
  }
  return kind == TypeKind::kList  ? list_type(arena, *element)
         : kind == TypeKind::kSet ? set_type(arena, *element)
                                  : map_type(arena, *element);
}

bool all_convert(source::Arena& arena, Types types, const Type* target) {
  return target != nullptr && std::ranges::all_of(types, [&](const Type* type) {
           return equal(*type, *target) || convertible(arena, *type, *target);
         });
}

const Type* unify_to_list(source::Arena& arena, Types types) {
  std::vector<const Type*> elements;
  for (const Type* type : types) {
    elements.insert(elements.end(), type->elements.begin(), type->elements.end());
  }
  const Type* result = elements.empty() ? nullptr : unify_elements(arena, TypeKind::kList, elements);
  return all_convert(arena, types, result) ? result : nullptr;
}

const Type* unify_to_map(source::Arena& arena, Types types) {
  std::vector<const Type*> elements;
  for (const Type* type : types) {
    for (const AttributeType& attribute : type->attributes) {
      elements.push_back(attribute.type);
    }
  }
  const Type* result = elements.empty() ? nullptr : unify_elements(arena, TypeKind::kMap, elements);
  return all_convert(arena, types, result) ? result : nullptr;
}

const Type* unify_tuples(source::Arena& arena, Types types) {
  const std::size_t length = types[0]->elements.size();
  if (!std::ranges::all_of(types, [&](const Type* type) { return type->elements.size() == length; })) {
    return unify_to_list(arena, types);
  }
  std::vector<const Type*> result;
  std::vector<const Type*> across(types.size());
  for (std::size_t i = 0; i < length; ++i) {
    std::ranges::transform(types, across.begin(), [&](const Type* type) { return type->elements[i]; });
    const Type* element = unify(arena, across);
    if (element == nullptr) {
      return nullptr;
    }
    result.push_back(element);
  }
  const Type* tuple = tuple_type(arena, result);
  return all_convert(arena, types, tuple) ? tuple : unify_to_list(arena, types);
}

const Type* unify_objects(source::Arena& arena, Types types) {
  const auto same_names = [](const Type* a, const Type* b) {
    return std::ranges::equal(a->attributes, b->attributes, {}, &AttributeType::name, &AttributeType::name);
  };
  if (!std::ranges::all_of(types, [&](const Type* type) { return same_names(types[0], type); })) {
    return unify_to_map(arena, types);
  }
  std::vector<AttributeType> result;
  std::vector<const Type*> across(types.size());
  for (std::size_t i = 0; i < types[0]->attributes.size(); ++i) {
    std::ranges::transform(types, across.begin(), [&](const Type* type) { return type->attributes[i].type; });
    const Type* attribute = unify(arena, across);
    if (attribute == nullptr) {
      return nullptr;
    }
    result.push_back({.name = types[0]->attributes[i].name, .type = attribute});
  }
  const Type* object = object_type(arena, result);
  return all_convert(arena, types, object) ? object : unify_to_map(arena, types);
}

/// Tuples beside lists (objects beside maps) are first turned into lists (maps) of their own.
const Type* unify_mixed(source::Arena& arena, Types types, TypeKind structural) {
  std::vector<const Type*> parts;
  for (const Type* type : types) {
    if (type->kind == structural) {
      parts.push_back(type);
    }
  }
  const Type* common = structural == TypeKind::kTuple ? unify_to_list(arena, parts) : unify_to_map(arena, parts);
  if (common == nullptr) {
    return nullptr;
  }
  std::vector<const Type*> replaced(types.begin(), types.end());
  for (const Type*& type : replaced) {
    if (type->kind == structural) {
      type = common;
    }
  }
  const Type* result = unify(arena, replaced);
  return result != nullptr && result->kind == common->kind ? result : nullptr;
}

const Type* unify_collections(source::Arena& arena, Types types) {
  std::vector<const Type*> elements;
  for (const Type* type : types) {
    elements.push_back(type->element);
  }
  return unify_elements(arena, types[0]->kind, elements);
}

/// The types from the most to the least general; what cannot be compared keeps its order.
std::vector<const Type*> by_preference(Types types) {
  std::vector<std::vector<std::size_t>> worse(types.size());
  std::vector<std::size_t> better(types.size(), 0);
  for (std::size_t i = 0; i < types.size(); ++i) {
    for (std::size_t j = i + 1; j < types.size(); ++j) {
      if (const int order = preference(*types[i], *types[j]); order != 0) {
        worse[order < 0 ? i : j].push_back(order < 0 ? j : i);
        ++better[order < 0 ? j : i];
      }
    }
  }
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (better[i] == 0) {
      order.push_back(i);
    }
  }
  std::vector<const Type*> sorted;
  for (std::size_t next = 0; next < order.size(); ++next) {
    sorted.push_back(types[order[next]]);
    for (const std::size_t i : worse[order[next]]) {
      if (--better[i] == 0) {
        order.push_back(i);
      }
    }
  }
  return sorted;
}

/// The first type in order of preference that all others convert to.
const Type* unify_by_preference(source::Arena& arena, Types types) {
  // Many elements have few types: comparing all pairs of them would take long.
  std::vector<const Type*> distinct;
  for (const Type* type : types) {
    if (std::ranges::none_of(distinct, [&](const Type* other) { return equal(*type, *other); })) {
      distinct.push_back(type);
    }
  }
  for (const Type* candidate : by_preference(distinct)) {
    if (all_convert(arena, distinct, candidate)) {
      return candidate;
    }
  }
  return nullptr;
}

}  // namespace

bool may_convert(const Type& from, const Type& to) {
  source::Arena scratch;
  return convertible(scratch, from, to);
}

const Type* unify(source::Arena& arena, std::span<const Type* const> types) {
  if (types.empty()) {
    return nullptr;
  }
  if (std::ranges::all_of(types, [&](const Type* type) { return equal(*type, *types[0]); })) {
    return types[0];
  }
  std::size_t counts[9] = {};
  for (const Type* type : types) {
    ++counts[static_cast<std::size_t>(type->kind)];
  }
  const auto count = [&](TypeKind kind) { return counts[static_cast<std::size_t>(kind)]; };
  const std::size_t all = types.size();
  const std::size_t dynamic = count(TypeKind::kDynamic);
  // With a type still unknown beside a complex one there is no telling what they will unify to.
  for (const TypeKind kind : {TypeKind::kMap, TypeKind::kList, TypeKind::kSet, TypeKind::kObject, TypeKind::kTuple}) {
    if (count(kind) == 0 || count(kind) + dynamic != all) {
      continue;
    }
    if (dynamic > 0) {
      return &kDynamicType;
    }
    return kind == TypeKind::kObject  ? unify_objects(arena, types)
           : kind == TypeKind::kTuple ? unify_tuples(arena, types)
                                      : unify_collections(arena, types);
  }
  if (count(TypeKind::kMap) > 0 && count(TypeKind::kMap) + count(TypeKind::kObject) + dynamic == all) {
    if (const Type* result = unify_mixed(arena, types, TypeKind::kObject)) {
      return result;
    }
  } else if (count(TypeKind::kList) > 0 && count(TypeKind::kList) + count(TypeKind::kTuple) + dynamic == all) {
    if (const Type* result = unify_mixed(arena, types, TypeKind::kTuple)) {
      return result;
    }
  } else if (count(TypeKind::kObject) > 0 && count(TypeKind::kTuple) > 0) {
    return nullptr;
  }
  return unify_by_preference(arena, types);
}

std::string mismatch(const Type& from, const Type& to) {
  const auto inside = [](std::string prefix, const Type& a, const Type& b) { return prefix + mismatch(a, b); };
  if (is_primitive(to)) {
    return is_primitive(from) ? "a " + friendly_name(to) + " is required" : friendly_name(to) + " required";
  }
  if (to.kind == TypeKind::kObject && from.kind == TypeKind::kObject) {
    std::vector<std::string> missing;
    for (const AttributeType& wanted : to.attributes) {
      const AttributeType* given = attribute_of(from, wanted.name);
      if (given == nullptr && !wanted.optional) {
        missing.push_back('"' + std::string(wanted.name) + '"');
      } else if (given != nullptr && !may_convert(*given->type, *wanted.type)) {
        return inside("attribute \"" + std::string(wanted.name) + "\": ", *given->type, *wanted.type);
      }
    }
    if (missing.size() == 1) {
      return "attribute " + missing[0] + " is required";
    }
    if (!missing.empty()) {
      std::string names = missing[0];
      for (std::size_t i = 1; i < missing.size(); ++i) {
        names += (i + 1 == missing.size() ? ", and " : ", ") + missing[i];
      }
      return "attributes " + names + " are required";
    }
  }
  if (to.kind == TypeKind::kTuple && from.kind == TypeKind::kTuple) {
    if (from.elements.size() != to.elements.size()) {
      return "wrong number of tuple elements";
    }
    for (std::size_t i = 0; i < to.elements.size(); ++i) {
      if (!may_convert(*from.elements[i], *to.elements[i])) {
        return inside("element " + std::to_string(i) + ": ", *from.elements[i], *to.elements[i]);
      }
    }
  }
  if (is_collection(to)) {
    if (from.kind == TypeKind::kTuple && to.kind != TypeKind::kMap) {
      for (std::size_t i = 0; i < from.elements.size(); ++i) {
        if (!may_convert(*from.elements[i], *to.element)) {
          return inside("element " + std::to_string(i) + ": ", *from.elements[i], *to.element);
        }
      }
    } else if (from.kind == TypeKind::kObject && to.kind == TypeKind::kMap) {
      for (const AttributeType& attribute : from.attributes) {
        if (!may_convert(*attribute.type, *to.element)) {
          return inside("element \"" + std::string(attribute.name) + "\": ", *attribute.type, *to.element);
        }
      }
    } else if (is_collection(from) && (from.kind == TypeKind::kMap) == (to.kind == TypeKind::kMap)) {
      return inside("incorrect " +
                        std::string(to.kind == TypeKind::kMap ? "map" : (to.kind == TypeKind::kList ? "list" : "set")) +
                        " element type: ",
                    *from.element, *to.element);
    }
  }
  return (to.kind == TypeKind::kDynamic ? std::string("any type") : friendly_name(to)) + " required";
}

}  // namespace gabion::eval
