// Provider configurations as a ModuleInstance finds them: its own, those handed over by the call, or inherited ones.

#include <algorithm>

#include "terraform/expansion.h"
#include "terraform/module_instance.h"

namespace gabion::terraform {
namespace {

/// "aws.east" of a reference or a string.
std::string provider_text(const hcl::Expression& expression) {
  if (const auto text = literal_text(expression)) {
    return std::string(*text);
  }
  if (expression.kind == hcl::ExpressionKind::kTraversal) {
    const auto& reference = hcl::as<hcl::Traversal>(expression);
    return std::string(reference.root) + "." + std::string(reference.steps.front().name);
  }
  return {};
}

}  // namespace

const hcl::Block* ModuleInstance::provider_block(std::string_view provider) const {
  const std::string_view name = provider.substr(0, provider.find('.'));
  const std::string_view alias = name.size() == provider.size() ? std::string_view{} : provider.substr(name.size() + 1);
  for (const hcl::Block* block : module_.other_blocks) {
    if (block->type != "provider" || block->labels.empty() || block->labels[0].text != name) {
      continue;
    }
    const hcl::Attribute* given = block->body->attribute("alias");
    const std::string_view known =
        given == nullptr ? std::string_view{} : literal_text(*given->expression).value_or(std::string_view{});
    if (known == alias) {
      return block;
    }
  }
  return nullptr;
}

std::string ModuleInstance::callers_provider(std::string_view provider) const {
  const hcl::Attribute* providers = call_->block->body->attribute("providers");
  if (providers == nullptr || providers->expression->kind != hcl::ExpressionKind::kObject) {
    // Only configurations without alias are inherited.
    return provider.find('.') == std::string_view::npos ? std::string(provider) : std::string{};
  }
  for (const hcl::ObjectItem& item : hcl::as<hcl::ObjectExpression>(*providers->expression).items) {
    if (provider_text(*item.key) == provider) {
      return provider_text(*item.value);
    }
  }
  return {};
}

eval::Value ModuleInstance::provider_region(std::string_view provider, eval::Context& context) const {
  if (const hcl::Block* block = provider_block(provider)) {
    if (const hcl::Attribute* region = block->body->attribute("region")) {
      if (in_provider_) {
        return {};
      }
      in_provider_ = true;
      const eval::Value value = eval::evaluate(*region->expression, *this, context);
      in_provider_ = false;
      return value.is_string() ? value : eval::Value{};
    }
  } else if (caller_ != nullptr) {
    const std::string name = callers_provider(provider);
    return name.empty() ? eval::Value{} : caller_->provider_region(name, context);
  }
  const auto& environment = expansion_.library().options().environment;
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (const auto given = environment.find(name); given != environment.end() && !given->second.empty()) {
      return eval::make_string(context.arena, given->second)
          .with_origin(context.arena.make<eval::Origin>(eval::OriginKind::kEnvironment, source::Region{}, name));
    }
  }
  return {};
}

}  // namespace gabion::terraform
