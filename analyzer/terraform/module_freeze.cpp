// The last step of a ModuleInstance: everything is evaluated and written into the configuration.

#include <algorithm>
#include <utility>

#include "terraform/expansion.h"
#include "terraform/module_instance.h"
#include "terraform/resource_facts.h"

namespace gabion::terraform {
namespace {

std::string_view first_label(const hcl::Block& block) {
  return block.labels.empty() ? std::string_view{} : block.labels[0].text();
}

/// Names that stand for themselves, such as the aliases of providers that a module asks for: none has a value.
class WordScope final : public eval::Scope {
 public:
  [[nodiscard]] Resolved resolve(const hcl::Traversal& reference, eval::Context& context) const override {
    const eval::Symbol* symbol =
        context.symbols.intern({eval::Reason::kUnsupported, reference.root, {}, {}, reference.region});
    return {eval::make_unknown(context.arena, eval::kDynamicType, symbol), reference.steps.size()};
  }
};

/// Evaluated without a scope and without reports: blocks in which Terraform allows constants and its own words only.
model::Body constant_body(const hcl::Body& body, eval::Context& context) {
  std::vector<model::Attribute> attributes;
  const WordScope words;
  for (const hcl::Attribute& written : body.attributes) {
    eval::Value value = eval::evaluate(*written.expression, words, context);
    if (value.is_error()) {
      const eval::Symbol* symbol =
          context.symbols.intern({eval::Reason::kUnsupported, written.name, {}, {}, written.expression->region});
      value = eval::make_unknown(context.arena, eval::kDynamicType, symbol).with_origin(value.origin());
    }
    attributes.push_back(model::attribute_of(written, value));
  }
  std::vector<model::Block> blocks;
  for (const hcl::Block& nested : body.blocks) {
    model::Block block;
    block.type = nested.type;
    std::vector<std::string_view> labels;
    for (const hcl::Label& label : nested.labels) {
      labels.push_back(label.text());
    }
    block.labels = context.arena.copy(labels);
    block.body = context.arena.make<model::Body>(constant_body(*nested.body, context));
    block.syntax = &nested;
    block.header = nested.header;
    blocks.push_back(block);
  }
  return {context.arena.copy(attributes), context.arena.copy(blocks), &body};
}

/// What rules see as the alias of a provider that for_each makes: what references to it name, which hangs on its key.
void name_element(model::ConfigurationBlock& provider, const eval::Value& key, source::Arena& arena) {
  std::vector<model::Attribute> attributes(provider.body.attributes.begin(), provider.body.attributes.end());
  for (model::Attribute& attribute : attributes) {
    if (attribute.name() == "alias") {
      attribute.value =
          (key.is_known() ? eval::make_string_view(arena, provider.alias) : key).with_origin(attribute.value.origin());
    }
  }
  provider.body.attributes = arena.copy(attributes);
}

}  // namespace

model::ConfigurationBlock ModuleInstance::configuration_block(const hcl::Block& block, std::string_view name,
                                                              model::Body body) {
  model::ConfigurationBlock result;
  result.kind = block.type;
  result.name = name;
  result.body = body;
  result.syntax = &block;
  result.header = block.header;
  result.region = block.region;
  return result;
}

/// Arguments as they were evaluated for the first instance, without evaluating them once more.
model::Body ModuleInstance::call_body(const CallDeclaration& declaration) {
  eval::Context& context = expansion_.context();
  const CallSlot& slot = call_slot(*module_.call(declaration.name), context);
  const ModuleInstance* callee = slot.instances.empty() ? nullptr : slot.instances.front().get();
  std::vector<model::Attribute> attributes;
  for (const hcl::Attribute& written : declaration.block->body->attributes) {
    static constexpr std::array<std::string_view, 4> kMeta{"count", "for_each", "providers", "depends_on"};
    if (std::find(kMeta.begin(), kMeta.end(), written.name) != kMeta.end()) {
      continue;
    }
    eval::Value value;
    const auto variable = callee != nullptr ? callee->module_.variable(written.name) : std::nullopt;
    if (variable) {
      value = callee->variable(*variable, context);
    } else if (slot.repetition.kind == Repetition::Kind::kSingle || written.name == "source" ||
               written.name == "version") {
      const Expansion::Evaluated evaluated = expansion_.evaluate(*written.expression, *this, context);
      value = evaluated.value;
      if (value.is_error() || evaluated.met_mended) {
        value = expansion_.settle(evaluated, *written.expression, *this,
                                  qualified("module." + std::string(declaration.name)), context);
      }
    } else if (!slot.repetition.items.empty()) {
      const std::array<eval::LocalScope::Binding, 1> bindings{
          binding(slot.repetition, slot.repetition.items.front(), context.arena)};
      const eval::LocalScope scope(bindings, this);
      value = expansion_.evaluate_settled(*written.expression, scope,
                                          qualified("module." + std::string(declaration.name)), context);
    } else {
      continue;  // no instance, so nothing to evaluate it for
    }
    attributes.push_back(model::attribute_of(written, value));
  }
  return {context.arena.copy(attributes), {}, declaration.block->body};
}

void ModuleInstance::add_other_block(const hcl::Block& block, std::vector<model::ConfigurationBlock>& out) {
  eval::Context& context = expansion_.context();
  if (block.type == "provider") {
    // One for each element of for_each, as OpenTofu has it.
    const std::string name = qualified("provider." + std::string(first_label(block)));
    const hcl::Attribute* no_count = nullptr;
    const hcl::Attribute* alias = block.body->attribute("alias");
    const Repetition repetition = repeat(no_count, block.body->attribute("for_each"), *this, context, expansion_, name);
    for (const Repetition::Item& item : repetition.items) {
      const std::array<eval::LocalScope::Binding, 1> bindings{binding(repetition, item, context.arena)};
      const bool single = repetition.kind == Repetition::Kind::kSingle;
      const eval::LocalScope scope(
          single ? std::span<const eval::LocalScope::Binding>{} : std::span<const eval::LocalScope::Binding>(bindings),
          this);
      const model::Body body = evaluate_body(*block.body, scope, MetaArguments::kProvider, {}, context, expansion_);
      out.push_back(configuration_block(block, first_label(block), body));
      if (alias != nullptr) {
        const std::string_view written = literal_text(*alias->expression).value_or(std::string_view{});
        out.back().alias = single ? written : context.arena.copy(std::string(written) + key_suffix(repetition, item));
      }
      if (!single) {
        name_element(out.back(), item.key, context.arena);
      }
    }
    return;
  }
  if (block.type == "terraform") {
    out.push_back(configuration_block(block, {}, constant_body(*block.body, context)));
    for (const hcl::Block& nested : block.body->blocks) {
      if (nested.type == "backend" || nested.type == "cloud") {
        model::Body body = constant_body(*nested.body, context);
        if (nested.type == "backend" && caller_ == nullptr) {
          body = expansion_.with_backend_configuration(body);
        }
        out.push_back(configuration_block(nested, first_label(nested), body));
      }
    }
    return;
  }
  // moved, removed, import, check: their arguments are addresses and assertions, not values.
  model::Body body;
  body.syntax = block.body;
  out.push_back(configuration_block(block, first_label(block), body));
}

std::vector<model::ConfigurationBlock> ModuleInstance::configuration_blocks() {
  eval::Context& context = expansion_.context();
  std::vector<model::ConfigurationBlock> blocks;
  for (const hcl::Block* block : module_.other_blocks) {
    add_other_block(*block, blocks);
  }
  blocks.insert(blocks.end(), module_.variable_blocks.begin(), module_.variable_blocks.end());
  for (const CallDeclaration& declaration : module_.calls) {
    blocks.push_back(configuration_block(*declaration.block, declaration.name, call_body(declaration)));
  }
  for (std::uint32_t index = 0; index < module_.outputs.size(); ++index) {
    const OutputDeclaration& declaration = module_.outputs[index];
    std::vector<model::Attribute> attributes;
    for (const hcl::Attribute& written : declaration.block->body->attributes) {
      if (written.name == "depends_on") {
        continue;
      }
      eval::Value value =
          &written == declaration.value ? output(index, context) : eval::evaluate(*written.expression, *this, context);
      if (&written != declaration.value && !value.is_known()) {
        value = expansion_.settle(value, qualified("output." + std::string(declaration.name)));
      }
      attributes.push_back(model::attribute_of(written, value));
    }
    model::Body body;
    body.attributes = context.arena.copy(attributes);
    body.syntax = declaration.block->body;
    blocks.push_back(configuration_block(*declaration.block, declaration.name, body));
  }
  std::stable_sort(blocks.begin(), blocks.end(), [](const auto& a, const auto& b) { return a.region < b.region; });
  return blocks;
}

void ModuleInstance::freeze_resources(model::ModuleId id, bool certain) {
  eval::Context& context = expansion_.context();
  expansion_.configuration().expect(module_.resources.size());
  std::string configured;  // the address of a resource without keys
  for (std::uint32_t index = 0; index < module_.resources.size(); ++index) {
    const ResourceDeclaration& declaration = module_.resources[index];
    const ResourceSlot& slot = resource(index, context);
    if (declaration.ephemeral) {
      continue;  // evaluated for what is wrong in it
    }
    expansion_.configuration().expect(slot.instances().size());
    const model::ProviderFacts* aws =
        declaration.type().starts_with("aws_") ? &aws_facts(declaration.provider(), context) : nullptr;
    configured.assign(config_address_);
    configured += config_address_.empty() ? "" : ".";
    configured += declaration.mode == model::Mode::kData ? "data." : "";
    configured += declaration.type();
    configured += '.';
    configured += declaration.name();
    const bool keyless = slot.instances().size() == 1 && slot.instances().front().symbol->subject == configured;
    const std::string_view config_address =
        keyless ? slot.instances().front().symbol->subject : context.arena.copy(std::string_view(configured));
    for (std::size_t instance = 0; instance < slot.instances().size(); ++instance) {
      const Repetition::Item& item = slot.repetition().items[instance];
      model::Resource resource;
      resource.module = id;
      resource.symbol = slot.instances()[instance].symbol;
      resource.address = resource.symbol->subject;
      resource.config_address = config_address;
      resource.mode = declaration.mode;
      resource.type = declaration.type();
      resource.name = declaration.name();
      resource.certain = certain && item.certain;
      resource.body = &slot.instances()[instance].facts->body;
      resource.syntax = declaration.block;
      resource.header = declaration.block->header;
      resource.provider = declaration.provider();
      resource.aws = aws;
      expansion_.configuration().add(resource);
    }
  }
}

void ModuleInstance::freeze(model::ModuleId parent, bool certain) {
  model::Configuration& configuration = expansion_.configuration();
  eval::Context& context = expansion_.context();
  model::Module module;
  module.parent = parent;
  module.address = context.arena.copy(address_);
  module.directory = module_.directory;
  module.role = module_.role;
  if (call_ != nullptr) {
    module.call = call_->block->header;
    module.call_syntax = call_->block;
    module.assumed_version = assumed_version_;
  }
  const model::ModuleId id = configuration.add(module);
  if (caller_ == nullptr) {
    configuration.mutable_module(id).parent = id;
  }

  check_variables();
  if (module_.outline) {
    freeze_resources(id, certain);  // what else it declares is for those that ask for it
  } else {
    // Locals that nothing uses are evaluated too, for what is wrong in them.
    for (std::uint32_t index = 0; index < module_.locals.size(); ++index) {
      (void)local(index, context);
    }
    freeze_resources(id, certain);
    std::vector<std::pair<std::string_view, eval::Value>> outputs;
    outputs.reserve(module_.outputs.size());
    for (std::uint32_t index = 0; index < module_.outputs.size(); ++index) {
      outputs.emplace_back(module_.outputs[index].name, output(index, context));
    }
    std::stable_sort(outputs.begin(), outputs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto blocks = configuration_blocks();
    model::Module& frozen = configuration.mutable_module(id);
    frozen.outputs = expansion_.copy_outputs(outputs);
    frozen.blocks = context.arena.copy(blocks);
  }

  for (std::uint32_t index = 0; index < module_.calls.size(); ++index) {
    const CallSlot& slot = call_slot(index, context);
    for (std::size_t instance = 0; instance < slot.instances.size(); ++instance) {
      slot.instances[instance]->freeze(id, certain && slot.repetition.items[instance].certain);
    }
  }
}

}  // namespace gabion::terraform
