// Lists and tuples made from others. Questions about them are answered in list_questions.cpp.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "eval/functions/collection.h"
#include "eval/functions/support.h"
#include "eval/functions/unicode.h"

namespace gabion::eval::functions {
namespace {

constexpr std::size_t kUnbounded = 0xffffffffU;

/// Unknown collection of which the length is known within bounds, and some elements; a list of unknowns when the length
/// alone is known.
Value sized_unknown(const Call& call, const Type& type, std::size_t least, std::size_t most, Context& context,
                    std::span<const Value> held = {}) {
  const Value plain = unknown_result(call, type, context);
  if (!plain.is_unknown()) {
    return plain;
  }
  if (held.empty() && least == most && type.kind == TypeKind::kList && context.budget.step(least)) {
    std::vector<Value> elements;
    for (std::size_t i = 0; i < least; ++i) {
      const Symbol* symbol = child_symbol(*plain.unknown().symbol, "[" + std::to_string(i) + "]", context);
      elements.push_back(make_unknown(context.arena, *type.element, symbol));
    }
    return make_list(context.arena, *type.element, elements);
  }
  Unknown unknown = plain.unknown();
  unknown.not_null = true;
  unknown.min_length = static_cast<std::uint32_t>(std::min<std::size_t>(least, 0xfffffffeU));
  unknown.max_length = static_cast<std::uint32_t>(std::min<std::size_t>(most, 0xffffffffU));
  unknown.held = context.arena.copy(held);
  return make_unknown(context.arena, type, unknown);
}

/// The same as far as only the order of a list is changed, or elements are left out that are in it twice.
Value same_elements(const Call& call, const Type& type, const Value& list, Context& context) {
  return list.is_unknown() ? sized_unknown(call, type, 0, kUnbounded, context, list.held())
                           : unknown_result(call, type, context);
}

/// The least number of elements of a collection, known or not.
std::size_t least_length(const Value& value) {
  if (value.is_sequence()) {
    return value.elements().size();
  }
  return value.is_unknown() ? value.unknown().min_length : 0;
}

/// Value from a resource, a data source or a module: its identifiers and names are never empty.
bool comes_from_outside(const Value& value) {
  switch (value.unknown().symbol->reason) {
    case Reason::kComputed:
    case Reason::kData:
    case Reason::kModule:
      return true;
    default:
      return false;
  }
}

std::string got(const Value& value, Context& context) {
  return friendly_name(type_of(context.arena, value));
}

}  // namespace

Value chunklist(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  const Type& chunk_type = type_of(context.arena, list);
  const Type& type = *list_type(context.arena, chunk_type);
  if (!list.is_sequence() || call.arguments[1].is_unknown()) {
    return unknown_result(call, type, context);
  }
  const auto size = whole(call.arguments[1]);
  if (!size) {
    return whole_number_error(call, 1, context);
  }
  if (*size < 0) {
    return argument_error(call, 1, "the size argument must be positive", context);
  }
  const auto elements = list.elements();
  const std::size_t step = *size == 0 ? elements.size() : static_cast<std::size_t>(*size);
  const Type& of = element_type(list, context);
  std::vector<Value> chunks;
  for (std::size_t at = 0; at < elements.size(); at += step) {
    chunks.push_back(make_list(context.arena, of, elements.subspan(at, std::min(step, elements.size() - at))));
  }
  const auto marks = static_cast<std::uint8_t>(list.marks() | call.arguments[1].marks());
  return add_marks(make_list(context.arena, chunk_type, chunks), marks, context);
}

Value coalesce(const Call& call, Context& context) {
  std::vector<const Type*> types;
  for (const Value& argument : call.arguments) {
    types.push_back(&type_of(context.arena, argument));
  }
  const Type* type = types.empty() ? nullptr : unify(context.arena, types);
  if (type == nullptr) {
    return call_error(call, "all arguments must have the same type", context);
  }
  // Everything up to the first value that is surely taken may be the result.
  std::vector<Value> candidates;
  for (const Value& argument : call.arguments) {
    const bool open = type->kind == TypeKind::kDynamic;
    const Value value = open ? before_unification(argument, context) : convert(argument, *type, context);
    if (value.is_error()) {
      return value;
    }
    if (value.is_null() || (value.is_string() && value.text().empty())) {
      continue;
    }
    candidates.push_back(value);
    const bool may_be_empty = type->kind == TypeKind::kString && value.is_unknown() && known_prefix(value).empty();
    if (value.is_known() || (surely_not_null(value) && (!may_be_empty || comes_from_outside(value)))) {
      if (candidates.size() == 1) {
        return value;
      }
      break;
    }
  }
  if (candidates.empty()) {
    return call_error(call, "no non-null, non-empty-string arguments", context);
  }
  return one_of(call, candidates, *type, context);
}

Value coalescelist(const Call& call, Context& context) {
  if (call.arguments.empty()) {
    return call_error(call, "at least one argument is required", context);
  }
  for (const Value& argument : call.arguments) {
    if (argument.is_unknown()) {
      break;
    }
    const TypeKind kind = type_of(context.arena, argument).kind;
    if (kind != TypeKind::kList && kind != TypeKind::kTuple) {
      return call_error(call, "coalescelist arguments must be lists or tuples", context);
    }
  }
  std::vector<Value> candidates;
  for (const Value& argument : call.arguments) {
    if (argument.is_null()) {
      continue;
    }
    if (argument.is_unknown()) {
      candidates.push_back(argument);
      if (argument.unknown().not_null && argument.unknown().min_length > 0) {
        break;
      }
      continue;
    }
    if (argument.kind() != Kind::kList && argument.kind() != Kind::kTuple) {
      return call_error(call, "coalescelist arguments must be lists or tuples", context);
    }
    if (!argument.elements().empty()) {
      candidates.push_back(argument);
      break;
    }
  }
  if (candidates.empty()) {
    return call_error(call, "no non-null arguments", context);
  }
  if (candidates.size() == 1 && candidates.front().is_known()) {
    return candidates.front();
  }
  return one_of(call, candidates, kDynamicType, context);
}

Value compact(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  if (!list.is_sequence() && !list.is_unknown()) {
    return unknown_result(call, kListOfString, context);
  }
  std::vector<Value> kept;
  std::size_t doubtful = 0;
  for (const Value& element : list.held()) {
    if (element.is_null() || (element.is_string() && element.text().empty())) {
      continue;
    }
    if (element.is_unknown() && known_prefix(element).empty() && !comes_from_outside(element)) {
      ++doubtful;
    } else {
      kept.push_back(element);
    }
  }
  if (list.is_unknown()) {
    return sized_unknown(call, kListOfString, 0, kUnbounded, context, kept);
  }
  const auto with_choice = [&](std::span<const Value> chosen) {
    const Value one = make_list(context.arena, kStringType, chosen);
    Call prepared = call;
    prepared.arguments = std::span<const Value>(&one, 1);
    return compact(prepared, context);
  };
  if (const auto mapped = map_alternatives(list.elements(), context, with_choice, [&] { return call_text(call); })) {
    return *mapped;
  }
  if (doubtful > 0) {
    return sized_unknown(call, kListOfString, kept.size(), kept.size() + doubtful, context, kept);
  }
  return make_list(context.arena, kStringType, kept);
}

Value concat(const Call& call, Context& context) {
  if (call.arguments.empty()) {
    return call_error(call, "at least one argument is required", context);
  }
  std::vector<Value> lists;
  for (const Value& argument : call.arguments) {
    lists.push_back(none_or_one(argument, context));
  }
  const auto with_choice = [&](std::span<const Value> chosen) {
    Call prepared = call;
    prepared.arguments = chosen;
    return concat(prepared, context);
  };
  if (const auto mapped = map_alternatives(lists, context, with_choice, [&] { return call_text(call); })) {
    return *mapped;
  }
  std::uint8_t marks = kNoMark;
  bool lists_only = true;
  bool known = true;
  std::size_t least = 0;
  std::size_t most = 0;
  std::vector<const Type*> types;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Value& argument = call.arguments[i];
    marks = static_cast<std::uint8_t>(marks | argument.marks());
    const bool is_list = argument.kind() == Kind::kList;
    if (argument.is_unknown()) {
      const Type& type = type_of(context.arena, argument);
      if (type.kind != TypeKind::kList && type.kind != TypeKind::kTuple && type.kind != TypeKind::kDynamic) {
        return argument_error(call, i, "all arguments must be lists or tuples; got " + friendly_name(type), context);
      }
      known = false;
      lists_only = lists_only && type.kind == TypeKind::kList;
      most = kUnbounded;
    } else if (argument.kind() != Kind::kTuple && !is_list) {
      return argument_error(call, i, "all arguments must be lists or tuples; got " + got(argument, context), context);
    } else {
      lists_only = lists_only && is_list;
    }
    least += least_length(argument);
    most += argument.is_sequence() ? argument.elements().size() : 0;
  }
  const Type* common = nullptr;
  if (lists_only) {
    for (const Value& argument : call.arguments) {
      types.push_back(&type_of(context.arena, argument));
    }
    common = unify(context.arena, types);
  }
  std::vector<Value> elements;
  elements.reserve(least);
  for (const Value& argument : call.arguments) {
    const Value list = common == nullptr ? argument : convert(argument, *common, context);
    if (!list.is_sequence() && !list.is_unknown()) {
      return list;
    }
    elements.insert(elements.end(), list.held().begin(), list.held().end());
  }
  if (!known) {
    const Type& type = common != nullptr ? *common : kDynamicType;
    return add_marks(sized_unknown(call, type, least, most, context, elements), marks, context);
  }
  if (common == nullptr) {
    return add_marks(eval::make_tuple(context.arena, elements), marks, context);
  }
  const Type& of = common->element != nullptr ? *common->element : kDynamicType;
  return add_marks(make_list(context.arena, of, elements), marks, context);
}

