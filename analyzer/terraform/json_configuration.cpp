#include "terraform/json_configuration.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "aws/provider_schema.h"
#include "syntax/hcl/parser.h"

namespace gabion::terraform {
namespace {

namespace hcl = syntax::hcl;
namespace json = syntax::json;
using hcl::ExpressionKind;

// ---- Which members of an object are blocks: JSON itself does not tell. ----

/// What a body may hold: its block types with their number of labels, and what those bodies hold in turn.
struct Shape;
struct BlockShape {
  std::string_view type;
  std::uint32_t labels;
  const Shape* body;
};
struct Shape {
  std::span<const BlockShape> blocks;
  std::string_view type_argument{};     ///< attribute whose string is a type constraint
  std::string_view literal_argument{};  ///< attribute whose strings are no templates
};

constexpr Shape kPlain{};
constexpr std::array<BlockShape, 2> kConditionBlocks{{{"precondition", 0, &kPlain}, {"postcondition", 0, &kPlain}}};
constexpr Shape kWithConditions{.blocks = kConditionBlocks};
constexpr std::array<BlockShape, 1> kProvisionerBlocks{{{"connection", 0, &kPlain}}};
constexpr Shape kProvisioner{.blocks = kProvisionerBlocks};

extern const Shape kNested;
extern const Shape kDynamic;
const std::array<BlockShape, 1> kNestedBlocks{{{"dynamic", 1, &kDynamic}}};
const Shape kNested{.blocks = kNestedBlocks};
const std::array<BlockShape, 1> kDynamicBlocks{{{"content", 0, &kNested}}};
const Shape kDynamic{.blocks = kDynamicBlocks};

const std::array<BlockShape, 4> kResourceBlocks{{{"lifecycle", 0, &kWithConditions},
                                                 {"provisioner", 1, &kProvisioner},
                                                 {"connection", 0, &kPlain},
                                                 {"dynamic", 1, &kDynamic}}};
const Shape kResource{.blocks = kResourceBlocks};

const std::array<BlockShape, 4> kStatementBlocks{{{"principals", 0, &kNested},
                                                  {"not_principals", 0, &kNested},
                                                  {"condition", 0, &kNested},
                                                  {"dynamic", 1, &kDynamic}}};
const Shape kStatement{.blocks = kStatementBlocks};
const std::array<BlockShape, 3> kPolicyDocumentBlocks{
    {{"statement", 0, &kStatement}, {"lifecycle", 0, &kWithConditions}, {"dynamic", 1, &kDynamic}}};
const Shape kPolicyDocument{.blocks = kPolicyDocumentBlocks};

constexpr std::array<BlockShape, 1> kVariableBlocks{{{"validation", 0, &kPlain}}};
constexpr Shape kVariable{.blocks = kVariableBlocks, .type_argument = "type", .literal_argument = "default"};
constexpr std::array<BlockShape, 4> kTerraformBlocks{{{"backend", 1, &kPlain},
                                                      {"required_providers", 0, &kPlain},
                                                      {"cloud", 0, &kPlain},
                                                      {"provider_meta", 1, &kPlain}}};
constexpr Shape kTerraform{.blocks = kTerraformBlocks};
constexpr std::array<BlockShape, 5> kProviderBlocks{{{"assume_role", 0, &kPlain},
                                                     {"assume_role_with_web_identity", 0, &kPlain},
                                                     {"default_tags", 0, &kPlain},
                                                     {"endpoints", 0, &kPlain},
                                                     {"ignore_tags", 0, &kPlain}}};
constexpr Shape kProvider{.blocks = kProviderBlocks};
constexpr std::array<BlockShape, 2> kCheckBlocks{{{"assert", 0, &kPlain}, {"data", 2, &kPlain}}};
constexpr Shape kCheck{.blocks = kCheckBlocks};

const std::array<BlockShape, 13> kTopBlocks{{{"resource", 2, &kResource},
                                             {"data", 2, &kResource},
                                             {"ephemeral", 2, &kResource},
                                             {"module", 1, &kPlain},
                                             {"variable", 1, &kVariable},
                                             {"output", 1, &kWithConditions},
                                             {"provider", 1, &kProvider},
                                             {"check", 1, &kCheck},
                                             {"terraform", 0, &kTerraform},
                                             {"locals", 0, &kPlain},
                                             {"moved", 0, &kPlain},
                                             {"import", 0, &kPlain},
                                             {"removed", 0, &kPlain}}};

// ---- Regions of templates that were parsed from unescaped text. ----

void place(const hcl::Expression& expression, source::Region region);

template <class Node>
Node& writable(const Node& node) {
  return const_cast<Node&>(node);  // NOLINT: nodes of a fresh tree in our own arena
}

void place_steps(std::span<const hcl::Step> steps, source::Region region) {
  for (const hcl::Step& step : steps) {
    writable(step).region = region;
  }
}

void place_parts(std::span<const hcl::TemplatePart> parts, source::Region region) {
  for (const hcl::TemplatePart& part : parts) {
    writable(part).region = region;
    if (part.expression() != nullptr) {
      place(*part.expression(), region);
    }
    place_parts(part.body(), region);
    place_parts(part.otherwise(), region);
  }
}

/// Gives every node below (and at) an expression one region. Depth is that of a tree the parser accepted.
void place(const hcl::Expression& expression, source::Region region) {
  writable(expression).region = region;
  const auto place_if = [&](const hcl::Expression* child) {
    if (child != nullptr) {
      place(*child, region);
    }
  };
  switch (expression.kind) {
    case ExpressionKind::kTemplate: {
      const auto& node = hcl::as<hcl::TemplateExpression>(expression);
      if (node.kept_as == hcl::TemplateParts::kNone) {
        writable(static_cast<const hcl::EmptyTemplate&>(node)).inside = region;
      } else if (node.kept_as == hcl::TemplateParts::kList) {
        writable(static_cast<const hcl::TemplateOfParts&>(node)).inside = region;
      }
      place_parts(node.parts(), region);
      break;
    }
    case ExpressionKind::kTraversal:
      place_steps(hcl::as<hcl::Traversal>(expression).steps, region);
      break;
    case ExpressionKind::kRelative:
      place(*hcl::as<hcl::RelativeTraversal>(expression).base, region);
      place_steps(hcl::as<hcl::RelativeTraversal>(expression).steps, region);
      break;
    case ExpressionKind::kIndex:
      place(*hcl::as<hcl::IndexExpression>(expression).base, region);
      place(*hcl::as<hcl::IndexExpression>(expression).key, region);
      break;
    case ExpressionKind::kSplat: {
      auto& node = writable(hcl::as<hcl::SplatExpression>(expression));
      node.marker = region;
      place(*node.base, region);
      place_if(node.each == node.item ? nullptr : node.each);
      writable(*node.item).region = region;
      break;
    }
    case ExpressionKind::kFunctionCall: {
      auto& node = writable(hcl::as<hcl::FunctionCall>(expression));
      node.name_region = region;
      std::for_each(node.arguments.begin(), node.arguments.end(), place_if);
      break;
    }
    case ExpressionKind::kConditional:
      place(*hcl::as<hcl::ConditionalExpression>(expression).condition, region);
      place(*hcl::as<hcl::ConditionalExpression>(expression).true_result, region);
      place(*hcl::as<hcl::ConditionalExpression>(expression).false_result, region);
      break;
    case ExpressionKind::kBinary:
      writable(hcl::as<hcl::BinaryExpression>(expression)).operator_region = region;
      place(*hcl::as<hcl::BinaryExpression>(expression).left, region);
      place(*hcl::as<hcl::BinaryExpression>(expression).right, region);
      break;
    case ExpressionKind::kUnary:
      place(*hcl::as<hcl::UnaryExpression>(expression).operand, region);
      break;
    case ExpressionKind::kParentheses:
      place(*hcl::as<hcl::ParenthesesExpression>(expression).inner, region);
      break;
    case ExpressionKind::kTuple: {
      const auto elements = hcl::as<hcl::TupleExpression>(expression).elements;
      std::for_each(elements.begin(), elements.end(), place_if);
      break;
    }
    case ExpressionKind::kObject:
      for (const hcl::ObjectItem& item : hcl::as<hcl::ObjectExpression>(expression).items) {
        place(*item.key, region);
        place(*item.value, region);
      }
      break;
    case ExpressionKind::kFor: {
      const auto& node = hcl::as<hcl::ForExpression>(expression);
      place(*node.collection, region);
      place_if(node.key);
      place(*node.value, region);
      place_if(node.condition);
      break;
    }
    case ExpressionKind::kNull:
    case ExpressionKind::kBool:
    case ExpressionKind::kNumber:
    case ExpressionKind::kError:
      break;
  }
}

// ---- Expressions. ----

class Converter {
 public:
  explicit Converter(const JsonConversion& conversion) : in_(conversion) {}

