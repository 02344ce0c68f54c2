#include "terraform/template_data.h"

#include <span>

namespace gabion::terraform {

using eval::Value;

Value with_rendered_template(const EvaluatedBody& evaluated, const eval::Symbol& owner, source::Region region,
                             eval::Context& context) {
  const model::Attribute* text = evaluated.body.attribute("template");
  if (text == nullptr || !text->value.is_string()) {
    return evaluated.value;
  }
  const model::Attribute* given = evaluated.body.attribute("vars");
  const bool none = given == nullptr || given->value.is_null();
  const Value variables = none ? eval::make_object(context.arena, {}) : given->value;
  // The provider's variables and what it renders are texts.
  const Value rendered =
      eval::convert(eval::render_template(text->value, variables, region, context), eval::kStringType, context);
  if (rendered.is_error()) {
    return evaluated.value;
  }
  const auto* origin = eval::make_origin(context.arena, eval::OriginKind::kComputed, region, owner.text);
  const eval::Member computed{"rendered", rendered.with_origin(origin)};
  return with_computed(evaluated, std::span(&computed, 1), owner, context);
}

}  // namespace gabion::terraform
