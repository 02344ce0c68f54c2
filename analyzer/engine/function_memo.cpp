#include "engine/function_memo.h"

#include <algorithm>

namespace gabion::engine {
namespace {

void add_text(const eval::Value& text, std::string& out) {
  out += std::to_string(text.text().size());
  out += ':';
  out += text.text();
}

/// Adds what a value of known texts says; false for other values.
bool add(const eval::Value& value, std::string& out) {
  if (value.marks() != 0) {
    return false;
  }
  if (value.is_string()) {
    add_text(value, out);
    return true;
  }
  if (!value.is_sequence()) {
    return false;
  }
  out += '[';
  for (const eval::Value& element : value.elements()) {
    if (!element.is_string() || element.marks() != 0) {
      return false;
    }
    add_text(element, out);
  }
  out += ']';
  return true;
}

}  // namespace

std::optional<eval::Value> FunctionMemo::call(const RuleFunction& function, const eval::Call& call, RuleContext& rule,
                                              eval::Context& context) {
  if (function.hangs_on != HangsOn::kTexts) {
    return std::nullopt;
  }
  std::string key(function.name);
  for (const eval::Value& argument : call.arguments) {
    key += '(';
    if (!add(argument, key)) {
      return std::nullopt;
    }
  }
  const auto known = results_.find(key);
  if (known != results_.end()) {
    return known->second;
  }
  constexpr std::size_t kMaxBytes = std::size_t{16} * 1024 * 1024;
  if (arena_.bytes_reserved() > kMaxBytes) {
    return std::nullopt;
  }
  eval::Context lasting{arena_, context.symbols, context.budget, context.limits};
  const eval::Value result = function.call(call, rule, lasting);
  if (!result.wholly_known()) {
    return result;  // an error says where it was made
  }
  return results_.emplace(std::move(key), result).first->second;
}

}  // namespace gabion::engine
