#include "terraform/module_declaration.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "terraform/constant_scope.h"
#include "terraform/narrowing.h"

namespace gabion::terraform {
namespace {

using findings::DiagnosticSeverity;

/// Type constraints as Terraform 0.11 wrote them.
const eval::Type* legacy_type(const hcl::Expression& expression) {
  static constexpr eval::Type kList{.kind = eval::TypeKind::kList, .element = &eval::kDynamicType};
  static constexpr eval::Type kMap{.kind = eval::TypeKind::kMap, .element = &eval::kDynamicType};
  if (expression.kind != hcl::ExpressionKind::kTemplate) {
    return nullptr;
  }
  const auto text = literal_text(expression);
  if (text == "string") {
    return &eval::kStringType;
  }
  return text == "list" ? &kList : (text == "map" ? &kMap : nullptr);
}

void read_type(VariableDeclaration& variable, eval::Context& context, findings::Diagnostics& diagnostics) {
  const hcl::Expression& expression = *variable.type_attribute->expression;
  if (const eval::Type* legacy = legacy_type(expression)) {
    variable.type = legacy;
  } else {
    eval::ParsedType parsed = eval::parse_type(expression, context);
    variable.type = parsed.type;
    for (findings::Diagnostic& diagnostic : parsed.diagnostics) {
      diagnostic.severity = DiagnosticSeverity::kWarning;
      diagnostics.push_back(std::move(diagnostic));
    }
  }
  const eval::TypeKind kind = variable.type->kind;
  variable.literal =
      kind == eval::TypeKind::kString || kind == eval::TypeKind::kNumber || kind == eval::TypeKind::kBool;
}

void read_default(VariableDeclaration& variable, eval::Context& context, findings::Diagnostics& diagnostics) {
  const hcl::Expression& expression = *variable.fallback_attribute->expression;
  const eval::Value written = eval::evaluate(expression, ConstantScope{}, context);
  eval::Value value = written.is_error() ? written : eval::convert(written, *variable.type, context);
  if (value.is_error()) {
    diagnostics.push_back(
        {.severity = DiagnosticSeverity::kWarning,
         .code = "invalid-default",
         .message = "default of variable \"" + std::string(variable.name) + "\": " + std::string(value.error().message),
         .hint = "make the default fit the type",
         .region = expression.region,
         .path = {}});
    const eval::Symbol* symbol = context.symbols.intern(
        {eval::Reason::kInvalid, "var." + std::string(variable.name), {}, {}, expression.region});
    value = eval::make_unknown(context.arena, *variable.type, symbol);
  }
  const auto* origin = eval::make_origin(context.arena, eval::OriginKind::kVariableDefault, expression.region,
                                         variable.name, written.origin());
  variable.fallback = value.with_origin(origin);
}

model::ConfigurationBlock variable_block(const VariableDeclaration& variable, eval::Context& context) {
  std::vector<model::Attribute> attributes;
  for (const hcl::Attribute& attribute : variable.block->body->attributes) {
    model::Attribute result = model::attribute_of(attribute, {});
    if (&attribute == variable.fallback_attribute) {
      result.value = *variable.fallback;
    } else if (&attribute == variable.type_attribute) {
      const auto* origin =
          eval::make_origin(context.arena, eval::OriginKind::kExpression, attribute.expression->region);
      result.value = eval::make_string(context.arena, eval::to_string(*variable.type)).with_origin(origin);
    } else if (const auto text = attribute.name == "description" ? literal_text(*attribute.expression) : std::nullopt) {
      // Of a text for people, nobody asks in which line something stands.
      result.value = eval::make_string(context.arena, *text).with_origin(attribute.expression);
    } else {
      result.value = eval::evaluate(*attribute.expression, ConstantScope{}, context);
    }
    attributes.push_back(result);
  }
  model::ConfigurationBlock block;
  block.kind = variable.block->type;
  block.name = variable.name;
  block.body.attributes = context.arena.copy(attributes);
  block.body.syntax = variable.block->body;
  block.syntax = variable.block;
  block.header = variable.block->header;
  block.region = variable.block->region;
  return block;
}

}  // namespace

bool KnownConditions::default_holds(const VariableDeclaration& variable, const source::ArtifactStore& artifacts,
                                    eval::Context& context) {
  const hcl::Body& body = *variable.block->body;
  if (body.blocks.empty() || !variable.fallback) {
    return false;  // nothing to ask
  }
  const auto is_inside = [&](const auto& part) { return variable.block->region.contains(part.region); };
  if (!std::ranges::all_of(body.attributes, is_inside) || !std::ranges::all_of(body.blocks, is_inside)) {
    return terraform::default_holds(variable, context);  // an override file has a say
  }
  std::string declaration(variable.name);
  declaration += '=';
  declaration += artifacts.text(variable.block->region);
  {
    const std::lock_guard lock(mutex_);
    if (const auto known = holds_.find(declaration); known != holds_.end()) {
      return known->second;
    }
  }
  const bool holds = terraform::default_holds(variable, context);
  const std::lock_guard lock(mutex_);
  return holds_.try_emplace(std::move(declaration), holds).first->second;
}

void declare_module(Module& module, const std::vector<const hcl::Block*>& blocks, eval::Context& context,
                    const source::ArtifactStore& artifacts, KnownConditions& conditions,
                    findings::Diagnostics& diagnostics) {
  module.declare(blocks, context.arena, diagnostics);
  module.variable_blocks.reserve(module.variables.size());
  for (VariableDeclaration& variable : module.variables) {
    if (variable.type_attribute != nullptr) {
      read_type(variable, context, diagnostics);
    }
    variable.narrowing = narrowing_of(variable, context);
    if (variable.fallback_attribute != nullptr) {
      read_default(variable, context, diagnostics);
    }
    variable.default_holds = conditions.default_holds(variable, artifacts, context);
    module.variable_blocks.push_back(variable_block(variable, context));
  }
}

}  // namespace gabion::terraform
