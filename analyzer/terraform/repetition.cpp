#include "terraform/repetition.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>

#include "terraform/expansion.h"

namespace gabion::terraform {
namespace {

using eval::Reason;
using eval::Symbol;
using eval::Value;

/// An iteration variable: what `each.value` is, seen as an iteration over the expression.
Value iterated(const Value& value, const syntax::hcl::Expression& expression, std::string_view name,
               source::Arena& arena) {
  return value.with_origin(
      eval::make_origin(arena, eval::OriginKind::kIteration, expression.region, name, value.origin()));
}

/// One instance that stands for any number of them.
void add_symbolic(Repetition& repetition, const Value& collection, const syntax::hcl::Expression& expression,
                  std::string_view name, eval::Context& context, const Symbol* cause) {
  const auto part = [&](std::string_view what, const Value* known) {
    if (known != nullptr) {
      return iterated(*known, expression, what, context.arena);
    }
    const std::string text = std::string(what) + " in " + std::string(name);
    const Symbol* symbol = context.symbols.intern({cause != nullptr ? cause->reason : Reason::kInstance, text,
                                                   cause != nullptr ? cause->subject : "",
                                                   cause != nullptr ? cause->path : "", expression.region});
    return iterated(eval::make_unknown(context.arena, eval::kDynamicType, symbol), expression, what, context.arena);
  };
  const bool has_detail = collection.is_unknown();
  repetition.items.push_back({part("each.key", has_detail ? collection.unknown().element_key : nullptr),
                              part("each.value", has_detail ? collection.unknown().element : nullptr), false});
  repetition.open = cause;
}

/// Instances for what an unknown collection surely holds, beside the one that stands for all: members of a map or
/// object, elements of a set. Elements of a list, for dynamic blocks alone, have places that are not known.
void add_held(Repetition& repetition, const Value& collection, bool allow_sequences,
              const syntax::hcl::Expression& expression, source::Arena& arena) {
  const Value any_key = repetition.items.front().key;
  const bool set = collection.node().type()->kind == eval::TypeKind::kSet;
  std::set<std::string_view> keys;
  for (const Value& element : collection.held()) {
    const Value value = iterated(element, expression, "each.value", arena);
    if (set && element.is_string() && keys.insert(element.text()).second) {
      repetition.items.push_back({iterated(element, expression, "each.key", arena), value});
    } else if (!set && allow_sequences) {
      repetition.items.push_back({any_key, value});
    }
  }
  for (const eval::Member& member : collection.held_members()) {
    const Value key = eval::make_string_view(arena, member.name);
    repetition.items.push_back(
        {iterated(key, expression, "each.key", arena), iterated(member.value, expression, "each.value", arena)});
  }
}

const Symbol* invalid(std::string_view name, const syntax::hcl::Expression& expression, eval::Context& context) {
  return context.symbols.intern({Reason::kInvalid, "for_each of " + std::string(name), {}, {}, expression.region});
}

/// Known members of a collection as items; nothing for values that cannot be iterated.
std::optional<std::vector<Repetition::Item>> items_of(const Value& collection, bool allow_sequences,
                                                      const syntax::hcl::Expression& expression, source::Arena& arena) {
  std::vector<Repetition::Item> items;
  if (collection.is_mapping()) {
    items.reserve(collection.members().size());
    for (const eval::Member& member : collection.members()) {
      items.push_back({iterated(eval::make_string_view(arena, member.name), expression, "each.key", arena),
                       iterated(member.value, expression, "each.value", arena)});
    }
    return items;
  }
  if (collection.kind() == eval::Kind::kSet) {
    for (const Value& element : collection.elements()) {
      if (!allow_sequences && !element.is_string() && !element.is_unknown()) {
        return std::nullopt;
      }
      items.push_back({iterated(element, expression, "each.key", arena),
                       iterated(element, expression, "each.value", arena), !element.is_unknown()});
    }
    return items;
  }
  if (allow_sequences && collection.is_sequence()) {
    std::int64_t index = 0;
    for (const Value& element : collection.elements()) {
      items.push_back({iterated(eval::make_number(arena, index++), expression, "each.key", arena),
                       iterated(element, expression, "each.value", arena)});
    }
    return items;
  }
  return std::nullopt;
}

/// One of the alternatives of a count or for_each.
eval::Assumption one_of(const Value& value, std::size_t alternative) {
  const eval::Unknown& unknown = value.unknown();
  return {.symbol = unknown.choice != nullptr ? unknown.choice : unknown.symbol,
          .pick = alternative,
          .count = unknown.alternatives.size()};
}

/// Instances when the collection is one of several known ones: those that all have are certain.
bool add_alternatives(Repetition& repetition, const Value& collection, bool allow_sequences,
                      const syntax::hcl::Expression& expression, eval::Context& context) {
  const auto alternatives = collection.unknown().alternatives;
  if (alternatives.empty()) {
    return false;
  }
  std::vector<std::size_t> seen;
  for (std::size_t at = 0; at < alternatives.size(); ++at) {
    const auto items = items_of(alternatives[at], allow_sequences, expression, context.arena);
    if (!items || items->size() > context.limits.instances) {
      return false;
    }
    for (const Repetition::Item& item : *items) {
      const auto known = std::find_if(repetition.items.begin(), repetition.items.end(),
                                      [&](const auto& candidate) { return eval::same(candidate.key, item.key); });
      if (known == repetition.items.end()) {
        repetition.items.push_back(item);
        repetition.items.back().given = one_of(collection, at);
        seen.push_back(1);
        continue;
      }
      known->given.reset();
      ++seen[static_cast<std::size_t>(known - repetition.items.begin())];
      if (!eval::same(known->value, item.value)) {
        const std::array<Value, 2> both{known->value, item.value};
        known->value = eval::make_alternatives(context.arena, both, collection.unknown().symbol);
      }
    }
  }
  for (std::size_t index = 0; index < seen.size(); ++index) {
    repetition.items[index].certain = seen[index] == alternatives.size();
  }
  repetition.open = collection.unknown().symbol;
  return true;
}

void add_count(Repetition& repetition, std::int64_t least, std::int64_t most, const syntax::hcl::Expression& expression,
               source::Arena& arena) {
  for (std::int64_t index = 0; index < most; ++index) {
    repetition.items.push_back(
        {iterated(eval::make_number(arena, index), expression, "count.index", arena), {}, index < least});
  }
}

/// Smallest and largest of the alternatives, when all of them are known counts.
std::optional<std::pair<std::int64_t, std::int64_t>> count_range(const Value& count, std::uint32_t limit,
                                                                 eval::Context& context) {
  std::optional<std::pair<std::int64_t, std::int64_t>> range;
  for (const Value& alternative : count.unknown().alternatives) {
    const Value number = eval::convert(alternative, eval::kNumberType, context);
    if (!number.is_number()) {
      return std::nullopt;
    }
    const auto whole = number.number().to_int64();
    if (!whole || *whole < 0 || *whole > limit) {
      return std::nullopt;
    }
    range =
        range ? std::pair{std::min(range->first, *whole), std::max(range->second, *whole)} : std::pair{*whole, *whole};
  }
  return range;
}

/// Of each instance the one alternative of the count that makes it, if it is one.
void add_givens(Repetition& repetition, const Value& count, eval::Context& context) {
  const auto alternatives = count.unknown().alternatives;
  for (std::size_t at = 0; at < alternatives.size(); ++at) {
    const auto size = eval::convert(alternatives[at], eval::kNumberType, context).number().to_int64();
    for (std::size_t index = 0; index < static_cast<std::size_t>(*size); ++index) {
      Repetition::Item& item = repetition.items[index];
      const bool first = std::none_of(alternatives.begin(), alternatives.begin() + static_cast<std::ptrdiff_t>(at),
                                      [&](const Value& earlier) {
                                        const Value number = eval::convert(earlier, eval::kNumberType, context);
                                        return number.number().to_int64() > static_cast<std::int64_t>(index);
                                      });
      item.given = first ? std::optional(one_of(count, at)) : std::nullopt;
    }
  }
}

/// What `count` or `for_each` of an address is worth; it is named where there is something wrong with it.
Value settled(const Value& value, std::string_view argument, std::string_view address, Expansion& expansion) {
  return value.is_known() ? value : expansion.settle(value, std::string(argument) + " of " + std::string(address));
}

Repetition repeat_count(const syntax::hcl::Attribute& attribute, const eval::Scope& scope, eval::Context& context,
                        Expansion& expansion, std::string_view address) {
  Repetition repetition{Repetition::Kind::kCount, {}, nullptr};
  const syntax::hcl::Expression& expression = *attribute.expression;
  Value count = settled(eval::evaluate(expression, scope, context), "count", address, expansion);
  if (!count.is_unknown()) {
    Value number = eval::convert(count, eval::kNumberType, context);
    if (number.is_error() && !number.error().region.valid()) {
      number = eval::make_error(context.arena, "count is unsuitable: " + std::string(number.error().message),
                                expression.region);
    }
    count = settled(number, "count", address, expansion);
  }
  if (count.is_number()) {
    const auto whole = count.number().to_int64();
    if (whole && *whole >= 0 && *whole <= context.limits.instances) {
      add_count(repetition, *whole, *whole, expression, context.arena);
      return repetition;
    }
    if (!whole || *whole < 0) {
      expansion.report(findings::DiagnosticSeverity::kWarning, "invalid-count",
                       "count is " + eval::describe(count) + ", needs a whole number that is not negative", "",
                       expression.region);
    } else {
      expansion.report(findings::DiagnosticSeverity::kError, "instance-limit",
                       "count is " + eval::describe(count) + ", more than the limit of " +
                           std::to_string(context.limits.instances) + " instances",
                       "one instance stands for all of them", expression.region);
    }
  } else if (count.is_unknown()) {
    if (const auto range = count_range(count, context.limits.instances, context)) {
      add_count(repetition, range->first, range->second, expression, context.arena);
      add_givens(repetition, count, context);
      repetition.open = count.unknown().symbol;
      return repetition;
    }
  } else {
    expansion.report(findings::DiagnosticSeverity::kWarning, "invalid-count", "count is null",
                     "give a number, or leave count out", expression.region);
  }
  const Symbol* cause = count.is_unknown() ? count.unknown().symbol : invalid(address, expression, context);
  const Symbol* index = context.symbols.intern(
      {cause->reason, "count.index in " + std::string(address), cause->subject, cause->path, expression.region});
  repetition.items.push_back(
      {iterated(eval::make_unknown(context.arena, eval::kNumberType, index), expression, "count.index", context.arena),
       {},
       false});
  repetition.open = cause;
  return repetition;
}

/// Text of a key inside quotes, escaped as Terraform prints addresses.
std::string quoted_key(std::string_view text) {
  std::string result = "\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    switch (c) {
      case '"':
      case '\\':
        result += '\\';
        result += c;
        break;
      case '\n':
        result += "\\n";
        break;
      case '\r':
        result += "\\r";
        break;
      case '\t':
        result += "\\t";
        break;
      case '$':
      case '%':
        result += c;
        if (at + 1 < text.size() && text[at + 1] == '{') {
          result += c;
        }
        break;
      default:
        result += c;
    }
  }
  return result + '"';
}

}  // namespace

