// Unknown values: what they come from, what becomes of them in computations, and patterns of elements.
#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "eval/evaluation.h"
#include "eval/remembered_calls.h"

namespace gabion::eval {

namespace {

const Symbol* element_symbol(const Value& value);

const Symbol* element_symbol_of_unknown(const Value& value) {
  const Unknown& unknown = value.unknown();
  if (unknown.symbol->any_element) {
    return unknown.symbol;
  }
  if (const StringDetail* detail = value.detail()) {
    for (const Part& part : detail->parts) {
      if (part.value != nullptr && part.value->is_unknown() && part.value->unknown().symbol->any_element) {
        return part.value->unknown().symbol;
      }
    }
  }
  for (const Value& alternative : unknown.alternatives) {
    if (const Symbol* found = element_symbol(alternative)) {
      return found;
    }
  }
  return nullptr;
}

/// A symbol of a loop pattern inside, or null.
const Symbol* element_symbol(const Value& value) {
  if (!value.node().holds_unknown) {
    return nullptr;
  }
  if (value.is_unknown()) {
    return element_symbol_of_unknown(value);
  }
  for (const Value& element : value.elements()) {
    if (const Symbol* found = element_symbol(element)) {
      return found;
    }
  }
  for (const Member& member : value.members()) {
    if (const Symbol* found = element_symbol(member.value)) {
      return found;
    }
  }
  return value.rest() != nullptr && value.rest()->any_element ? value.rest() : nullptr;
}

std::string place_text(source::Region place) {
  const auto artifact = static_cast<std::uint64_t>(place.artifact);
  return "@" + std::to_string((artifact << 32U) | place.begin);
}

using Replace = std::function<std::optional<Value>(const Value&)>;

Value replace_in_unknown(const Value& value, Context& context, const Replace& replace) {
  if (const std::optional<Value> replacement = replace(value)) {
    return with_marks(context.arena, *replacement, value.marks());
  }
  const StringDetail* detail = value.detail();
  if (detail != nullptr && !detail->parts.empty()) {
    TemplateBuilder builder(context);
    bool changed = false;
    for (const Part& part : detail->parts) {
      if (part.value == nullptr) {
        builder.add_literal(part.text, part.region);
        continue;
      }
      const Value inner = replace_unknowns(*part.value, context, replace);
      changed = changed || &inner.node() != &part.value->node();
      builder.add_value(inner, part.region);
    }
    if (changed) {
      return with_marks(context.arena, builder.finish(source::Region{}, true), value.marks())
          .with_origin(value.origin());
    }
    return value;
  }
  const Unknown& unknown = value.unknown();
  if (!unknown.alternatives.empty()) {
    std::vector<Value> alternatives;
    bool changed = false;
    for (const Value& alternative : unknown.alternatives) {
      alternatives.push_back(replace_unknowns(alternative, context, replace));
      changed = changed || &alternatives.back().node() != &alternative.node();
    }
    if (changed) {
      std::string text = symbol_text("one of [");
      for (const Value& alternative : alternatives) {
        append_pieces(text, alternative, ", ");
      }
      append_pieces(text, "] by ", unknown.symbol->text);
      const Symbol* symbol = context.symbols.derive(text, *unknown.symbol);
      return with_marks(context.arena, make_alternatives(context.arena, alternatives, symbol), value.marks());
    }
  }
  return value;
}

/// The same in what an unknown surely holds.
void replace_in_held(Unknown& unknown, Context& context, const Replace& replace) {
  std::vector<Value> held(unknown.held.begin(), unknown.held.end());
  for (Value& element : held) {
    element = replace_unknowns(element, context, replace);
  }
  std::vector<Entry> entries(unknown.entries.begin(), unknown.entries.end());
  for (Entry& entry : entries) {
    entry.key = replace_unknowns(entry.key, context, replace);
    entry.value = replace_unknowns(entry.value, context, replace);
  }
  std::vector<Member> members(unknown.members.begin(), unknown.members.end());
  for (Member& member : members) {
    member.value = replace_unknowns(member.value, context, replace);
  }
  unknown.held = context.arena.copy(held);
  unknown.entries = context.arena.copy(entries);
  unknown.members = context.arena.copy(members);
}

}  // namespace

const Symbol* cause_of(std::span<const Value> values) {
  const Symbol* cause = nullptr;
  for (const Value& value : values) {
    if (const Symbol* pattern = element_symbol(value)) {
      return pattern;
    }
    if (cause == nullptr) {
      cause = first_unknown(value);
    }
  }
  return cause;
}

void put_in_doubt(Context& context, const Value& because) {
  context.uncertain = true;
  if (const Symbol* cause = first_unknown(because)) {
    context.doubt = cause;
  }
}

Value derived(std::string_view text, const Type& type, std::span<const Value> causes, Context& context) {
  const Symbol* cause = cause_of(causes);
  const Symbol fallback{.reason = Reason::kUnsupported, .text = text};
  const Symbol* symbol = context.symbols.derive(text, cause != nullptr ? *cause : fallback);
  return make_unknown(context.arena, type, Unknown{.symbol = symbol, .not_null = true});
}

Value unevaluated(Reason reason, std::string_view what, source::Region region, Context& context) {
  const Symbol* symbol = context.symbols.fresh({.reason = reason, .text = what, .region = region});
  return make_unknown(context.arena, kDynamicType, symbol);
}

std::optional<Value> map_choices(std::span<const Value> operands, Context& context,
                                 const std::function<Value(std::span<const Value>)>& compute,
                                 const std::function<std::string()>& text) {
  std::vector<const Value*> choices;  // one operand for each choice
  std::size_t combinations = 1;
  const auto decided_with = [](const Value& operand, const Value& choice) {
    return has_alternatives(operand) && choice_of(operand) == choice_of(choice) &&
           operand.unknown().alternatives.size() == choice.unknown().alternatives.size();
  };
  for (const Value& operand : operands) {
    const auto decides = [&](const Value* choice) { return decided_with(operand, *choice); };
    if (!has_alternatives(operand) || std::ranges::any_of(choices, decides)) {
      continue;
    }
    choices.push_back(&operand);
    combinations *= operand.unknown().alternatives.size();
    if (combinations > kMaxAlternatives) {
      return std::nullopt;
    }
  }
  std::vector<Value> results;
  std::vector<Value> chosen(operands.begin(), operands.end());
  const Value* error = nullptr;
  std::vector<Value> errors;
  errors.reserve(combinations);
  for (std::size_t combination = 0; combination < combinations; ++combination) {
    std::size_t rest = combination;
    for (const Value* choice : choices) {
      const std::size_t count = choice->unknown().alternatives.size();
      const std::size_t pick = rest % count;
      rest /= count;
      for (std::size_t i = 0; i < operands.size(); ++i) {
        if (decided_with(operands[i], *choice)) {
          chosen[i] = with_marks(context.arena, operands[i].unknown().alternatives[pick], operands[i].marks());
        }
      }
    }
    const Value result = compute(chosen);
    if (result.is_error()) {
      errors.push_back(result);
      error = &errors.front();
    } else {
      results.push_back(result);
    }
  }
  if (results.empty()) {
    return *error;
  }
  const std::string name = text();
  if (error != nullptr) {
    // One of the possibilities fails: whether the configuration does is not known.
    put_in_doubt(context, *choices[0]);
    results.push_back(derived(symbol_text("(", name, " in error)"), kDynamicType, operands, context));
  }
  const Symbol* symbol = context.symbols.derive(name, *cause_of(operands));
  const Value result = make_alternatives(context.arena, results, symbol);
  const bool one_each = choices.size() == 1 && error == nullptr && std::ranges::none_of(results, has_alternatives);
  return one_each ? picked_by(result, combinations, choice_of(*choices[0]), context) : result;
}

Value none_or_one(const Value& collection, Context& context) {
  const Value* lone = possible_element(collection);
  if (lone == nullptr) {
    return collection;
  }
  const Value* key = collection.unknown().element_key;
  if (key != nullptr && !key->is_string()) {
    return collection;
  }
  const auto of = [&](std::span<const Value> elements) {
    if (key != nullptr) {
      const Member member{.name = key->text(), .value = *lone};
      return make_object(context.arena, std::span(&member, elements.size()));
    }
    const Type& type = *collection.node().type();
    return type.kind == TypeKind::kList  ? make_list(context.arena, *type.element, elements)
           : type.kind == TypeKind::kSet ? make_set(context.arena, *type.element, elements)
                                         : make_tuple(context.arena, elements);
  };
  // What is picked first where a condition holds is there then.
  const Symbol* choice = collection.unknown().choice;
  const std::array<Value, 2> either{of(std::span(lone, 1)), of({})};
  const Value alternatives = make_alternatives(context.arena, either, collection.unknown().symbol);
  const Value result = choice == nullptr ? alternatives : picked_by(alternatives, 2, choice, context);
  return with_marks(context.arena, result, collection.marks()).with_origin(collection.origin());
}

Value picked_by(const Value& value, std::size_t count, const Symbol* choice, Context& context) {
  if (!value.is_unknown() || value.unknown().alternatives.size() != count) {
    return value;
  }
  Unknown unknown = value.unknown();
  unknown.choice = choice;
  const Value picked = make_unknown(context.arena, *value.node().type(), unknown, value.detail());
  return with_marks(context.arena, picked, value.marks()).with_origin(value.origin());
}

Value replace_unknowns(const Value& value, Context& context, const Replace& replace) {
  if (!value.node().holds_unknown) {
    return value;
  }
  if (value.is_unknown()) {
    return replace_in_unknown(value, context, replace);
  }
  bool changed = false;
  const auto inner = [&](const Value& old) {
    const Value fresh = replace_unknowns(old, context, replace);
    changed = changed || &fresh.node() != &old.node();
    return fresh;
  };
  if (value.is_mapping()) {
    std::vector<Member> members(value.members().begin(), value.members().end());
    for (Member& member : members) {
      member.value = inner(member.value);
    }
    if (!changed) {
      return value;
    }
    const Value result = value.kind() == Kind::kMap
                             ? make_map(context.arena, *value.node().type()->element, members)
                             : make_object(context.arena, members, value.node().rest_kind, value.rest());
    return with_marks(context.arena, result, value.marks()).with_origin(value.origin());
  }
  std::vector<Value> elements;
  for (const Value& element : value.elements()) {
    elements.push_back(inner(element));
  }
  if (!changed) {
    return value;
  }
  const Value result = value.kind() == Kind::kTuple  ? make_tuple(context.arena, elements)
                       : value.kind() == Kind::kList ? make_list(context.arena, *value.node().type()->element, elements)
                                                     : make_set(context.arena, *value.node().type()->element, elements);
  return with_marks(context.arena, result, value.marks()).with_origin(value.origin());
}

const Symbol* child_symbol(const Symbol& parent, std::string_view step, Context& context) {
  const std::string text = symbol_text(parent.text, step);
  std::string apart;
  std::string_view path;
  if (!parent.subject.empty()) {
    const bool bare = parent.path.empty() && step.starts_with('.');
    const std::string_view below = step.substr(bare ? 1 : 0);
    if (parent.text.ends_with(parent.path)) {  // as a rule
      path = std::string_view(text).substr(text.size() - below.size() - parent.path.size());
    } else {
      apart = symbol_text(parent.path, below);
      path = apart;
    }
  }
  return context.symbols.intern({.reason = parent.reason,
                                 .text = text,
                                 .subject = parent.subject,
                                 .path = path,
                                 .region = parent.region,
                                 .any_element = parent.any_element,
                                 .facts = parent.subject.empty() ? nullptr : parent.facts});
}

std::string member_step(std::string_view name) {
  if (is_identifier(name)) {
    return std::string(".").append(name);
  }
  std::string step = "[\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') {
      step += '\\';
    }
    step += c;
  }
  return step + "\"]";
}

