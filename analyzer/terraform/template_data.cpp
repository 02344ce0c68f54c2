#include "terraform/template_data.h"

namespace gabion::terraform {

using eval::Value;

std::span<const eval::Member> rendered_template(const model::Body& body, const eval::Symbol& owner,
                                                source::Region region, eval::Context& context) {
  const model::Attribute* text = body.attribute("template");
  if (text == nullptr || !text->value.is_string()) {
    return {};
  }
  const model::Attribute* given = body.attribute("vars");
  const bool none = given == nullptr || given->value.is_null();
  const Value variables = none ? eval::make_object(context.arena, {}) : given->value;
  // The provider's variables and what it renders are texts.
  const Value rendered =
      eval::convert(eval::render_template(text->value, variables, region, context), eval::kStringType, context);
  if (rendered.is_error()) {
    return {};
  }
  const auto* origin = eval::make_origin(context.arena, eval::OriginKind::kComputed, region, owner.text);
  const eval::Member computed{"rendered", rendered.with_origin(origin)};
  return context.arena.copy(std::span(&computed, 1));
}

}  // namespace gabion::terraform