Value distinct(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  if (!list.is_sequence()) {
    return same_elements(call, type_of(context.arena, list), list, context);
  }
  std::vector<Value> kept;
  std::uint32_t certain = 0;  // elements that surely stay
  for (const Value& element : list.elements()) {
    if (!context.budget.step(kept.size() / 4 + 1)) {
      return budget_result(call, type_of(context.arena, list), context);
    }
    Truth seen = Truth::kNo;
    for (const Value& earlier : kept) {
      seen = seen | (same(earlier, element) ? Truth::kYes : equals(earlier, element));
      if (seen == Truth::kYes) {
        break;
      }
    }
    if (seen != Truth::kYes) {
      kept.push_back(element);
      certain += seen == Truth::kNo ? 1 : 0;
    }
  }
  if (certain == kept.size()) {
    return make_list(context.arena, element_type(list, context), kept);
  }
  // Which of them stay depends on which of the unknowns are equal.
  const Value result = unknown_result(call, type_of(context.arena, list), context);
  Unknown unknown = result.unknown();
  unknown.not_null = true;
  unknown.min_length = certain;
  unknown.max_length = static_cast<std::uint32_t>(kept.size());
  Symbol pattern = *unknown.symbol;
  const std::string text = std::string(pattern.text) + "[*]";
  pattern.text = text;
  pattern.any_element = true;
  unknown.element = context.arena.make<Value>(make_alternatives(context.arena, kept, context.symbols.intern(pattern)));
  unknown.held = context.arena.copy(kept);
  return make_unknown(context.arena, *result.node().type(), unknown);
}