Repetition iterate(const Value& collection, const syntax::hcl::Expression& expression, bool allow_sequences,
                   std::string_view name, eval::Context& context, Expansion& expansion) {
  Repetition repetition{Repetition::Kind::kForEach, {}, nullptr};
  if (auto items = items_of(collection, allow_sequences, expression, context.arena)) {
    if (items->size() <= context.limits.instances) {
      repetition.items = std::move(*items);
      const auto open = std::find_if(repetition.items.begin(), repetition.items.end(),
                                     [](const Repetition::Item& item) { return !item.certain; });
      repetition.open = open == repetition.items.end() ? nullptr : eval::first_unknown(open->key);
      return repetition;
    }
    expansion.report(findings::DiagnosticSeverity::kError, "instance-limit",
                     "for_each has " + std::to_string(items->size()) + " elements, more than the limit of " +
                         std::to_string(context.limits.instances),
                     "one instance stands for all of them", expression.region);
    const Symbol* cause =
        context.symbols.intern({Reason::kBudget, "for_each of " + std::string(name), {}, {}, expression.region});
    add_symbolic(repetition, collection, expression, name, context, cause);
    return repetition;
  }
  if (!collection.is_unknown()) {
    expansion.report(findings::DiagnosticSeverity::kWarning, "invalid-for-each",
                     "for_each is " + eval::describe(collection) +
                         (allow_sequences ? ", needs a collection" : ", needs a map, an object or a set of strings"),
                     allow_sequences ? "" : "convert lists with toset()", expression.region);
    add_symbolic(repetition, collection, expression, name, context, invalid(name, expression, context));
    return repetition;
  }
  if (!add_alternatives(repetition, collection, allow_sequences, expression, context)) {
    repetition.items.clear();
    add_symbolic(repetition, collection, expression, name, context, collection.unknown().symbol);
    add_held(repetition, collection, allow_sequences, expression, context.arena);
  }
  return repetition;
}

