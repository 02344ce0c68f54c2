#include <algorithm>
#include <array>
#include <string>

#include "eval/evaluator.h"
#include "eval/symbol_text.h"
#include "source/hash.h"
#include "source/words.h"

namespace gabion::eval {

const Symbol* SymbolTable::find(std::string_view text, std::uint64_t hash) const {
  const auto found =
      index_.find(hash, [&](std::uint32_t number) { return source::same_text(symbols_[number]->text, text); });
  return found ? symbols_[*found] : nullptr;
}

const Symbol* SymbolTable::find(std::string_view text) const {
  return find(text, source::hash_of(text));
}

const Symbol* SymbolTable::intern(const Symbol& symbol) {
  const bool fits = symbol.text.size() <= kSymbolLimit;
  std::array<char, kSymbolLimit> place;
  const std::string_view text = fits ? symbol.text : shorten_to(symbol.text, place);
  const std::uint64_t hash = source::hash_of(text);
  if (const Symbol* known = find(text, hash)) {
    return known;
  }
  Symbol stored = symbol;
  stored.text = arena_.copy(text);
  // What it belongs to and the path below that are the ends of the text as a rule.
  stored.subject = stored.text.starts_with(symbol.subject) ? stored.text.substr(0, symbol.subject.size())
                                                           : arena_.copy(symbol.subject);
  stored.path = stored.text.ends_with(symbol.path) ? stored.text.substr(stored.text.size() - symbol.path.size())
                                                   : arena_.copy(symbol.path);
  index_.add(hash, static_cast<std::uint32_t>(symbols_.size()));
  symbols_.push_back(arena_.make<Symbol>(stored));
  return symbols_.back();
}

const Symbol* SymbolTable::derive(std::string_view text, const Symbol& cause) {
  const bool fits = text.size() <= kDerivedLimit;
  std::array<char, kDerivedLimit> place;
  return intern({.reason = cause.reason,
                 .text = fits ? text : shorten_to(text, place),
                 .subject = cause.subject,
                 .path = {},
                 .region = cause.region,
                 .any_element = cause.any_element,
                 .cause = cause.cause != nullptr ? cause.cause : find(cause.text)});
}

const Symbol* SymbolTable::fresh(const Symbol& symbol) {
  // Counted by text, so that it has the same name in an analysis that differs in something else.
  const std::string plain(symbol.text);
  std::size_t& number = fresh_[plain];
  std::string text;
  do {
    text = plain + '@' + std::to_string(++number);
  } while (find(text) != nullptr);
  Symbol unique = symbol;
  unique.text = text;
  return intern(unique);
}

std::optional<Value> Scope::call(const Call& /*call*/, Context& /*context*/) const {
  return std::nullopt;
}

Scope::Resolved LocalScope::resolve(const syntax::hcl::Traversal& reference, Context& context) const {
  for (const Binding& binding : bindings_) {
    if (source::same_text(binding.name, reference.root)) {
      return {.value = binding.value, .consumed = 0};
    }
  }
  if (outer_ != nullptr) {
    return outer_->resolve(reference, context);
  }
  const std::string message = "there is no variable named \"" + std::string(reference.root) + '"';
  return {.value = make_error(context.arena, message, reference.root_region()), .consumed = reference.steps.size()};
}

std::optional<Value> LocalScope::call(const Call& call, Context& context) const {
  return outer_ == nullptr ? std::nullopt : outer_->call(call, context);
}

}  // namespace gabion::eval