namespace {

/// Indexes go round the list in both directions.
std::size_t wrap(std::int64_t index, std::size_t length) {
  const auto size = static_cast<std::int64_t>(length);
  return static_cast<std::size_t>(((index % size) + size) % size);
}

}  // namespace

Value element(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  const Value& position = call.arguments[1];
  const auto marks = static_cast<std::uint8_t>(list.marks() | position.marks());
  if (list.is_unknown()) {
    const Type& type = type_of(context.arena, list);
    if (type.kind != TypeKind::kList && type.kind != TypeKind::kTuple && type.kind != TypeKind::kDynamic) {
      return argument_error(call, 0, "cannot read elements from " + friendly_name(type), context);
    }
    const Value* lone = possible_element(list);
    if (lone != nullptr || (list.unknown().element != nullptr && type.kind == TypeKind::kList)) {
      return add_marks(*list.unknown().element, marks, context);
    }
    const Type* of = type.kind == TypeKind::kList ? type.element : &kDynamicType;
    const auto index = whole(position);
    if (type.kind == TypeKind::kTuple && index && !type.elements.empty()) {
      of = type.elements[wrap(*index, type.elements.size())];
    }
    return add_marks(unknown_result(call, *of, context), marks, context);
  }
  if (list.kind() != Kind::kList && list.kind() != Kind::kTuple) {
    return argument_error(call, 0, "cannot read elements from " + got(list, context), context);
  }
  const auto elements = list.elements();
  if (elements.empty()) {
    return call_error(call, "cannot use element function with an empty list", context);
  }
  if (position.is_unknown()) {
    const Type& of = list.kind() == Kind::kList ? element_type(list, context) : kDynamicType;
    return add_marks(one_of(call, elements, of, context), marks, context);
  }
  const auto index = whole(position);
  if (!index) {
    return whole_number_error(call, 1, context);
  }
  return add_marks(elements[wrap(*index, elements.size())], marks, context);
}

