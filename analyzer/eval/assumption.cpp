#include "eval/assumption.h"

#include "eval/evaluation.h"

namespace gabion::eval {

namespace {

/// Does it say which of the alternatives of a value counts?
bool decides(const Assumption& assumption, const Value& value) {
  return assumption.kind == Assumption::Kind::kPicked && has_alternatives(value) &&
         choice_of(value) == assumption.symbol && value.unknown().alternatives.size() == assumption.count;
}

/// What an unknown is by one assumption; nothing where that says nothing of it.
std::optional<Value> by(const Assumption& assumption, const Value& value, Context& context) {
  if (decides(assumption, value)) {
    return value.unknown().alternatives[assumption.pick];
  }
  const Unknown& unknown = value.unknown();
  if (has_alternatives(value)) {
    return std::nullopt;
  }
  const bool is_it = unknown.symbol == assumption.symbol;
  switch (assumption.kind) {
    case Assumption::Kind::kPicked: {
      if (is_it && value.node().type()->kind == TypeKind::kBool && assumption.count == 2) {
        return make_bool(assumption.pick == 0);
      }
      if (unknown.choice != assumption.symbol) {
        return std::nullopt;
      }
      const Value either = none_or_one(value, context);
      return decides(assumption, either) ? std::optional(either.unknown().alternatives[assumption.pick]) : std::nullopt;
    }
    case Assumption::Kind::kEqual:
      if (is_it) {
        const Value equal = convert(assumption.value, *value.node().type(), context);
        return equal.is_error() ? std::nullopt : std::optional(equal);
      }
      return std::nullopt;
    case Assumption::Kind::kNotNull: {
      if (!is_it || unknown.not_null) {
        return std::nullopt;
      }
      Unknown refined = unknown;
      refined.not_null = true;
      return make_unknown(context.arena, *value.node().type(), refined, value.detail());
    }
  }
  return std::nullopt;
}

/// A text that is the JSON encoding of something known in part, where what it encodes is another by the assumptions.
std::optional<Value> encoding_of(const Value& text, std::span<const Assumption> assumptions, Context& context) {
  const StringDetail* detail = text.detail();
  if (detail == nullptr || detail->encoded == nullptr) {
    return std::nullopt;
  }
  const Value encoded = assuming(*detail->encoded, assumptions, context);
  if (&encoded.node() == &detail->encoded->node()) {
    return std::nullopt;
  }
  if (text.unknown().symbol->text.starts_with("jsonencode(")) {
    return json_encode(encoded, context);
  }
  // Others write the same in another way: the text itself stays open.
  StringDetail refined;
  refined.encoded = context.arena.make<Value>(encoded);
  return make_unknown(context.arena, *text.node().type(), text.unknown(), context.arena.make<StringDetail>(refined));
}

}  // namespace

Value assuming(const Value& value, std::span<const Assumption> assumptions, Context& context) {
  if (assumptions.empty() || !value.node().holds_unknown) {
    return value;
  }
  const auto replace = [&](const Value& unknown) -> std::optional<Value> {
    for (const Assumption& assumption : assumptions) {
      const std::optional<Value> known = by(assumption, unknown, context);
      if (!known) {
        continue;
      }
      // What is picked may hang on what else is assumed.
      const bool smaller = has_alternatives(unknown);
      return taken_from(unknown, smaller ? assuming(*known, assumptions, context) : *known);
    }
    const std::optional<Value> encoding = encoding_of(unknown, assumptions, context);
    return encoding ? std::optional(taken_from(unknown, *encoding)) : std::nullopt;
  };
  return taken_from(value, replace_unknowns(value, context, replace));
}

Scope::Resolved AssumingScope::resolve(const syntax::hcl::Traversal& reference, Context& context) const {
  const Resolved resolved = outer_.resolve(reference, context);
  return {.value = assuming(resolved.value, assumptions_, context), .consumed = resolved.consumed};
}

std::optional<Value> AssumingScope::call(const Call& call, Context& context) const {
  return outer_.call(call, context);
}

}  // namespace gabion::eval
