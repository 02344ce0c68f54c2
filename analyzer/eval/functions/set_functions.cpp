#include <algorithm>
#include <cstdint>
#include <vector>

#include "eval/functions/collection.h"
#include "eval/functions/support.h"

namespace gabion::eval::functions {
namespace {

/// Element type of the result of a set operation, or null when the sets do not go together.
const Type* common_element(const Call& call, Context& context) {
  std::vector<const Type*> types;
  for (const Value& set : call.arguments) {
    const Type& of = element_type(set, context);
    // An empty set of anything goes together with all others.
    const bool empty = set.is_sequence() && set.elements().empty();
    if (!(empty && of.kind == TypeKind::kDynamic)) {
      types.push_back(&of);
    }
  }
  return types.empty() ? &kDynamicType : unify(context.arena, types);
}

/// The arguments as sets of one type; false (with `result`) when they are in error or not known as sets.
bool same_sets(const Call& call, Context& context, std::vector<Value>& sets, const Type*& of, Value& result) {
  of = common_element(call, context);
  if (of == nullptr) {
    result = call_error(call, "given sets must all have compatible element types", context);
    return false;
  }
  const Type& type = *set_type(context.arena, *of);
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    sets.push_back(convert(call.arguments[i], type, context));
    if (sets.back().is_error()) {
      result = argument_error(call, i, sets.back().error().message, context);
      return false;
    }
  }
  return true;
}

Truth has(const Value& set, const Value& wanted) {
  Truth found = Truth::kNo;
  for (const Value& element : set.elements()) {
    found = found | equals(element, wanted);
    if (found == Truth::kYes) {
      break;
    }
  }
  return found;
}

/// Elements of the first set that are (or are not) in the others.
Value filtered(const Call& call, bool keep_common, Context& context) {
  std::vector<Value> sets;
  const Type* of = nullptr;
  Value result;
  if (!same_sets(call, context, sets, of, result)) {
    return result;
  }
  const Type& type = *set_type(context.arena, *of);
  const bool known = std::all_of(sets.begin(), sets.end(), [](const Value& set) { return set.is_sequence(); });
  if (!known) {
    return unknown_result(call, type, context);
  }
  std::vector<Value> kept;
  for (const Value& element : sets.front().elements()) {
    Truth keep = Truth::kYes;
    for (std::size_t i = 1; i < sets.size(); ++i) {
      if (!context.budget.step(sets[i].elements().size() / 4 + 1)) {
        return budget_result(call, type, context);
      }
      const Truth found = has(sets[i], element);
      keep = keep & (keep_common ? found : !found);
    }
    if (keep == Truth::kUnknown) {
      return unknown_result(call, type, context);
    }
    if (keep == Truth::kYes) {
      kept.push_back(element);
    }
  }
  return make_set(context.arena, *of, kept);
}

}  // namespace

Value setintersection(const Call& call, Context& context) {
  return filtered(call, true, context);
}

Value setsubtract(const Call& call, Context& context) {
  return filtered(call, false, context);
}

Value setunion(const Call& call, Context& context) {
  std::vector<Value> sets;
  const Type* of = nullptr;
  Value result;
  if (!same_sets(call, context, sets, of, result)) {
    return result;
  }
  std::vector<Value> elements;
  bool known = true;
  for (const Value& set : sets) {
    known = known && set.is_sequence();
    elements.insert(elements.end(), set.held().begin(), set.held().end());
  }
  if (known) {
    return make_set(context.arena, *of, elements);
  }
  result = unknown_result(call, *set_type(context.arena, *of), context);
  Unknown unknown = result.unknown();
  unknown.held = context.arena.copy(elements);
  return make_unknown(context.arena, *result.node().type(), unknown);
}