Repetition repeat(const syntax::hcl::Attribute* count, const syntax::hcl::Attribute* for_each, const eval::Scope& scope,
                  eval::Context& context, Expansion& expansion, std::string_view address) {
  if (count != nullptr) {
    if (for_each != nullptr) {
      expansion.report(findings::DiagnosticSeverity::kWarning, "count-and-for-each", "both count and for_each are set",
                       "keep one of them; for_each is ignored here", for_each->region);
    }
    return repeat_count(*count, scope, context, expansion, address);
  }
  if (for_each != nullptr) {
    const Value collection =
        settled(eval::evaluate(*for_each->expression, scope, context), "for_each", address, expansion);
    return iterate(collection, *for_each->expression, false, address, context, expansion);
  }
  return Repetition::single();
}

const Repetition& Repetition::single() {
  static const Repetition single{Kind::kSingle, {{Value{}, Value{}, true}}, nullptr};
  return single;
}

eval::LocalScope::Binding binding(const Repetition& repetition, const Repetition::Item& item, source::Arena& arena) {
  if (repetition.kind == Repetition::Kind::kCount) {
    const std::array<eval::Member, 1> members{{{"index", item.key}}};
    return {"count", eval::make_object(arena, members)};
  }
  const std::array<eval::Member, 2> members{{{"key", item.key}, {"value", item.value}}};
  return {"each", eval::make_object(arena, members)};
}

