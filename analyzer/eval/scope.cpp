#include <string>

#include "eval/evaluator.h"

namespace gabion::eval {

const Symbol* SymbolTable::intern(const Symbol& symbol) {
  const bool fits = symbol.text.size() <= kSymbolLimit;
  const std::string shortened = fits ? std::string() : shorten(std::string(symbol.text));
  const std::string_view text = fits ? symbol.text : std::string_view(shortened);
  if (const auto known = known_.find(text); known != known_.end()) {
    return known->second;
  }
  Symbol stored = symbol;
  stored.text = arena_.copy(text);
  stored.subject = arena_.copy(symbol.subject);
  stored.path = arena_.copy(symbol.path);
  const Symbol* result = arena_.make<Symbol>(stored);
  known_.emplace(result->text, result);
  return result;
}

const Symbol* SymbolTable::derive(std::string_view text, const Symbol& cause) {
  const auto known = known_.find(cause.text);
  return intern({.reason = cause.reason,
                 .text = text,
                 .subject = cause.subject,
                 .path = {},
                 .region = cause.region,
                 .cause = cause.cause != nullptr ? cause.cause : (known == known_.end() ? nullptr : known->second),
                 .any_element = cause.any_element});
}

const Symbol* SymbolTable::fresh(const Symbol& symbol) {
  // Counted by text, so that it has the same name in an analysis that differs in something else.
  const std::string plain(symbol.text);
  std::size_t& number = fresh_[plain];
  std::string text;
  do {
    text = plain + '@' + std::to_string(++number);
  } while (known_.contains(text));
  Symbol unique = symbol;
  unique.text = text;
  return intern(unique);
}

std::optional<Value> Scope::call(const Call& /*call*/, Context& /*context*/) const {
  return std::nullopt;
}

Scope::Resolved LocalScope::resolve(const syntax::hcl::Traversal& reference, Context& context) const {
  for (const Binding& binding : bindings_) {
    if (binding.name == reference.root) {
      return {.value = binding.value, .consumed = 0};
    }
  }
  if (outer_ != nullptr) {
    return outer_->resolve(reference, context);
  }
  const std::string message = "there is no variable named \"" + std::string(reference.root) + '"';
  return {.value = make_error(context.arena, message, reference.root_region), .consumed = reference.steps.size()};
}

std::optional<Value> LocalScope::call(const Call& call, Context& context) const {
  return outer_ == nullptr ? std::nullopt : outer_->call(call, context);
}

}  // namespace gabion::eval