namespace {

// Longer unknown collections count as without bound, as in Terraform.
constexpr std::size_t kLongest = 1024;

/// The largest number of elements that the value may have.
std::size_t longest(const Value& value, const Type& type) {
  if (value.is_sequence()) {
    return value.elements().size();
  }
  return type.kind == TypeKind::kTuple ? type.elements.size() : value.unknown().max_length;
}

/// True when known elements differ in type.
bool of_several_types(const Value& collection, Context& context) {
  const Type* first = nullptr;
  for (const Value& element : collection.elements()) {
    if (element.is_unknown()) {
      continue;
    }
    const Type& type = type_of(context.arena, element);
    if (first != nullptr && !equal(*first, type)) {
      return true;
    }
    first = &type;
  }
  return false;
}

}  // namespace

Value setproduct(const Call& call, Context& context) {
  if (call.arguments.size() < 2) {
    return call_error(call, "at least two arguments are required", context);
  }
  std::uint8_t marks = kNoMark;
  bool ordered = true;
  bool known = true;
  bool bounded = true;
  bool empty = false;
  std::vector<const Type*> types;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const Value& argument = call.arguments[i];
    marks = static_cast<std::uint8_t>(marks | argument.marks());
    const Type& type = type_of(context.arena, argument);
    switch (type.kind) {
      case TypeKind::kSet:
        ordered = false;
        types.push_back(type.element);
        break;
      case TypeKind::kList:
        types.push_back(type.element);
        break;
      case TypeKind::kTuple: {
        const Type* of = type.elements.empty() ? &kDynamicType : unify(context.arena, type.elements);
        if (of == nullptr) {
          return argument_error(call, i, "all elements must be of the same type", context);
        }
        types.push_back(of);
        break;
      }
      default:
        if (type.kind == TypeKind::kDynamic && argument.is_unknown()) {
          return add_marks(unknown_result(call, kDynamicType, context), marks, context);
        }
        return argument_error(call, i, "a set or a list is required", context);
    }
    known = known && argument.is_sequence();
    const std::size_t length = longest(argument, type);
    bounded = bounded && (argument.is_sequence() || length <= kLongest);
    empty = empty || length == 0;
  }
  const Type& of = *tuple_type(context.arena, types);
  const Type& type = ordered ? *list_type(context.arena, of) : *set_type(context.arena, of);
  empty = empty && bounded;
  if (!known && !empty) {
    return add_marks(unknown_result(call, type, context), marks, context);
  }
  std::vector<Value> tuples;
  if (!empty) {
    std::vector<std::vector<Value>> columns(types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (types[i]->kind == TypeKind::kDynamic && of_several_types(call.arguments[i], context)) {
        return argument_error(call, i, "all elements must be of the same type", context);
      }
      for (const Value& element : call.arguments[i].elements()) {
        columns[i].push_back(convert(element, *types[i], context));
        if (columns[i].back().is_error()) {
          return argument_error(call, i, columns[i].back().error().message, context);
        }
      }
    }
    // Whether it is too large is told before it takes memory.
    std::uint64_t rows = 1;
    for (const std::vector<Value>& column : columns) {
      rows *= column.size();
      if (rows * (columns.size() + 1) > eval::kMaxValueSize) {
        return budget_result(call, type, context);
      }
    }
    // The last column turns fastest.
    std::vector<std::size_t> at(columns.size(), 0);
    std::vector<Value> row(columns.size());
    for (bool more = true; more;) {
      if (!context.budget.step()) {
        return budget_result(call, type, context);
      }
      for (std::size_t i = 0; i < columns.size(); ++i) {
        row[i] = columns[i][at[i]];
      }
      tuples.push_back(eval::make_tuple(context.arena, row));
      more = false;
      for (std::size_t i = columns.size(); i-- > 0;) {
        if (++at[i] < columns[i].size()) {
          more = true;
          break;
        }
        at[i] = 0;
      }
    }
  }
  const Value result = ordered ? make_list(context.arena, of, tuples) : make_set(context.arena, of, tuples);
  return add_marks(result, marks, context);
}

}  // namespace gabion::eval::functions