namespace {

Value make_element_like(const Value& pattern, const Symbol& symbol, Context& context) {
  Replace rename;
  rename = [&](const Value& unknown) -> std::optional<Value> {
    const Symbol* old = unknown.unknown().symbol;
    const bool has_parts = unknown.detail() != nullptr && !unknown.detail()->parts.empty();
    if (!old->any_element || has_parts || has_alternatives(unknown)) {
      return std::nullopt;
    }
    Unknown renamed = unknown.unknown();
    renamed.symbol = &symbol;
    if (&unknown.node() != &pattern.node()) {
      Symbol inner = symbol;
      const std::string text = symbol_text(old->text, " in ", symbol.text);
      inner.text = text;
      inner.reason = old->reason;
      inner.subject = old->subject;
      inner.path = old->path;
      renamed.symbol = context.symbols.intern(inner);
    }
    replace_in_held(renamed, context, rename);
    return make_unknown(context.arena, *unknown.node().type(), renamed, unknown.detail()).with_origin(unknown.origin());
  };
  return replace_unknowns(pattern, context, rename);
}

}  // namespace

Value element_like(const Value& pattern, const Symbol& symbol, Context& context) {
  // Tables are indexed with the same unknown key again and again: by each turn of a loop over another table.
  if (context.remembered == nullptr) {
    return make_element_like(pattern, symbol, context);
  }
  if (const Value* const known = context.remembered->find_element(pattern, symbol)) {
    return *known;
  }
  const Value element = make_element_like(pattern, symbol, context);
  if (!context.budget.exhausted()) {
    context.remembered->add_element(pattern, symbol, element);
  }
  return element;
}

