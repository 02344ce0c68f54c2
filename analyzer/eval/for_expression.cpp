// for expressions and splats, over known collections element by element and over unknown ones by pattern.
#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "eval/evaluation.h"
#include "eval/held_members.h"

namespace gabion::eval {

namespace {

using syntax::hcl::ForExpression;
using syntax::hcl::SplatExpression;

/// Whether somebody names the keys of a loop.
enum class Keys : std::uint8_t { kWanted, kIgnored };

/// The turn of a member of an object or map.
Iteration turn_of(const Value& collection, const Member& member, Context& context) {
  Value key = make_string_view(context.arena, member.name);
  if (member.name_region.valid()) {
    key = key.with_origin(make_origin(context.arena, OriginKind::kExpression, member.name_region));
  }
  return {.key = key, .value = taken_from(collection, member.value)};
}

/// Calls `visit` with the turns of a loop over a known collection, in Terraform's order, until it gives false.
template <class Visit>
void each_turn(const Value& collection, Context& context, Keys keys, const Visit& visit) {
  for (const Member& member : collection.members()) {
    if (!visit(keys == Keys::kWanted ? turn_of(collection, member, context)
                                     : Iteration{.key = {}, .value = taken_from(collection, member.value)})) {
      return;
    }
  }
  const bool numbered = keys == Keys::kWanted && collection.kind() != Kind::kSet;
  std::int64_t position = 0;
  for (const Value& inner : collection.elements()) {
    const Value element = taken_from(collection, inner);
    if (!visit(Iteration{.key = numbered ? make_number(context.arena, position) : element, .value = element})) {
      return;
    }
    ++position;
  }
}

/// Evaluates the parts of one for expression.
class Loop {
 public:
  Loop(const ForExpression& expression, const Scope& scope, Context& context)
      : expression_(expression), scope_(scope), context_(context) {}

  Value over(const Value& collection) {
    marks_ = collection.marks();
    if (const std::optional<Value> error = not_iterable(collection, expression_.collection->region, context_)) {
      return *error;
    }
    const bool known =
        collection.is_sequence() || (collection.is_mapping() && collection.node().rest_kind == Rest::kClosed);
    if (!known) {
      return with_marks(context_.arena, over_unknown(collection), marks_);
    }
    const std::size_t turns = collection.node().count;
    items_.reserve(turns);
    if (const std::optional<Value> error = turns == 0 ? hopeless_condition() : std::nullopt) {
      return *error;
    }
    std::optional<Value> early;
    each_turn(collection, context_, expression_.key_variable.empty() ? Keys::kIgnored : Keys::kWanted,
              [&](const Iteration& iteration) {
                early = context_.budget.exhausted()
                            ? unevaluated(Reason::kBudget, "a for expression", expression_.region, context_)
                            : turn(iteration);
                return !early;
              });
    return early ? *early : with_marks(context_.arena, result(), marks_);
  }

 private:
  /// What one turn may add to the result.
  struct Item {
    std::optional<Value> key;
    Value value;
    Value condition;
    bool certain = true;  ///< the condition is known to hold
  };

  template <class Body>
  Value with_variables(const Iteration& iteration, const Body& body) {
    const std::array<LocalScope::Binding, 2> bindings{
        LocalScope::Binding{.name = expression_.value_variable, .value = iteration.value},
        LocalScope::Binding{.name = expression_.key_variable, .value = iteration.key}};
    const LocalScope local(
        std::span<const LocalScope::Binding>(bindings).first(expression_.key_variable.empty() ? 1 : 2), &scope_);
    return body(local);
  }

  Value evaluate_part(const syntax::hcl::Expression& part, const Iteration& iteration) {
    return with_variables(iteration, [&](const Scope& local) { return evaluate(part, local, context_); });
  }

