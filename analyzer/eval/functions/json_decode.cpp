#include "eval/functions/json_decode.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "eval/functions/support.h"
#include "source/arena.h"
#include "syntax/json/parser.h"

namespace gabion::eval::functions {
namespace {

namespace json = syntax::json;

/// The value as it comes back from JSON: lists and sets are tuples, maps are objects.
Value as_json(const Value& value, Context& context) {
  Value result = value;
  if (value.is_sequence()) {
    std::vector<Value> elements;
    for (const Value& element : value.elements()) {
      elements.push_back(as_json(element, context));
    }
    result = eval::make_tuple(context.arena, elements);
  } else if (value.is_mapping()) {
    std::vector<Member> members(value.members().begin(), value.members().end());
    for (Member& member : members) {
      member.value = as_json(member.value, context);
    }
    result = make_object(context.arena, members, value.node().rest_kind, value.rest());
  } else if (value.is_null()) {
    result = make_null(context.arena);
  }
  return with_marks(context.arena, result, value.marks()).with_origin(value.origin());
}

/// Turns parsed JSON into values. The parser bounds the depth.
class Decoder {
 public:
  Decoder(const Call& call, Context& context, std::span<const Value> holes)
      : call_(call), context_(context), holes_(holes) {}

  [[nodiscard]] Value decode(const json::Value& value) {
    switch (value.kind) {
      case json::Kind::kNull:
        return make_null(context_.arena);
      case json::Kind::kBool:
        return make_bool(value.boolean);
      case json::Kind::kNumber:
        return number(value.text);
      case json::Kind::kString:
        return value.parts.empty() ? make_string(context_.arena, value.text) : text(value.parts);
      case json::Kind::kArray: {
        std::vector<Value> elements;
        for (const json::Value& element : value.elements) {
          elements.push_back(decode(element));
        }
        return eval::make_tuple(context_.arena, elements);
      }
      case json::Kind::kObject:
        return object(value);
      case json::Kind::kHole:
        break;
    }
    return hole(value.hole);
  }

  /// The first thing that is wrong or cannot be told, or null.
  [[nodiscard]] const std::optional<Value>& instead() const { return instead_; }

 private:
  Value number(std::string_view digits) {
    if (const auto parsed = Number::parse(context_.arena, digits)) {
      return make_number(context_.arena, *parsed);
    }
    instead_ = call_error(call_, "number out of range", context_);
    return *instead_;
  }

  Value object(const json::Value& value) {
    const auto is_open = [](const json::Member& entry) { return !entry.name_parts.empty(); };
    if (std::ranges::any_of(value.members, is_open)) {
      std::vector<Entry> entries;
      for (const json::Member& entry : value.members) {
        const Value name = is_open(entry) ? text(entry.name_parts) : make_string(context_.arena, entry.name);
        entries.push_back({name, decode(entry.value), entry.name_region});
      }
      return object_of_entries(entries, context_);
    }
    std::vector<Member> members;
    for (const json::Member& entry : value.members) {
      const std::string normal = normalize(entry.name);
      const std::string_view name = normal == entry.name ? entry.name : context_.arena.copy(normal);
      members.push_back({.name = name, .value = decode(entry.value), .name_region = entry.name_region});
    }
    return make_object(context_.arena, members);
  }

  /// A hole in the place of a value stands for JSON text of any kind.
  Value hole(std::int32_t index) {
    const Value& unknown = holes_[static_cast<std::size_t>(index)];
    if (unknown.detail() != nullptr && unknown.detail()->encoded != nullptr) {
      return as_json(*unknown.detail()->encoded, context_);
    }
    const std::string name = "jsondecode(" + identity_text(unknown) + ")";
    const Symbol* symbol = context_.symbols.derive(name, *cause_of(std::span(&unknown, 1)));
    return make_unknown(context_.arena, kDynamicType, symbol);
  }

  Value text(std::span<const json::StringPart> parts) {
    TemplateBuilder builder(context_);
    for (const json::StringPart& part : parts) {
      if (part.hole < 0) {
        builder.add_literal(context_.arena.copy(part.text), source::Region{});
      } else {
        const Value& value = holes_[static_cast<std::size_t>(part.hole)];
        builder.add_value(value, region_of(call_, value));
      }
    }
    return builder.finish(call_.region, true);
  }

  const Call& call_;
  Context& context_;
  std::span<const Value> holes_;
  std::optional<Value> instead_;
};

Value decode_parsed(const Call& call, const json::Parsed& parsed, std::span<const Value> holes, Context& context) {
  if (!parsed.ok()) {
    const std::string why = parsed.diagnostics.empty() ? "not a JSON document" : parsed.diagnostics.front().message;
    return argument_error(call, 0, why, context);
  }
  Decoder decoder(call, context, holes);
  const Value value = decoder.decode(*parsed.value);
  return decoder.instead() ? *decoder.instead() : value;
}

/// The first character of a document tells its type.
Value decode_start(const Call& call, Context& context) {
  const std::string prefix = known_prefix(call.arguments[0]);
  const std::size_t first = prefix.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) {
    return unknown_result(call, kDynamicType, context);
  }
  switch (prefix[first]) {
    case '"':
      return unknown_result(call, kStringType, context);
    case 't':
    case 'f':
      return unknown_result(call, kBoolType, context);
    case '{':
    case '[':
    case 'n':
      return unknown_result(call, kDynamicType, context);
    default:
      break;
  }
  if (prefix[first] == '-' || (prefix[first] >= '0' && prefix[first] <= '9')) {
    return unknown_result(call, kNumberType, context);
  }
  return argument_error(call, 0, "a JSON document cannot begin like that", context);
}

/// JSON text of known and unknown pieces.
Value decode_pieces(const Call& call, std::span<const Part> parts, Context& context) {
  std::vector<json::Piece> pieces;
  std::vector<Value> holes;
  for (const Part& part : parts) {
    json::Piece piece;
    piece.region = part.region;
    if (part.value == nullptr) {
      piece.text = part.text;
      piece.exact = part.exact;
    } else if (part.value->is_string()) {
      piece.text = part.value->text();
    } else {
      piece.hole = static_cast<std::int32_t>(holes.size());
      holes.push_back(*part.value);
    }
    pieces.push_back(piece);
  }
  source::Arena tree;  // nothing of it is left in the value
  const json::Parsed parsed = json::parse(pieces, tree, context.limits);
  // What the unknown pieces hold may still make it a document, so this is no error yet.
  return parsed.ok() ? decode_parsed(call, parsed, holes, context) : decode_start(call, context);
}

}  // namespace

Value jsondecode(const Call& call, Context& context) {
  const Value& text = call.arguments[0];
  const StringDetail* detail = text.detail();
  if (text.is_unknown()) {
    if (detail != nullptr && detail->encoded != nullptr) {
      return as_json(*detail->encoded, context);
    }
    if (detail != nullptr && !detail->parts.empty()) {
      return decode_pieces(call, detail->parts, context);
    }
    return decode_start(call, context);
  }
  if (!context.budget.step(text.text().size() / 64 + 1)) {
    return budget_result(call, kDynamicType, context);
  }
  source::Arena tree;  // nothing of it is left in the value
  return decode_parsed(call, json::parse(text.text(), call.region, tree, context.limits), {}, context);
}

}  // namespace gabion::eval::functions
