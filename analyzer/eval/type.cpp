#include "eval/type.h"

#include <algorithm>
#include <array>
#include <vector>

#include "eval/evaluation.h"
#include "source/ascii.h"

namespace gabion::eval {

namespace {

const Type* collection_type(source::Arena& arena, TypeKind kind, const Type& element) {
  return arena.make<Type>(Type{.kind = kind, .element = &element});
}

void append(std::string& out, const Type& type) {
  switch (type.kind) {
    case TypeKind::kDynamic:
      out += "any";
      return;
    case TypeKind::kBool:
      out += "bool";
      return;
    case TypeKind::kNumber:
      out += "number";
      return;
    case TypeKind::kString:
      out += "string";
      return;
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      out += type.kind == TypeKind::kList ? "list(" : (type.kind == TypeKind::kSet ? "set(" : "map(");
      append(out, *type.element);
      out += ')';
      return;
    case TypeKind::kTuple: {
      out += "tuple([";
      bool first = true;
      for (const Type* element : type.elements) {
        if (!first) {
          out += ',';
        }
        first = false;
        append(out, *element);
      }
      out += "])";
      return;
    }
    case TypeKind::kObject: {
      out += "object({";
      bool first = true;
      for (const AttributeType& attribute : type.attributes) {
        if (!first) {
          out += ',';
        }
        first = false;
        if (is_identifier(attribute.name)) {
          out += attribute.name;
        } else {
          out += '"';
          for (const char c : attribute.name) {
            if (c == '"' || c == '\\') {
              out += '\\';
            }
            out += c;
          }
          out += '"';
        }
        out += attribute.optional ? "=optional(" : "=";
        append(out, *attribute.type);
        out += attribute.optional ? ")" : "";
      }
      out += "})";
      return;
    }
  }
}

}  // namespace

bool is_identifier(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9') || text[0] == '-') {
    return false;
  }
  return std::ranges::all_of(text, [](char c) {
    return source::is_alphanumeric(c) || c == '_' || c == '-' || static_cast<unsigned char>(c) >= 0x80;
  });
}

const Type* list_type(source::Arena& arena, const Type& element) {
  static constexpr Type kStrings{.kind = TypeKind::kList, .element = &kStringType};
  return &element == &kStringType ? &kStrings : collection_type(arena, TypeKind::kList, element);
}

const Type* set_type(source::Arena& arena, const Type& element) {
  static constexpr Type kStrings{.kind = TypeKind::kSet, .element = &kStringType};
  return &element == &kStringType ? &kStrings : collection_type(arena, TypeKind::kSet, element);
}

const Type* map_type(source::Arena& arena, const Type& element) {
  static constexpr Type kStrings{.kind = TypeKind::kMap, .element = &kStringType};
  return &element == &kStringType ? &kStrings : collection_type(arena, TypeKind::kMap, element);
}

const Type* tuple_type(source::Arena& arena, std::span<const Type* const> elements) {
  return arena.make<Type>(Type{.kind = TypeKind::kTuple, .elements = arena.copy(elements)});
}

const Type* object_type(source::Arena& arena, std::span<const AttributeType> attributes) {
  std::vector<AttributeType> sorted(attributes.begin(), attributes.end());
  std::ranges::sort(sorted, {}, &AttributeType::name);
  return arena.make<Type>(Type{.kind = TypeKind::kObject, .attributes = arena.copy(sorted)});
}

const Type& without_optional(source::Arena& arena, const Type& type) {
  switch (type.kind) {
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap: {
      const Type& element = without_optional(arena, *type.element);
      return &element == type.element ? type : *collection_type(arena, type.kind, element);
    }
    case TypeKind::kTuple: {
      std::vector<const Type*> elements;
      bool changed = false;
      for (const Type* element : type.elements) {
        elements.push_back(&without_optional(arena, *element));
        changed = changed || elements.back() != element;
      }
      return changed ? *tuple_type(arena, elements) : type;
    }
    case TypeKind::kObject: {
      std::vector<AttributeType> attributes;
      bool changed = false;
      for (const AttributeType& attribute : type.attributes) {
        attributes.push_back({.name = attribute.name, .type = &without_optional(arena, *attribute.type)});
        changed = changed || attribute.optional || attributes.back().type != attribute.type;
      }
      return changed ? *object_type(arena, attributes) : type;
    }
    default:
      return type;
  }
}

bool has_dynamic(const Type& type) {
  switch (type.kind) {
    case TypeKind::kDynamic:
      return true;
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      return has_dynamic(*type.element);
    case TypeKind::kTuple:
      return std::ranges::any_of(type.elements, [](const Type* element) { return has_dynamic(*element); });
    case TypeKind::kObject:
      return std::ranges::any_of(type.attributes,
                                 [](const AttributeType& attribute) { return has_dynamic(*attribute.type); });
    default:
      return false;
  }
}

const AttributeType* attribute_of(const Type& type, std::string_view name) {
  const auto found = std::ranges::lower_bound(type.attributes, name, {}, &AttributeType::name);
  return found != type.attributes.end() && found->name == name ? &*found : nullptr;
}

bool equal(const Type& a, const Type& b) {
  if (&a == &b) {
    return true;
  }
  if (a.kind != b.kind) {
    return false;
  }
  switch (a.kind) {
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap:
      return equal(*a.element, *b.element);
    case TypeKind::kTuple:
      return std::ranges::equal(a.elements, b.elements, [](const Type* x, const Type* y) { return equal(*x, *y); });
    case TypeKind::kObject:
      return std::ranges::equal(a.attributes, b.attributes, [](const AttributeType& x, const AttributeType& y) {
        return x.name == y.name && equal(*x.type, *y.type);
      });
    default:
      return true;
  }
}

std::string to_string(const Type& type) {
  std::string out;
  append(out, type);
  return out;
}

std::string friendly_name(const Type& type) {
  switch (type.kind) {
    case TypeKind::kDynamic:
      return "dynamic";
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kNumber:
      return "number";
    case TypeKind::kString:
      return "string";
    case TypeKind::kList:
      return "list of " + friendly_name(*type.element);
    case TypeKind::kSet:
      return "set of " + friendly_name(*type.element);
    case TypeKind::kMap:
      return "map of " + friendly_name(*type.element);
    case TypeKind::kTuple:
      return "tuple";
    case TypeKind::kObject:
      return "object";
  }
  return {};
}

}  // namespace gabion::eval