  /// The condition as a boolean (known or not) or an error; true when there is none.
  Value condition(const Iteration& iteration) {
    if (expression_.condition == nullptr) {
      return make_bool(true);
    }
    const Value given = evaluate_part(*expression_.condition, iteration);
    if (given.is_error()) {
      return given;
    }
    marks_ = static_cast<std::uint8_t>(marks_ | given.marks());
    if (given.is_null()) {
      return make_error(context_.arena, "the value of the 'if' clause must not be null", expression_.condition->region);
    }
    if (may_not_be_bool(given)) {
      put_in_doubt(context_, given);
    }
    const Value boolean = convert(given, kBoolType, context_);
    if (boolean.is_error()) {
      const std::string message = "the 'if' clause value is invalid: " + std::string(boolean.error().message);
      return make_error(context_.arena, message, expression_.condition->region);
    }
    return boolean;
  }

  /// An error of the condition whatever the element is: it counts without any elements, too. Rules do not ask: there,
  /// what is not needed is not evaluated.
  std::optional<Value> hopeless_condition() {
    if (expression_.condition == nullptr || context_.for_rules) {
      return std::nullopt;
    }
    const bool uncertain_before = context_.uncertain;
    const std::uint8_t marks_before = marks_;
    const Symbol nothing{.reason = Reason::kUnsupported, .text = "an element of an empty collection"};
    const Value element = make_unknown(context_.arena, kDynamicType, context_.symbols.intern(nothing));
    const Value included = condition({.key = element, .value = element});
    context_.uncertain = uncertain_before;
    marks_ = marks_before;
    return included.is_error() ? std::optional(included) : std::nullopt;
  }

  /// The key as a string (known or not) or an error.
  Value key(const Iteration& iteration) {
    const Value given = evaluate_part(*expression_.key, iteration);
    if (given.is_error()) {
      return given;
    }
    marks_ = static_cast<std::uint8_t>(marks_ | given.marks());
    if (given.is_null()) {
      return make_error(context_.arena, "the key expression of a for expression must not be null",
                        expression_.key->region);
    }
    const Value name = convert(given, kStringType, context_);
    if (name.is_error()) {
      const std::string message = "the key expression produced an invalid result: " + std::string(name.error().message);
      return make_error(context_.arena, message, expression_.key->region);
    }
    return name;
  }

  /// One turn over a known element; gives an error if there is one.
  std::optional<Value> turn(const Iteration& iteration) {
    const Value included = condition(iteration);
    if (included.is_error()) {
      return included;
    }
    if (included.is_bool() && !included.boolean()) {
      return std::nullopt;
    }
    Item item{.key = std::nullopt, .value = {}, .condition = included, .certain = included.is_bool()};
    if (expression_.key != nullptr) {
      item.key = key(iteration);
      if (item.key->is_error()) {
        if (item.certain) {
          return item.key;
        }
        put_in_doubt(context_, included);
        item.key = unevaluated(Reason::kInvalid, "a key in error", expression_.key->region, context_);
      }
    }
    item.value = evaluate_part(*expression_.value, iteration);
    if (item.value.is_error()) {
      if (item.certain) {
        return item.value;
      }
      // Only an error when the condition holds, which then nobody could apply.
      put_in_doubt(context_, included);
      item.value = unevaluated(Reason::kInvalid, "an element in error", expression_.value->region, context_);
    }
    if (!item.certain || (item.key && item.key->is_unknown())) {
      settled_ = false;
      causes_.push_back(included);
      if (item.key) {
        causes_.push_back(*item.key);
      }
    }
    items_.push_back(std::move(item));
    return std::nullopt;
  }

  Value result() {
    if (!settled_) {
      return unknown_result();
    }
    if (expression_.key == nullptr) {
      const std::span<Value> elements = context_.arena.make_some<Value>(items_.size());
      std::ranges::transform(items_, elements.begin(), &Item::value);
      return make_tuple_of(elements, context_.arena);
    }
    return expression_.grouping ? grouped() : keyed();
  }

  Value keyed() {
    std::vector<Member> members;
    std::map<std::string_view, bool> seen;
    for (const Item& item : items_) {
      if (!seen.emplace(item.key->text(), true).second) {
        const std::string message = "two different items produced the key \"" + std::string(item.key->text()) +
                                    "\" in this for expression; an ellipsis (...) after the value groups by key";
        return make_error(context_.arena, message, expression_.key->region);
      }
      members.push_back(Member{.name = item.key->text(), .value = item.value, .name_region = expression_.key->region});
    }
    return make_object(context_.arena, members);
  }

