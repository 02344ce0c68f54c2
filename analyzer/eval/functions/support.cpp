#include "eval/functions/support.h"

#include <array>
#include <vector>

#include "eval/symbol_text.h"

namespace gabion::eval::functions {

std::optional<std::int64_t> whole(const Value& number) {
  if (!number.is_number()) {
    return std::nullopt;
  }
  return number.number().to_int64();
}

Value whole_number_error(const Call& call, std::size_t argument, Context& context) {
  const Value& value = call.arguments[argument];
  const bool too_large = value.is_number() && value.number().is_integer();
  return argument_error(
      call, argument, too_large ? "value must be a whole number of 64 bits" : "value must be a whole number", context);
}

bool is_sequence_type(const Type& type) {
  return type.kind == TypeKind::kList || type.kind == TypeKind::kSet || type.kind == TypeKind::kTuple;
}

bool is_mapping_type(const Type& type) {
  return type.kind == TypeKind::kMap || type.kind == TypeKind::kObject;
}

const Type& element_type(const Value& collection, Context& context) {
  const Type& type = type_of(context.arena, collection);
  return type.element != nullptr ? *type.element : kDynamicType;
}

Value text_result(const Call& call, std::string_view text, Context& context) {
  if (text.size() > context.limits.value_bytes) {
    return budget_result(call, kStringType, context);
  }
  return make_string(context.arena, text);
}

std::string call_text(const Call& call) {
  std::string text = symbol_text(call.name, "(");
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    append_pieces(text, i == 0 ? "" : ", ", call.arguments[i]);
  }
  text += ')';
  return shorten(text);
}

namespace {

/// Unknown of its own: the same call has the same value.
Value unknown_because(Reason reason, const Call& call, const Type& type, Context& context) {
  context.uncertain = true;
  const std::string text = call_text(call);
  Symbol symbol;
  symbol.reason = reason;
  symbol.text = text;
  symbol.region = call.region;
  Unknown unknown;
  unknown.symbol = context.symbols.intern(symbol);
  unknown.not_null = true;
  return make_unknown(context.arena, type, unknown);
}

}  // namespace

Value budget_result(const Call& call, const Type& type, Context& context) {
  return unknown_because(Reason::kBudget, call, type, context);
}

Value file_result(const Call& call, const Type& type, Context& context) {
  return unknown_because(Reason::kFile, call, type, context);
}

Value unsupported_result(const Call& call, const Type& type, Context& context) {
  return unknown_because(Reason::kUnsupported, call, type, context);
}

Value one_of(const Call& call, std::span<const Value> values, const Type& type, Context& context) {
  if (values.empty() || values.size() > kMaxAlternatives) {
    return unknown_result(call, type, context);
  }
  std::vector<Value> converted;
  converted.reserve(values.size());
  for (const Value& value : values) {
    converted.push_back(convert(value, type, context));
    if (converted.back().is_error()) {
      return unknown_result(call, type, context);
    }
  }
  const Symbol* cause = cause_of(call.arguments);
  if (cause == nullptr) {
    return unknown_result(call, type, context);
  }
  return make_alternatives(context.arena, converted, context.symbols.derive(call_text(call), *cause));
}

Value add_marks(Value value, std::uint8_t marks, Context& context) {
  return value.is_error() ? value : with_marks(context.arena, value, marks);
}

Value drop_marks(Value value, std::uint8_t marks, Context& context) {
  if ((value.marks() & marks) == 0) {
    return value;
  }
  Node& node = duplicate(context.arena, value.node());
  node.marks = static_cast<std::uint8_t>(node.marks & ~marks);
  node.marks_inside = node.marks;
  for (const Value& element : value.elements()) {
    node.marks_inside = static_cast<std::uint8_t>(node.marks_inside | element.node().marks_inside);
  }
  for (const Member& member : value.members()) {
    node.marks_inside = static_cast<std::uint8_t>(node.marks_inside | member.value.node().marks_inside);
  }
  return Value(&node, value.origin());
}

bool surely_not_null(const Value& value) {
  if (value.is_unknown()) {
    return value.unknown().not_null;
  }
  return !value.is_null();
}

source::Region region_of(const Call& call, const Value& value) {
  return value.origin() != nullptr ? value.origin()->region : call.region;
}

}  // namespace gabion::eval::functions