namespace {

/// An unknown of unknown type that surely is no sequence to flatten: without a provider's schema, what a resource
/// computes under a name in the singular ("arn") is one value, in the plural ("ids") perhaps several.
bool is_single(const Value& value) {
  const Symbol& symbol = *value.unknown().symbol;
  const bool attribute = symbol.reason == Reason::kComputed || symbol.reason == Reason::kData;
  return attribute && !symbol.path.empty() && !symbol.path.ends_with('s') && !symbol.path.ends_with(']');
}

bool may_be_sequence(const Value& unknown) {
  const Type& type = *unknown.node().type();
  return is_sequence_type(type) || (type.kind == TypeKind::kDynamic && !is_single(unknown));
}

bool flatten_into(const Value& sequence, std::vector<Value>& out, std::uint8_t& marks, std::uint32_t depth,
                  Context& context);

/// Appends what a sequence surely holds that is not known as a whole.
void flatten_held(const Value& sequence, std::vector<Value>& out, std::uint8_t& marks, std::uint32_t depth,
                  Context& context) {
  const std::span<const Value> held = sequence.held();
  if (!held.empty() && depth > 0 && context.budget.step()) {
    flatten_into(eval::make_tuple(context.arena, held), out, marks, depth - 1, context);
  }
}

/// Appends the elements of the sequence and of the sequences in it. False when an inner sequence is not known.
bool flatten_into(const Value& sequence, std::vector<Value>& out, std::uint8_t& marks, std::uint32_t depth,
                  Context& context) {
  marks = static_cast<std::uint8_t>(marks | sequence.marks());
  bool known = true;
  for (const Value& element : sequence.elements()) {
    if (element.is_sequence()) {
      if (depth == 0 || !context.budget.step()) {
        return false;
      }
      known = flatten_into(element, out, marks, depth - 1, context) && known;
    } else if (element.is_unknown() && may_be_sequence(element)) {
      marks = static_cast<std::uint8_t>(marks | element.marks());
      known = false;
      flatten_held(element, out, marks, depth, context);
    } else {
      out.push_back(element);
    }
  }
  return known;
}

/// The sequences in a sequence that are one of several, at any depth: as such.
void collect_open(const Value& sequence, std::uint32_t depth, std::vector<Value>& out, Context& context) {
  for (const Value& element : sequence.elements()) {
    if (element.is_sequence()) {
      if (depth > 0 && element.node().holds_unknown && context.budget.step()) {
        collect_open(element, depth - 1, out, context);
      }
      continue;
    }
    const Value either = none_or_one(element, context);
    if (!has_alternatives(either) || !std::ranges::all_of(either.unknown().alternatives, &Value::is_sequence)) {
      continue;
    }
    const auto is_same = [&](const Value& other) { return other.unknown().symbol == either.unknown().symbol; };
    if (std::ranges::none_of(out, is_same)) {
      out.push_back(either);
    }
  }
}

}  // namespace