  Value grouped() {
    std::map<std::string_view, std::vector<Value>> groups;
    for (const Item& item : items_) {
      groups[item.key->text()].push_back(item.value);
    }
    std::vector<Member> members;
    for (const auto& [name, values] : groups) {
      members.push_back(
          {.name = name, .value = make_tuple(context_.arena, values), .name_region = expression_.key->region});
    }
    return make_object(context_.arena, members);
  }

  [[nodiscard]] std::string text_of_items() const {
    std::string text = symbol_text(expression_.key == nullptr ? "[" : "{");
    for (const Item& item : items_) {
      text += text.size() == 1 ? "" : ", ";
      if (item.key) {
        append_pieces(text, *item.key, " => ");
      }
      append_identity(text, item.value);
      if (!item.certain) {
        append_pieces(text, " if ", item.condition);
      }
    }
    text += expression_.grouping ? "..." : "";
    text += expression_.key == nullptr ? "]" : "}";
    return text;
  }

  /// Which elements there are depends on unknowns: all that may be there serve as the pattern of an element.
  Value unknown_result() {
    const std::string text = text_of_items();
    std::vector<Value> values;
    std::vector<Value> keys;
    std::uint32_t certain = 0;
    for (const Item& item : items_) {
      values.push_back(item.value);
      certain += item.certain ? 1 : 0;
      if (item.key) {
        keys.push_back(*item.key);
      }
    }
    causes_.insert(causes_.end(), values.begin(), values.end());
    const Symbol* symbol = context_.symbols.derive(text, *cause_of(causes_));
    const bool merges = expression_.grouping;
    if (merges) {
      const Value group = make_tuple(context_.arena, values);
      values.assign(1, derived(text + "[*]", kDynamicType, std::span<const Value>(&group, 1), context_));
    }
    Symbol pattern = *symbol;
    pattern.any_element = true;
    const std::string pattern_text = std::string(symbol->text) + "[*]";
    const std::string key_text = pattern_text + ".key";
    pattern.text = pattern_text;
    const Symbol* element_symbol = context_.symbols.intern(pattern);
    pattern.text = key_text;
    Unknown unknown{.symbol = symbol,
                    .not_null = true,
                    .filtered = certain != items_.size(),
                    .min_length = merges ? std::min(certain, 1U) : certain,
                    .max_length = static_cast<std::uint32_t>(items_.size()),
                    .element = context_.arena.make<Value>(make_alternatives(context_.arena, values, element_symbol)),
                    .held = held()};
    if (!keys.empty()) {
      const Symbol* key_symbol = context_.symbols.intern(pattern);
      unknown.element_key = context_.arena.make<Value>(make_alternatives(context_.arena, keys, key_symbol));
    }
    if (!merges && keys.size() == items_.size() && certain == items_.size()) {
      std::vector<Entry> entries;
      for (const Item& item : items_) {
        entries.push_back({*item.key, item.value, expression_.key->region});
      }
      unknown.entries = context_.arena.copy(entries);
    }
    if (!merges && !keys.empty()) {
      unknown.members = sure_members(*symbol);
    }
    return make_unknown(context_.arena, kDynamicType, unknown);
  }

  /// The members that are there whatever becomes of the unknown conditions: two of one key would be an error.
  [[nodiscard]] std::span<const Member> sure_members(const Symbol& whole) const {
    HeldMembers members(whole, context_);
    for (const Item& item : items_) {
      if (item.certain && item.key->is_string()) {
        members.add({*item.key, item.value, expression_.key->region});
      }
    }
    return members.members();
  }

  /// The elements that are there whatever becomes of the unknown conditions.
  [[nodiscard]] std::span<const Value> held() const {
    std::vector<Value> values;
    for (const Item& item : items_) {
      if (item.certain && expression_.key == nullptr) {
        values.push_back(item.value);
      }
    }
    return context_.arena.copy(values);
  }

