#include "terraform/redaction.h"

#include <string>
#include <vector>

namespace gabion::terraform {
namespace {

using eval::Value;

class Hider {
 public:
  Hider(const secrets::Redactor& redactor, source::Arena& arena) : redactor_(redactor), arena_(arena) {}

  /// Depth is that of values, which the evaluator bounds.
  Value hide(const Value& value, std::string_view name, bool& changed) {
    const auto hidden = [&] {
      changed = true;
      return eval::make_string(arena_, source::kHidden);
    };
    if (value.is_sensitive() && !value.is_unknown() && !value.is_null() && !value.is_error()) {
      return hidden();
    }
    if (value.is_string()) {
      if (redactor_.detector().secret(name, value.text())) {
        return hidden();
      }
      std::string text(value.text());
      if (redactor_.apply(text)) {
        changed = true;
        return eval::make_string(arena_, text);
      }
      return value;
    }
    bool inside = false;
    if (value.is_sequence()) {
      std::vector<Value> elements;
      for (const Value& element : value.elements()) {
        elements.push_back(hide(element, name, inside));
      }
      changed = changed || inside;
      return inside ? eval::make_tuple(arena_, elements) : value;
    }
    if (value.is_mapping()) {
      std::vector<eval::Member> members;
      for (const eval::Member& member : value.members()) {
        members.push_back({member.name, hide(member.value, member.name, inside), member.name_region});
      }
      changed = changed || inside;
      return inside ? eval::make_object(arena_, members) : value;
    }
    return value;
  }

 private:
  const secrets::Redactor& redactor_;
  source::Arena& arena_;
};

}  // namespace

Value shown_value(const Value& value, std::string_view name, const secrets::Redactor& redactor, source::Arena& arena) {
  bool changed = false;
  const Value result = Hider(redactor, arena).hide(value, name, changed);
  return changed ? result : value;
}

}  // namespace gabion::terraform
