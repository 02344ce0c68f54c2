#include "terraform/terragrunt.h"

#include <optional>
#include <string>
#include <string_view>

#include "eval/evaluator.h"
#include "syntax/hcl/walk.h"
#include "terraform/constant_scope.h"
#include "terraform/module.h"

namespace gabion::terraform {
namespace {

namespace hcl = syntax::hcl;

/// The value of a setting; unknown where only Terragrunt can tell.
eval::Value setting(const hcl::ObjectItem& item, std::string_view name, eval::Context& context) {
  const eval::Value value = eval::evaluate(*item.value, ConstantScope{}, context);
  if (!value.is_error()) {
    return value;
  }
  const eval::Symbol* symbol = context.symbols.intern({.reason = eval::Reason::kUnsupported,
                                                       .text = "remote_state.config." + std::string(name),
                                                       .subject = {},
                                                       .path = {},
                                                       .region = item.value->region});
  eval::Unknown about;
  about.symbol = symbol;
  about.not_null = true;  // nobody writes a setting to leave it out
  return eval::make_unknown(context.arena, eval::kDynamicType, about);
}

}  // namespace

void add_remote_states(const hcl::Body& body, model::Configuration& configuration,
                       std::vector<model::ConfigurationBlock>& blocks) {
  eval::Context context = configuration.context();
  for (const hcl::Block& block : body.blocks) {
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
            model::attribute_at(*key, setting(item, *key, context), item.region, item.key->region, context.arena));
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
