#include "engine/function_memo.h"

#include <algorithm>
#include <span>
#include <utility>

namespace gabion::engine {
namespace {

/// Adds what a value of known texts says; false for other values.
bool add(const eval::Value& value, source::KeyBytes& key) {
  if (value.marks() != 0) {
    return false;
  }
  if (value.is_string()) {
    key.add_byte('t');
    key.add_text(value.text());
    return true;
  }
  if (!value.is_sequence()) {
    return false;
  }
  key.add_byte('[');
  key.add_number(value.elements().size());
  for (const eval::Value& element : value.elements()) {
    if (!element.is_string() || element.marks() != 0) {
      return false;
    }
    key.add_text(element.text());
  }
  return true;
}

constexpr std::size_t kMaxBytes = std::size_t{16} * 1024 * 1024;

}  // namespace

std::optional<FunctionMemo::Choice> FunctionMemo::choice_of(const eval::Value& list, const eval::Value& result) {
  const auto same = [](const eval::Value& a, const eval::Value& b) {
    return &a.node() == &b.node() && a.origin() == b.origin();
  };
  if (!list.is_sequence() || same(list, result)) {
    return same(list, result) ? std::optional(Choice{.all = true, .places = {}}) : std::nullopt;
  }
  if (result.kind() != eval::Kind::kTuple || result.marks() != 0 || result.origin() != nullptr) {
    return std::nullopt;
  }
  Choice choice;
  std::uint32_t place = 0;
  for (const eval::Value& chosen : result.elements()) {
    while (place < list.elements().size() && !same(list.elements()[place], chosen)) {
      ++place;
    }
    if (place == list.elements().size()) {
      return std::nullopt;
    }
    choice.places.push_back(place++);
  }
  return choice;
}

eval::Value FunctionMemo::choose(const RuleFunction& function, const eval::Call& call, RuleContext& rule,
                                 eval::Context& context) {
  const eval::Value& list = call.arguments[0];
  if (const auto known = choices_.find(key_.view()); known != choices_.end()) {
    const Choice& choice = known->second;
    if (choice.all) {
      return list;
    }
    const std::span<eval::Value> chosen = context.arena.make_some<eval::Value>(choice.places.size());
    std::ranges::transform(choice.places, chosen.begin(), [&](std::uint32_t place) { return list.elements()[place]; });
    return eval::make_tuple_of(chosen, context.arena);
  }
  std::string key(key_.view());
  const eval::Value result = function.call(call, rule, context);
  if (bytes_ < kMaxBytes) {
    if (std::optional<Choice> choice = choice_of(list, result)) {
      bytes_ += key.size() + choice->places.size() * sizeof(std::uint32_t);
      choices_.emplace(std::move(key), std::move(*choice));
    }
  }
  return result;
}

std::optional<eval::Value> FunctionMemo::call(const RuleFunction& function, const eval::Call& call, RuleContext& rule,
                                              eval::Context& context) {
  if (function.hangs_on != HangsOn::kTexts && !function.chooses) {
    return std::nullopt;
  }
  key_.cut(0);
  key_.add_text(function.name);
  for (const eval::Value& argument : call.arguments) {
    if (!add(argument, key_)) {
      return std::nullopt;
    }
  }
  if (function.chooses) {
    return choose(function, call, rule, context);
  }
  const auto known = results_.find(key_.view());
  if (known != results_.end()) {
    return known->second;
  }
  if (arena_.bytes_reserved() > kMaxBytes) {
    return std::nullopt;
  }
  std::string key(key_.view());
  eval::Context lasting{arena_, context.symbols, context.budget, context.limits};
  const eval::Value result = function.call(call, rule, lasting);
  if (!result.wholly_known()) {
    return result;  // an error says where it was made
  }
  return results_.emplace(std::move(key), result).first->second;
}

}  // namespace gabion::engine