Value flatten(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  std::vector<Value> open;
  collect_open(list, context.limits.nesting, open, context);
  const auto with_choice = [&](std::span<const Value> chosen) {
    const Value one = replace_unknowns(list, context, [&](const Value& unknown) -> std::optional<Value> {
      const auto found = std::ranges::find_if(
          open, [&](const Value& other) { return other.unknown().symbol == unknown.unknown().symbol; });
      return found == open.end() ? std::nullopt : std::optional(chosen[static_cast<std::size_t>(found - open.begin())]);
    });
    Call prepared = call;
    prepared.arguments = std::span<const Value>(&one, 1);
    return flatten(prepared, context);
  };
  if (const auto mapped = map_alternatives(open, context, with_choice, [&] { return call_text(call); })) {
    return *mapped;
  }
  if (list.is_unknown()) {
    const Type& type = type_of(context.arena, list);
    if (!is_sequence_type(type) && type.kind != TypeKind::kDynamic) {
      return argument_error(call, 0, "can only flatten lists, sets and tuples", context);
    }
    std::vector<Value> held;
    std::uint8_t marks = list.marks();
    flatten_held(list, held, marks, context.limits.nesting, context);
    return add_marks(sized_unknown(call, kDynamicType, 0, kUnbounded, context, held), marks, context);
  }
  if (!list.is_sequence()) {
    return argument_error(call, 0, "can only flatten lists, sets and tuples", context);
  }
  std::vector<Value> elements;
  std::uint8_t marks = kNoMark;
  if (!flatten_into(list, elements, marks, context.limits.nesting, context)) {
    return add_marks(sized_unknown(call, kDynamicType, elements.size(), kUnbounded, context, elements), marks, context);
  }
  return add_marks(eval::make_tuple(context.arena, elements), marks, context);
}

Value list_removed(const Call& call, Context& context) {
  return call_error(call, "the \"list\" function is no longer available; use tolist([ ... ])", context);
}

Value range(const Call& call, Context& context) {
  constexpr std::size_t kMost = 1024;
  const auto limits = call.arguments;
  if (limits.empty() || limits.size() > 3) {
    return call_error(call, "must have one, two, or three arguments", context);
  }
  for (const Value& limit : limits) {
    if (!limit.is_number()) {
      return unknown_result(call, kListOfNumber, context);
    }
  }
  const Number start = limits.size() == 1 ? Number(std::int64_t{0}) : limits[0].number();
  const Number end = limits.size() == 1 ? limits[0].number() : limits[1].number();
  const Number step = limits.size() == 3 ? limits[2].number() : Number(std::int64_t{end < start ? -1 : 1});
  // A step of zero is no error in itself; it only never gets anywhere.
  const bool down = step.sign() < 0;
  if (down && end > start) {
    return argument_error(call, 1, "end must be less than start when step is negative", context);
  }
  if (!down && end < start) {
    return argument_error(call, 1, "end must be greater than start when step is positive", context);
  }
  std::vector<Value> numbers;
  for (Number number = start; down ? number > end : number < end; number = add(context.arena, number, step)) {
    if (numbers.size() >= kMost) {
      return call_error(call, "more than 1024 values were generated", context);
    }
    numbers.push_back(make_number(context.arena, number));
  }
  return make_list(context.arena, kNumberType, numbers);
}

Value reverse(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  if (list.is_unknown()) {
    const Type& type = type_of(context.arena, list);
    if (!is_sequence_type(type) && type.kind != TypeKind::kDynamic) {
      return argument_error(call, 0, "can only reverse list or tuple values, not " + friendly_name(type), context);
    }
    const Type& result = type.kind == TypeKind::kSet    ? *list_type(context.arena, *type.element)
                         : type.kind == TypeKind::kList ? type
                                                        : kDynamicType;
    return add_marks(same_elements(call, result, list, context), list.marks(), context);
  }
  if (!list.is_sequence()) {
    return argument_error(call, 0, "can only reverse list or tuple values, not " + got(list, context), context);
  }
  const std::vector<Value> reversed(list.elements().rbegin(), list.elements().rend());
  const Value result = list.kind() == Kind::kTuple ? eval::make_tuple(context.arena, reversed)
                                                   : make_list(context.arena, element_type(list, context), reversed);
  return add_marks(result, list.marks(), context);
}

