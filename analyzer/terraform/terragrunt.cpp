#include "terraform/terragrunt.h"

#include <optional>
#include <string>
#include <string_view>

#include "eval/evaluator.h"
#include "syntax/hcl/parser.h"
#include "syntax/hcl/walk.h"
#include "terraform/constant_scope.h"
#include "terraform/module.h"

namespace gabion::terraform {
namespace {

namespace hcl = syntax::hcl;

/// The value of a setting; unknown where only Terragrunt can tell.
eval::Value setting(const hcl::Expression& expression, const std::string& name, eval::Context& context) {
  eval::Value value = eval::evaluate(expression, ConstantScope{}, context);
  if (value.is_error()) {
    value = eval::evaluate_around_errors(expression, ConstantScope{}, context);
  }
  // An interpolation that is escaped here is one in the file that is written.
  const bool written_later = value.is_string() && value.text().find("${") != std::string_view::npos;
  if (!value.is_error() && !written_later) {
    return value;
  }
  const eval::Symbol* symbol = context.symbols.intern(
      {.reason = eval::Reason::kUnsupported, .text = name, .subject = {}, .path = {}, .region = expression.region});
  eval::Unknown about;
  about.symbol = symbol;
  about.not_null = true;  // nobody writes a setting to leave it out
  return eval::make_unknown(context.arena, eval::kDynamicType, about);
}

/// The arguments and blocks of a block that Terragrunt writes. What would have to be expanded is left out.
model::Body written_body(const hcl::Body& body, const std::string& name, eval::Context& context) {
  std::vector<model::Attribute> attributes;
  for (const hcl::Attribute& attribute : body.attributes) {
    const std::string path = name + "." + std::string(attribute.name);
    // Without syntax: in a text there is nothing that a fix could change.
    attributes.push_back(model::attribute_at(attribute.name, setting(*attribute.expression, path, context),
                                             attribute.region, attribute.name_region(), context.arena));
  }
  std::vector<model::Block> blocks;
  for (const hcl::Block& block : body.blocks) {
    model::Block made;
    made.type = block.type;
    made.body =
        context.arena.make<model::Body>(written_body(*block.body, name + "." + std::string(block.type), context));
    made.header = block.header;
    made.certain = block.type != "dynamic";
    blocks.push_back(made);
  }
  return {context.arena.copy(attributes), context.arena.copy(blocks), nullptr};
}

model::ConfigurationBlock written_block(const hcl::Block& block, eval::Context& context) {
  model::ConfigurationBlock made;
  made.kind = block.type;
  made.name = block.labels.empty() ? std::string_view() : block.labels.front().text();
  made.body = written_body(*block.body, std::string(made.kind) + "." + std::string(made.name), context);
  made.header = block.header;
  made.region = block.region;
  if (const hcl::Attribute* alias = block.body->attribute("alias"); alias != nullptr && block.type == "provider") {
    made.alias = literal_text(*alias->expression).value_or(std::string_view{});
  }
  return made;
}

/// Providers and backends of a file that Terragrunt writes. Its text is Terraform as it stands where interpolations are
/// within quotes; of another text nothing is said.
void add_generated(const hcl::Attribute& contents, const source::Artifact& artifact, eval::Context& context,
                   std::vector<model::ConfigurationBlock>& blocks) {
  if (contents.expression->kind != hcl::ExpressionKind::kTemplate) {
    return;
  }
  const auto& text = hcl::as<hcl::TemplateExpression>(*contents.expression);
  if (text.delimiter().empty()) {
    return;
  }
  const hcl::ParsedBody parsed = hcl::parse_body(artifact, text.content(), context.arena, context.limits);
  if (!parsed.ok()) {
    return;
  }
  for (const hcl::Block& block : parsed.body->blocks) {
    if (block.type == "provider") {
      blocks.push_back(written_block(block, context));
    }
    for (const hcl::Block& nested : block.type == "terraform" ? block.body->blocks : std::span<const hcl::Block>()) {
      if (nested.type == "backend") {
        blocks.push_back(written_block(nested, context));
      }
    }
  }
}

}  // namespace

void add_terragrunt(const hcl::Body& body, const source::Artifact& artifact, model::Configuration& configuration,
                    std::vector<model::ConfigurationBlock>& blocks) {
  eval::Context context = configuration.context();
  for (const hcl::Block& block : body.blocks) {
    if (block.type == "generate" && block.body != nullptr) {
      if (const hcl::Attribute* contents = block.body->attribute("contents")) {
        add_generated(*contents, artifact, context, blocks);
      }
      continue;
    }
    if (block.type != "remote_state" || block.body == nullptr) {
      continue;
    }
    const hcl::Attribute* kind = block.body->attribute("backend");
    const hcl::Attribute* config = block.body->attribute("config");
    const auto name = kind == nullptr ? std::nullopt : literal_text(*kind->expression);
    if (!name || config == nullptr || config->expression->kind != hcl::ExpressionKind::kObject) {
      continue;
    }
    std::vector<model::Attribute> attributes;
    for (const hcl::ObjectItem& item : hcl::as<hcl::ObjectExpression>(*config->expression).items) {
      if (const auto key = hcl::literal_key(item)) {
        attributes.push_back(
            model::attribute_at(*key, setting(*item.value, "remote_state.config." + std::string(*key), context),
                                item.region(), item.key->region, context.arena));
      }
    }
    // Without syntax: what a fix would write into the block belongs into the object.
    model::ConfigurationBlock made;
    made.kind = "backend";
    made.name = *name;
    made.body.attributes = context.arena.copy(attributes);
    made.header = block.header;
    made.region = block.region;
    blocks.push_back(made);
  }
}

}  // namespace gabion::terraform