  /// The turns that are surely made over a collection which is not known as a whole.
  std::vector<Iteration> sure_turns(const Value& collection) {
    std::vector<Iteration> turns;
    for (const Value& element : collection.held()) {
      const bool set = collection.node().type()->kind == TypeKind::kSet;
      turns.push_back({.key = set ? element : any_key(collection, expression_.region, context_), .value = element});
    }
    for (const Member& member : collection.held_members()) {
      turns.push_back(turn_of(collection, member, context_));
    }
    return turns;
  }

  /// What becomes of that which a collection surely holds: elements of a list, or members of an object.
  void add_held_of(const Value& collection, const Symbol& whole, Unknown& unknown) {
    if (expression_.grouping) {
      return;
    }
    std::vector<Value> values;
    HeldMembers members(whole, context_);
    for (const Iteration& iteration : sure_turns(collection)) {
      const Value included = condition(iteration);
      if (!included.is_bool() || !included.boolean()) {
        continue;
      }
      const Value name = expression_.key == nullptr ? Value() : key(iteration);
      const Value value = evaluate_part(*expression_.value, iteration);
      if (value.is_error() || name.is_error()) {
        continue;
      }
      if (expression_.key == nullptr) {
        values.push_back(value);
      } else if (name.is_string()) {
        members.add({name, value, expression_.key->region});
      }
    }
    unknown.held = context_.arena.copy(values);
    unknown.members = members.members();
  }

  /// Over a collection that is not known: the body is evaluated once, for whichever element.
  Value over_unknown(const Value& collection) {
    const bool open_object = !collection.is_unknown();
    const std::uint8_t collection_marks = collection.marks();
    Value source = collection;
    if (open_object) {
      source = derived(identity_text(collection), kDynamicType, std::span<const Value>(&collection, 1), context_);
    }
    const Iteration iteration{.key = any_key(source, expression_.region, context_),
                              .value = any_element(source, expression_.region, context_)};
    const Value included = condition(iteration);
    if (included.is_error() && expression_.condition != nullptr && !depends_on_element(included)) {
      return included;
    }
    std::optional<Value> key_pattern;
    if (expression_.key != nullptr) {
      key_pattern = key(iteration);
    }
    const Value pattern = evaluate_part(*expression_.value, iteration);
    if (open_object || pattern.is_error() || !source.unknown().not_null ||
        source.node().type()->kind == TypeKind::kDynamic) {
      put_in_doubt(context_, source);
    }
    const bool all = included.is_bool() && included.boolean();
    const bool none = included.is_bool() && !included.boolean();
    const bool kept_order = expression_.key == nullptr;
    std::string text = symbol_text(expression_.key == nullptr ? "[for in " : "{for in ", source, " : ");
    if (key_pattern) {
      append_pieces(text, *key_pattern, " => ");
    }
    append_identity(text, pattern);
    text += expression_.grouping ? "..." : "";
    if (!all) {
      append_pieces(text, " if ", included);
    }
    text += expression_.key == nullptr ? "]" : "}";
    const Symbol* symbol = context_.symbols.derive(text, *cause_of(std::span<const Value>(&source, 1)));
    Unknown unknown{.symbol = symbol, .not_null = true};
    const Unknown& origin = source.unknown();
    if (none) {
      return kept_order ? make_tuple(context_.arena, {}) : make_object(context_.arena, {});
    }
    add_held_of(collection, *symbol, unknown);
    const auto least = static_cast<std::uint32_t>(unknown.held.empty() ? unknown.members.size() : 1);
    const std::uint32_t all_of_them = expression_.grouping ? std::min(origin.min_length, 1U) : origin.min_length;
    unknown.min_length = std::max(least, all ? all_of_them : 0);
    unknown.max_length = origin.max_length;
    unknown.filtered = origin.filtered || !all;
    if (!pattern.is_error() && !expression_.grouping) {
      unknown.element = context_.arena.make<Value>(pattern);
    }
    if (key_pattern && !key_pattern->is_error()) {
      unknown.element_key = context_.arena.make<Value>(*key_pattern);
    }
    return with_marks(context_.arena, make_unknown(context_.arena, kDynamicType, unknown), collection_marks);
  }

  /// Errors about values of elements may not arise with the real elements.
  [[nodiscard]] bool depends_on_element(const Value& error) const {
    return error.error().region != expression_.condition->region;
  }

