// count, for_each and the collections of dynamic blocks: which instances there are, with what keys and values, and
// whether that is known. Used for resources, module calls and dynamic blocks alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "eval/assumption.h"
#include "eval/evaluator.h"
#include "eval/value.h"
#include "syntax/hcl/ast.h"

namespace gabion::terraform {

class Expansion;

/// The instances that one declaration makes.
struct Repetition {
  enum class Kind : std::uint8_t { kSingle, kCount, kForEach };
  struct Item {
    eval::Value key;      ///< null for kSingle; unknown for an instance that stands for any number of them
    eval::Value value;    ///< each.value
    bool certain = true;  ///< exists in any case
    /// Which alternative of a count or for_each that is one of several makes it; nothing when several do.
    std::optional<eval::Assumption> given{};
  };
  Kind kind = Kind::kSingle;
  std::vector<Item> items;
  /// What decides about the instances when that is not known; null when `items` are exactly the instances.
  const eval::Symbol* open = nullptr;

  /// That of a declaration without count and for_each.
  [[nodiscard]] static const Repetition& single();
};

/// Evaluates the meta-arguments of a resource or module call (either may be null).
[[nodiscard]] Repetition repeat(const syntax::hcl::Attribute* count, const syntax::hcl::Attribute* for_each,
                                const eval::Scope& scope, eval::Context& context, Expansion& expansion,
                                std::string_view address);
/// Iterates over the for_each of a dynamic block: sequences too. `name` is what messages and symbols call the iterator.
[[nodiscard]] Repetition iterate(const eval::Value& collection, const syntax::hcl::Expression& expression,
                                 bool allow_sequences, std::string_view name, eval::Context& context,
                                 Expansion& expansion);

/// What `each` or `count` stands for in an instance.
[[nodiscard]] eval::LocalScope::Binding binding(const Repetition& repetition, const Repetition::Item& item,
                                                source::Arena& arena);
/// "[0]", "[\"a\"]", "[*]", or nothing for a single instance.
[[nodiscard]] std::string key_suffix(const Repetition& repetition, const Repetition::Item& item);
/// What an expression sees that names all instances: one value, a tuple, an object, or an unknown collection.
[[nodiscard]] eval::Value collect(const Repetition& repetition, const std::vector<eval::Value>& values,
                                  std::string_view address, eval::Context& context);

}  // namespace gabion::terraform
