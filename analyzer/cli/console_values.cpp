#include "cli/console_values.h"

#include <charconv>
#include <optional>
#include <vector>

#include "syntax/hcl/parser.h"

namespace gabion::cli {
namespace {

namespace json = syntax::json;
using eval::Type;
using eval::TypeKind;
using eval::Value;

class Reader {
 public:
  Reader(eval::Context& context, source::ArtifactStore& artifacts) : context_(context), artifacts_(artifacts) {}

  const Type& type(std::string_view text) {
    const source::Artifact& artifact =
        artifacts_.add("console:type:" + std::string(text), std::string(text), source::Role::kInternal);
    const auto parsed = syntax::hcl::parse_expression(artifact, artifact.whole(), context_.arena, context_.limits);
    const eval::ParsedType result = eval::parse_type(*parsed.expression, context_);
    if (!parsed.ok() || !result.diagnostics.empty()) {
      error_ = "\"" + std::string(text) + "\" is no type constraint";
    }
    return *result.type;
  }

  Value read(const json::Value& value, const Type& type, const std::string& path) {
    source::Arena& arena = context_.arena;
    switch (value.kind) {
      case json::Kind::kNull:
        return eval::make_null(arena, type);
      case json::Kind::kBool:
        return eval::make_bool(value.boolean);
      case json::Kind::kNumber:
        return eval::make_number(arena, eval::Number::parse(arena, value.text).value_or(eval::Number()));
      case json::Kind::kString:
        return eval::make_string(arena, value.text);
      case json::Kind::kArray:
        return sequence(value, type, path);
      case json::Kind::kObject:
        return value.member("$unknown") != nullptr ? unknown(value, path) : mapping(value, type, path);
      case json::Kind::kHole:
        break;
    }
    return eval::make_null(arena, type);
  }

  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  Value sequence(const json::Value& value, const Type& type, const std::string& path) {
    std::vector<Value> elements;
    for (std::size_t i = 0; i < value.elements.size(); ++i) {
      const Type& element = type.kind == TypeKind::kTuple && i < type.elements.size() ? *type.elements[i]
                            : type.element != nullptr                                 ? *type.element
                                                                                      : eval::kDynamicType;
      elements.push_back(read(value.elements[i], element, path + "[" + std::to_string(i) + "]"));
    }
    if (type.kind == TypeKind::kList) {
      return eval::make_list(context_.arena, *type.element, elements);
    }
    if (type.kind == TypeKind::kSet) {
      return eval::make_set(context_.arena, *type.element, elements);
    }
    return eval::make_tuple(context_.arena, elements);
  }

  Value mapping(const json::Value& value, const Type& type, const std::string& path) {
    std::vector<eval::Member> members;
    for (const json::Member& member : value.members) {
      const Type* element = type.kind == TypeKind::kMap ? type.element : &eval::kDynamicType;
      for (const eval::AttributeType& attribute : type.attributes) {
        element = attribute.name == member.name ? attribute.type : element;
      }
      const std::string_view name = context_.arena.copy(member.name);
      members.push_back({name, read(member.value, *element, path + "." + std::string(name)), {}});
    }
    return type.kind == TypeKind::kMap ? eval::make_map(context_.arena, *type.element, members)
                                       : eval::make_object(context_.arena, members);
  }

  Value unknown(const json::Value& value, const std::string& path) {
    eval::Unknown result;
    result.symbol = context_.symbols.fresh({.reason = eval::Reason::kVariable,
                                            .text = context_.arena.copy(path),
                                            .subject = {},
                                            .path = {},
                                            .region = {}});
    if (const json::Value* refine = value.member("refine")) {
      const auto number = [&](const char* name, std::uint32_t& target) {
        if (const json::Value* bound = refine->member(name)) {
          std::from_chars(bound->text.data(), bound->text.data() + bound->text.size(), target);
        }
      };
      const json::Value* not_null = refine->member("not_null");
      result.not_null = not_null != nullptr && not_null->boolean;
      if (const json::Value* prefix = refine->member("prefix")) {
        result.prefix = context_.arena.copy(prefix->text);
      }
      const auto bound = [&](const char* name) -> const eval::Number* {
        const json::Value* given = refine->member(name);
        const auto parsed = given == nullptr ? std::nullopt : eval::Number::parse(context_.arena, given->text);
        return parsed ? context_.arena.make<eval::Number>(*parsed) : nullptr;
      };
      result.at_least = bound("min");
      result.at_most = bound("max");
      number("min_length", result.min_length);
      number("max_length", result.max_length);
    }
    return eval::make_unknown(context_.arena, type(value.member("$unknown")->text), result);
  }

  eval::Context& context_;
  source::ArtifactStore& artifacts_;
  std::string error_;
};

/// Marks of one entry of "marks"; names that mean nothing to Terraform are carried as sensitive, so that they move
/// along.
std::uint8_t marks_of(const json::Value& entry) {
  const json::Value* names = entry.member("marks");
  std::uint8_t marks = 0;
  if (names != nullptr) {
    for (const json::Value& name : names->elements) {
      marks |= name.text == "ephemeral" ? eval::kEphemeral : eval::kSensitive;
    }
  }
  return marks;
}

/// Puts marks on what a path (attribute names and indexes) leads to.
Value mark(const Value& value, std::span<const json::Value> path, std::uint8_t marks, source::Arena& arena) {
  if (path.empty()) {
    return eval::with_marks(arena, value, static_cast<std::uint8_t>(value.marks() | marks));
  }
  const json::Value& step = path.front();
  if (value.is_mapping() && step.kind == json::Kind::kString) {
    std::vector<eval::Member> members(value.members().begin(), value.members().end());
    for (eval::Member& member : members) {
      if (member.name == step.text) {
        member.value = mark(member.value, path.subspan(1), marks, arena);
      }
    }
    return value.kind() == eval::Kind::kMap ? eval::make_map(arena, *value.node().type()->element, members)
                                            : eval::make_object(arena, members);
  }
  if (value.is_sequence() && step.kind == json::Kind::kNumber) {
    std::vector<Value> elements(value.elements().begin(), value.elements().end());
    std::size_t index = elements.size();
    std::from_chars(step.text.data(), step.text.data() + step.text.size(), index);
    if (index < elements.size()) {
      elements[index] = mark(elements[index], path.subspan(1), marks, arena);
    }
    return value.kind() == eval::Kind::kList ? eval::make_list(arena, *value.node().type()->element, elements)
                                             : eval::make_tuple(arena, elements);
  }
  return value;
}

}  // namespace

DescribedValue read_value(const json::Value& description, std::string_view name, eval::Context& context,
                          source::ArtifactStore& artifacts) {
  const json::Value* value = description.member("value");
  if (value == nullptr) {
    return {{}, "the variable " + std::string(name) + " has no value"};
  }
  Reader reader(context, artifacts);
  const json::Value* constraint = description.member("type");
  const Type& type = constraint != nullptr && constraint->kind == json::Kind::kString ? reader.type(constraint->text)
                                                                                      : eval::kDynamicType;
  DescribedValue result{reader.read(*value, type, std::string(name)), reader.error()};
  if (const json::Value* marks = description.member("marks")) {
    for (const json::Value& entry : marks->elements) {
      const json::Value* path = entry.member("path");
      result.value = mark(result.value, path == nullptr ? std::span<const json::Value>{} : path->elements,
                          marks_of(entry), context.arena);
    }
  }
  return result;
}

}  // namespace gabion::cli