Value any_element(const Value& collection, source::Region place, Context& context) {
  const Unknown& unknown = collection.unknown();
  Symbol parent = *unknown.symbol;
  parent.any_element = true;
  // Two loops over one collection have different elements.
  const std::string step = "[*]" + place_text(place);
  const Symbol* symbol = child_symbol(parent, step, context);
  if (unknown.element != nullptr) {
    return element_like(*unknown.element, *symbol, context);
  }
  const Type& type = *collection.node().type();
  return make_unknown(context.arena, is_collection(type) ? *type.element : kDynamicType, symbol);
}

Value any_key(const Value& collection, source::Region place, Context& context) {
  const Unknown& unknown = collection.unknown();
  const Type& type = *collection.node().type();
  if (type.kind == TypeKind::kSet) {
    return any_element(collection, place, context);
  }
  Symbol parent = *unknown.symbol;
  parent.any_element = true;
  parent.subject = {};
  const Symbol* symbol = child_symbol(parent, "[*].key" + place_text(place), context);
  if (unknown.element_key != nullptr) {
    return element_like(*unknown.element_key, *symbol, context);
  }
  const bool mapping = type.kind == TypeKind::kMap || type.kind == TypeKind::kObject;
  const bool sequence = type.kind == TypeKind::kList || type.kind == TypeKind::kTuple;
  return make_unknown(context.arena, mapping ? kStringType : (sequence ? kNumberType : kDynamicType),
                      Unknown{.symbol = symbol, .not_null = true});
}