  const ForExpression& expression_;
  const Scope& scope_;
  Context& context_;
  std::uint8_t marks_ = 0;
  bool settled_ = true;  ///< it is known which elements there are
  std::vector<Item> items_;
  std::vector<Value> causes_;
};

Value each_of(const SplatExpression& expression, const Value& item, const Scope& scope, Context& context) {
  const std::array<LocalScope::Binding, 1> binding{LocalScope::Binding{.name = {}, .value = item}};
  const LocalScope local(binding, &scope);
  return evaluate(*expression.each, local, context);
}

Value splat_of_unknown(const SplatExpression& expression, const Value& base, const Scope& scope, Context& context) {
  const Type& type = *base.node().type();
  const Unknown& unknown = base.unknown();
  const std::array<Value, 1> causes{base};
  if (type.kind == TypeKind::kTuple) {
    std::vector<Value> items;
    for (std::size_t i = 0; i < type.elements.size(); ++i) {
      const Value key = make_number(context.arena, static_cast<std::int64_t>(i));
      items.push_back(each_of(expression, index(base, key, expression.marker, context), scope, context));
      if (items.back().is_error()) {
        return items.back();
      }
    }
    std::vector<const Type*> types;
    for (const Value& item : items) {
      types.push_back(&type_of(context.arena, item));
    }
    const Value known_length = make_tuple(context.arena, items);
    return derived(symbol_text(base, "[*] : ", known_length), *tuple_type(context.arena, types), causes, context);
  }
  if (!unknown.not_null || type.kind == TypeKind::kDynamic) {
    put_in_doubt(context, base);
  }
  const Value pattern = each_of(expression, any_element(base, expression.region, context), scope, context);
  if (pattern.is_error() && type.kind != TypeKind::kDynamic) {
    return pattern;
  }
  const std::string text = symbol_text(base, "[*] : ", pattern);
  const Symbol* symbol = context.symbols.derive(text, *cause_of(causes));
  Unknown result{.symbol = symbol,
                 .not_null = true,
                 .filtered = unknown.filtered,
                 .choice = unknown.choice,
                 .min_length = unknown.min_length,
                 .max_length = unknown.max_length,
                 .element = pattern.is_error() ? nullptr : context.arena.make<Value>(pattern)};
  std::vector<Value> held;
  for (const Value& element : unknown.held) {
    held.push_back(each_of(expression, element, scope, context));
    if (held.back().is_error()) {
      return held.back();
    }
  }
  result.held = context.arena.copy(held);
  const Type* result_type = &kDynamicType;
  if (type.kind != TypeKind::kDynamic) {
    result_type = list_type(context.arena, type_of(context.arena, pattern));
  }
  return make_unknown(context.arena, *result_type, result);
}

/// A splat of anything but a list, tuple or set: a list of one, or of none for null.
Value splat_of_single(const SplatExpression& expression, const Value& base, const Scope& scope, Context& context) {
  const bool may_be_null = base.is_unknown() && !base.unknown().not_null;
  const Value item = each_of(expression, base, scope, context);
  if (item.is_error()) {
    if (!may_be_null) {
      return item;
    }
    // It is fine for null only, which has no element to go wrong with.
    put_in_doubt(context, base);
    return make_tuple(context.arena, {});
  }
  const Value one = make_tuple(context.arena, std::span<const Value>(&item, 1));
  if (!may_be_null) {
    return one;
  }
  const std::array<Value, 2> either{make_tuple(context.arena, {}), one};
  const std::array<Value, 1> causes{base};
  const Symbol* symbol = context.symbols.derive(symbol_text(base, "[*] : ", item), *cause_of(causes));
  return make_alternatives(context.arena, either, symbol);
}

Value splat_value(const SplatExpression& expression, const Value& base, const Scope& scope, Context& context) {
  const Type& type = base.is_sequence() ? kDynamicType : type_of(context.arena, base);
  const bool sequence = base.is_sequence() || type.kind == TypeKind::kList || type.kind == TypeKind::kSet ||
                        type.kind == TypeKind::kTuple;
  if (base.is_null()) {
    if (sequence) {
      return make_error(context.arena, "splat expressions cannot be applied to null sequences",
                        expression.base->region);
    }
    return make_tuple(context.arena, {});
  }
  const bool mapping = !base.held_members().empty();
  if (base.is_unknown() && (sequence || type.kind == TypeKind::kDynamic) && !mapping) {
    return splat_of_unknown(expression, base, scope, context);
  }
  if (!sequence) {
    return splat_of_single(expression, base, scope, context);
  }
  std::vector<Value> items;
  items.reserve(base.elements().size());
  for (const Value& element : base.elements()) {
    if (context.budget.exhausted()) {
      return unevaluated(Reason::kBudget, "a splat expression", expression.region, context);
    }
    items.push_back(each_of(expression, taken_from(base, element), scope, context));
    if (items.back().is_error()) {
      return items.back();
    }
  }
  if (base.kind() == Kind::kTuple) {
    return make_tuple(context.arena, items);
  }
  if (items.empty()) {
    const Symbol nothing{.reason = Reason::kUnsupported, .text = "an element of an empty list"};
    const Value none = make_unknown(context.arena, *base.node().type()->element, context.symbols.intern(nothing));
    const Value item = each_of(expression, none, scope, context);
    return item.is_error() ? item : make_list(context.arena, type_of(context.arena, item), {});
  }
  const Type* element = &type_of(context.arena, items[0]);
  for (const Value& item : items) {
    const Type& own = type_of(context.arena, item);
    if (equal(*element, own)) {
      continue;
    }
    if (has_dynamic(own) || has_dynamic(*element)) {
      element = &kDynamicType;
      continue;
    }
    return make_error(context.arena, "the nested splat produced elements of different types, which no list can hold",
                      expression.each->region);
  }
  return make_list(context.arena, *element, items);
}

}  // namespace

std::vector<Iteration> iterate(const Value& collection, Context& context) {
  std::vector<Iteration> turns;
  turns.reserve(collection.node().count);
  each_turn(collection, context, Keys::kWanted, [&](const Iteration& iteration) {
    turns.push_back(iteration);
    return true;
  });
  return turns;
}

std::optional<Value> not_iterable(const Value& collection, source::Region region, Context& context) {
  if (collection.is_null()) {
    return make_error(context.arena, "a null value cannot be used as the collection in a 'for' expression", region);
  }
  if (collection.is_sequence() || collection.is_mapping()) {
    return std::nullopt;
  }
  const Type& type = type_of(context.arena, collection);
  if (!is_primitive(type)) {
    return std::nullopt;
  }
  const std::string message =
      "a value of type " + friendly_name(type) + " cannot be used as the collection in a 'for' expression";
  return make_error(context.arena, message, region);
}

Value evaluate_for(const ForExpression& expression, const Scope& scope, Context& context) {
  const Value collection = evaluate(*expression.collection, scope, context);
  if (collection.is_error()) {
    return collection;
  }
  const std::array<Value, 1> operands{collection};
  const auto apply = [&](std::span<const Value> values) { return Loop(expression, scope, context).over(values[0]); };
  const auto text = [&] {
    // What else the body refers to is part of the results, and with them of what they are alternatives of.
    return symbol_text("[for in ", collection, " : ", apply(operands), "]");
  };
  if (const auto mapped = map_alternatives(operands, context, apply, text)) {
    return with_marks(context.arena, *mapped, collection.marks());
  }
  return apply(operands);
}

Value evaluate_splat(const SplatExpression& expression, const Scope& scope, Context& context) {
  const Value base = evaluate(*expression.base, scope, context);
  if (base.is_error()) {
    return base;
  }
  const std::array<Value, 1> operands{base};
  const auto apply = [&](std::span<const Value> values) {
    return with_marks(context.arena, splat_value(expression, values[0], scope, context), values[0].marks());
  };
  const auto text = [&] { return symbol_text(base, "[*] as ", apply(operands)); };
  if (const auto mapped = map_alternatives(operands, context, apply, text)) {
    return *mapped;
  }
  return apply(operands);
}

}  // namespace gabion::eval
