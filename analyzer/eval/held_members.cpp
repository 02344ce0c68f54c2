#include "eval/held_members.h"

#include <array>
#include <string>
#include <vector>

namespace gabion::eval {
namespace {

/// Whether the keys of a mapping that is not known as a whole may be of that name.
bool may_have(const Value& mapping, std::string_view name, Context& context) {
  if (mapping.is_known()) {
    return mapping.node().rest_kind == Rest::kComputed;
  }
  const Type& type = *mapping.node().type();
  if (type.kind == TypeKind::kObject) {
    return attribute_of(type, name) != nullptr;
  }
  const Value* key = mapping.unknown().element_key;
  return key == nullptr || equals(*key, make_string_view(context.arena, name)) != Truth::kNo;
}

/// The member of that name of a mapping that may have it, if it does.
Value member_if_any(const Value& mapping, std::string_view name, Context& context) {
  if (mapping.is_known()) {
    return get_attribute(mapping, name, source::Region{}, context);
  }
  const Type& type = *mapping.node().type();
  const Type* part = &kDynamicType;
  if (type.kind == TypeKind::kObject) {
    part = attribute_of(type, name)->type;
  } else if (type.kind == TypeKind::kMap) {
    part = type.element;
  }
  return with_marks(context.arena, part_of_unknown(mapping, member_step(name), *part, context), mapping.marks());
}

}  // namespace

void HeldMembers::add(const Entry& entry) {
  if (entry.key.is_string()) {
    put({.name = entry.key.text(), .value = entry.value, .name_region = entry.key_region});
    return;
  }
  for (auto& [name, member] : members_) {
    switch (equals(entry.key, make_string_view(context_.arena, name))) {
      case Truth::kYes:
        member.value = entry.value;
        break;
      case Truth::kUnknown:
        may_be(member, entry.value);
        break;
      case Truth::kNo:
        break;
    }
  }
}

void HeldMembers::add_all(const Value& mapping) {
  if (mapping.is_null()) {
    return;
  }
  may_replace(mapping);
  for (const Member& member : mapping.held_members()) {
    put(member);
  }
  // An object that is not null has the attributes of its type.
  if (!mapping.is_unknown() || !mapping.unknown().not_null || mapping.node().type()->kind != TypeKind::kObject) {
    return;
  }
  for (const AttributeType& attribute : mapping.node().type()->attributes) {
    if (mapping.held_member(attribute.name) == nullptr) {
      put({.name = attribute.name, .value = member_if_any(mapping, attribute.name, context_)});
    }
  }
}

void HeldMembers::may_replace(const Value& mapping) {
  for (auto& [name, member] : members_) {
    if (mapping.held_member(name) == nullptr && may_have(mapping, name, context_)) {
      may_be(member, member_if_any(mapping, name, context_));
    }
  }
}

void HeldMembers::may_be(Member& member, const Value& other) {
  const std::array<Value, 2> either{member.value, other};
  const std::string text = std::string(whole_.text) + member_step(member.name);
  member.value = make_alternatives(context_.arena, either, context_.symbols.derive(text, whole_));
}

std::span<const Member> HeldMembers::members() const {
  std::vector<Member> sorted;
  sorted.reserve(members_.size());
  for (const auto& [name, member] : members_) {
    sorted.push_back(member);
    sorted.back().name = context_.arena.copy(name);
  }
  return context_.arena.copy(sorted);
}

}  // namespace gabion::eval
