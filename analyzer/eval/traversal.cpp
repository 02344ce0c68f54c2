// References and what follows them: attributes and indexes of values, known or not.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/evaluation.h"
#include "source/ascii.h"

namespace gabion::eval {

namespace {

using syntax::hcl::Step;
using syntax::hcl::StepKind;

std::string quoted(std::string_view text) {
  return '"' + std::string(text) + '"';
}

void append_step(std::string& out, const Step& step) {
  switch (step.kind) {
    case StepKind::kAttribute:
      out += '.';
      out += step.name;
      return;
    case StepKind::kIndexNumber:
      out += '[';
      out += step.number;
      out += ']';
      return;
    case StepKind::kIndexString:
      out += '[';
      out += quoted(step.name);
      out += ']';
      return;
  }
}

/// A reference of nothing but names that stands in its file without white space. The bytes of files stay; those of a
/// text that is rendered as a template go.
std::optional<std::string_view> as_written(const syntax::hcl::Traversal& traversal) {
  if (!traversal.region.valid()) {
    return std::nullopt;
  }
  const char* end = traversal.root.data() + traversal.root.size();
  for (const Step& step : traversal.steps) {
    if (step.kind != StepKind::kAttribute || step.name.data() != end + 1 || *end != '.') {
      return std::nullopt;
    }
    end = step.name.data() + step.name.size();
  }
  return std::string_view(traversal.root.data(), static_cast<std::size_t>(end - traversal.root.data()));
}

/// What providers surely compute as text.
bool is_identifier_attribute(std::string_view name) {
  return name == "id" || name == "arn" || name.ends_with("_arn");
}

/// Whether the type is one that we took the name of an output for: whoever wrote the module may have meant a list.
bool has_guessed_type(const Value& value) {
  return value.is_unknown() && value.unknown().symbol->reason == Reason::kModule &&
         !value.unknown().symbol->path.empty() && value.node().type()->kind == TypeKind::kString;
}

/// Attribute of an object that the configuration does not set.
Value missing_attribute(const Value& object, std::string_view name, source::Region region, Context& context) {
  switch (object.node().rest_kind) {
    case Rest::kClosed:
      break;
    case Rest::kNull:
      return make_null(context.arena);
    case Rest::kComputed:
      return computed_attribute(*object.rest(), name, context);
  }
  return make_error(context.arena, "this object does not have an attribute named " + quoted(name), region);
}

Value no_attributes(const Type& type, std::string_view name, source::Region region, Context& context) {
  std::string message;
  if (is_primitive(type)) {
    message = "cannot access attributes on a primitive-typed value (" + friendly_name(type) + ")";
  } else if (type.kind == TypeKind::kList && type.element->kind == TypeKind::kObject) {
    message = "cannot access attributes on a list of objects; an index or a splat selects elements";
    if (attribute_of(*type.element, name) != nullptr) {
      message =
          "cannot access attribute " + quoted(name) + " on a list of objects; an index or a splat selects elements";
    }
  } else if (type.kind == TypeKind::kSet && type.element->kind == TypeKind::kObject) {
    message = "cannot access attributes on a set of objects; a for expression goes over its elements";
  } else {
    message = "this value does not have any attributes";
  }
  return make_error(context.arena, message, region);
}

Value attribute_of_unknown(const Value& value, std::string_view name, source::Region region, Context& context) {
  if (const Value* held = value.held_member(name)) {
    return *held;
  }
  const Type& type = *value.node().type();
  if (!value.unknown().not_null || type.kind != TypeKind::kObject) {
    put_in_doubt(context, value);
  }
  const std::string step = member_step(name);
  switch (has_guessed_type(value) ? TypeKind::kDynamic : type.kind) {
    case TypeKind::kDynamic:
      return part_of_unknown(value, step, kDynamicType, context);
    case TypeKind::kMap:
      return part_of_unknown(value, step, *type.element, context);
    case TypeKind::kObject: {
      const AttributeType* attribute = attribute_of(type, name);
      if (attribute == nullptr) {
        return make_error(context.arena, "this object does not have an attribute named " + quoted(name), region);
      }
      const Symbol* symbol = child_symbol(*value.unknown().symbol, step, context);
      return make_unknown(context.arena, *attribute->type, symbol);
    }
    default:
      return no_attributes(type, name, region, context);
  }
}

Value attribute_of_value(const Value& value, std::string_view name, source::Region region, Context& context) {
  if (value.is_null()) {
    return make_error(context.arena, "this value is null, so it does not have any attributes", region);
  }
  if (value.is_unknown()) {
    return attribute_of_unknown(value, name, region, context);
  }
  if (!value.is_mapping()) {
    return no_attributes(type_of(context.arena, value), name, region, context);
  }
  if (const Value* member = value.member(name)) {
    return *member;
  }
  if (value.kind() == Kind::kMap) {
    return make_error(context.arena, "this map does not have an element with the key " + quoted(name), region);
  }
  return missing_attribute(value, name, region, context);
}

Value invalid_index(std::string_view why, source::Region region, Context& context) {
  std::string message = "the given key does not identify an element in this collection value";
  if (!why.empty()) {
    message += ": ";
    message += why;
  }
  return make_error(context.arena, message, region);
}

/// The step into what may be a sequence or a mapping: ["0"] and [0] select the same in both, [true] and .true in maps.
std::string step_of_key(const Value& key) {
  if (!key.is_string() && !key.is_number() && !key.is_bool()) {
    return "[" + identity_text(key) + "]";
  }
  const std::string text = primitive_text(key);
  const bool digits = !text.empty() && std::ranges::all_of(text, source::is_digit);
  if (digits && (text == "0" || text[0] != '0')) {
    return "[" + text + "]";
  }
  return member_step(text);
}

Value index_sequence(const Value& value, const Value& key, source::Region region, Context& context) {
  const Number& number = key.number();
  if (!number.is_integer()) {
    return invalid_index("indexing a sequence requires a whole number, but the given index has a fractional part",
                         region, context);
  }
  if (number.sign() < 0) {
    return invalid_index("a negative number is not a valid index for a sequence", region, context);
  }
  const std::optional<std::int64_t> at = number.to_int64();
  if (value.is_unknown()) {
    const std::string step = "[" + number.to_string() + "]";
    const Type& type = *value.node().type();
    if (type.kind == TypeKind::kTuple) {
      if (!at || static_cast<std::size_t>(*at) >= type.elements.size()) {
        return invalid_index({}, region, context);
      }
      return part_of_unknown(value, step, *type.elements[static_cast<std::size_t>(*at)], context);
    }
    if (at && static_cast<std::uint64_t>(*at) >= value.unknown().max_length) {
      return invalid_index({}, region, context);
    }
    return part_of_unknown(value, step, *type.element, context);
  }
  const std::span<const Value> elements = value.elements();
  if (!at || static_cast<std::size_t>(*at) >= elements.size()) {
    return invalid_index(elements.empty() ? "the collection has no elements" : "", region, context);
  }
  return elements[static_cast<std::size_t>(*at)];
}

/// An element selected by a key that is not known.
Value index_by_unknown(const Value& value, const Value& key, Context& context) {
  put_in_doubt(context, key);
  const std::array<Value, 2> causes{value, key};
  const std::string text = symbol_text(value, "[", key, "]");
  std::vector<Value> candidates;
  if (value.is_known()) {
    candidates.assign(value.elements().begin(), value.elements().end());
    for (const Member& member : value.members()) {
      candidates.push_back(member.value);
    }
  }
  const bool open = value.is_known() && value.node().rest_kind != Rest::kClosed;
  if (!candidates.empty() && !open && candidates.size() <= kMaxAlternatives) {
    return make_alternatives(context.arena, candidates, context.symbols.derive(text, *cause_of(causes)));
  }
  const Type& type = type_of(context.arena, value);
  const Type& element = is_collection(type) ? *type.element : kDynamicType;
  const Symbol* symbol = context.symbols.derive(text, *cause_of(causes));
  if (value.is_unknown() && value.unknown().element != nullptr) {
    return element_like(*value.unknown().element, *symbol, context);
  }
  return make_unknown(context.arena, element, symbol);
}

/// The member that a key selects of an unknown map or object which surely has it, or null.
const Value* held_by_key(const Value& value, const Value& key, Context& context) {
  if (!value.is_unknown() || value.held_members().empty()) {
    return nullptr;
  }
  const Value name = convert(key, kStringType, context);
  return name.is_string() ? value.held_member(name.text()) : nullptr;
}

/// The element under a key, if there is one, of a collection that is known by all it may have: keys and elements as
/// alternatives, one by one. Null for other collections, and where the key is none of them.
const Value* possible_by_key(const Value& value, const Value& key) {
  if (!value.is_unknown() || !key.is_known() || value.unknown().element == nullptr ||
      value.unknown().element_key == nullptr) {
    return nullptr;
  }
  const Value& elements = *value.unknown().element;
  const Value& keys = *value.unknown().element_key;
  if (!has_alternatives(elements) || !has_alternatives(keys) || choice_of(elements) != choice_of(keys)) {
    return nullptr;
  }
  const auto all = keys.unknown().alternatives;
  const auto found = std::ranges::find_if(all, [&](const Value& one) { return one.is_known() && same(one, key); });
  const bool one_by_one = all.size() == elements.unknown().alternatives.size();
  return found == all.end() || !one_by_one
             ? nullptr
             : &elements.unknown().alternatives[static_cast<std::size_t>(found - all.begin())];
}

/// The kind of a value's type, as far as it is not guessed. Types of tuples and objects take all that is in them to make.
TypeKind kind_of_type(const Value& value, Context& context) {
  switch (value.kind()) {
    case Kind::kTuple:
      return TypeKind::kTuple;
    case Kind::kObject:
      return TypeKind::kObject;
    case Kind::kMap:
      return TypeKind::kMap;
    default:
      return has_guessed_type(value) ? TypeKind::kDynamic : type_of(context.arena, value).kind;
  }
}

Value index_value(const Value& value, const Value& key, source::Region region, Context& context) {
  if (value.is_null()) {
    return make_error(context.arena, "this value is null, so it does not have any indices", region);
  }
  if (key.is_null()) {
    return make_error(context.arena, "cannot use a null value as an indexing key", region);
  }
  if (context.for_people && value.is_unknown() && !value.held().empty() && key.is_number() &&
      key.number().sign() == 0) {
    return value.held().front();
  }
  if (const Value* held = held_by_key(value, key, context)) {
    return *held;
  }
  const TypeKind kind = kind_of_type(value, context);
  switch (kind) {
    case TypeKind::kDynamic: {
      put_in_doubt(context, value);
      if (key.is_unknown()) {
        return index_by_unknown(value, key, context);
      }
      if (const Value* possible = possible_by_key(value, key)) {
        return *possible;
      }
      return part_of_unknown(value, step_of_key(key), kDynamicType, context);
    }
    case TypeKind::kList:
    case TypeKind::kTuple: {
      const Value number = convert(key, kNumberType, context);
      if (number.is_error()) {
        return invalid_index(number.error().message, region, context);
      }
      if (value.is_unknown()) {
        put_in_doubt(context, value);
      }
      return number.is_unknown() ? index_by_unknown(value, number, context)
                                 : index_sequence(value, number, region, context);
    }
    case TypeKind::kMap:
    case TypeKind::kObject: {
      const Value name = convert(key, kStringType, context);
      if (name.is_error()) {
        return invalid_index(name.error().message, region, context);
      }
      if (name.is_unknown()) {
        return index_by_unknown(value, name, context);
      }
      if (value.is_unknown()) {
        if (kind == TypeKind::kObject && attribute_of(*value.node().type(), name.text()) == nullptr) {
          return invalid_index({}, region, context);
        }
        put_in_doubt(context, value);
        const Type& type = *value.node().type();
        const Type& part = kind == TypeKind::kMap ? *type.element : *attribute_of(type, name.text())->type;
        return part_of_unknown(value, member_step(name.text()), part, context);
      }
      if (const Value* member = value.member(name.text())) {
        return *member;
      }
      if (value.node().rest_kind != Rest::kClosed) {
        return missing_attribute(value, name.text(), region, context);
      }
      return invalid_index(kind == TypeKind::kObject && key.is_number()
                               ? "an object only supports looking up attributes by name, not by numeric index"
                               : "",
                           region, context);
    }
    case TypeKind::kSet:
      return make_error(context.arena,
                        "elements of a set are identified only by their value and have no index or key to select with",
                        region);
    default:
      return make_error(context.arena, "this value does not have any indices", region);
  }
}

Value apply_step(const Value& value, const Step& step, Context& context) {
  switch (step.kind) {
    case StepKind::kAttribute:
      return get_attribute(value, step.name, step.region, context);
    case StepKind::kIndexNumber: {
      const std::optional<Number> number = Number::parse(context.arena, step.number);
      const Value key = make_number(context.arena, number.value_or(Number(-1)));
      return index(value, key, step.region, context);
    }
    case StepKind::kIndexString:
      return index(value, make_string(context.arena, step.name), step.region, context);
  }
  return value;
}

}  // namespace

Value part_of_unknown(const Value& value, std::string_view step, const Type& type, Context& context) {
  const Unknown& unknown = value.unknown();
  const Symbol* symbol = child_symbol(*unknown.symbol, step, context);
  if (unknown.element != nullptr) {
    return element_like(*unknown.element, *symbol, context);
  }
  return make_unknown(context.arena, type, symbol);
}

std::string_view reference_text(const syntax::hcl::Traversal& traversal, Context& context) {
  if (const std::optional<std::string_view> written = as_written(traversal)) {
    return *written;
  }
  constexpr std::size_t kUsual = 60;
  std::string text;
  text.reserve(kUsual);
  text += traversal.root;
  for (const Step& step : traversal.steps) {
    append_step(text, step);
  }
  return context.arena.copy(std::string_view(text));
}

Value computed_attribute(const Symbol& object, std::string_view name, Context& context) {
  Symbol parent = object;
  if (parent.subject.empty()) {
    parent.subject = parent.text;
  }
  const Symbol* symbol = child_symbol(parent, member_step(name), context);
  const SymbolFacts* facts = parent.path.empty() ? parent.facts : nullptr;
  const bool identifier = is_identifier_attribute(name) || (facts != nullptr && facts->questions->is_text != nullptr &&
                                                            facts->questions->is_text(*facts, name));
  return make_unknown(context.arena, identifier ? kStringType : kDynamicType,
                      Unknown{.symbol = symbol, .not_null = identifier});
}

namespace {

/// get_attribute() of a value that does not plainly have it.
[[gnu::noinline]] Value attribute_of_other(const Value& value, std::string_view name, source::Region region,
                                           Context& context) {
  if (value.is_error()) {
    return value;
  }
  const auto apply = [&](std::span<const Value> values) {
    return attribute_of_value(values[0], name, region, context);
  };
  if (has_alternatives(value)) {
    const auto text = [&] { return symbol_text(value, ".", name); };
    if (const auto mapped = map_alternatives(std::span<const Value>(&value, 1), context, apply, text)) {
      return with_marks(context.arena, *mapped, value.marks());
    }
  }
  return with_marks(context.arena, taken_from(value, attribute_of_value(value, name, region, context)), value.marks());
}

/// The value of a reference as something that was named there.
[[gnu::noinline]] Value by_reference(Value value, const syntax::hcl::Traversal& expression, Context& context) {
  return value.with_origin(make_origin(context.arena, OriginKind::kReference, expression.region,
                                       reference_text(expression, context), value.origin()));
}

}  // namespace

Value get_attribute(const Value& value, std::string_view name, source::Region region, Context& context) {
  const Value* const member = value.member(name);
  return member != nullptr ? with_marks(context.arena, taken_from(value, *member), value.marks())
                           : attribute_of_other(value, name, region, context);
}

Value index(const Value& value, const Value& key, source::Region region, Context& context) {
  if (value.is_error()) {
    return value;
  }
  if (key.is_error()) {
    return key;
  }
  const std::array<Value, 2> operands{value, key};
  if (has_alternatives(value) || has_alternatives(key)) {
    const auto apply = [&](std::span<const Value> values) {
      return index_value(values[0], values[1], region, context);
    };
    const auto text = [&] { return symbol_text(value, "[", key, "]"); };
    if (const auto mapped = map_alternatives(operands, context, apply, text)) {
      return with_marks(context.arena, *mapped, all_marks(operands));
    }
  }
  return with_marks(context.arena, taken_from(value, index_value(value, key, region, context)), all_marks(operands));
}

Value apply_steps(Value value, std::span<const Step> steps, Context& context) {
  for (const Step& step : steps) {
    if (value.is_error()) {
      return value;
    }
    value = apply_step(value, step, context);
  }
  return value;
}

Value evaluate_traversal(const syntax::hcl::Traversal& expression, const Scope& scope, Context& context) {
  const Scope::Resolved resolved = scope.resolve(expression, context);
  if (resolved.value.is_error()) {
    return resolved.value;
  }
  const std::size_t consumed = std::min(resolved.consumed, expression.steps.size());
  const std::span<const Step> steps = expression.steps.subspan(consumed);
  const Value value = steps.empty() ? resolved.value : apply_steps(resolved.value, steps, context);
  // The element of a splat has no name of its own.
  return expression.root.empty() || value.is_error() || context.for_rules ? value
                                                                          : by_reference(value, expression, context);
}

}  // namespace gabion::eval
