// What a module demands of its values: the validation conditions of variables, once all of them are evaluated.

#include <string>

#include "terraform/expansion.h"
#include "terraform/module_instance.h"
#include "terraform/narrowing.h"

namespace gabion::terraform {
namespace {

/// The error message of a validation on one line; empty when it is not known or not to be told.
std::string error_message(const hcl::Block& validation, const eval::Scope& scope, eval::Context& context) {
  const hcl::Attribute* written = validation.body->attribute("error_message");
  if (written == nullptr) {
    return {};
  }
  const eval::Value message = eval::evaluate(*written->expression, scope, context);
  if (!message.is_string() || message.marks() != eval::kNoMark) {
    return {};
  }
  std::string text(message.text().substr(0, message.text().find('\n')));
  while (text.ends_with('.') || text.ends_with(' ')) {
    text.pop_back();
  }
  return text;
}

}  // namespace

void ModuleInstance::check_variables() {
  eval::Context& context = expansion_.context();
  for (std::uint32_t index = 0; index < module_.variables.size(); ++index) {
    const VariableDeclaration& declaration = module_.variables[index];
    // Whoever listens wants to hear of all values.
    if (declaration.default_holds && context.observer == nullptr &&
        &variable(index, context).node() == &declaration.fallback->node()) {
      continue;
    }
    for (const hcl::Block& validation : declaration.block->body->blocks) {
      const hcl::Expression* condition = validation_condition(validation);
      if (condition == nullptr) {
        continue;
      }
      const eval::Value value = variable(index, context);
      const eval::Value holds = eval::evaluate(*condition, *this, context);
      if (!holds.is_bool() || holds.boolean()) {
        continue;
      }
      const eval::Origin* origin = value.origin();
      while (origin != nullptr && !origin->region.valid()) {
        origin = origin->via();
      }
      const std::string why = error_message(validation, *this, context);
      expansion_.report(
          findings::DiagnosticSeverity::kWarning, "validation-failed",
          "value of var." + std::string(declaration.name) + " fails its validation" + (why.empty() ? "" : ": " + why),
          "Terraform refuses it; give a value that the condition allows",
          origin != nullptr ? origin->region : declaration.block->header);
    }
  }
}

}  // namespace gabion::terraform