  /// What a provider says of a body, as far as it is known: which of its members are blocks.
  using Schema = std::optional<aws::ProviderBody>;

  const hcl::Body* body(const json::Value& object, const Shape& shape, const Schema& schema);
  void blocks(const json::Value& value, const BlockShape& shape, std::string_view type, source::Region type_region,
              std::vector<hcl::Label>& labels, std::vector<hcl::Block>& out, const Schema& schema = {});
  const hcl::Expression* expression(const json::Value& value, bool templates);
  void report(source::Region region, std::string message, std::string hint,
              findings::DiagnosticSeverity severity = findings::DiagnosticSeverity::kError) {
    in_.diagnostics.push_back({severity, "json-configuration", std::move(message), std::move(hint), region, {}});
  }

 private:
  template <class Node>
  const hcl::Expression* node(Node value) {
    return in_.arena.make<Node>(value);
  }
  const hcl::Expression* literal(std::string_view text, source::Region region);
  const hcl::Expression* string(std::string_view text, source::Region region, bool templates);
  const hcl::Expression* type_constraint(const json::Value& value);
  /// An artifact with this text whose regions lie in the file, so that they can be placed afterwards.
  const source::Artifact& scratch(std::string_view text) {
    return in_.texts.emplace_back(in_.artifact.id(), std::string(in_.artifact.path()), std::string(text),
                                  in_.artifact.role());
  }
  void adopt(const findings::Diagnostics& diagnostics, source::Region region) {
    for (findings::Diagnostic diagnostic : diagnostics) {
      diagnostic.region = region;
      in_.diagnostics.push_back(std::move(diagnostic));
    }
  }