std::string key_suffix(const Repetition& repetition, const Repetition::Item& item) {
  if (repetition.kind == Repetition::Kind::kSingle) {
    return {};
  }
  if (item.key.is_number()) {
    return "[" + item.key.number().to_string() + "]";
  }
  return item.key.is_string() ? "[" + quoted_key(item.key.text()) + "]" : "[*]";
}

namespace {

/// What each instance looks like: one that stands for all of them, or one of those that there may be, with its key. Of
/// too many nothing is said, as what is true of one need not be of another.
void describe_element(const Repetition& repetition, const std::vector<Value>& values, eval::Unknown& collection,
                      eval::Context& context) {
  if (values.size() > eval::kMaxAlternatives) {
    return;
  }
  if (values.size() == 1) {
    collection.element = context.arena.make<Value>(values.front());
    if (repetition.kind == Repetition::Kind::kForEach) {
      collection.element_key = context.arena.make<Value>(repetition.items.front().key);
    }
    return;
  }
  std::vector<Value> keys;
  for (const Repetition::Item& item : repetition.items) {
    keys.push_back(item.key);
  }
  const auto one_of = [&](std::span<const Value> all, std::string_view step) {
    Symbol any = *collection.symbol;
    const std::string text = std::string(any.text) + std::string(step);
    any.text = text;
    any.any_element = true;
    return eval::make_alternatives(context.arena, all, context.symbols.intern(any));
  };
  Value element = one_of(values, "[*]");
  Value key = one_of(keys, "[*].key");
  const auto all_there = [&](const Value& one) {
    return one.is_unknown() && one.unknown().alternatives.size() == values.size();
  };
  if (all_there(element) && all_there(key)) {
    eval::Unknown picked = key.unknown();  // the key that the element has
    picked.choice = element.unknown().symbol;
    key = eval::make_unknown(context.arena, *key.node().type(), picked);
  }
  collection.element = context.arena.make<Value>(element);
  collection.element_key = context.arena.make<Value>(key);
}

}  // namespace

Value collect(const Repetition& repetition, const std::vector<Value>& values, std::string_view address,
              eval::Context& context) {
  if (repetition.kind == Repetition::Kind::kSingle) {
    return values.front();
  }
  if (repetition.open == nullptr) {
    if (repetition.kind == Repetition::Kind::kCount) {
      return eval::make_tuple(context.arena, values);
    }
    std::vector<eval::Member> members;
    members.reserve(values.size());
    for (std::size_t index = 0; index < values.size(); ++index) {
      members.push_back({repetition.items[index].key.text(), values[index]});
    }
    return eval::make_object(context.arena, members);
  }
  eval::Unknown detail;
  detail.symbol = context.symbols.derive(address, *repetition.open);
  detail.not_null = true;
  if (!values.empty()) {
    describe_element(repetition, values, detail, context);
  }
  const bool bounded = std::all_of(repetition.items.begin(), repetition.items.end(),
                                   [](const Repetition::Item& item) { return item.key.is_known(); });
  const bool lone = repetition.items.size() == 1 && repetition.items.front().given.has_value();
  if (lone && repetition.items.front().given->pick == 0 && repetition.items.front().given->count == 2) {
    detail.choice = repetition.items.front().given->symbol;
  }
  if (bounded) {
    detail.min_length = static_cast<std::uint32_t>(
        std::count_if(repetition.items.begin(), repetition.items.end(), [](const auto& item) { return item.certain; }));
    detail.max_length = static_cast<std::uint32_t>(repetition.items.size());
  }
  return eval::make_unknown(context.arena, eval::kDynamicType, detail);
}

}  // namespace gabion::terraform
