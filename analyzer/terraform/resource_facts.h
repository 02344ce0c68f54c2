// What is known about the characters of identifiers that AWS and other providers hand out: a bucket's name has no
// underscore, an account id only digits. Attached to the symbols of a resource when it is expanded, for string
// functions.
#pragma once

#include <span>
#include <string_view>

#include "eval/value.h"
#include "model/model.h"
#include "syntax/hcl/ast.h"

namespace gabion::terraform {

namespace hcl = syntax::hcl;

/// Facts about one instance of a resource or data source. All but the block is set once it is evaluated.
struct ResourceFacts : eval::SymbolFacts {
  const hcl::Block* block = nullptr;  ///< never null, with two labels
  model::Body body;
  const std::span<const eval::Member>* known = nullptr;  ///< of some data sources, see computed()

  [[nodiscard]] std::string_view type() const { return block->labels[0].text(); }
  /// What a provider is known to compute.
  [[nodiscard]] std::span<const eval::Member> computed() const {
    return known == nullptr ? std::span<const eval::Member>() : *known;
  }
};

/// Facts for an instance of what a block declares, to be attached to its symbol.
[[nodiscard]] ResourceFacts resource_facts(const hcl::Block& block);
/// Those of a symbol that stands for an instance.
[[nodiscard]] inline const ResourceFacts& facts_of(const eval::Symbol& instance) {
  return static_cast<const ResourceFacts&>(*instance.facts);
}

}  // namespace gabion::terraform
