// What the validation conditions of a variable leave of its values: Terraform refuses all others, so a variable without
// a value is known to be one of these. Made once per declaration by Library, applied by the module instances.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "eval/evaluator.h"
#include "eval/value.h"
#include "syntax/hcl/ast.h"

namespace gabion::terraform {

struct VariableDeclaration;

/// What is known of every value that passes the conditions. Everything lives as long as the library.
struct Narrowing {
  std::vector<eval::Value> alternatives;  ///< if not empty, the value is one of these
  std::string_view prefix;                ///< start of a string
  const eval::Number* at_least = nullptr;
  const eval::Number* at_most = nullptr;
  std::uint32_t min_length = 0;       ///< of a collection
  std::vector<eval::Value> elements;  ///< if not empty, each element of a collection is one of these
  bool not_null = false;

  [[nodiscard]] bool empty() const {
    return alternatives.empty() && prefix.empty() && at_least == nullptr && at_most == nullptr && min_length == 0 &&
           elements.empty() && !not_null;
  }
};

/// Reads the conditions that constants decide: lists of values, comparisons, ranges, literal patterns. What it cannot
/// read says nothing.
[[nodiscard]] Narrowing narrowing_of(const VariableDeclaration& variable, eval::Context& context);

/// The condition of a block of a variable, if it is a validation that has one; else null.
[[nodiscard]] const syntax::hcl::Expression* validation_condition(const syntax::hcl::Block& block);

/// Whether the default of the variable passes all its conditions, which look at nothing but the variable: then it does
/// in every module that has the same declaration. False also when that is hard to tell.
[[nodiscard]] bool default_holds(const VariableDeclaration& variable, eval::Context& context);

/// An unknown value of the variable with what the conditions say added; other values as they are.
[[nodiscard]] eval::Value narrowed(const eval::Value& value, const Narrowing& narrowing, eval::Context& context);

/// Texts that a pattern (as of regex()) matches as a whole, when it is "^(a|b)$" or the like; nothing for others.
[[nodiscard]] std::vector<std::string> matched_texts(std::string_view pattern);
/// Literal text that everything that the pattern matches starts with.
[[nodiscard]] std::string matched_prefix(std::string_view pattern);

}  // namespace gabion::terraform