  const JsonConversion& in_;
};

const hcl::Expression* Converter::literal(std::string_view text, source::Region region) {
  const source::Region content = {region.artifact, region.begin + 1, region.end - 1};
  if (text.empty()) {
    return node(hcl::EmptyTemplate(region, hcl::TemplateKind::kQuoted, content));
  }
  return node(hcl::PlainTemplate(region, hcl::TemplateKind::kQuoted, {content, text}));
}

const hcl::Expression* Converter::string(std::string_view text, source::Region region, bool templates) {
  if (!templates || (text.find("${") == std::string_view::npos && text.find("%{") == std::string_view::npos)) {
    return literal(text, region);
  }
  const source::Region inside{region.artifact, region.begin + 1, region.end - 1};
  if (in_.artifact.text(inside) == text) {
    hcl::ParsedExpression parsed = hcl::parse_template(in_.artifact, inside, in_.arena, in_.limits);
    in_.diagnostics.insert(in_.diagnostics.end(), parsed.diagnostics.begin(), parsed.diagnostics.end());
    return parsed.expression;
  }
  const source::Artifact& unescaped = scratch(text);
  const hcl::ParsedExpression parsed = hcl::parse_template(unescaped, unescaped.whole(), in_.arena, in_.limits);
  adopt(parsed.diagnostics, region);
  place(*parsed.expression, region);
  return parsed.expression;
}

const hcl::Expression* Converter::type_constraint(const json::Value& value) {
  if (value.kind != json::Kind::kString) {
    return expression(value, false);
  }
  const source::Artifact& text = scratch(value.text);
  const hcl::ParsedExpression parsed = hcl::parse_expression(text, text.whole(), in_.arena, in_.limits);
  adopt(parsed.diagnostics, value.region);
  place(*parsed.expression, value.region);
  return parsed.expression;
}

const hcl::Expression* Converter::expression(const json::Value& value, bool templates) {
  switch (value.kind) {
    case json::Kind::kNull:
      return node(hcl::NullLiteral{{ExpressionKind::kNull, value.region}});
    case json::Kind::kBool:
      return node(hcl::BoolLiteral{{ExpressionKind::kBool, value.region}, value.boolean});
    case json::Kind::kNumber: {
      if (!value.text.starts_with('-')) {
        return node(hcl::NumberLiteral{{ExpressionKind::kNumber, value.region}, value.text});
      }
      const auto* digits = in_.arena.make<hcl::NumberLiteral>(
          hcl::NumberLiteral{{ExpressionKind::kNumber, value.region}, value.text.substr(1)});
      return node(hcl::UnaryExpression{{ExpressionKind::kUnary, value.region}, hcl::UnaryOperator::kNegate, digits});
    }
    case json::Kind::kString:
      return string(value.text, value.region, templates);
    case json::Kind::kArray: {
      std::vector<const hcl::Expression*> elements;
      elements.reserve(value.elements.size());
      for (const json::Value& element : value.elements) {
        elements.push_back(expression(element, templates));
      }
      return node(hcl::TupleExpression{{ExpressionKind::kTuple, value.region}, in_.arena.copy(elements)});
    }
    case json::Kind::kObject: {
      std::vector<hcl::ObjectItem> items;
      items.reserve(value.members.size());
      for (const json::Member& member : value.members) {
        items.push_back(
            {string(member.name, member.name_region, templates), expression(member.value, templates), false});
      }
      return node(hcl::ObjectExpression{{ExpressionKind::kObject, value.region}, in_.arena.copy(items)});
    }
    case json::Kind::kHole:
      break;
  }
  return node(hcl::ErrorExpression{{ExpressionKind::kError, value.region}});
}

// ---- Bodies. Nesting is bounded by the JSON parser. ----

/// The schema of what is inside a block of that type and with these labels, of which `outer` is the body around it.
std::optional<aws::ProviderBody> schema_of(std::string_view type, std::span<const hcl::Label> labels,
                                           const std::optional<aws::ProviderBody>& outer) {
  if (labels.size() == 2 && type == "resource") {
    return aws::provider_resource(labels[0].text());
  }
  if (labels.size() == 2 && type == "data") {
    return aws::provider_data_source(labels[0].text());
  }
  if (!outer || type == "content") {
    return outer;
  }
  const auto block = outer->block(type == "dynamic" && labels.size() == 1 ? labels[0].text() : type);
  return block ? std::optional(block->body) : std::nullopt;
}

/// Can that be the contents of a block, or of several?
bool like_blocks(const json::Value& value) {
  return value.kind == json::Kind::kObject ||
         (value.kind == json::Kind::kArray && std::ranges::all_of(value.elements, [](const json::Value& element) {
            return element.kind == json::Kind::kObject;
          }));
}

void Converter::blocks(const json::Value& value, const BlockShape& shape, std::string_view type,
                       source::Region type_region, std::vector<hcl::Label>& labels, std::vector<hcl::Block>& out,
                       const Schema& schema) {
  if (value.kind == json::Kind::kArray) {
    for (const json::Value& element : value.elements) {
      blocks(element, shape, type, type_region, labels, out, schema);
    }
    return;
  }
  if (value.kind == json::Kind::kNull) {
    return;
  }
  if (value.kind != json::Kind::kObject) {
    report(value.region, std::string(type) + " is not an object", "blocks are objects or arrays of objects in JSON");
    return;
  }
  if (labels.size() < shape.labels) {
    for (const json::Member& member : value.members) {
      if (member.name == "//") {
        continue;
      }
      labels.push_back({member.name, true, member.name_region});
      blocks(member.value, shape, type, type_region, labels, out, schema);
      labels.pop_back();
    }
    return;
  }
  const Shape* inner = shape.body;
  if (type == "data" && !labels.empty() && labels[0].text() == "aws_iam_policy_document") {
    inner = &kPolicyDocument;
  }
  hcl::Block block{};
  block.type = type;
  block.labels = in_.arena.copy(labels);
  block.body = body(value, *inner, schema_of(type, labels, schema));
  block.header = labels.empty() ? type_region : labels.back().region;
  block.region = source::cover(block.header, value.region);
  out.push_back(block);
}

const hcl::Body* Converter::body(const json::Value& object, const Shape& shape, const Schema& schema) {
  std::vector<hcl::Attribute> attributes;
  std::vector<hcl::Block> nested;
  for (const json::Member& member : object.members) {
    if (member.name == "//") {
      continue;
    }
    const auto block = std::find_if(shape.blocks.begin(), shape.blocks.end(),
                                    [&](const BlockShape& candidate) { return candidate.type == member.name; });
    if (block != shape.blocks.end()) {
      std::vector<hcl::Label> labels;
      blocks(member.value, *block, member.name, member.name_region, labels, nested, schema);
      continue;
    }
    if (schema && like_blocks(member.value) && schema->block(member.name)) {
      std::vector<hcl::Label> labels;
      blocks(member.value, {member.name, 0, &kNested}, member.name, member.name_region, labels, nested, schema);
      continue;
    }
    const hcl::Expression* value = !shape.type_argument.empty() && member.name == shape.type_argument
                                       ? type_constraint(member.value)
                                       : expression(member.value, member.name != shape.literal_argument);
    attributes.push_back(
        {member.name, value, member.name_region, source::cover(member.name_region, member.value.region)});
  }
  hcl::Body result{};
  result.attributes = in_.arena.copy(attributes);
  result.blocks = in_.arena.copy(nested);
  result.region = {object.region.artifact, object.region.begin + 1, object.region.end - 1};
  result.complete = true;
  return in_.arena.make<hcl::Body>(result);
}

const hcl::Body* make_file_body(std::vector<hcl::Attribute> attributes, std::vector<hcl::Block> blocks,
                                const json::Value& root, source::Arena& arena) {
  hcl::Body result{};
  result.attributes = arena.copy(attributes);
  result.blocks = arena.copy(blocks);
  result.region = root.region;
  result.complete = true;
  return arena.make<hcl::Body>(result);
}

}  // namespace

const hcl::Body* convert_configuration(const json::Value& root, const JsonConversion& conversion) {
  Converter converter(conversion);
  std::vector<hcl::Block> blocks;
  const auto convert = [&](const json::Value& object) {
    for (const json::Member& member : object.members) {
      if (member.name == "//") {
        continue;
      }
      const auto shape = std::find_if(kTopBlocks.begin(), kTopBlocks.end(),
                                      [&](const BlockShape& candidate) { return candidate.type == member.name; });
      if (shape == kTopBlocks.end()) {
        converter.report(member.name_region, "\"" + std::string(member.name) + "\" is no block type of Terraform",
                         "remove it, or name it \"//\" if it is a comment");
        continue;
      }
      std::vector<hcl::Label> labels;
      converter.blocks(member.value, *shape, member.name, member.name_region, labels, blocks);
    }
  };
  if (root.kind == json::Kind::kObject) {
    convert(root);
  } else if (root.kind == json::Kind::kArray) {
    for (const json::Value& element : root.elements) {
      convert(element);
    }
  } else {
    converter.report(root.region, "the file is not a JSON object", "a configuration is an object of block types");
  }
  return make_file_body({}, std::move(blocks), root, conversion.arena);
}

const hcl::Body* convert_variables(const json::Value& root, const JsonConversion& conversion) {
  Converter converter(conversion);
  std::vector<hcl::Attribute> attributes;
  if (root.kind != json::Kind::kObject) {
    converter.report(root.region, "the file is not a JSON object", "a variables file maps names to values");
  }
  for (const json::Member& member : root.members) {
    attributes.push_back({member.name, converter.expression(member.value, false), member.name_region,
                          source::cover(member.name_region, member.value.region)});
  }
  return make_file_body(std::move(attributes), {}, root, conversion.arena);
}

}  // namespace gabion::terraform
