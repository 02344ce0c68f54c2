// What "knowing more never contradicts" means: compares the value of an expression with what it is once more variables
// are known. Used by the property test and the fuzzer of evaluation.
#pragma once

#include <string>

#include "eval/evaluator.h"

namespace gabion::eval::testing {

[[nodiscard]] inline std::string contradiction(Context& context, const Value& before, const Value& known);

[[nodiscard]] inline std::string against_unknown(Context& context, const Value& before, const Value& known) {
  const Unknown& unknown = before.unknown();
  if (known.is_null()) {
    return unknown.not_null ? "null, but not null before" : "";
  }
  if (!unknown.alternatives.empty()) {
    for (const Value& alternative : unknown.alternatives) {
      if (contradiction(context, alternative, known).empty()) {
        return "";
      }
    }
    return "none of the alternatives";
  }
  const Type& type = *before.node().type();
  if (type.kind != TypeKind::kDynamic) {
    const Value converted = convert(known, type, context);
    if (converted.is_error()) {
      return "a " + to_string(type_of(context.arena, known)) + ", but a " + to_string(type) + " before";
    }
  }
  if (known.is_string()) {
    if (!known.text().starts_with(known_prefix(before))) {
      return "another start than " + known_prefix(before);
    }
    if (equals(before, known) == Truth::kNo) {
      return "unequal to what it was";
    }
  }
  if (known.is_number() && ((unknown.at_least != nullptr && known.number() < *unknown.at_least) ||
                            (unknown.at_most != nullptr && known.number() > *unknown.at_most))) {
    return "out of bounds";
  }
  const std::size_t size = known.elements().size() + known.members().size();
  if ((known.is_sequence() || known.is_mapping()) && (size < unknown.min_length || size > unknown.max_length)) {
    return "of another length";
  }
  if (unknown.element != nullptr) {
    for (const Value& element : known.elements()) {
      if (const std::string why = contradiction(context, *unknown.element, element); !why.empty()) {
        return "element " + why;
      }
    }
    for (const Member& member : known.members()) {
      if (const std::string why = contradiction(context, *unknown.element, member.value); !why.empty()) {
        return "element " + why;
      }
    }
  }
  return "";
}

/// Why `known` is not one of the values that `before` stands for; empty when it is, or as far as it is unknown itself.
/// The result of a conditional has the common type of both sides: while one of them has any type, a value may still be
/// converted. So lists count as tuples here, maps as objects, and 1 as "1".
[[nodiscard]] inline std::string contradiction(Context& context, const Value& before, const Value& known) {
  if (known.is_unknown()) {
    return "";
  }
  if (before.is_unknown()) {
    return against_unknown(context, before, known);
  }
  if (before.is_mapping()) {
    if (!known.is_mapping() || before.members().size() != known.members().size()) {
      return "of other keys";
    }
    for (std::size_t i = 0; i < before.members().size(); ++i) {
      if (before.members()[i].name != known.members()[i].name) {
        return "of other keys";
      }
      if (const std::string why = contradiction(context, before.members()[i].value, known.members()[i].value);
          !why.empty()) {
        return "member " + why;
      }
    }
    return "";
  }
  if (before.is_sequence()) {
    if (!known.is_sequence()) {
      return "of another kind";
    }
    if (known.kind() == Kind::kSet && before.kind() != Kind::kSet) {
      return "";
    }
    if (before.elements().size() != known.elements().size()) {
      return "of another length";
    }
    for (std::size_t i = 0; i < before.elements().size(); ++i) {
      if (const std::string why = contradiction(context, before.elements()[i], known.elements()[i]); !why.empty()) {
        return "element " + why;
      }
    }
    return "";
  }
  if (before.is_null() || known.is_null()) {
    return before.is_null() && known.is_null() ? "" : "null and not null";
  }
  return !known.is_sequence() && !known.is_mapping() && primitive_text(before) == primitive_text(known)
             ? ""
             : "another value";
}

}  // namespace gabion::eval::testing
