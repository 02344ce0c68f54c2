// Rule functions over the graph of references: who refers to a resource, and what a value refers to.
#include <algorithm>
#include <array>
#include <vector>

#include "engine/functions.h"

namespace gabion::engine {
namespace {

using eval::Truth;
using eval::Value;

/// Steps into a view by attribute names; blocks are lists, of which every element is looked at.
void collect(const Value& value, std::string_view path, std::vector<Value>& found, int depth) {
  constexpr int kMaxDepth = 16;
  if (depth > kMaxDepth) {
    return;
  }
  if (path.empty()) {
    found.push_back(value);
    return;
  }
  if (value.is_sequence()) {
    for (const Value& element : value.elements()) {
      collect(element, path, found, depth + 1);
    }
    return;
  }
  if (value.is_unknown()) {
    if (value.unknown().element != nullptr) {
      collect(*value.unknown().element, path, found, depth + 1);
    } else {
      found.push_back(value);
    }
    return;
  }
  if (!value.is_mapping()) {
    return;
  }
  const std::size_t dot = path.find('.');
  const Value* member = value.member(path.substr(0, dot));
  if (member != nullptr) {
    collect(*member, dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1), found, depth + 1);
  }
}

/// Truth of "some value at `path` of the candidate refers to the target"; lists are searched.
Truth refers(const Value& value, const model::Resource& target) {
  if (value.is_sequence()) {
    Truth any = Truth::kNo;
    for (const Value& element : value.elements()) {
      any = any | refers(element, target);
    }
    return any;
  }
  return refers_to(value, target);
}

Value unknown_list(const eval::Call& call, std::span<const Value> possible, eval::Context& context) {
  eval::Unknown unknown;
  std::string text(call.name);
  const eval::Symbol* cause = nullptr;
  for (const Value& argument : call.arguments) {
    cause = cause == nullptr ? eval::first_unknown(argument) : cause;
  }
  unknown.symbol = context.symbols.intern({.reason = cause == nullptr ? eval::Reason::kVariable : cause->reason,
                                           .text = cause == nullptr ? "a reference that is not known" : cause->text,
                                           .subject = {},
                                           .path = {},
                                           .region = {}});
  unknown.not_null = true;
  if (!possible.empty()) {
    unknown.element = context.arena.make<Value>(possible.front());
  }
  return eval::make_unknown(context.arena, eval::kDynamicType, unknown);
}

/// referrers(resource, types, paths): views of resources that refer to it.
Value referrers(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const model::Resource* target = rule.views.resource_of(call.arguments[0]);
  if (target == nullptr) {
    return eval::make_error(context.arena, "referrers() needs a resource, such as self", call.region);
  }
  const auto texts = [&](const Value& value) {
    std::vector<std::string_view> result;
    if (value.is_string()) {
      result.push_back(value.text());
    } else if (value.is_sequence()) {
      for (const Value& element : value.elements()) {
        if (element.is_string()) {
          result.push_back(element.text());
        }
      }
    }
    return result;
  };
  std::vector<Value> sure;
  std::vector<Value> possible;
  const eval::Symbol* cause = nullptr;
  for (const std::string_view type : texts(call.arguments[1])) {
    for (const model::ResourceId id : rule.configuration.of_type(type)) {
      const model::Resource& candidate = rule.configuration.resource(id);
      const Value view = rule.views.resource(candidate);
      Truth any = Truth::kNo;
      for (const std::string_view path : texts(call.arguments[2])) {
        std::vector<Value> found;
        collect(view, path, found, 0);
        for (const Value& value : found) {
          const Truth one = refers(value, *target);
          if (one == Truth::kUnknown && cause == nullptr) {
            cause = eval::first_unknown(value);
          }
          any = any | one;
        }
      }
      if (any == Truth::kYes) {
        sure.push_back(view);
      } else if (any == Truth::kUnknown) {
        possible.push_back(view);
      }
    }
  }
  if (sure.empty() && !possible.empty()) {
    const Value list = unknown_list(call, possible, context);
    if (cause == nullptr) {
      return list;
    }
    eval::Unknown unknown = list.unknown();
    unknown.symbol = cause;
    return eval::make_unknown(context.arena, eval::kDynamicType, unknown);
  }
  return eval::make_tuple(context.arena, sure);
}

/// resolve(value): view of the resource that a value refers to, null when it refers to none of this configuration.
Value resolve(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const Value& value = call.arguments[0];
  if (value.is_null()) {
    return eval::make_null(context.arena);
  }
  if (value.is_unknown() && value.unknown().alternatives.empty() && value.unknown().symbol != nullptr &&
      !value.unknown().symbol->subject.empty()) {
    if (const model::Resource* named = rule.configuration.find(value.unknown().symbol->subject)) {
      return rule.views.resource(*named);
    }
  }
  bool maybe = false;
  for (const model::Resource& candidate : rule.configuration.resources()) {
    switch (refers_to(value, candidate)) {
      case Truth::kYes:
        return rule.views.resource(candidate);
      case Truth::kUnknown:
        maybe = true;
        break;
      case Truth::kNo:
        break;
    }
  }
  if (maybe) {
    const eval::Symbol* cause = eval::first_unknown(value);
    return eval::make_unknown(context.arena, eval::kDynamicType, cause);
  }
  return eval::make_null(context.arena);
}

/// resources(type): views of all instances of a type in this configuration.
Value resources(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  if (!call.arguments[0].is_string()) {
    return eval::make_error(context.arena, "resources() needs a resource type", call.region);
  }
  std::vector<Value> result;
  for (const model::ResourceId id : rule.configuration.of_type(call.arguments[0].text())) {
    result.push_back(rule.views.resource(rule.configuration.resource(id)));
  }
  return eval::make_tuple(context.arena, result);
}

/// address(resource): its instance address.
Value address(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const model::Resource* resource = rule.views.resource_of(call.arguments[0]);
  return resource == nullptr ? eval::make_null(context.arena, eval::kStringType)
                             : eval::make_string_view(context.arena, resource->address);
}

/// type_name(resource): its resource type.
Value type_name(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  const model::Resource* resource = rule.views.resource_of(call.arguments[0]);
  return resource == nullptr ? eval::make_null(context.arena, eval::kStringType)
                             : eval::make_string_view(context.arena, resource->type);
}

/// is_known(value): whether the value itself is known; never unknown.
Value is_known(const eval::Call& call, RuleContext& rule, eval::Context& context) {
  static_cast<void>(rule);
  static_cast<void>(context);
  return eval::make_bool(call.arguments[0].is_known());
}

constexpr std::array<RuleFunction, 6> kFunctions = {{
    {"address", "address(resource)", "Instance address of a resource, or null for anything else.", 1, 1, address},
    {"is_known", "is_known(value)",
     "True when the value is known, false when it waits for a variable or the provider. Never unknown itself.", 1, 1,
     is_known},
    {"referrers", "referrers(resource, types, paths)",
     "Resources of the given type (or types) one of whose attributes at the given dotted path (or paths) refers to the "
     "resource: by reference, through variables and modules, or by the same name. Unknown when none surely does but "
     "one may.",
     3, 3, referrers},
    {"resolve", "resolve(value)",
     "The resource of this configuration that a value such as kms_key_id refers to; null when it refers to none of "
     "them, unknown when that cannot be told.",
     1, 1, resolve},
    {"resources", "resources(type)", "All instances of a resource type in this configuration.", 1, 1, resources},
    {"type_name", "type_name(resource)", "Resource type of a resource, or null for anything else.", 1, 1, type_name},
}};

}  // namespace

std::span<const RuleFunction> reference_functions() {
  return kFunctions;
}

}  // namespace gabion::engine