Value slice(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  const Type* type = &kDynamicType;
  if (list.is_unknown() || list.kind() == Kind::kSet) {
    type = &type_of(context.arena, list);
    if (type->kind == TypeKind::kSet) {
      return argument_error(call, 0, "cannot slice a set, because its elements do not have indices", context);
    }
    if (type->kind != TypeKind::kList && type->kind != TypeKind::kTuple && type->kind != TypeKind::kDynamic) {
      return argument_error(call, 0, "must be a list or tuple value", context);
    }
    type = type->kind == TypeKind::kTuple ? &kDynamicType : type;
  } else if (!list.is_sequence()) {
    return argument_error(call, 0, "must be a list or tuple value", context);
  } else if (list.kind() == Kind::kList) {
    type = &type_of(context.arena, list);
  }
  std::optional<std::int64_t> bounds[2];
  for (std::size_t i = 0; i < 2; ++i) {
    const Value& argument = call.arguments[i + 1];
    if (argument.is_unknown()) {
      continue;
    }
    bounds[i] = whole(argument);
    if (!bounds[i]) {
      return whole_number_error(call, i + 1, context);
    }
    if (*bounds[i] < 0) {
      return argument_error(call, i + 1, "index must not be less than zero", context);
    }
    if (list.is_sequence() && *bounds[i] > static_cast<std::int64_t>(list.elements().size())) {
      return argument_error(call, i + 1, "index must not be greater than the length of the list", context);
    }
  }
  if (bounds[0] && bounds[1] && *bounds[0] > *bounds[1]) {
    return argument_error(call, 1, "start index must not be greater than end index", context);
  }
  if (!list.is_sequence() && bounds[0] && bounds[1] && type->kind != TypeKind::kTuple) {
    // However long the list is, the piece has this length, or the call is an error.
    const auto size = static_cast<std::size_t>(*bounds[1] - *bounds[0]);
    const Type& piece = type->kind == TypeKind::kList ? *type : kListOfAny;
    return add_marks(sized_unknown(call, piece, size, size, context), list.marks(), context);
  }
  if (!list.is_sequence() || !bounds[0] || !bounds[1]) {
    return add_marks(unknown_result(call, *type, context), list.marks(), context);
  }
  const auto piece =
      list.elements().subspan(static_cast<std::size_t>(*bounds[0]), static_cast<std::size_t>(*bounds[1] - *bounds[0]));
  const Value result = list.kind() == Kind::kTuple ? eval::make_tuple(context.arena, piece)
                                                   : make_list(context.arena, element_type(list, context), piece);
  return add_marks(result, list.marks(), context);
}

Value sort(const Call& call, Context& context) {
  const Value& list = call.arguments[0];
  if (!list.is_sequence()) {
    const std::size_t most = list.is_unknown() ? list.unknown().max_length : kUnbounded;
    return sized_unknown(call, kListOfString, least_length(list), most, context, list.held());
  }
  std::vector<Value> sorted(list.elements().begin(), list.elements().end());
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i].is_null()) {
      return call_error(call, "given list element " + std::to_string(i) + " is null; a null string cannot be sorted",
                        context);
    }
  }
  // One element is in order whatever it is.
  if (!list.wholly_known() && sorted.size() > 1) {
    return sized_unknown(call, kListOfString, sorted.size(), sorted.size(), context, sorted);
  }
  if (sorted.size() > 1) {
    std::stable_sort(sorted.begin(), sorted.end(), [](const Value& a, const Value& b) { return a.text() < b.text(); });
  }
  return make_list(context.arena, kStringType, sorted);
}

}  // namespace gabion::eval::functions