std::uint8_t all_marks(std::span<const Value> values) {
  std::uint8_t marks = 0;
  for (const Value& value : values) {
    marks = static_cast<std::uint8_t>(marks | value.marks());
  }
  return marks;
}

Value spread_origin(const Value& value, Context& context) {
  const auto has_no_place = [](const Value& inner) { return inner.origin() == nullptr; };
  const bool some = std::ranges::any_of(value.elements(), has_no_place) ||
                    std::ranges::any_of(value.members(), has_no_place, &Member::value);
  if (!some || !context.budget.step()) {
    return value;  // what has a place of its own has places inside
  }
  const auto place = [&](const Value& inner) {
    return has_no_place(inner) ? spread_origin(inner.with_origin(value.origin()), context) : inner;
  };
  Node& placed = duplicate(context.arena, value.node());
  if (value.is_sequence()) {
    std::vector<Value> elements;
    elements.reserve(value.elements().size());
    std::ranges::transform(value.elements(), std::back_inserter(elements), place);
    static_cast<SequenceNode&>(placed).elements = context.arena.copy(elements).data();
  } else {
    std::vector<Member> members(value.members().begin(), value.members().end());
    for (Member& member : members) {
      member.value = place(member.value);
    }
    set_members(placed, context.arena.copy(members));
  }
  return Value(&placed, value.origin());
}

}  // namespace gabion::eval
