#include "engine/fix_json.h"

#include <algorithm>

#include "source/arena.h"
#include "source/artifact.h"
#include "syntax/hcl/parser.h"
#include "syntax/hcl/walk.h"

namespace gabion::engine {
namespace {

namespace hcl = syntax::hcl;

constexpr int kMaxDepth = 64;

FixValue reference(std::string_view expression) {
  FixValue value;
  value.kind = FixValue::Kind::kText;
  value.pieces.push_back({std::string(expression), true});
  return value;
}

FixValue object() {
  FixValue value;
  value.kind = FixValue::Kind::kObject;
  return value;
}

class Converter {
 public:
  explicit Converter(const source::Artifact& artifact) : artifact_(artifact) {}

  FixValue convert(const hcl::Expression& expression, int depth) const {
    const std::string_view text = artifact_.text(expression.region);
    FixValue value;
    if (depth < kMaxDepth) {
      switch (expression.kind) {
        case hcl::ExpressionKind::kBool:
        case hcl::ExpressionKind::kNumber:
        case hcl::ExpressionKind::kNull:
          value.plain = text;
          return value;
        case hcl::ExpressionKind::kTuple:
          value.kind = FixValue::Kind::kList;
          for (const hcl::Expression* element : hcl::as<hcl::TupleExpression>(expression).elements) {
            value.elements.push_back(convert(*element, depth + 1));
          }
          return value;
        case hcl::ExpressionKind::kObject:
          if (auto members = convert_members(hcl::as<hcl::ObjectExpression>(expression), depth)) {
            return *members;
          }
          break;
        case hcl::ExpressionKind::kTemplate: {
          const auto& quoted = hcl::as<hcl::TemplateExpression>(expression);
          if (quoted.is_literal()) {
            return FixValue::of_text(quoted.literal());
          }
          if (auto pieces = convert_parts(quoted)) {
            return *pieces;
          }
          break;
        }
        default:
          break;
      }
    }
    return reference(text);
  }

 private:
  /// Texts with interpolations between them; nothing when there are directives.
  [[nodiscard]] std::optional<FixValue> convert_parts(const hcl::TemplateExpression& quoted) const {
    FixValue value;
    value.kind = FixValue::Kind::kText;
    for (const hcl::TemplatePart& part : quoted.parts()) {
      if (part.kind == hcl::TemplatePartKind::kLiteral) {
        value.pieces.push_back({std::string(part.text()), false});
      } else if (part.kind == hcl::TemplatePartKind::kInterpolation && part.expression() != nullptr) {
        value.pieces.push_back({std::string(artifact_.text(part.expression()->region)), true});
      } else {
        return std::nullopt;
      }
    }
    return value;
  }

  std::optional<FixValue> convert_members(const hcl::ObjectExpression& expression, int depth) const {
    FixValue value = object();
    for (const hcl::ObjectItem& item : expression.items) {
      const auto key = hcl::literal_key(item);
      if (!key) {
        return std::nullopt;
      }
      value.members.emplace_back(std::string(*key), convert(*item.value, depth + 1));
    }
    return value;
  }

  const source::Artifact& artifact_;
};

}  // namespace

FixValue json_syntax(std::string_view text) {
  source::ArtifactStore artifacts;
  source::Arena arena;
  const source::Artifact& artifact = artifacts.add("value", std::string(text));
  const hcl::ParsedExpression parsed = hcl::parse_expression(artifact, artifact.whole(), arena, source::Limits{});
  return parsed.ok() ? Converter(artifact).convert(*parsed.expression, 0) : reference(text);
}

FixValue json_syntax(const NewBlock& block) {
  FixValue result = object();
  for (const NewAttribute& attribute : block.attributes) {
    // Keywords: what they stand for is no expression.
    const bool word = attribute.name == "provider" || (attribute.name == "type" && block.type.starts_with("variable "));
    result.members.emplace_back(attribute.name,
                                word ? FixValue::of_text(attribute.value) : json_syntax(attribute.value));
  }
  for (const NewBlock& nested : block.blocks) {
    const auto same = std::find_if(result.members.begin(), result.members.end(),
                                   [&](const FixMember& member) { return member.name == nested.type; });
    if (same == result.members.end()) {
      result.members.emplace_back(nested.type, json_syntax(nested));
      continue;
    }
    if (same->value.kind != FixValue::Kind::kList) {
      FixValue list;
      list.kind = FixValue::Kind::kList;
      list.elements.push_back(std::move(same->value));
      same->value = std::move(list);
    }
    same->value.elements.push_back(json_syntax(nested));
  }
  return result;
}

void merge_member(FixValue& into, std::string_view name, FixValue value) {
  FixValue* at = &into;
  std::string key(name);
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    const auto known =
        std::find_if(at->members.begin(), at->members.end(), [&](const FixMember& one) { return one.name == key; });
    const bool both = known != at->members.end() && known->value.kind == FixValue::Kind::kObject &&
                      value.kind == FixValue::Kind::kObject && value.members.size() == 1;
    if (!both) {
      at->members.emplace_back(std::move(key), std::move(value));
      return;
    }
    at = &known->value;
    key = std::move(value.members.front().name);
    FixValue inner = std::move(value.members.front().value);
    value = std::move(inner);
  }
}

}  // namespace gabion::engine
